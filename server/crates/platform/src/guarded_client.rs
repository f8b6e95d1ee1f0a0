//! An HTTP client for addresses that strangers have given: every connection is checked before anything is said on it.
//! A name that is pointed somewhere else between two looks gains nothing, since what is checked is where the
//! connection leads, and nobody looks the name up again.

use crate::Tls;
use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, Uri};
use http_body_util::Full;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use std::error::Error;
use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use tower::Service;
use url::Url;

const CONNECT_TIME_OUT: Duration = Duration::from_secs(3);
const IDLE: Duration = Duration::from_secs(30);

/// Says whether a connection may lead to an address, and if not, why. Asked before connecting, and again of the
/// connection that is open, then with this machine's own end of it.
pub type Gate = Arc<dyn Fn(SocketAddr, Option<IpAddr>) -> Result<(), String> + Send + Sync>;

/// Clones share connections.
#[derive(Clone)]
pub struct GuardedClient {
    client: Client<HttpsConnector<Connector>, Full<Bytes>>,
}

impl fmt::Debug for GuardedClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GuardedClient").finish_non_exhaustive()
    }
}

/// Why there was no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoAnswer {
    /// By the gate; nothing was sent.
    #[error("{0}")]
    Refused(String),
    #[error("no answer in time")]
    TimedOut,
    #[error("cannot connect")]
    CannotConnect,
    /// Nothing was sent: who answers cannot prove to be who was called.
    #[error("no TLS with who answers there: {0}")]
    Tls(String),
    #[error("the exchange broke off")]
    BrokenOff,
}

impl GuardedClient {
    /// The gate is asked first, whatever is spoken on the connection.
    pub fn new(gate: Gate, tls: &Tls) -> Self {
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(tls.config())
            .https_or_http()
            .enable_http1()
            .wrap_connector(Connector { gate });
        let client = Client::builder(TokioExecutor::new())
            .pool_idle_timeout(IDLE)
            .pool_timer(TokioTimer::new())
            .build(connector);
        Self { client }
    }

    /// Posts, follows nothing, and says what the receiver answered; its body is not waited for. `time_out` is for all
    /// of it.
    pub async fn post(
        &self,
        url: &Url,
        headers: HeaderMap,
        body: String,
        time_out: Duration,
    ) -> Result<StatusCode, NoAnswer> {
        let uri: Uri = url.as_str().parse().map_err(|_| NoAnswer::CannotConnect)?;
        let mut request = Request::new(Full::new(Bytes::from(body)));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = uri;
        *request.headers_mut() = headers;
        let agent = HeaderValue::from_static("DigitalDownload");
        request.headers_mut().insert(http::header::USER_AGENT, agent);
        match timeout(time_out, self.client.request(request)).await {
            Ok(Ok(answer)) => Ok(answer.status()),
            Ok(Err(error)) => Err(no_answer(&error)),
            Err(_) => Err(NoAnswer::TimedOut),
        }
    }
}

fn no_answer(error: &hyper_util::client::legacy::Error) -> NoAnswer {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(one) = cause {
        if let Some(found) = one.downcast_ref::<NoAnswer>() {
            return found.clone();
        }
        if let Some(error) = tls_error(one) {
            return NoAnswer::Tls(error.to_string());
        }
        cause = one.source();
    }
    if error.is_connect() { NoAnswer::CannotConnect } else { NoAnswer::BrokenOff }
}

/// An I/O error does not name what it holds as its source, so it is looked into, and there may be one in another.
fn tls_error<'a>(mut error: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    while let Some(inside) = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        error = inside;
    }
    error.downcast_ref()
}

#[derive(Clone)]
struct Connector {
    gate: Gate,
}

impl Service<Uri> for Connector {
    type Response = TokioIo<TcpStream>;
    type Error = NoAnswer;
    type Future = BoxFuture<'static, Result<Self::Response, NoAnswer>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), NoAnswer>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let gate = Arc::clone(&self.gate);
        Box::pin(async move {
            let stream = timeout(CONNECT_TIME_OUT, connect(&gate, &uri)).await;
            stream.map_err(|_| NoAnswer::TimedOut)?.map(TokioIo::new)
        })
    }
}

async fn connect(gate: &Gate, uri: &Uri) -> Result<TcpStream, NoAnswer> {
    let host = uri.host().ok_or(NoAnswer::CannotConnect)?;
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    let port = uri.port_u16().unwrap_or(if uri.scheme_str() == Some("https") { 443 } else { 80 });
    let found = lookup_host((bare, port)).await.map_err(|_| NoAnswer::CannotConnect)?;
    let mut failure = NoAnswer::CannotConnect;
    for address in found {
        match connect_to(gate, address).await {
            Ok(stream) => return Ok(stream),
            Err(refused @ NoAnswer::Refused(_)) => failure = refused,
            Err(_) => {}
        }
    }
    Err(failure)
}

async fn connect_to(gate: &Gate, address: SocketAddr) -> Result<TcpStream, NoAnswer> {
    gate(address, None).map_err(NoAnswer::Refused)?;
    let failed = |_: io::Error| NoAnswer::CannotConnect;
    let stream = TcpStream::connect(address).await.map_err(failed)?;
    let (peer, own) = (stream.peer_addr().map_err(failed)?, stream.local_addr().map_err(failed)?);
    gate(peer, Some(own.ip())).map_err(NoAnswer::Refused)?;
    stream.set_nodelay(true).map_err(failed)?;
    Ok(stream)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    async fn post(gate: Gate, url: &str) -> Result<StatusCode, NoAnswer> {
        let url = url.parse().unwrap();
        let client = GuardedClient::new(gate, &Tls::default());
        client.post(&url, HeaderMap::new(), "a=b".to_owned(), Duration::from_mins(1)).await
    }

    #[tokio::test]
    async fn what_the_gate_refuses_hears_nothing() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let refuse: Gate = Arc::new(|_, _| Err("not there".to_owned()));
        for host in ["127.0.0.1", "localhost", "0.0.0.0", "[::ffff:127.0.0.1]"] {
            let answer = post(Arc::clone(&refuse), &format!("http://{host}:{port}/")).await;
            assert_eq!(answer, Err(NoAnswer::Refused("not there".to_owned())), "{host}");
        }
        // Only what the connection says of itself gives it away.
        let open: Gate = Arc::new(|_, own| own.map_or(Ok(()), |_| Err("not there".to_owned())));
        let answer = post(open, &format!("http://127.0.0.1:{port}/")).await;
        assert_eq!(answer, Err(NoAnswer::Refused("not there".to_owned())));
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut heard = Vec::new();
        stream.read_to_end(&mut heard).await.unwrap();
        assert_eq!(heard, b"");
    }

    #[tokio::test]
    async fn what_the_gate_lets_through_is_posted() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let heard = Arc::new(Mutex::new(String::new()));
        let told = Arc::clone(&heard);
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut text = Vec::new();
            while !text.ends_with(b"a=b") {
                stream.read_buf(&mut text).await.unwrap();
            }
            *told.lock().unwrap() = String::from_utf8(text).unwrap();
            stream
                .write_all(b"HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n")
                .await
                .unwrap();
        });
        let answer = post(Arc::new(|_, _| Ok(())), &format!("http://{address}/ipn?x=y")).await;
        assert_eq!(answer, Ok(StatusCode::FOUND), "and no redirect is followed");
        assert!(heard.lock().unwrap().starts_with("POST /ipn?x=y HTTP/1.1\r\n"), "{heard:?}");
        let nobody = post(Arc::new(|_, _| Ok(())), &format!("http://{address}/")).await;
        assert_eq!(nobody, Err(NoAnswer::CannotConnect));
    }
}
