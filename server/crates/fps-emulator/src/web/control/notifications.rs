//! What went out, and what did not.

use super::{Control, bad_request};
use crate::domain::notifications::deliveries::{self, Shown, Wish};
use platform::deeds::{Command, Deed, DeedRefused, Field, Kind, Method};
use serde::Deserialize;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// Notifications shown at the most.
const SHOWN: i64 = 1000;
const LONGEST_WAIT_SECONDS: u64 = 60;
/// How often is looked for one that somebody waits for.
const LOOK: Duration = Duration::from_millis(50);

pub const LIST: Deed = Deed {
    name: "notifications",
    method: Method::Get,
    path: "/notifications",
    summary: "What callers were told, each with its attempts, the newest first; also what has no address to go to",
    fields: &[
        Field::query("caller_reference", Kind::Text, "the reference of the payment", "order-1"),
        Field::query(
            "transaction_id",
            Kind::Text,
            "the transaction or token that it tells of",
            "14GKD9GE66FAA63E6O6B2JDPZKN53LZ7F22",
        ),
        Field::query("access_key", Kind::Text, "of the caller who is told", "DDCALLER000000000001"),
        Field::query("wait", Kind::Seconds, "how long to wait for the first that fits, in seconds", "10"),
    ],
    answer: r#"[{"id":"…","access_key":"…","kind":"TransactionStatus","subject_id":"…","url":null,"body":"…","parameters":{},"created_at":"…","state":"…","attempts":[]}]"#,
    commands: &[Command {
        words: &["notifications"],
        summary: "What callers were told, the newest first",
        positional: &[],
        flags: &["caller_reference", "transaction_id", "access_key", "wait"],
        fixed: &[],
    }],
    page: "/lab/notifications",
};

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
pub async fn list(control: &Control, search: Search) -> Result<Vec<Shown>, DeedRefused> {
    if search.wait > LONGEST_WAIT_SECONDS {
        return Err(bad_request(format!("wait is at most {LONGEST_WAIT_SECONDS} seconds")));
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
            return Ok(found);
        }
        sleep(LOOK).await;
    }
}
