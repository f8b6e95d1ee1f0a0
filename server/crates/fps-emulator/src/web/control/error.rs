//! What the control API answers when it refuses: JSON, `{"error": "…"}`.

use crate::engine::clock::ClockError;
use crate::state::ChangeError;
use axum::Json;
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::response::{IntoResponse, Response};
use platform::db;
use platform::web::RETRY_AFTER_SECONDS;

#[derive(Debug, thiserror::Error)]
pub enum ControlError {
    #[error("{0}")]
    BadRequest(String),
    #[error("the body must be JSON: Content-Type: application/json")]
    NotJson,
    #[error("a bearer token is needed: Authorization: Bearer …")]
    Unauthorized,
    #[error("{0}")]
    Forbidden(&'static str),
    #[error("the control API has no such call")]
    NotFound,
    #[error("that call has another method")]
    MethodNotAllowed,
    #[error("the database cannot be reached at the moment; try again in a few seconds")]
    Unavailable,
    /// The reason goes to the log, not to the client.
    #[error("something went wrong on our side; the log says what")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl ControlError {
    fn status(&self) -> StatusCode {
        match self {
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::NotJson => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl From<sqlx::Error> for ControlError {
    fn from(error: sqlx::Error) -> Self {
        if db::is_unavailable(&error) {
            tracing::warn!(%error, "a control call needs the database, which is not available");
            return Self::Unavailable;
        }
        Self::Internal(error.into())
    }
}

impl From<ChangeError> for ControlError {
    fn from(error: ChangeError) -> Self {
        match error {
            ChangeError::Clock(ClockError::OutOfRange) => Self::BadRequest(error.to_string()),
            ChangeError::Clock(ClockError::Database(error)) => error.into(),
            ChangeError::Job(error) if error.is_unavailable() => Self::Unavailable,
            error => Self::Internal(error.into()),
        }
    }
}

impl IntoResponse for ControlError {
    fn into_response(self) -> Response {
        if let Self::Internal(error) = &self {
            tracing::error!(%error, "a control call failed");
        }
        let mut response =
            (self.status(), Json(serde_json::json!({ "error": self.to_string() }))).into_response();
        if matches!(self, Self::Unavailable) {
            response.headers_mut().insert(RETRY_AFTER, RETRY_AFTER_SECONDS.into());
        }
        response
    }
}
