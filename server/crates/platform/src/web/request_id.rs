//! An id for every request: in the logs, in the response's header, on error pages.

use crate::{Clock, Random};
use axum::extract::Request;
use axum::response::Response;
use http::{Extensions, HeaderName, HeaderValue, Method, Uri};
use std::fmt;
use std::time::Instant;
use tracing::Span;
use uuid::Uuid;

const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The request's id, an extension of the request: handlers take `Extension(id): Extension<RequestId>`.
/// A UUID, as FPS's `RequestId` is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestId(Uuid);

impl RequestId {
    /// The request's id as text; empty where no layer has given one.
    pub fn of(extensions: &Extensions) -> String {
        extensions.get::<Self>().map_or_else(String::new, Self::to_string)
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_hyphenated().fmt(f)
    }
}

/// A request that has its id, until it is answered.
#[derive(Debug)]
pub(super) struct Identified {
    pub id: RequestId,
    method: Method,
    uri: Uri,
    started: Instant,
}

impl Identified {
    /// Gives the request its id.
    pub fn begin(clock: &Clock, random: &Random, request: &Request) -> Self {
        Self {
            id: RequestId(random.uuid(clock.now())),
            method: request.method().clone(),
            uri: request.uri().clone(),
            started: Instant::now(),
        }
    }

    /// What is done for the request belongs in it: whatever is logged there is found by the id.
    pub fn span(&self) -> Span {
        tracing::error_span!("request", id = %self.id, method = %self.method, path = self.uri.path())
    }

    /// Logs how it ended, and tells the id. The query stays out of the logs: it can hold signatures and tokens.
    pub fn end(self, response: &mut Response) {
        let Self { id, method, uri, started } = self;
        let (status, elapsed, path) = (response.status().as_u16(), started.elapsed(), uri.path());
        if status >= 500 {
            tracing::error!(status, ?elapsed, %id, %method, path, "failed");
        } else {
            tracing::info!(status, ?elapsed, %id, %method, path, "answered");
        }
        let mut buffer = Uuid::encode_buffer();
        let text = id.0.as_hyphenated().encode_lower(&mut buffer);
        response.headers_mut().insert(HEADER, HeaderValue::from_str(text).expect("a UUID is ASCII"));
    }
}
