//! Where callers send people: checks who sent them, and opens an authorization of the request.

use crate::domain::callers;
use crate::state::Site;
use crate::web::cbui::{Stop, pages};
use crate::web::sign_in::Visitor;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use fps_protocol::cbui::CbuiRequest;
use fps_protocol::{FpsError, Parameters, Unverified};
use http::HeaderMap;
use http::header::HOST;
use platform::web::Refusal;

/// What a developer who reads it can do.
const SWITCHED_OFF: &str = "must be 2: the caller has not switched on \"Signature version 1\" \
     in its settings (/account/developer/settings)";

pub async fn by_get(
    State(site): State<Site>,
    visitor: Visitor,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Stop> {
    start(&site, &visitor, &headers, "GET", query.unwrap_or_default().as_bytes()).await
}

/// Some sites post a form with the same fields.
pub async fn by_post(
    State(site): State<Site>,
    visitor: Visitor,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Stop> {
    start(&site, &visitor, &headers, "POST", &body).await
}

async fn start(
    site: &Site,
    visitor: &Visitor,
    headers: &HeaderMap,
    method: &str,
    fields: &[u8],
) -> Result<Response, Stop> {
    let parameters =
        Parameters::from_form(fields).map_err(|error| Refusal::bad_request(error.to_string()))?;
    if parameters.iter().any(|(name, value)| name.contains('\0') || value.contains('\0')) {
        return Err(Refusal::bad_request("The request has a NUL character.").into());
    }
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default().to_owned();
    let request = Unverified::new(CbuiRequest { method: method.to_owned(), host, parameters });
    let access_key = request.access_key().map_err(|error| refused(&error))?;
    let caller = callers::find(&site.payments.db, &access_key).await?.ok_or_else(|| {
        Refusal::forbidden("The site that sent you here is not known, so its request was not followed.")
    })?;
    if request.is_signed_by_version_1() && !caller.signature_v1 {
        return Err(refused(&FpsError::invalid("signatureVersion", SWITCHED_OFF)));
    }
    let request = request.verify(&caller.secret).map_err(|error| refused(&error))?;
    let request = site.payments.authorizations().open(&caller, &request).await?;
    pages::begin(site, visitor, request).await
}

/// Never a redirect: who did not sign the request did not say where to go either.
fn refused(error: &FpsError) -> Stop {
    let detail = format!(
        "The request of the site that sent you here was not followed, and you have not been charged. {}",
        error.message
    );
    Refusal::forbidden(detail).into()
}
