//! What the control API answers when it refuses: JSON, `{"error": "…"}`.

use crate::engine::clock::ClockError;
use crate::state::ChangeError;
use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

#[derive(Debug, thiserror::Error)]
pub enum ControlError {
    #[error("{0}")]
    BadRequest(String),
    #[error("a bearer token is needed: Authorization: Bearer …")]
    Unauthorized,
    #[error("{0}")]
    Forbidden(&'static str),
    #[error("the control API has no such call")]
    NotFound,
    #[error("that call has another method")]
    MethodNotAllowed,
    /// The reason goes to the log, not to the client.
    #[error("something went wrong on our side; the log says what")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl ControlError {
    fn status(&self) -> StatusCode {
        match self {
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl From<sqlx::Error> for ControlError {
    fn from(error: sqlx::Error) -> Self {
        Self::Internal(error.into())
    }
}

impl From<ChangeError> for ControlError {
    fn from(error: ChangeError) -> Self {
        match error {
            ChangeError::Clock(ClockError::OutOfRange) => Self::BadRequest(error.to_string()),
            error => Self::Internal(error.into()),
        }
    }
}

impl IntoResponse for ControlError {
    fn into_response(self) -> Response {
        if let Self::Internal(error) = &self {
            tracing::error!(%error, "a control call failed");
        }
        (self.status(), Json(serde_json::json!({ "error": self.to_string() }))).into_response()
    }
}
