//! An id for every request: in the logs, in the response's header, on error pages.

use super::RouteLayer;
use crate::{Clock, Random};
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use http::{Extensions, HeaderName, HeaderValue};
use std::sync::Arc;
use std::time::Instant;
use tracing::Instrument;

const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The request's id, an extension of the request: handlers take `Extension(id): Extension<RequestId>`.
/// A UUID, as FPS's `RequestId` is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(pub Arc<str>);

impl RequestId {
    /// The request's id as text; empty where no layer has given one.
    pub fn of(extensions: &Extensions) -> String {
        extensions.get::<Self>().map_or_else(String::new, |id| id.0.to_string())
    }
}

/// Gives each request its id, runs it in a log span of that id, and logs how it ended. The query stays
/// out of the logs: it can hold signatures and tokens.
pub fn request_ids(clock: Clock, random: Random) -> impl RouteLayer {
    from_fn_with_state((clock, random), identify)
}

async fn identify(
    State((clock, random)): State<(Clock, Random)>,
    mut request: Request,
    next: Next,
) -> Response {
    let mut buffer = uuid::Uuid::encode_buffer();
    let id: &str = random.uuid(clock.now()).hyphenated().encode_lower(&mut buffer);
    let header = HeaderValue::from_str(id).expect("a UUID is ASCII");
    request.extensions_mut().insert(RequestId(Arc::from(id)));
    let span = tracing::error_span!("request", id, method = %request.method(), path = request.uri().path());
    let started = Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    let (status, elapsed) = (response.status().as_u16(), started.elapsed());
    span.in_scope(|| {
        if status >= 500 {
            tracing::error!(status, ?elapsed, "failed");
        } else {
            tracing::info!(status, ?elapsed, "answered");
        }
    });
    response.headers_mut().insert(HEADER, header);
    response
}
