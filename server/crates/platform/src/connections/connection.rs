//! One connection, from its first byte to its end.

use super::ConnectionLimits;
use super::activity::{Activity, AnswerBody, Watched};
use super::places::Place;
use crate::web::{ClientAddress, TrustedProxies};
use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, FromRequestParts};
use futures_util::future::BoxFuture;
use http::request::Parts;
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::Service;
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

/// What answers on a connection, and under which conditions.
#[derive(Debug, Clone)]
pub(super) struct Site {
    pub router: Router,
    pub limits: ConnectionLimits,
    pub proxies: Arc<TrustedProxies>,
    pub stop: CancellationToken,
}

impl Site {
    /// Who may have as many connections as there are: for a proxy many people come, and this machine is nobody else.
    pub fn spares(&self, address: IpAddr) -> bool {
        address.is_loopback() || self.proxies.contain(address)
    }
}

/// The site, for the requests of one connection.
#[derive(Debug)]
struct Requests {
    router: Router,
    proxies: Arc<TrustedProxies>,
    peer: SocketAddr,
    activity: Activity,
    stop: CancellationToken,
}

/// With each request: the program ends. For answers that would go on for long; without it (in tests of a router) it
/// never does.
#[derive(Debug, Clone, Default)]
pub struct Stopping(pub CancellationToken);

impl<S: Send + Sync> FromRequestParts<S> for Stopping {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_default())
    }
}

/// Put into an answer's extensions: the connection breaks, and nothing of the answer is sent.
#[derive(Debug, Clone, Copy)]
pub struct BreakConnection;

/// The connection is broken on purpose.
#[derive(Debug, thiserror::Error)]
#[error("broken on purpose")]
struct Broken;

impl Service<Request<Incoming>> for Requests {
    type Response = Response<AnswerBody>;
    type Error = Broken;
    type Future = BoxFuture<'static, Result<Self::Response, Broken>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        let activity = self.activity.clone();
        let mut request = request.map(|body| Body::new(activity.serves(body)));
        let client = ClientAddress::behind(self.peer.ip(), request.headers(), &self.proxies);
        request.extensions_mut().insert(client);
        request.extensions_mut().insert(ConnectInfo(self.peer));
        request.extensions_mut().insert(Stopping(self.stop.clone()));
        let answer = self.router.clone().oneshot(request);
        Box::pin(async move {
            let Ok(answer) = answer.await;
            if answer.extensions().get::<BreakConnection>().is_some() {
                return Err(Broken);
            }
            Ok(answer.map(|body| AnswerBody { body, activity }))
        })
    }
}

/// Serves until the peer goes, its time is over, its place is given to another, or the program stops.
pub(super) async fn run<S>(io: S, peer: SocketAddr, place: Place, site: Site)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let activity = place.activity.clone();
    let Site { router, limits, proxies, stop } = site;
    let requests = Requests { router, proxies, peer, activity: activity.clone(), stop: stop.clone() };
    let io = TokioIo::new(Watched { io, activity: activity.clone() });
    let mut connection = pin!(http1::Builder::new().header_read_timeout(None).serve_connection(io, requests));
    let mut stopping = false;
    loop {
        tokio::select! {
            biased;
            ended = connection.as_mut() => {
                if let Err(error) = ended {
                    tracing::debug!(%peer, %error, "a connection broke");
                }
                break;
            }
            () = place.taken() => break,
            () = stop.cancelled(), if !stopping => {
                stopping = true;
                activity.stop();
                connection.as_mut().graceful_shutdown();
                if activity.waiting_since().is_some() {
                    break;
                }
            }
            () = tokio::time::sleep_until(next_look(&activity, &limits)) => {
                if activity.deadline(&limits).is_some_and(|deadline| deadline <= Instant::now()) {
                    tracing::debug!(%peer, "a connection was left alone for too long");
                    break;
                }
            }
        }
    }
}

/// When the connection's time is over, or earlier: what begins meanwhile may have less time than what goes on now.
fn next_look(activity: &Activity, limits: &ConnectionLimits) -> Instant {
    let soonest = Instant::now() + limits.head.min(limits.idle);
    activity.deadline(limits).map_or(soonest, |deadline| deadline.min(soonest))
}
