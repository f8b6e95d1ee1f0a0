//! An id for every request: in the logs, in the response's header, on error pages.

use crate::{Clock, Random};
use axum::extract::Request;
use axum::response::Response;
use http::{Extensions, HeaderName, HeaderValue};
use std::sync::Arc;
use std::time::Instant;
use tracing::Span;

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

/// A request that has its id, until it is answered.
#[derive(Debug)]
pub(super) struct Identified {
    pub id: RequestId,
    /// What is done for the request belongs in it.
    pub span: Span,
    header: HeaderValue,
    started: Instant,
}

impl Identified {
    /// Gives the request its id. The query stays out of the logs: it can hold signatures and tokens.
    pub fn begin(clock: &Clock, random: &Random, request: &mut Request) -> Self {
        let mut buffer = uuid::Uuid::encode_buffer();
        let text: &str = random.uuid(clock.now()).hyphenated().encode_lower(&mut buffer);
        let header = HeaderValue::from_str(text).expect("a UUID is ASCII");
        let span = tracing::error_span!("request", id = text, method = %request.method(), path = request.uri().path());
        let id = RequestId(Arc::from(text));
        request.extensions_mut().insert(id.clone());
        Self { id, span, header, started: Instant::now() }
    }

    /// Logs how it ended, and tells the id.
    pub fn end(self, response: &mut Response) {
        let (status, elapsed) = (response.status().as_u16(), self.started.elapsed());
        self.span.in_scope(|| {
            if status >= 500 {
                tracing::error!(status, ?elapsed, "failed");
            } else {
                tracing::info!(status, ?elapsed, "answered");
            }
        });
        response.headers_mut().insert(HEADER, self.header);
    }
}
