//! The certificate that receivers check signatures with, at the address that each signature names.

use crate::engine::signer::Signer;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::header::CONTENT_TYPE;
use platform::web::Refusal;

/// `/certs/<yymmdd>/PKICert.pem`
pub fn router(signer: Signer) -> Router {
    Router::new().route("/certs/{date}/PKICert.pem", get(show)).with_state(signer)
}

async fn show(State(signer): State<Signer>, Path(date): Path<String>) -> Result<Response, Refusal> {
    let url = signer.certificate_url().await.map_err(Refusal::because)?;
    if url.path() != format!("/certs/{date}/PKICert.pem") {
        return Err(Refusal::not_found());
    }
    let pem = signer.certificate_pem().await.map_err(Refusal::because)?.to_owned();
    Ok(([(CONTENT_TYPE, "application/x-pem-file")], pem).into_response())
}
