//! What is answered when a deed is not done: JSON, `{"error": "what is wrong and what to do"}`.

use super::Misfit;
use crate::db;
use crate::web::RETRY_AFTER_SECONDS;
use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::RETRY_AFTER;

/// Why a deed is not done.
#[derive(Debug, thiserror::Error)]
pub enum DeedRefused {
    #[error("{0}")]
    BadRequest(String),
    #[error("the body must be JSON: Content-Type: application/json")]
    NotJson,
    #[error("a bearer token is needed: Authorization: Bearer …")]
    Unauthorized,
    #[error("{0}")]
    Forbidden(&'static str),
    #[error("the control API has no such call; /_control/openapi.json lists them")]
    NoSuchCall,
    /// What the deed is to be done to is not there.
    #[error("{0}")]
    NotFound(String),
    #[error("that call has another method; /_control/openapi.json lists them")]
    MethodNotAllowed,
    /// It cannot be done as things stand.
    #[error("{0}")]
    Conflict(String),
    #[error("the database cannot be reached at the moment; try again in a few seconds")]
    Unavailable,
    /// The reason goes to the log, not to the client.
    #[error("something went wrong on our side; the log says what")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl DeedRefused {
    pub fn status(&self) -> StatusCode {
        match self {
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::NotJson => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::NoSuchCall | Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl From<Misfit> for DeedRefused {
    fn from(misfit: Misfit) -> Self {
        Self::BadRequest(misfit.0)
    }
}

impl From<sqlx::Error> for DeedRefused {
    fn from(error: sqlx::Error) -> Self {
        if db::is_unavailable(&error) {
            tracing::warn!(%error, "a control call needs the database, which is not available");
            return Self::Unavailable;
        }
        Self::Internal(error.into())
    }
}

impl IntoResponse for DeedRefused {
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
