//! The Co-Branded UI (fps.md §7): a caller sends a person here with a signed request, the person
//! signs in, chooses and confirms, and goes back with a signed answer.
//!
//! `start` checks who sent the person; `pages` are what the person goes through and `view` what they show,
//! with the caller's `branding`. What is decided, and why, is the service's: `engine::authorizations`.

mod branding;
mod pages;
mod start;
mod view;

use crate::config::Config;
use crate::engine::authorizations::{AuthorizationError, AuthorizationRequest};
use crate::state::Site;
use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use fps_protocol::signature::CBUI_HOSTS;
use http::header::LOCATION;
use http::{HeaderValue, StatusCode};
use payments_pages::model::{CbuiOver, Chrome};
use platform::web::{Refusal, requested_host, see_other};
use std::sync::Arc;

/// Where callers send people, by GET or as a form.
pub const START: &str = fps_protocol::cbui::START_PATH;

pub fn router(site: Site) -> Router {
    let start = get(start::by_get).post(start::by_post);
    let start = start.layer(from_fn_with_state(site.payments.config.clone(), lead_to_the_public_name));
    Router::new()
        .route(START, start)
        .route("/cobranded-ui/{id}", get(pages::current))
        .route("/cobranded-ui/{id}/sign-in", get(pages::sign_in_form).post(pages::sign_in))
        .route(
            "/cobranded-ui/{id}/create-account",
            get(pages::create_account_form).post(pages::create_account),
        )
        .route("/cobranded-ui/{id}/instrument", get(pages::instrument_form).post(pages::choose_instrument))
        .route("/cobranded-ui/{id}/add-card", get(pages::card_form).post(pages::add_card))
        .route(
            "/cobranded-ui/{id}/add-bank-account",
            get(pages::bank_account_form).post(pages::add_bank_account),
        )
        .route("/cobranded-ui/{id}/address", get(pages::address_form).post(pages::choose_address))
        .route("/cobranded-ui/{id}/confirm", get(pages::confirm_form).post(pages::confirm))
        .route("/cobranded-ui/{id}/cancel", post(pages::cancel))
        .route("/cobranded-ui/{id}/switch-account", post(pages::switch_account))
        .with_state(site)
}

/// Old programs send people to one of Amazon's own names, which somebody has pointed here.
pub fn is_for_historical_host(request: &Request) -> bool {
    requested_host(request)
        .is_some_and(|host| CBUI_HOSTS.iter().any(|known| host.host().eq_ignore_ascii_case(known)))
}

/// The pages after the start answer to the site's own names only, so people go on there.
async fn lead_to_the_public_name(
    State(config): State<Arc<Config>>,
    request: Request,
    next: Next,
) -> Response {
    let historical = is_for_historical_host(&request);
    let mut response = next.run(request).await;
    let next_page = response.headers().get(LOCATION).and_then(|location| location.to_str().ok());
    let next_page = next_page.filter(|page| historical && page.starts_with('/'));
    let url = next_page.and_then(|page| config.public_url.join(page).ok());
    if let Some(location) = url.and_then(|url| HeaderValue::from_str(url.as_str()).ok()) {
        response.headers_mut().insert(LOCATION, location);
    }
    response
}

/// The address of one of an authorization's pages.
fn path(id: &str, page: &str) -> String {
    format!("/cobranded-ui/{id}/{page}")
}

/// Why a page is not shown.
#[derive(Debug)]
pub enum Stop {
    /// The error page.
    Refused(Refusal),
    /// A page of this UI that says why.
    Page(Box<Response>),
    /// To another address: the caller's with its answer, or another page.
    Leave(String),
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<sqlx::Error> for Stop {
    fn from(error: sqlx::Error) -> Self {
        Self::Refused(error.into())
    }
}

impl From<AuthorizationError> for Stop {
    fn from(error: AuthorizationError) -> Self {
        match error {
            AuthorizationError::Returned(location) => Self::Leave(location),
            AuthorizationError::ClaimedMeanwhile(id) => Self::Leave(path(id.as_str(), "sign-in")),
            AuthorizationError::Over(request) => over(&request),
            AuthorizationError::NotFound => Refusal::not_found().into(),
            AuthorizationError::UnregisteredSite => Refusal::forbidden(error.to_string()).into(),
            AuthorizationError::BadReturnUrl(_) | AuthorizationError::NothingSelected => {
                Refusal::bad_request(error.to_string()).into()
            }
            AuthorizationError::Sqlx(error) => error.into(),
            AuthorizationError::Unreadable(_) | AuthorizationError::Signer(_) | AuthorizationError::Id(_) => {
                Refusal::because(error).into()
            }
        }
    }
}

/// The page for what is over, with the way back to the caller.
fn over(request: &AuthorizationRequest) -> Stop {
    let page = CbuiOver {
        caller: request.caller.display_name.clone(),
        home: request.home.to_string(),
        confirmed: request.authorization.is_confirmed(),
    };
    let html = payments_pages::pages::cbui_over(&Chrome::default(), &page);
    Stop::Page(Box::new((StatusCode::GONE, Html(html)).into_response()))
}

impl IntoResponse for Stop {
    fn into_response(self) -> Response {
        match self {
            Self::Refused(refusal) => refusal.into_response(),
            Self::Page(page) => *page,
            Self::Leave(location) => see_other(&location),
        }
    }
}
