//! What went out, and what did not.

use crate::domain::notifications::deliveries::{self, Shown, Wish};
use crate::web::control::Control;
use crate::web::control::error::ControlError;
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use serde::Deserialize;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// Notifications shown at the most.
const SHOWN: i64 = 1000;
const LONGEST_WAIT_SECONDS: u64 = 60;
/// How often is looked for one that somebody waits for.
const LOOK: Duration = Duration::from_millis(50);

/// Which are asked for; of all callers, if nothing is said.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Search {
    caller_reference: Option<String>,
    transaction_id: Option<String>,
    access_key: Option<String>,
    /// For the first that fits, in seconds.
    #[serde(default)]
    wait: u64,
}

/// The newest first. Nothing that fits, perhaps after the wait, is an empty list.
pub async fn list(
    State(control): State<Control>,
    search: Result<Query<Search>, QueryRejection>,
) -> Result<Json<Vec<Shown>>, ControlError> {
    let Query(search) = search.map_err(|error| ControlError::BadRequest(error.body_text()))?;
    if search.wait > LONGEST_WAIT_SECONDS {
        return Err(ControlError::BadRequest(format!("wait is at most {LONGEST_WAIT_SECONDS} seconds")));
    }
    let wish = Wish {
        access_key: search.access_key.as_deref(),
        subject_id: search.transaction_id.as_deref(),
        caller_reference: search.caller_reference.as_deref(),
    };
    let until = Instant::now() + Duration::from_secs(search.wait);
    loop {
        let found = deliveries::latest(&control.payments.db, &wish, SHOWN).await?;
        if !found.is_empty() || Instant::now() >= until {
            return Ok(Json(found));
        }
        sleep(LOOK).await;
    }
}
