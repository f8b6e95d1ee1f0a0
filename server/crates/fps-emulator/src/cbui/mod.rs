//! The Co-Branded UI (REFERENCE §7): a caller sends a person here with a signed request, the person
//! signs in, chooses and confirms, and goes back with a signed answer.
//!
//! `start` checks who sent the person, `opening` makes an authorization of the request; `steps` are the
//! pages; `flow` is what the pages and the control API do; `authorizations` is its SQL.

mod authorizations;
mod confirmation;
pub mod flow;
mod offers;
pub mod opening;
mod return_sites;
mod returns;
mod start;
mod steps;
mod view;

use crate::certificate::SignerError;
use crate::site::Site;
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
        .route("/cobranded-ui/{id}/confirm", get(steps::confirm_form).post(steps::confirm))
        .route("/cobranded-ui/{id}/cancel", post(steps::cancel))
        .route("/cobranded-ui/{id}/switch-account", post(steps::switch_account))
        .with_state(site)
}

/// Why a step does not happen.
#[derive(Debug)]
pub enum Stop {
    /// A page of ours.
    Refused(Refusal),
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
            Self::Leave(location) => see_other(&location),
        }
    }
}
