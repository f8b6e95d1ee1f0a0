//! Numbers for Prometheus: one recorder for the process, whichever sites it runs.

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{AUTHORIZATION, CONTENT_TYPE, WWW_AUTHENTICATE};
use http::request::Parts;
use http::{HeaderMap, Method, StatusCode};
use metrics::{counter, describe_counter, describe_histogram, histogram};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use platform::web::is_from_this_machine;
use secrecy::{ExposeSecret, SecretString};
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use subtle::ConstantTimeEq;
use tokio_util::sync::CancellationToken;

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

/// The site's name, as a label.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Site(pub &'static str);

/// Counts and times every request. The route's template is the label, never the path: paths have no end.
pub(crate) async fn record(State(Site(site)): State<Site>, request: Request, next: Next) -> Response {
    recorder();
    let method = method_label(request.method());
    let route = request.extensions().get::<MatchedPath>().map_or("(none)", MatchedPath::as_str).to_owned();
    let begun = Instant::now();
    let response = next.run(request).await;
    let elapsed = begun.elapsed();
    let status = response.status().as_str().to_owned();
    histogram!(DURATION, "site" => site, "method" => method, "route" => route.clone()).record(elapsed);
    counter!(REQUESTS, "site" => site, "method" => method, "route" => route, "status" => status).increment(1);
    response
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
