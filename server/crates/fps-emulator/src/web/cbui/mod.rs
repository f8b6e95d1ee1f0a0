//! The Co-Branded UI (REFERENCE §7): a caller sends a person here with a signed request, the person
//! signs in, chooses and confirms, and goes back with a signed answer.
//!
//! `start` checks who sent the person, `opening` makes an authorization of the request; `steps` are the
//! pages, `visit` is what they know and `view` what they show; `flow` is what the pages and the control API
//! do, `objections` why it may come to nothing, `grants` what comes of it; `authorizations` is its SQL.

mod address_form;
mod branding;
mod confirmation;
pub mod flow;
pub mod grants;
mod objections;
mod offers;
pub mod opening;
mod return_sites;
mod returns;
mod start;
mod steps;
mod view;
pub mod visit;

use crate::engine::signer::SignerError;
use crate::state::Site;
use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use platform::web::{Refusal, see_other};

/// Where callers send people, by GET or as a form.
pub const START: &str = fps_protocol::cbui::START_PATH;

pub fn router(site: Site) -> Router {
    Router::new()
        .route(START, get(start::by_get).post(start::by_post))
        .route("/cobranded-ui/{id}", get(steps::current))
        .route("/cobranded-ui/{id}/sign-in", get(steps::sign_in_form).post(steps::sign_in))
        .route(
            "/cobranded-ui/{id}/create-account",
            get(steps::create_account_form).post(steps::create_account),
        )
        .route("/cobranded-ui/{id}/instrument", get(steps::instrument_form).post(steps::choose_instrument))
        .route("/cobranded-ui/{id}/add-card", get(steps::card_form).post(steps::add_card))
        .route(
            "/cobranded-ui/{id}/add-bank-account",
            get(steps::bank_account_form).post(steps::add_bank_account),
        )
        .route("/cobranded-ui/{id}/address", get(steps::address_form).post(steps::choose_address))
        .route("/cobranded-ui/{id}/confirm", get(steps::confirm_form).post(steps::confirm))
        .route("/cobranded-ui/{id}/cancel", post(steps::cancel))
        .route("/cobranded-ui/{id}/switch-account", post(steps::switch_account))
        .with_state(site)
}

/// Why a step does not happen.
#[derive(Debug)]
pub enum Stop {
    /// The error page.
    Refused(Refusal),
    /// A page of this UI that says why.
    Page(Box<Response>),
    /// To another address: the caller's with its answer, or another step.
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

impl From<SignerError> for Stop {
    fn from(error: SignerError) -> Self {
        Self::Refused(Refusal::because(error))
    }
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
