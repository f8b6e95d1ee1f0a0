//! The control API of the lab (`/_control`): moves the clock, makes tokens, shows the ledger and the
//! outbox, resets. It can do anything to anybody's account, so it exists in lab mode only and answers
//! neither other sites' pages nor, without a token, other hosts.

mod access;
mod clock;
mod error;
mod ledger;
mod notifications;
mod tokens;

use crate::engine::clock::SharedClock;
use crate::state::Payments;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Json, Router};
use error::ControlError;
use serde::de::DeserializeOwned;

#[derive(Debug, Clone)]
struct Control {
    payments: Payments,
}

/// The routes below `/_control`; in lab mode only.
pub fn router(payments: Payments) -> Router {
    let guard = axum::middleware::from_fn_with_state(payments.config.clone(), access::guard);
    let clock = axum::middleware::from_fn_with_state(payments.shared_clock.clone(), look_at_the_clock);
    Router::new()
        .route("/clock", get(clock::show).post(clock::change))
        .route("/tokens", post(tokens::create))
        .route("/ledger", get(ledger::show))
        .route("/notifications", get(notifications::list))
        .route("/reset", post(reset))
        .fallback(async || ControlError::NotFound)
        .method_not_allowed_fallback(async || ControlError::MethodNotAllowed)
        .layer(clock)
        .layer(guard)
        .with_state(Control { payments })
}

async fn look_at_the_clock(
    State(clock): State<SharedClock>,
    request: Request,
    next: Next,
) -> Result<Response, ControlError> {
    clock.look_again().await?;
    Ok(next.run(request).await)
}

async fn reset(State(control): State<Control>) -> Result<Json<clock::Shown>, ControlError> {
    Ok(Json(control.payments.reset_all().await?.into()))
}

/// Reads a JSON body whatever its content type says: these calls are typed by hand into curl.
fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, ControlError> {
    // PostgreSQL keeps no NUL in a text, and in JSON there is one way to write it.
    if body.windows(6).any(|window| window == br"\u0000") {
        return Err(ControlError::BadRequest("the body has a NUL character".to_owned()));
    }
    serde_json::from_slice(body).map_err(|error| ControlError::BadRequest(error.to_string()))
}
