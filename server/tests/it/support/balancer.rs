//! A proxy before the processes of one site: each connection goes to the next of them. It can speak TLS with clients.

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncRead, AsyncWrite, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// Where those are that the certificate of `localhost` comes from.
pub const CERTIFICATES: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/crates/platform/src/tls/test-certificates");

pub struct Balancer {
    address: SocketAddr,
    processes: Arc<Mutex<Vec<SocketAddr>>>,
}

/// As `localhost`, by the certificate of `CERTIFICATES`.
fn tls_server() -> TlsAcceptor {
    let file = |name| Path::new(CERTIFICATES).join(name);
    let certificate = CertificateDer::from_pem_file(file("localhost.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_file(file("localhost-key.pem")).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

async fn join(mut client: impl AsyncRead + AsyncWrite + Unpin, process: SocketAddr) {
    if let Ok(mut server) = TcpStream::connect(process).await {
        drop(copy_bidirectional(&mut client, &mut server).await);
    }
}

impl Balancer {
    /// Accepts at once; whoever comes before there is a process is hung up on.
    pub async fn start() -> Self {
        Self::speaking(None).await
    }

    /// The same for https.
    pub async fn start_with_tls() -> Self {
        Self::speaking(Some(tls_server())).await
    }

    async fn speaking(tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, processes) = (listener.local_addr().unwrap(), Arc::new(Mutex::new(Vec::new())));
        let (known, next) = (Arc::clone(&processes), AtomicUsize::new(0));
        tokio::spawn(async move {
            loop {
                let (client, _) = listener.accept().await.unwrap();
                let known: Vec<SocketAddr> = known.lock().unwrap().clone();
                if known.is_empty() {
                    continue;
                }
                let process = known[next.fetch_add(1, Ordering::Relaxed) % known.len()];
                let tls = tls.clone();
                tokio::spawn(async move {
                    match tls {
                        None => join(client, process).await,
                        Some(tls) => {
                            // Who does not trust us ends it.
                            if let Ok(client) = tls.accept(client).await {
                                join(client, process).await;
                            }
                        }
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
