//! The outbox from the sender's side: what is due, what was tried, what became of it. The rows are
//! written with the state that they tell of (see `notifications::enqueue`).

pub mod claims;
mod queues;
mod replays;
mod shown;
mod signatures;
mod state;

pub use queues::{Queue, Wanted, claim, due, has_due, next_due, receiver_of};
pub use replays::{Sent, find_sent, record_replay};
pub use shown::{Shown, ShownAttempt, Wish, latest};
pub use state::Delivery;

use super::{NotificationId, SubjectId};
use fps_protocol::outbound::Signature;
use jiff::Timestamp;
use platform::Database;
use platform::db::{Batch, Statement};
use state::DeliveryColumns;
use std::convert::Infallible;
use text_types::sql::rows_of_placeholders;

/// A notification that is claimed for an attempt.
#[derive(Debug, Clone)]
pub struct Claimed {
    /// Names it in the database, and says in which order those of one subject are told.
    pub number: i64,
    pub id: NotificationId,
    pub queue: Queue,
    pub subject_id: SubjectId,
    pub url: String,
    /// The parameters, form-encoded; after an attempt as they were sent, signature and all.
    pub body: String,
    pub created_at: Timestamp,
    /// How often it was tried already.
    pub attempts: i64,
}

/// How one attempt went, and what follows from it.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// What was sent with it, where the outbox does not have it yet; `None` also when it did not come to that.
    pub signature: Option<Signature>,
    pub at: Timestamp,
    /// What the receiver answered, if it did.
    pub http_status: Option<i64>,
    pub error: Option<String>,
    pub then: Delivery,
}

/// An attempt that has ended, with what it was made for.
#[derive(Debug, Clone)]
pub struct Ended {
    pub notification: Claimed,
    pub attempt: Attempt,
}

/// Records attempts, each of another notification, all in one action. What is to be tried again puts off what the same
/// receiver is to be told later of the same subject: the order in which things happened is kept.
pub async fn record(db: &Database, ended: &[Ended]) -> Result<(), sqlx::Error> {
    if ended.is_empty() {
        return Ok(());
    }
    signatures::name_certificates(db, ended).await?;
    let mut batch = Batch::<Infallible>::default();
    batch.push(insert_attempts(ended));
    batch.push(update_notifications(ended));
    if let Some(statement) = put_off_later_ones(ended) {
        batch.push(statement);
    }
    Ok(db.write_batch(batch).await?)
}

/// The number is taken when a process that was taken for dead ends together with the next one. Then the
/// second to come leaves no attempt behind: better than that both are sent again because of it.
fn insert_attempts(ended: &[Ended]) -> Statement {
    let mut statement = Statement::new(format!(
        "WITH ended (notification, number, at, http_status, error, certificate_url, signature) AS (VALUES {}) \
         INSERT INTO notification_attempts (notification, number, at, http_status, error, certificate, signature) \
         SELECT notification, ended.number, at, http_status, error, c.number, signature \
         FROM ended LEFT JOIN certificate_addresses c ON c.url = certificate_url WHERE TRUE \
         ON CONFLICT (notification, number) DO NOTHING",
        rows_of_placeholders(ended.len(), 7)
    ));
    for Ended { notification, attempt } in ended {
        let signature = attempt.signature.as_ref();
        statement = statement
            .bind(notification.number)
            .bind(notification.attempts + 1)
            .bind(attempt.at.as_microsecond())
            .bind(attempt.http_status)
            .bind(attempt.error.as_deref())
            .bind(signature.map(|signature| signature.certificate_url.as_str()))
            .bind(signature.map(|signature| signature.bytes.as_slice()));
    }
    statement
}

/// What another process has brought to its end stays there.
fn update_notifications(ended: &[Ended]) -> Statement {
    let mut statement = Statement::new(format!(
        "WITH ended (number, next_attempt_at, delivered_at) AS (VALUES {}) \
         UPDATE notifications SET next_attempt_at = ended.next_attempt_at, delivered_at = ended.delivered_at, \
             sender = NULL \
         FROM ended WHERE notifications.number = ended.number AND notifications.next_attempt_at IS NOT NULL",
        rows_of_placeholders(ended.len(), 3)
    ));
    for Ended { notification, attempt } in ended {
        let columns = DeliveryColumns::from(attempt.then);
        statement = statement
            .bind(notification.number)
            .bind(columns.next_attempt_at.map(Timestamp::as_microsecond))
            .bind(columns.delivered_at.map(Timestamp::as_microsecond));
    }
    statement
}

/// `None`: all went well.
fn put_off_later_ones(ended: &[Ended]) -> Option<Statement> {
    let failed: Vec<(&Claimed, Timestamp)> = ended
        .iter()
        .filter_map(|Ended { notification, attempt }| match attempt.then {
            Delivery::Pending { next_attempt_at } => Some((notification, next_attempt_at)),
            Delivery::Delivered { .. } | Delivery::GivenUp | Delivery::NoAddress => None,
        })
        .collect();
    if failed.is_empty() {
        return None;
    }
    let mut statement = Statement::new(format!(
        "WITH failed (subject_id, url, number, until) AS (VALUES {}) \
         UPDATE notifications SET next_attempt_at = failed.until FROM failed \
         WHERE notifications.next_attempt_at IS NOT NULL \
             AND notifications.subject_id = failed.subject_id AND notifications.url = failed.url \
             AND notifications.number > failed.number",
        rows_of_placeholders(failed.len(), 4)
    ));
    for (behind, until) in failed {
        statement = statement
            .bind(behind.subject_id.as_str())
            .bind(behind.url.as_str())
            .bind(behind.number)
            .bind(until.as_microsecond());
    }
    Some(statement)
}
