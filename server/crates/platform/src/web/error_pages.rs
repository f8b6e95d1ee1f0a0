//! Every refusal becomes the site's own page, whoever refused: a handler, axum, a limit, a panic.

use super::RequestId;
use super::refusal::{ErrorFacts, Refusal};
use crate::panics;
use axum::body::Body;
use axum::response::{Html, IntoResponse, Response};
use futures_util::FutureExt;
use http::HeaderValue;
use http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE};
use std::panic::AssertUnwindSafe;

/// The site's error page.
pub type RenderError = fn(&ErrorFacts) -> String;

/// The answer, also when making it panics.
pub(super) async fn whatever_happens(answering: impl Future<Output = Response>) -> Response {
    match AssertUnwindSafe(answering).catch_unwind().await {
        Ok(response) => response,
        Err(panic) => {
            Refusal::because(format_args!("panic: {}", panics::message(panic.as_ref()))).into_response()
        }
    }
}

/// Puts the site's error page in place of refusals, and of 4xx and 5xx responses that have no content
/// of their own. Responses in XML, JSON or HTML stay as they are. `head`: nothing but a head was asked for.
pub(super) fn with_error_page(
    response: Response,
    render: RenderError,
    request_id: RequestId,
    head: bool,
) -> Response {
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let facts = match parts.extensions.remove::<ErrorFacts>() {
        Some(facts) => facts,
        None if is_bare(parts.headers.get(CONTENT_TYPE)) => Refusal::of(status).facts().clone(),
        None => return Response::from_parts(parts, body),
    };
    let page = render(&ErrorFacts { request_id: request_id.to_string(), ..facts });
    let page = Html(page).into_response();
    parts.headers.remove(CONTENT_LENGTH);
    parts.headers.extend(page.headers().clone());
    parts.headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Response::from_parts(parts, if head { Body::empty() } else { page.into_body() })
}

/// axum's own refusals are plain text or nothing.
fn is_bare(content_type: Option<&HeaderValue>) -> bool {
    content_type.is_none_or(|value| value.as_bytes().starts_with(b"text/plain"))
}
