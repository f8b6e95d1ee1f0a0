//! Numbers for Prometheus: one recorder for the process, whichever sites it runs.

use axum::extract::{MatchedPath, Request, State};
use axum::response::{IntoResponse, Response};
use futures_util::future::BoxFuture;
use http::header::{AUTHORIZATION, CONTENT_TYPE, WWW_AUTHENTICATE};
use http::request::Parts;
use http::{HeaderMap, Method, StatusCode};
use metrics::{Counter, Histogram, counter, describe_counter, describe_histogram, histogram};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use platform::web::is_from_this_machine;
use secrecy::{ExposeSecret, SecretString};
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};
use subtle::ConstantTimeEq;
use tokio_util::sync::CancellationToken;
use tower::{Layer, Service};

const REQUESTS: &str = "http_requests_total";
const DURATION: &str = "http_request_duration_seconds";
/// Seconds, up to which requests are counted.
const BUCKETS: [f64; 11] = [0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.5, 10.0];
/// The recorder keeps every measurement until somebody sums it up.
const UPKEEP: Duration = Duration::from_secs(5);

fn recorder() -> &'static PrometheusHandle {
    static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();
    RECORDER.get_or_init(|| {
        let builder = PrometheusBuilder::new().set_buckets(&BUCKETS).expect("there are buckets");
        let handle = builder.install_recorder().expect("nothing else installs a recorder");
        describe_counter!(REQUESTS, "Requests answered, by site, method, route and status.");
        describe_histogram!(DURATION, "Time from a request's head to its answer's head, in seconds.");
        handle
    })
}

/// Sums measurements up until `stop`.
pub(crate) async fn upkeep(stop: CancellationToken) {
    while stop.run_until_cancelled(tokio::time::sleep(UPKEEP)).await.is_some() {
        recorder().run_upkeep();
    }
}

/// The bearer token that opens the numbers to others than this machine.
#[derive(Debug, Clone)]
pub(crate) struct Token(pub Option<SecretString>);

impl Token {
    fn fits(&self, headers: &HeaderMap) -> bool {
        let given = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let (scheme, token) = given.split_once(' ').unwrap_or_default();
        let fits = |expected: &SecretString| {
            bool::from(token.trim().as_bytes().ct_eq(expected.expose_secret().as_bytes()))
        };
        scheme.eq_ignore_ascii_case("bearer") && self.0.as_ref().is_some_and(fits)
    }
}

/// How much is sold and paid is nobody's business: for this machine, and for whoever has the token.
pub(crate) async fn show(State(token): State<Token>, request: Parts) -> Response {
    if !is_from_this_machine(&request) && !token.fits(&request.headers) {
        let how = "The numbers are for programs of this machine, and for whoever sends the token of \
                   DD_METRICS_TOKEN as Authorization: Bearer.\n";
        return (StatusCode::UNAUTHORIZED, [(WWW_AUTHENTICATE, "Bearer")], how).into_response();
    }
    let kind = "text/plain; version=0.0.4; charset=utf-8";
    ([(CONTENT_TYPE, kind)], recorder().render()).into_response()
}

/// Counts and times every request. The route's template is the label, never the path: paths have no end.
#[derive(Debug, Clone)]
pub(crate) struct Counted(Arc<Counters>);

/// The counters of one site. Each is looked up by its labels once and then kept: building and hashing labels takes
/// longer than counting.
struct Counters {
    site: &'static str,
    by_route: RwLock<HashMap<String, Vec<(Kind, Numbers)>>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Kind {
    method: &'static str,
    status: StatusCode,
}

#[derive(Clone)]
struct Numbers {
    duration: Histogram,
    requests: Counter,
}

impl Numbers {
    fn record(&self, elapsed: Duration) {
        self.duration.record(elapsed);
        self.requests.increment(1);
    }
}

impl fmt::Debug for Counters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Counters").field("site", &self.site).finish_non_exhaustive()
    }
}

impl Counted {
    pub(crate) fn new(site: &'static str) -> Self {
        recorder();
        Self(Arc::new(Counters { site, by_route: RwLock::default() }))
    }
}

impl Counters {
    fn record(&self, route: &str, kind: Kind, elapsed: Duration) {
        let known = self.by_route.read().unwrap_or_else(PoisonError::into_inner);
        let numbers = known.get(route).and_then(|kinds| kinds.iter().find(|(known, _)| *known == kind));
        if let Some((_, numbers)) = numbers {
            return numbers.record(elapsed);
        }
        drop(known);
        let numbers = self.look_up(route, kind);
        numbers.record(elapsed);
        let mut known = self.by_route.write().unwrap_or_else(PoisonError::into_inner);
        known.entry(route.to_owned()).or_default().push((kind, numbers));
    }

    fn look_up(&self, route: &str, Kind { method, status }: Kind) -> Numbers {
        let (site, route, status) = (self.site, route.to_owned(), status.as_str().to_owned());
        let duration = histogram!(DURATION, "site" => site, "method" => method, "route" => route.clone());
        let requests =
            counter!(REQUESTS, "site" => site, "method" => method, "route" => route, "status" => status);
        Numbers { duration, requests }
    }
}

impl<S> Layer<S> for Counted {
    type Service = CountedService<S>;

    fn layer(&self, inner: S) -> CountedService<S> {
        CountedService { counters: Arc::clone(&self.0), inner }
    }
}

#[derive(Debug, Clone)]
pub(crate) struct CountedService<S> {
    counters: Arc<Counters>,
    inner: S,
}

impl<S, B> Service<Request> for CountedService<S>
where
    S: Service<Request, Response = http::Response<B>, Future: Send + 'static>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = BoxFuture<'static, Result<S::Response, S::Error>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let counters = Arc::clone(&self.counters);
        let method = method_label(request.method());
        let route = request.extensions().get::<MatchedPath>().cloned();
        let begun = Instant::now();
        let answering = self.inner.call(request);
        Box::pin(async move {
            let response = answering.await?;
            let kind = Kind { method, status: response.status() };
            let route = route.as_ref().map_or("(none)", MatchedPath::as_str);
            counters.record(route, kind, begun.elapsed());
            Ok(response)
        })
    }
}

/// Anybody can invent methods.
fn method_label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        _ => "other",
    }
}
