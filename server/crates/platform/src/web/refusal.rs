//! The one way in which handlers refuse.

use crate::db;
use axum::response::{IntoResponse, Response};
use http::header::RETRY_AFTER;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use std::fmt::Display;
use std::time::Duration;

/// After how many seconds it is worth trying again when the database was not available.
pub const RETRY_AFTER_SECONDS: u64 = 5;

/// What an error page shows. Nothing in here is an internal message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorFacts {
    pub status: StatusCode,
    pub title: String,
    /// A sentence: what was wrong, and what the person can do.
    pub detail: String,
    /// To find the request in the logs; empty until [`error_pages`](super::error_pages) fills it in.
    pub request_id: String,
}

/// A refusal: `Err` of every handler. The site's error page is made of it by the layer
/// [`error_pages`](super::error_pages), which all responses pass.
#[derive(Debug, Clone)]
pub struct Refusal(Box<Inner>);

#[derive(Debug, Clone)]
struct Inner {
    facts: ErrorFacts,
    headers: HeaderMap,
}

impl Refusal {
    pub fn new(status: StatusCode, title: impl Into<String>, detail: impl Into<String>) -> Self {
        let facts =
            ErrorFacts { status, title: title.into(), detail: detail.into(), request_id: String::new() };
        Self(Box::new(Inner { facts, headers: HeaderMap::new() }))
    }

    /// A refusal in the status's own words.
    pub fn of(status: StatusCode) -> Self {
        let (title, detail) = words(status);
        Self::new(status, title, detail)
    }

    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.headers.insert(name, value);
        self
    }

    /// Also the answer for what exists but is somebody else's.
    pub fn not_found() -> Self {
        Self::of(StatusCode::NOT_FOUND)
    }

    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, words(StatusCode::BAD_REQUEST).0, detail)
    }

    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, words(StatusCode::FORBIDDEN).0, detail)
    }

    /// The thing is there, and its state does not allow this (any more).
    pub fn conflict(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, words(StatusCode::CONFLICT).0, detail)
    }

    pub fn too_many(retry_after: Duration) -> Self {
        let seconds = retry_after.as_secs() + u64::from(retry_after.subsec_nanos() > 0);
        let minutes = seconds.div_ceil(60);
        let unit = if minutes == 1 { "minute" } else { "minutes" };
        let status = StatusCode::TOO_MANY_REQUESTS;
        let detail = format!("There were too many attempts. Please try again in {minutes} {unit}.");
        Self::new(status, words(status).0, detail).with_header(RETRY_AFTER, seconds.into())
    }

    /// At this moment more people want the same than can be served.
    pub fn busy(retry_after: Duration) -> Self {
        let seconds = retry_after.as_secs().max(1);
        Self::of(StatusCode::SERVICE_UNAVAILABLE).with_header(RETRY_AFTER, seconds.into())
    }

    /// The database is away, locked or full. Whether what was under way has been kept is not always known, so nothing
    /// is claimed.
    pub fn unavailable() -> Self {
        let detail = "Our database cannot be reached at the moment. Nothing is wrong with what you did: please try again \
                      in a few seconds. If you had just sent something, look first whether it has arrived.";
        let status = StatusCode::SERVICE_UNAVAILABLE;
        Self::new(status, words(status).0, detail).with_header(RETRY_AFTER, RETRY_AFTER_SECONDS.into())
    }

    /// Something of ours is broken. The person is told that and no more; log the reason first, or use
    /// [`Refusal::because`].
    pub fn internal() -> Self {
        Self::of(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// Logs the reason, tells the person nothing of it.
    pub fn because(reason: impl Display) -> Self {
        tracing::error!(%reason, "a request failed");
        Self::internal()
    }

    pub fn facts(&self) -> &ErrorFacts {
        &self.0.facts
    }
}

impl From<sqlx::Error> for Refusal {
    fn from(error: sqlx::Error) -> Self {
        if db::is_unavailable(&error) {
            tracing::warn!(%error, "a request needs the database, which is not available");
            return Self::unavailable();
        }
        Self::because(format_args!("database: {error}"))
    }
}

impl From<tower_sessions::session::Error> for Refusal {
    fn from(error: tower_sessions::session::Error) -> Self {
        Self::because(format_args!("session: {error}"))
    }
}

impl IntoResponse for Refusal {
    /// Plain text, for where no error page is put in its place.
    fn into_response(self) -> Response {
        let Inner { facts, headers } = *self.0;
        let text = format!("{}\n{}\n", facts.title, facts.detail);
        let mut response = (facts.status, headers, text).into_response();
        response.extensions_mut().insert(facts);
        response
    }
}

/// Title and detail for a status that came without any, by axum or a layer.
fn words(status: StatusCode) -> (&'static str, &'static str) {
    match status {
        StatusCode::BAD_REQUEST => ("That did not work", "The request cannot be understood as it is."),
        StatusCode::UNAUTHORIZED => ("Sign in first", "This needs to know who is asking."),
        StatusCode::FORBIDDEN => ("Not allowed", "You may not do this."),
        StatusCode::NOT_FOUND => ("Page not found", "There is nothing at this address."),
        StatusCode::METHOD_NOT_ALLOWED => ("Not possible here", "This address does not take such a request."),
        StatusCode::REQUEST_TIMEOUT => ("That took too long", "The request did not arrive in time."),
        StatusCode::CONFLICT => ("That is not possible now", "Something has changed meanwhile."),
        StatusCode::PAYLOAD_TOO_LARGE => ("Too large", "What was sent is larger than what is taken here."),
        StatusCode::URI_TOO_LONG => ("Too long", "The address is longer than what is taken here."),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => {
            ("Wrong kind of content", "Content of this type is not taken here.")
        }
        StatusCode::TOO_MANY_REQUESTS => ("Too many attempts", "Please try again later."),
        StatusCode::SERVICE_UNAVAILABLE => {
            ("Not available at the moment", "Please try again in a few seconds.")
        }
        status if status.is_server_error() => {
            ("Something went wrong", "The mistake is ours, and it has been noted. Please try again.")
        }
        _ => ("That did not work", "The request was refused."),
    }
}
