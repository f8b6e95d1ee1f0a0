//! Whom this program trusts when it calls an `https://` address: the authorities that the system trusts, and those of a
//! file that the configuration names (a company's own, or a test's).

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// What TLS is spoken with as a client; clones share it.
#[derive(Clone)]
pub struct Tls {
    config: Arc<ClientConfig>,
    /// Those that the system does not have.
    own_authorities: Arc<[CertificateDer<'static>]>,
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls").finish_non_exhaustive()
    }
}

impl Default for Tls {
    /// The system's authorities; they are read once.
    fn default() -> Self {
        static SYSTEM: OnceLock<Tls> = OnceLock::new();
        SYSTEM.get_or_init(|| Self::trusting(system_roots(), Vec::new())).clone()
    }
}

/// Why the file of certificates cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    #[error("{0} cannot be read as certificates in PEM: {1}")]
    Unreadable(PathBuf, rustls::pki_types::pem::Error),
    #[error("{0} has a certificate that cannot be used: {1}")]
    Unusable(PathBuf, rustls::Error),
    #[error("{0} has no certificate in it")]
    Empty(PathBuf),
}

impl Tls {
    /// The system's authorities, and all that stand in a PEM file.
    pub fn with_authorities_of(file: &Path) -> Result<Self, TlsError> {
        let unreadable = |error| TlsError::Unreadable(file.to_owned(), error);
        let mut roots = system_roots();
        let mut own = Vec::new();
        for certificate in CertificateDer::pem_file_iter(file).map_err(unreadable)? {
            let certificate = certificate.map_err(unreadable)?;
            let added = roots.add(certificate.clone());
            added.map_err(|error| TlsError::Unusable(file.to_owned(), error))?;
            own.push(certificate);
        }
        if own.is_empty() {
            return Err(TlsError::Empty(file.to_owned()));
        }
        Ok(Self::trusting(roots, own))
    }

    fn trusting(roots: RootCertStore, own: Vec<CertificateDer<'static>>) -> Self {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("ring has what TLS 1.2 and 1.3 need")
            .with_root_certificates(roots)
            .with_no_client_auth();
        Self { config: Arc::new(config), own_authorities: own.into() }
    }

    /// The authorities of the file as DER, for what speaks TLS by itself and knows the system's.
    pub fn own_authorities(&self) -> impl Iterator<Item = Vec<u8>> {
        self.own_authorities.iter().map(|certificate| certificate.to_vec())
    }

    pub(crate) fn config(&self) -> ClientConfig {
        (*self.config).clone()
    }
}

/// What a system has that cannot be read is left out: whoever has a certificate from there is not trusted, and an
/// attempt says so.
fn system_roots() -> RootCertStore {
    let found = rustls_native_certs::load_native_certs();
    for error in &found.errors {
        tracing::warn!(%error, "some of the system's certificates cannot be read");
    }
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(found.certs);
    roots
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Gate, GuardedClient, NoAnswer, http_client_with};
    use http::{HeaderMap, StatusCode};
    use rustls::pki_types::PrivateKeyDer;
    use std::time::Duration;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;
    use tokio_rustls::TlsAcceptor;
    use url::Url;

    /// Vouches for `localhost`, below, for a hundred years from 2026; its own key is nowhere.
    const AUTHORITY: &str = include_str!("test-certificates/authority.pem");
    const LOCALHOST: &str = include_str!("test-certificates/localhost.pem");
    const LOCALHOST_KEY: &str = include_str!("test-certificates/localhost-key.pem");

    fn server() -> rustls::ServerConfig {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let certificate = CertificateDer::from_pem_slice(LOCALHOST.as_bytes()).unwrap();
        let key = PrivateKeyDer::from_pem_slice(LOCALHOST_KEY.as_bytes()).unwrap();
        rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .unwrap()
    }

    /// Answers every request with 200 once its head has come.
    async fn serve(server: rustls::ServerConfig) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let acceptor = TlsAcceptor::from(Arc::new(server));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // Who does not trust us ends it.
                let Ok(mut stream) = acceptor.accept(stream).await else { continue };
                let mut heard = Vec::new();
                while !heard.windows(4).any(|four| four == b"\r\n\r\n") {
                    stream.read_buf(&mut heard).await.unwrap();
                }
                let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
                stream.write_all(answer).await.unwrap();
                stream.shutdown().await.unwrap();
            }
        });
        port
    }

    async fn post(tls: &Tls, url: &Url) -> Result<StatusCode, NoAnswer> {
        let open: Gate = Arc::new(|_, _| Ok(()));
        let client = GuardedClient::new(open, tls);
        client.post(url, HeaderMap::new(), "a=b".to_owned(), Duration::from_mins(1)).await
    }

    #[tokio::test]
    async fn who_is_vouched_for_is_spoken_to_and_nobody_else() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ca.pem");
        std::fs::write(&file, AUTHORITY).unwrap();
        let trusting = Tls::with_authorities_of(&file).unwrap();
        let port = serve(server()).await;
        let url = |host: &str| -> Url { format!("https://{host}:{port}/ipn").parse().unwrap() };

        assert_eq!(post(&trusting, &url("localhost")).await, Ok(StatusCode::OK));
        let answer = http_client_with(&trusting).get(url("localhost")).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);

        for (tls, host) in [(Tls::default(), "localhost"), (trusting, "127.0.0.1")] {
            let refused = post(&tls, &url(host)).await.unwrap_err();
            assert!(matches!(&refused, NoAnswer::Tls(why) if why.contains("certificate")), "{refused:?}");
            http_client_with(&tls).get(url(host)).send().await.unwrap_err();
        }
        // Who speaks no TLS at all is not spoken to in the clear.
        let plain = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = plain.local_addr().unwrap();
        tokio::spawn(async move {
            let (mut stream, _) = plain.accept().await.unwrap();
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await.unwrap();
            let mut heard = Vec::new();
            let _ = stream.read_to_end(&mut heard).await;
        });
        let url = format!("https://localhost:{}/", address.port()).parse().unwrap();
        let refused = post(&Tls::default(), &url).await.unwrap_err();
        assert!(matches!(refused, NoAnswer::Tls(_)), "{refused:?}");
    }

    #[test]
    fn a_file_without_certificates_is_refused_in_words() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ca.pem");
        let error = Tls::with_authorities_of(&file).unwrap_err();
        assert!(error.to_string().contains("cannot be read as certificates in PEM"), "{error}");
        std::fs::write(&file, "no certificate").unwrap();
        let error = Tls::with_authorities_of(&file).unwrap_err();
        assert!(error.to_string().ends_with("ca.pem has no certificate in it"), "{error}");
        let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        std::fs::write(&file, broken).unwrap();
        let error = Tls::with_authorities_of(&file).unwrap_err();
        assert!(error.to_string().contains("has a certificate that cannot be used"), "{error}");
    }
}
