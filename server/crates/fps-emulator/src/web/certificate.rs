//! The certificates that receivers check signatures with, each at the address that signatures name.

use crate::engine::signer::{Signer, SignerError};
use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::header::CONTENT_TYPE;
use platform::web::Refusal;

/// `/certs/<yymmdd>/PKICert.pem`; of a key that was renewed on the same day `<yymmdd>-2` and so on.
pub fn router(signer: Signer) -> Router {
    Router::new().route("/certs/{name}/PKICert.pem", get(show)).with_state(signer)
}

async fn show(State(signer): State<Signer>, Path(name): Path<String>) -> Result<Response, Refusal> {
    let pem = signer.certificate_pem(&name).await.map_err(|error| match error {
        SignerError::Sqlx(error) => error.into(),
        error => Refusal::because(error),
    })?;
    let pem = pem.ok_or_else(Refusal::not_found)?;
    Ok(([(CONTENT_TYPE, "application/x-pem-file")], pem).into_response())
}
