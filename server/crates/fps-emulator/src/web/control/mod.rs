//! The control API of the lab (`/_control`): moves the clock, makes tokens, shows the books and the
//! outbox, resets. It can do anything to anybody's account, so it exists in lab mode only and answers
//! neither other sites' pages nor, without a token, other hosts.

mod access;
mod clock;
mod error;
mod ledger;
mod tokens;

use crate::domain::notifications::deliveries::{self, Shown};
use crate::state::Payments;
use axum::extract::State;
use axum::routing::{get, post};
use axum::{Json, Router};
use error::ControlError;
use serde::de::DeserializeOwned;
use std::sync::Arc;
use tokio::sync::Mutex;

/// Notifications shown at the most.
const SHOWN_NOTIFICATIONS: i64 = 1000;

#[derive(Debug, Clone)]
struct Control {
    payments: Payments,
    /// Two moves of the clock, or a move and a reset, must not run into one another.
    one_at_a_time: Arc<Mutex<()>>,
}

/// The routes below `/_control`; in lab mode only.
pub fn router(payments: Payments) -> Router {
    let guard = axum::middleware::from_fn_with_state(payments.config.clone(), access::guard);
    Router::new()
        .route("/clock", get(clock::show).post(clock::change))
        .route("/tokens", post(tokens::create))
        .route("/ledger", get(ledger::show))
        .route("/notifications", get(notifications))
        .route("/reset", post(reset))
        .fallback(async || ControlError::NotFound)
        .method_not_allowed_fallback(async || ControlError::MethodNotAllowed)
        .layer(guard)
        .with_state(Control { payments, one_at_a_time: Arc::default() })
}

async fn notifications(State(control): State<Control>) -> Result<Json<Vec<Shown>>, ControlError> {
    Ok(Json(deliveries::latest(&control.payments.db, None, SHOWN_NOTIFICATIONS).await?))
}

async fn reset(State(control): State<Control>) -> Result<Json<clock::Shown>, ControlError> {
    to_the_end(async move {
        let _alone = control.one_at_a_time.lock().await;
        control.payments.reset_all().await?;
        Ok(Json(clock::Shown::of(&control.payments.clock)))
    })
    .await
}

/// Does the work on a task of its own: a client that hangs up must not leave it half done, with what a
/// reset carries over in memory alone.
async fn to_the_end<T: Send + 'static>(
    work: impl Future<Output = Result<T, ControlError>> + Send + 'static,
) -> Result<T, ControlError> {
    tokio::spawn(work).await?
}

/// Reads a JSON body whatever its content type says: these calls are typed by hand into curl.
fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, ControlError> {
    // PostgreSQL keeps no NUL in a text, and in JSON there is one way to write it.
    if body.windows(6).any(|window| window == br"\u0000") {
        return Err(ControlError::BadRequest("the body has a NUL character".to_owned()));
    }
    serde_json::from_slice(body).map_err(|error| ControlError::BadRequest(error.to_string()))
}
