//! The one place where answers and errors of the API become HTTP.

use crate::engine::ActionError;
use axum::response::{IntoResponse, Response};
use fps_protocol::ApiVersion;
use fps_protocol::responses;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderName, StatusCode};
use platform::connections::BreakConnection;
use platform::web::RETRY_AFTER_SECONDS;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What is known of a request while it is worked on.
#[derive(Debug)]
pub struct Answer {
    request_id: String,
    pub version: ApiVersion,
    /// The action's name, for logs and metrics; empty until it is known to be one.
    pub action: &'static str,
    /// Nothing is answered: the connection breaks.
    pub is_lost: bool,
}

/// What is answered.
pub struct Worded {
    pub status: StatusCode,
    /// `Success`, or the error's code.
    pub outcome: &'static str,
    pub xml: String,
    unavailable: bool,
}

impl Answer {
    pub fn new(request_id: String) -> Self {
        Self { request_id, version: ApiVersion::V2010, action: "", is_lost: false }
    }

    pub fn request_id(&self) -> &str {
        &self.request_id
    }

    /// While the database is not available the error is `InternalError`, the table's word for what is for the moment,
    /// with the status 503: clients try again after it (fps.md §6.2).
    pub fn word(&self, result: Result<responses::Response, ActionError>) -> Worded {
        let unavailable = result.as_ref().is_err_and(ActionError::is_unavailable);
        let (status, outcome, xml) = match result.map_err(ActionError::into_fps_error) {
            // Successes have `:0` after the id (fps.md §2).
            Ok(response) => {
                (StatusCode::OK, "Success", response.to_xml(self.version, &format!("{}:0", self.request_id)))
            }
            Err(error) => {
                let error = error.for_version(self.version);
                let status = match StatusCode::from_u16(error.http_status()) {
                    _ if unavailable => StatusCode::SERVICE_UNAVAILABLE,
                    status => status.unwrap_or(StatusCode::BAD_REQUEST),
                };
                (status, error.code.as_str(), error.to_xml(&self.request_id))
            }
        };
        Worded { status, outcome, xml, unavailable }
    }

    pub fn into_response(self, worded: Worded) -> Response {
        let Worded { status, outcome, xml, unavailable } = worded;
        metrics::counter!("fps_requests_total", "action" => self.action, "outcome" => outcome).increment(1);
        tracing::info!(action = self.action, outcome, "api request");
        let headers = [(CONTENT_TYPE, "text/xml; charset=UTF-8"), (CACHE_CONTROL, "no-store")];
        let mut response = (status, headers, [(REQUEST_ID, self.request_id)], xml).into_response();
        if self.is_lost {
            response.extensions_mut().insert(BreakConnection);
        }
        if unavailable {
            response.headers_mut().insert(RETRY_AFTER, RETRY_AFTER_SECONDS.into());
        }
        response
    }
}
