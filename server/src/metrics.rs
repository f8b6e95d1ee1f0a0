//! Numbers for Prometheus: one recorder for the process, whichever sites it runs.

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::Method;
use http::header::CONTENT_TYPE;
use metrics::{counter, describe_counter, describe_histogram, histogram};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::sync::OnceLock;
use std::time::{Duration, Instant};
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

pub(crate) async fn show() -> Response {
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
