//! The one place where answers and errors of the API become HTTP.

use axum::response::{IntoResponse, Response};
use fps_protocol::responses;
use fps_protocol::{ApiVersion, FpsError};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderName, StatusCode};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What is known of a request while it is worked on.
#[derive(Debug)]
pub struct Answer {
    request_id: String,
    pub version: ApiVersion,
    /// The action's name, for logs and metrics; empty until it is known to be one.
    pub action: &'static str,
}

impl Answer {
    pub fn new(request_id: String) -> Self {
        Self { request_id, version: ApiVersion::V2010, action: "" }
    }

    pub fn into_response(self, result: Result<responses::Response, FpsError>) -> Response {
        let (status, outcome, xml) = match result {
            // Successes have `:0` after the id (fps.md §2).
            Ok(response) => {
                (StatusCode::OK, "Success", response.to_xml(self.version, &format!("{}:0", self.request_id)))
            }
            Err(error) => {
                let error = error.for_version(self.version);
                let status = StatusCode::from_u16(error.http_status()).unwrap_or(StatusCode::BAD_REQUEST);
                (status, error.code.as_str(), error.to_xml(&self.request_id))
            }
        };
        metrics::counter!("fps_requests_total", "action" => self.action, "outcome" => outcome).increment(1);
        tracing::info!(action = self.action, outcome, "api request");
        let headers = [(CONTENT_TYPE, "text/xml; charset=UTF-8"), (CACHE_CONTROL, "no-store")];
        (status, headers, [(REQUEST_ID, self.request_id)], xml).into_response()
    }
}
