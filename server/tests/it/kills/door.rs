//! An address that stays, in front of processes that come and go; and traps, which say when a process is killed
//! by what is seen to pass: no hook in the program is needed for that.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, oneshot};

/// The moment that springs a trap. A text is looked for in a request as it came over the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// So many pieces of whatever have passed.
    Pieces(usize),
    /// Such a request is there, and is passed on when the trap is released.
    Held(&'static str),
    /// Such a request is there, and is not passed on.
    Asked(&'static str),
    /// Such a request was passed on.
    Passed(&'static str),
    /// So many bytes of such a request were passed on.
    Within(&'static str, usize),
    /// Such a request was answered, and the answer is not passed on.
    Answered(&'static str),
}

impl When {
    fn text(self) -> Option<&'static str> {
        match self {
            Self::Pieces(_) => None,
            Self::Held(text)
            | Self::Asked(text)
            | Self::Passed(text)
            | Self::Within(text, _)
            | Self::Answered(text) => Some(text),
        }
    }
}

/// What is waited for, and who hears of it.
type Waiting = Option<(When, oneshot::Sender<()>)>;

/// One trap for all doors of a world; clones share it.
#[derive(Debug, Clone, Default)]
pub struct Trap {
    waiting: Arc<Mutex<Waiting>>,
    release: Arc<Notify>,
}

impl Trap {
    /// Waits for the moment; the receiver hears of it.
    pub fn set(&self, when: When) -> oneshot::Receiver<()> {
        let (sprung, heard) = oneshot::channel();
        *self.waiting.lock().unwrap() = Some((when, sprung));
        heard
    }

    /// Lets go what a [`When::Held`] holds.
    pub fn release(&self) {
        self.release.notify_one();
    }

    fn is_waiting_for(&self) -> Option<When> {
        self.waiting.lock().unwrap().as_ref().map(|(when, _)| *when)
    }

    fn springs(&self, is_it: impl FnOnce(When) -> bool) -> bool {
        let mut waiting = self.waiting.lock().unwrap();
        let springs = waiting.as_ref().is_some_and(|(when, _)| is_it(*when));
        if springs && let Some((_, sprung)) = waiting.take() {
            let _ = sprung.send(());
        }
        springs
    }

    fn piece(&self) -> bool {
        if let Some((When::Pieces(left), _)) = self.waiting.lock().unwrap().as_mut() {
            *left = left.saturating_sub(1);
        }
        self.springs(|when| when == When::Pieces(0))
    }
}

/// What is known of the request that is under way on a connection.
#[derive(Debug, Default)]
struct Asked {
    fits: bool,
    bytes: usize,
}

impl Asked {
    fn hear(&mut self, piece: &[u8], waiting_for: Option<When>) {
        let start = [&b"GET "[..], b"POST "].iter().any(|method| piece.starts_with(method));
        if start {
            *self = Self::default();
        }
        let head = String::from_utf8_lossy(&piece[..piece.len().min(4096)]);
        self.fits |= waiting_for.and_then(When::text).is_some_and(|text| head.contains(text));
        self.bytes += piece.len();
    }
}

pub struct Door {
    pub address: SocketAddr,
}

impl Door {
    /// Brings each new connection to the next of the processes that takes it.
    pub async fn open(processes: Vec<SocketAddr>, trap: Trap) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let next = Arc::new(AtomicUsize::new(0));
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (processes, trap, next) = (processes.clone(), trap.clone(), next.clone());
                tokio::spawn(async move {
                    if let Some(server) = connect(&processes, &next).await {
                        carry(client, server, &trap).await;
                    }
                });
            }
        });
        Self { address }
    }
}

async fn connect(processes: &[SocketAddr], next: &AtomicUsize) -> Option<TcpStream> {
    for _ in processes {
        let process = processes[next.fetch_add(1, Ordering::Relaxed) % processes.len()];
        if let Ok(server) = TcpStream::connect(process).await {
            return Some(server);
        }
    }
    None
}

async fn carry(mut client: TcpStream, mut server: TcpStream, trap: &Trap) {
    let mut asked = Asked::default();
    let (mut up, mut down) = (vec![0; 64 * 1024], vec![0; 64 * 1024]);
    let _ = (client.set_nodelay(true), server.set_nodelay(true));
    loop {
        tokio::select! {
            read = client.read(&mut up) => {
                let Some(piece) = read.ok().filter(|&read| read > 0).map(|read| &up[..read]) else { return };
                asked.hear(piece, trap.is_waiting_for());
                if trap.piece() || trap.springs(|when| asked.fits && matches!(when, When::Asked(_))) {
                    return until_it_is_dead(server).await;
                }
                if trap.springs(|when| asked.fits && matches!(when, When::Held(_))) {
                    trap.release.notified().await;
                }
                if server.write_all(piece).await.is_err() {
                    return;
                }
                trap.springs(|when| match when {
                    When::Passed(_) => asked.fits,
                    When::Within(_, bytes) => asked.fits && asked.bytes >= bytes,
                    _ => false,
                });
            }
            read = server.read(&mut down) => {
                let Some(piece) = read.ok().filter(|&read| read > 0).map(|read| &down[..read]) else { return };
                if trap.piece() || trap.springs(|when| asked.fits && matches!(when, When::Answered(_))) {
                    return until_it_is_dead(server).await;
                }
                if client.write_all(piece).await.is_err() {
                    return;
                }
            }
        }
    }
}

/// Neither side hears anything more before the process has gone.
async fn until_it_is_dead(mut server: TcpStream) {
    let mut rest = [0; 4096];
    while server.read(&mut rest).await.is_ok_and(|read| read > 0) {}
}
