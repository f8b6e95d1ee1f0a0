//! A proxy before several processes of one site: each connection goes to the next of them.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio::net::{TcpListener, TcpStream};

pub struct Balancer {
    address: SocketAddr,
    processes: Arc<Mutex<Vec<SocketAddr>>>,
}

impl Balancer {
    /// Accepts at once; whoever comes before there is a process is hung up on.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, processes) = (listener.local_addr().unwrap(), Arc::new(Mutex::new(Vec::new())));
        let (known, next) = (Arc::clone(&processes), AtomicUsize::new(0));
        tokio::spawn(async move {
            loop {
                let (mut client, _) = listener.accept().await.unwrap();
                let known: Vec<SocketAddr> = known.lock().unwrap().clone();
                if known.is_empty() {
                    continue;
                }
                let process = known[next.fetch_add(1, Ordering::Relaxed) % known.len()];
                tokio::spawn(async move {
                    if let Ok(mut server) = TcpStream::connect(process).await {
                        drop(tokio::io::copy_bidirectional(&mut client, &mut server).await);
                    }
                });
            }
        });
        Self { address, processes }
    }

    pub fn port(&self) -> u16 {
        self.address.port()
    }

    pub fn send_to(&self, processes: Vec<SocketAddr>) {
        *self.processes.lock().unwrap() = processes;
    }
}
