//! Every refusal becomes the site's own page, whoever refused: a handler, axum, a limit, a panic.

use super::RequestId;
use super::refusal::{ErrorFacts, Refusal};
use crate::panics;
use crate::sessions::Session;
use axum::body::Body;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use futures_util::FutureExt;
use http::HeaderValue;
use http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, COOKIE};
use http::request::Parts;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

/// The site's error page.
pub type RenderError = fn(&ErrorFacts) -> String;

/// On a response that may become an error page: how it looks for whoever asked, in place of the site's for anybody.
#[derive(Clone)]
pub struct OwnErrorPage(Arc<dyn Fn(&ErrorFacts) -> String + Send + Sync>);

impl OwnErrorPage {
    pub fn new(render: impl Fn(&ErrorFacts) -> String + Send + Sync + 'static) -> Self {
        Self(Arc::new(render))
    }
}

/// For a layer inside of the sessions: an error page too knows who is signed in, where `own` can tell. It gets what is
/// left of a request whose answer becomes an error page: method, address and session.
pub async fn with_own_error_page<Own>(
    request: Request,
    next: Next,
    own: impl FnOnce(Parts) -> Own,
) -> Response
where
    Own: Future<Output = Option<OwnErrorPage>>,
{
    if !request.headers().contains_key(COOKIE) {
        return next.run(request).await;
    }
    let session = request.extensions().get::<Session>().cloned();
    let (method, uri) = (request.method().clone(), request.uri().clone());
    let mut response = next.run(request).await;
    let Some(session) = session.filter(|_| becomes_error_page(&response)) else { return response };
    let (mut parts, ()) = Request::new(()).into_parts();
    (parts.method, parts.uri) = (method, uri);
    parts.extensions.insert(session);
    if let Some(own) = own(parts).await {
        response.extensions_mut().insert(own);
    }
    response
}

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
    if !becomes_error_page(&response) {
        return response;
    }
    let (mut parts, _) = response.into_parts();
    let facts = parts.extensions.remove::<ErrorFacts>();
    let facts = facts.unwrap_or_else(|| Refusal::of(parts.status).facts().clone());
    let facts = ErrorFacts { request_id: request_id.to_string(), ..facts };
    let own = parts.extensions.remove::<OwnErrorPage>();
    let page = own.map_or_else(|| render(&facts), |own| own.0(&facts));
    let page = Html(page).into_response();
    parts.headers.remove(CONTENT_LENGTH);
    parts.headers.extend(page.headers().clone());
    parts.headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Response::from_parts(parts, if head { Body::empty() } else { page.into_body() })
}

/// Whether the site's error page comes in place of this response.
fn becomes_error_page(response: &Response) -> bool {
    let status = response.status();
    // axum's own refusals are plain text or nothing.
    let is_bare =
        |kind: Option<&HeaderValue>| kind.is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"));
    (status.is_client_error() || status.is_server_error())
        && (response.extensions().get::<ErrorFacts>().is_some()
            || is_bare(response.headers().get(CONTENT_TYPE)))
}
