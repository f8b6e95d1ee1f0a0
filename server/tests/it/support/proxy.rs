//! A TCP proxy before the test cluster: a database that goes away, hangs, and comes back.

use std::net::SocketAddr;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use url::Url;

/// What is between a program and its database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    Through,
    /// Connections break, and new ones are refused.
    Cut,
    /// Nothing comes through any more: not on the connections that there are, not even when the line is better again,
    /// and new ones are accepted and get no answer.
    Hanging,
}

pub struct Proxy {
    address: SocketAddr,
    line: watch::Sender<Line>,
}

impl Proxy {
    /// `None` when there is no test cluster.
    pub async fn before_postgres() -> Option<Self> {
        let cluster: Url = std::env::var("DD_TEST_POSTGRES_URL").ok()?.parse().unwrap();
        let server = format!("{}:{}", cluster.host_str().unwrap(), cluster.port().unwrap_or(5432));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (line, state) = watch::channel(Line::Through);
        tokio::spawn(listen(listener, address, server, state));
        Some(Self { address, line })
    }

    /// The same database, through the proxy.
    pub fn url(&self, direct: &str) -> String {
        let mut url: Url = direct.parse().unwrap();
        url.set_host(Some("127.0.0.1")).unwrap();
        url.set_port(Some(self.address.port())).unwrap();
        url.into()
    }

    pub fn set(&self, line: Line) {
        self.line.send(line).unwrap();
    }
}

async fn listen(listener: TcpListener, address: SocketAddr, server: String, mut line: watch::Receiver<Line>) {
    let mut listener = Some(listener);
    loop {
        let now = *line.borrow_and_update();
        if now == Line::Cut {
            listener = None;
        } else if listener.is_none() {
            let socket = TcpSocket::new_v4().unwrap();
            socket.set_reuseaddr(true).unwrap();
            socket.bind(address).unwrap();
            listener = Some(socket.listen(1024).unwrap());
        }
        let Some(open) = &listener else {
            if line.changed().await.is_err() {
                return;
            }
            continue;
        };
        tokio::select! {
            changed = line.changed() => if changed.is_err() { return },
            accepted = open.accept() => {
                let (client, _) = accepted.unwrap();
                tokio::spawn(relay(client, server.clone(), now, line.clone()));
            }
        }
    }
}

async fn relay(mut client: TcpStream, server: String, begun: Line, mut line: watch::Receiver<Line>) {
    let mut server = if begun == Line::Hanging { None } else { TcpStream::connect(server).await.ok() };
    if let Some(server) = &mut server {
        tokio::select! {
            _ = tokio::io::copy_bidirectional(&mut client, server) => return,
            _ = line.wait_for(|line| *line != Line::Through) => {}
        }
    }
    // Both ends stay open and silent, until the line is cut or the test is over.
    drop(line.wait_for(|line| *line == Line::Cut).await);
}
