//! HTTP: each handler parses, authorises, calls one service and answers.

pub mod account_site;
pub mod cbui;
pub mod certificate;
pub mod control;
pub mod errors;
pub mod form;
mod keys;
pub mod new_instruments;
pub mod query_api;
pub mod sign_in;
pub mod sign_up;

use crate::engine::Engine;
use crate::state::Site;
use axum::extract::FromRef;

/// Handlers that need nothing but the services take `State<Engine>`.
impl FromRef<Site> for Engine {
    fn from_ref(site: &Site) -> Self {
        site.payments.engine()
    }
}
