//! Over real connections. Times that are to pass are short, the others long: what ends is waited for.

use super::*;
use crate::web::ClientAddress;
use axum::body::Body;
use axum::routing::{get, post};
use futures_util::stream;
use std::convert::Infallible;
use std::future::pending;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

const SHORT: Duration = Duration::from_millis(50);
const LONG: Duration = Duration::from_mins(10);
/// What nobody waits for on a machine that works at all.
const PATIENCE: Duration = Duration::from_mins(1);
const SCRAP: &[u8] = &[b'x'; 4096];
const GET: &[u8] = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

struct Served {
    address: SocketAddr,
    stop: CancellationToken,
    task: JoinHandle<()>,
    /// Lets one answer of `/wait` go.
    go: Arc<Notify>,
}

async fn start(limits: ConnectionLimits) -> Served {
    start_behind(TrustedProxies::default(), limits).await
}

async fn start_behind(proxies: TrustedProxies, limits: ConnectionLimits) -> Served {
    let go = Arc::new(Notify::new());
    let gate = go.clone();
    let wait = async move || {
        gate.notified().await;
        "waited"
    };
    let router = Router::new()
        .route("/", get(async || "here"))
        .route("/wait", get(wait))
        .route("/who", get(async |ClientAddress(address): ClientAddress| format!("{address} asks")))
        .route("/refuses", post(async || "no"))
        .route(
            "/endless",
            get(async || Body::from_stream(stream::repeat_with(|| Ok::<_, Infallible>(SCRAP)))),
        );
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let stop = CancellationToken::new();
    let task = tokio::spawn(serve(listener, router, limits, proxies, stop.clone()));
    Served { address, stop, task, go }
}

fn limits(head: Duration, idle: Duration) -> ConnectionLimits {
    ConnectionLimits { head, idle, all: 100, per_address: 100 }
}

async fn in_time<T>(what: &str, future: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, future).await.unwrap_or_else(|_| panic!("{what}: not in time"))
}

impl Served {
    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// A connection that has been used and rests.
    async fn resting(&self) -> TcpStream {
        let mut stream = self.connect().await;
        ask(&mut stream, GET, "here").await;
        stream
    }
}

/// Sends a request and reads up to the end of an answer that ends with `end`.
async fn ask(stream: &mut TcpStream, request: &[u8], end: &str) -> String {
    stream.write_all(request).await.unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(end.as_bytes()) {
        let read = in_time(end, stream.read_buf(&mut answer)).await.unwrap();
        assert_ne!(read, 0, "the connection ended at {:?}", String::from_utf8_lossy(&answer));
    }
    String::from_utf8(answer).unwrap()
}

/// Waits until the other side has ended the connection.
async fn ends(what: &str, stream: &mut TcpStream) {
    let mut rest = [0; 1024];
    let end = async { while !matches!(stream.read(&mut rest).await, Ok(0) | Err(_)) {} };
    in_time(what, end).await;
}

#[tokio::test]
async fn a_head_has_its_time_and_a_resting_connection_another() {
    let site = start(limits(SHORT, LONG)).await;
    let mut resting = site.resting().await;
    for begun in [&b""[..], b"GET / HTTP/1.1\r\nHo"] {
        let mut half_open = site.connect().await;
        half_open.write_all(begun).await.unwrap();
        ends("half-open", &mut half_open).await;
    }
    let mut second_head = site.resting().await;
    second_head.write_all(b"GET /").await.unwrap();
    ends("a later head", &mut second_head).await;
    ask(&mut resting, GET, "here").await;
}

#[tokio::test]
async fn a_proxy_is_believed_when_it_is_trusted() {
    const WHO: &[u8] = b"GET /who HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 203.0.113.9\r\n\r\n";
    for (proxies, who) in [("", "127.0.0.1 asks"), ("127.0.0.0/8", "203.0.113.9 asks")] {
        let site = start_behind(proxies.parse().unwrap(), limits(LONG, LONG)).await;
        ask(&mut site.connect().await, WHO, who).await;
    }
}

#[tokio::test]
async fn this_machine_and_trusted_proxies_may_have_all_connections() {
    let limits = ConnectionLimits { per_address: 1, ..limits(LONG, LONG) };
    let site = start(limits).await;
    let mut at_work = Vec::new();
    for _ in 0..3 {
        let mut stream = site.connect().await;
        stream.write_all(b"GET /wait HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
        at_work.push(stream);
    }
    ask(&mut site.connect().await, GET, "here").await;
    for mut stream in at_work {
        site.go.notify_one();
        ask(&mut stream, b"", "waited").await;
    }
    let proxies = Arc::new("10.0.0.0/8".parse().unwrap());
    let site = connection::Site { router: Router::new(), limits, proxies, stop: CancellationToken::new() };
    let spared = ["10.1.2.3", "127.0.0.1", "::1", "203.0.113.9", "11.0.0.1"];
    assert_eq!(spared.map(|address| site.spares(address.parse().unwrap())), [true, true, true, false, false]);
}

#[tokio::test]
async fn bytes_that_drip_buy_no_time() {
    let site = start(limits(SHORT, LONG)).await;
    let (mut read, mut write) = site.connect().await.into_split();
    write.write_all(b"GET / HTTP/1.1\r\n").await.unwrap();
    let drip = async {
        while write.write_all(b"x").await.is_ok() {
            tokio::time::sleep(SHORT / 10).await;
        }
        pending::<()>().await;
    };
    let mut rest = [0; 64];
    let end = async { while !matches!(read.read(&mut rest).await, Ok(0) | Err(_)) {} };
    in_time("dripping", async {
        tokio::select! { () = drip => {}, () = end => {} }
    })
    .await;
}

#[tokio::test]
async fn a_connection_that_rests_for_long_ends() {
    let site = start(limits(LONG, SHORT)).await;
    ends("resting", &mut site.resting().await).await;
}

#[tokio::test]
async fn work_may_take_longer_than_both() {
    let site = start(limits(SHORT, SHORT)).await;
    let mut worked_for = site.connect().await;
    worked_for.write_all(b"GET /wait HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    // Both times have passed when these have ended, one after the other.
    for _ in 0..3 {
        ends("half-open", &mut site.connect().await).await;
    }
    site.go.notify_one();
    ask(&mut worked_for, b"", "waited").await;
}

#[tokio::test]
async fn who_takes_nothing_of_an_answer_is_let_go() {
    let site = start(ConnectionLimits { all: 1, ..limits(LONG, SHORT) }).await;
    let mut greedy = site.connect().await;
    greedy.write_all(b"GET /endless HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    let mut first = [0; 16];
    in_time("begins", greedy.read_exact(&mut first)).await.unwrap();
    // Its place is the only one: the next is answered once it is free.
    let mut next = site.connect().await;
    ask(&mut next, GET, "here").await;
}

#[tokio::test]
async fn a_newcomer_is_answered_whatever_waits() {
    let site = start(ConnectionLimits { all: 4, ..limits(LONG, LONG) }).await;
    let mut waiting = Vec::new();
    for number in 0..20 {
        waiting.push(if number % 2 == 0 { site.resting().await } else { site.connect().await });
    }
    ask(&mut site.connect().await, GET, "here").await;
    ends("the oldest", &mut waiting[0]).await;
}

#[tokio::test]
async fn at_the_bound_of_work_the_next_waits_for_a_place() {
    let site = start(ConnectionLimits { all: 2, ..limits(LONG, LONG) }).await;
    let mut working = Vec::new();
    for _ in 0..2 {
        let mut stream = site.connect().await;
        stream.write_all(b"GET /wait HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
        working.push(stream);
    }
    let mut next = site.connect().await;
    next.write_all(GET).await.unwrap();
    site.go.notify_one();
    ask(&mut next, b"", "here").await;
    site.go.notify_one();
}

#[tokio::test]
async fn a_refusal_is_read_by_who_still_sends() {
    let site = start(limits(LONG, LONG)).await;
    let mut sender = site.connect().await;
    let body = vec![b'x'; 32 << 20];
    let head = format!("POST /refuses HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n", body.len());
    sender.write_all(head.as_bytes()).await.unwrap();
    in_time("sending", sender.write_all(&body)).await.unwrap();
    ask(&mut sender, b"", "no").await;
    ends("after the refusal", &mut sender).await;
}

#[tokio::test]
async fn at_the_end_work_is_finished_and_nothing_else_is_waited_for() {
    let site = start(limits(LONG, LONG)).await;
    let (mut resting, mut half_open) = (site.resting().await, site.connect().await);
    half_open.write_all(b"GET / HT").await.unwrap();
    let mut working = site.connect().await;
    working.write_all(b"GET /wait HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    // A later connection is answered, so the earlier ones have been taken.
    let mut last = site.resting().await;
    site.stop.cancel();
    ends("resting", &mut resting).await;
    ends("half-open", &mut half_open).await;
    ends("last", &mut last).await;
    site.go.notify_one();
    ask(&mut working, b"", "waited").await;
    in_time("the end", site.task).await.unwrap();
}
