//! What went out, and what did not.

use super::{Control, bad_request};
use crate::domain::notifications::NotificationId;
use crate::domain::notifications::deliveries::{self, Shown, Wish};
use crate::engine::replay::{self as engine_replay, ReplayError, Replayed, Signing};
use crate::web::account_site::developer::forms;
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

pub const SHOW: Deed = Deed {
    name: "notification",
    method: Method::Get,
    path: "/notifications/{id}",
    summary: "One of them, with its attempts",
    fields: &[ID],
    answer: r#"{"id":"…","access_key":"…","kind":"TransactionStatus","subject_id":"…","url":null,"body":"…","parameters":{},"created_at":"…","state":"…","attempts":[]}"#,
    commands: &[Command {
        words: &["notification"],
        summary: "One notification, with its attempts",
        positional: &["id"],
        flags: &[],
        fixed: &[],
    }],
    page: "/lab/notifications",
};

pub const REPLAY: Deed = Deed {
    name: "notification-replay",
    method: Method::Post,
    path: "/notifications/{id}/replay",
    summary: "Sends a notification once more, at once: the same bytes, or signed anew",
    fields: &[
        ID,
        Field::body("sign", Kind::OneOf(&["same", "fresh"]), "what is sent; same if nothing is said", "same"),
        Field::body("url", Kind::Text, "where to, instead of its own address", "http://127.0.0.1:9000/ipn"),
    ],
    answer: r#"{"id":"…","url":"…","number":2,"at":"…","http_status":200,"error":null,"state":"Delivered"}"#,
    commands: &[Command {
        words: &["replay"],
        summary: "Sends a notification once more, at once",
        positional: &["id"],
        flags: &["sign", "url"],
        fixed: &[],
    }],
    page: "/lab/notifications",
};

const ID: Field = Field::path("id", "of the notification", "14GKD9GE66FAA63E6O6B2JDPZKN53LZ7F22-1");

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    id: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Replay {
    id: String,
    #[serde(default)]
    sign: Sign,
    url: Option<String>,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Sign {
    #[default]
    Same,
    Fresh,
}

impl From<ReplayError> for DeedRefused {
    fn from(error: ReplayError) -> Self {
        match error {
            ReplayError::Unknown => Self::NotFound(error.to_string()),
            ReplayError::NeverSent | ReplayError::NoAddress | ReplayError::Address(_) => {
                Self::Conflict(error.to_string())
            }
            ReplayError::Database(error) => error.into(),
            ReplayError::Signer(_) | ReplayError::Unreadable => Self::Internal(error.into()),
        }
    }
}

pub async fn show(control: &Control, asked: Named) -> Result<Shown, DeedRefused> {
    let wish = Wish { id: Some(&asked.id), ..Wish::default() };
    let found = deliveries::latest(&control.payments.db, &wish, 1).await?;
    Ok(found.into_iter().next().ok_or(ReplayError::Unknown)?)
}

pub async fn replay(control: &Control, asked: Replay) -> Result<Replayed, DeedRefused> {
    let id: NotificationId = asked.id.parse().map_err(|_| ReplayError::Unknown)?;
    let engine = control.payments.engine();
    let elsewhere = asked.url.map(|url| forms::notification_address(&engine, &url)).transpose();
    let elsewhere = elsewhere.map_err(|problem| bad_request(format!("url: {problem}")))?;
    let signing = match asked.sign {
        Sign::Same => Signing::Same,
        Sign::Fresh => Signing::Fresh,
    };
    Ok(engine_replay::replay(&engine, &control.payments.signer, &id, signing, elsewhere).await?)
}

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
        id: None,
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
