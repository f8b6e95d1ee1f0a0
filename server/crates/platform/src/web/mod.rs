//! The rules of the web that both sites keep: one refusal type and one look for errors, request ids,
//! no foreign names or form posts, strict form bodies, security headers, static files.
//!
//! A site builds its routes and hands them to [`site`], which puts all of it around them.

pub mod access_table;
mod body;
mod client_address;
mod come_back;
mod compressed;
mod conditional;
mod encoding;
mod error_pages;
mod form;
mod headers;
mod hosts;
mod kept;
mod loopback;
mod multipart;
mod own_pages;
mod page_number;
mod refusal;
mod request_id;
pub mod same_origin;
mod site;
pub mod spreadsheet;
mod static_files;

pub use body::read_body;
pub use client_address::{ClientAddress, NotANetwork, TrustedProxies, is_from_this_machine};
pub use come_back::{local_path, page_to_come_back_to, sign_in_address};
pub use compressed::{Compressed, never_compressed};
pub use conditional::{fits_other_parts, is_known};
pub use error_pages::{OwnErrorPage, RenderError, with_own_error_page};
pub use form::{FormFields, MOST_FIELDS};
pub use headers::{
    SecurityHeaders, content_security_policy, content_security_policy_with_image, no_page_policy,
};
pub use hosts::{AllowedHosts, NotAHost, TakesAnyHost, requested_host};
pub use kept::KeptContent;
pub use loopback::{is_loopback, is_loopback_host};
pub use multipart::{MultipartField, MultipartForm};
pub use own_pages::{keep_for_the_moment, own_pages};
pub use page_number::page_number;
pub use refusal::{ErrorFacts, RETRY_AFTER_SECONDS, Refusal};
pub use request_id::RequestId;
pub use site::{AtHand, SiteRules, site};
pub use static_files::{Caching, StaticFile, static_files};

use axum::extract::Request;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::Route;
use std::convert::Infallible;
use tower::{Layer, Service};

/// What `Router::layer` takes; lets functions here return a middleware without naming its type.
pub trait RouteLayer: Layer<Route, Service: RouteService> + Clone + Send + Sync + 'static {}

impl<L> RouteLayer for L where L: Layer<Route, Service: RouteService> + Clone + Send + Sync + 'static {}

/// The service inside a [`RouteLayer`].
pub trait RouteService:
    Service<Request, Response = Response, Error = Infallible, Future: Send + 'static>
    + Clone
    + Send
    + Sync
    + 'static
{
}

impl<S> RouteService for S where
    S: Service<Request, Response = Response, Error = Infallible, Future: Send + 'static>
        + Clone
        + Send
        + Sync
        + 'static
{
}

/// The answer to a form that did its work: 303, so that reloading the next page posts nothing again.
pub fn see_other(path: &str) -> Response {
    Redirect::to(path).into_response()
}
