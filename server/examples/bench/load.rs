//! A small load generator: keep-alive HTTP/1.1 connections that each send one request after another.
//! Both sides of every comparison are measured with it.

use crate::report::Rate;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// Larger than any answer here, so that reading one does not wait for memory.
const BUFFER: usize = 256 << 10;
/// A server that leaves one request unanswered for so long hangs; a slow one is given all the time it needs.
const PATIENCE: Duration = Duration::from_mins(2);

/// The request of somebody with cookies so many times, with one more cookie that is another each time: a site keeps what
/// it answers for the moment, by address and cookies, and what is measured is to be made anew.
pub fn unlike(request: &[u8], count: usize) -> Vec<Vec<u8>> {
    static LOOKS: AtomicU32 = AtomicU32::new(0);
    let request = String::from_utf8_lossy(request);
    let another = |_| {
        let look = LOOKS.fetch_add(1, Ordering::Relaxed);
        request.replacen("Cookie: ", &format!("Cookie: look={look}; "), 1).into_bytes()
    };
    (0..count).map(another).collect()
}

/// A GET request. The encoding is named, so that nothing is compressed.
pub fn get(address: &str, path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nAccept-Encoding: identity\r\n\r\n").into_bytes()
}

/// A POST request of some content.
pub fn post(address: &str, path: &str, content_type: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nAccept-Encoding: identity\r\n\
         Content-Type: {content_type}\r\nContent-Length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

/// An answer as its reader sees it.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    pub head: &'a str,
    pub body: &'a [u8],
}

impl Answer<'_> {
    /// A header's value; `name` in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(':'));
        let mut found = lines.filter(|(key, _)| key.eq_ignore_ascii_case(name));
        found.next().map(|(_, value)| value.trim())
    }
}

/// Where to, over how many connections at once, and for how long at the most; `None` is without end.
#[derive(Debug, Clone)]
pub struct Load {
    pub address: String,
    pub connections: usize,
    pub limit: Option<Duration>,
}

impl Load {
    /// Sends the same request again and again until the time is over.
    pub async fn repeat(
        &self,
        request: Vec<u8>,
        check: impl Fn(Answer<'_>) -> io::Result<()> + Send + Sync + 'static,
    ) -> io::Result<Rate> {
        self.run(vec![request], |_| Some(0), move |_, answer| check(answer)).await
    }

    /// Sends each request once, in order, as far as the time allows.
    pub async fn send_each(
        &self,
        requests: Vec<Vec<u8>>,
        check: impl Fn(usize, Answer<'_>) -> io::Result<()> + Send + Sync + 'static,
    ) -> io::Result<Rate> {
        let count = requests.len();
        let next = move |turn: u32| usize::try_from(turn).ok().filter(|index| *index < count);
        self.run(requests, next, check).await
    }

    /// `next` says which request has the turn; `check` gets its number and the answer.
    async fn run(
        &self,
        requests: Vec<Vec<u8>>,
        next: impl Fn(u32) -> Option<usize> + Send + Sync + 'static,
        check: impl Fn(usize, Answer<'_>) -> io::Result<()> + Send + Sync + 'static,
    ) -> io::Result<Rate> {
        let (turn, shared) = (Arc::new(AtomicU32::new(0)), Arc::new((requests, next, check)));
        let mut open = Vec::with_capacity(self.connections);
        for _ in 0..self.connections {
            open.push(Connection::open(&self.address).await?);
        }
        let begun = Instant::now();
        let deadline = self.limit.map(|limit| begun + limit);
        let mut tasks = JoinSet::new();
        for mut connection in open {
            let (turn, shared) = (Arc::clone(&turn), Arc::clone(&shared));
            tasks.spawn(async move {
                let (requests, next, check) = &*shared;
                let mut answered = 0;
                while deadline.is_none_or(|deadline| Instant::now() < deadline)
                    && let Some(index) = next(turn.fetch_add(1, Ordering::Relaxed))
                {
                    check(index, connection.exchange(&requests[index]).await?)?;
                    answered += 1;
                }
                Ok::<u32, io::Error>(answered)
            });
        }
        let mut count = 0;
        while let Some(answered) = tasks.join_next().await {
            count += answered.map_err(io::Error::other)??;
        }
        Ok(Rate { count, elapsed: begun.elapsed() })
    }
}

pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    pub async fn open(address: &str) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(BUFFER) })
    }

    /// Sends a request and reads the whole answer; anything but 200 is an error, which carries the answer.
    pub async fn exchange(&mut self, request: &[u8]) -> io::Result<Answer<'_>> {
        let answer = tokio::time::timeout(PATIENCE, self.exchange_at_leisure(request)).await;
        answer.map_err(|_| io::Error::other(format!("no answer in {PATIENCE:?}")))?
    }

    async fn exchange_at_leisure(&mut self, request: &[u8]) -> io::Result<Answer<'_>> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let mut searched = 0;
        let head = loop {
            self.fill().await?;
            let from = usize::saturating_sub(searched, 3);
            if let Some(end) = find(&self.buffer[from..], b"\r\n\r\n") {
                break from + end + 4;
            }
            searched = self.buffer.len();
        };
        match content_length(&self.buffer[..head])? {
            Some(length) => {
                while self.buffer.len() < head + length {
                    self.fill().await?;
                }
            }
            // In chunks, which nobody here takes apart.
            None => {
                while !(self.buffer[head - 2..].ends_with(b"\r\n0\r\n\r\n")) {
                    self.fill().await?;
                }
            }
        }
        let (head, body) = self.buffer.split_at(head);
        let answer = Answer { head: std::str::from_utf8(head).map_err(io::Error::other)?, body };
        if answer.head.starts_with("HTTP/1.1 200") {
            return Ok(answer);
        }
        let (head, body) = (answer.head, String::from_utf8_lossy(answer.body));
        Err(io::Error::other(format!("{head}{}", body.chars().take(2_000).collect::<String>())))
    }

    async fn fill(&mut self) -> io::Result<()> {
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}

/// `None`: the answer comes in chunks.
fn content_length(head: &[u8]) -> io::Result<Option<usize>> {
    let head = std::str::from_utf8(head).map_err(io::Error::other)?;
    let answer = Answer { head, body: &[] };
    if answer.header("transfer-encoding").is_some_and(|coding| coding.eq_ignore_ascii_case("chunked")) {
        return Ok(None);
    }
    let length = answer.header("content-length").and_then(|value| value.parse().ok());
    length.map(Some).ok_or_else(|| io::Error::other("an answer without a length"))
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

/// Whether a text stands in a body.
pub fn contains(body: &[u8], text: &str) -> bool {
    find(body, text.as_bytes()).is_some()
}
