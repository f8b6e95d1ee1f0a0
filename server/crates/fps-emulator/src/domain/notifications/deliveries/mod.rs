//! The outbox from the sender's side: what is due, what was tried, what became of it. The rows are
//! written with the state that they tell of (see `notifications::enqueue`).

pub mod claims;
mod queues;
mod shown;
mod signatures;
mod state;

pub use queues::{Queue, Wanted, claim, due, has_due, receiver_of};
pub use shown::{Shown, ShownAttempt, Wish, latest};
pub use state::Delivery;

use super::{NotificationId, SubjectId};
use fps_protocol::outbound::Signature;
use jiff::Timestamp;
use platform::Database;
use sqlx::{AnyConnection, AssertSqlSafe};
use state::DeliveryColumns;
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

/// Records attempts, each of another notification, all in one action of at most four statements. What is to
/// be tried again puts off what the same receiver is to be told later of the same subject: the order in which
/// things happened is kept.
pub async fn record(db: &Database, ended: Vec<Ended>) -> Result<(), sqlx::Error> {
    if ended.is_empty() {
        return Ok(());
    }
    db.transact(ended, |c, ended| {
        Box::pin(async move {
            signatures::name_certificates(&mut *c, ended).await?;
            insert_attempts(&mut *c, ended).await?;
            update_notifications(&mut *c, ended).await?;
            put_off_later_ones(c, ended).await
        })
    })
    .await
}

/// The number is taken when a process that was taken for dead ends together with the next one. Then the
/// second to come leaves no attempt behind: better than that both are sent again because of it.
async fn insert_attempts(c: &mut AnyConnection, ended: &[Ended]) -> Result<(), sqlx::Error> {
    let statement = format!(
        "WITH ended (notification, number, at, http_status, error, certificate_url, signature) AS (VALUES {}) \
         INSERT INTO notification_attempts (notification, number, at, http_status, error, certificate, signature) \
         SELECT notification, ended.number, at, http_status, error, c.number, signature \
         FROM ended LEFT JOIN certificate_addresses c ON c.url = certificate_url WHERE TRUE \
         ON CONFLICT (notification, number) DO NOTHING",
        rows_of_placeholders(ended.len(), 7)
    );
    let mut query = sqlx::query(AssertSqlSafe(statement));
    for Ended { notification, attempt } in ended {
        query = query
            .bind(notification.number)
            .bind(notification.attempts + 1)
            .bind(attempt.at.as_microsecond())
            .bind(attempt.http_status)
            .bind(attempt.error.as_deref())
            .bind(attempt.signature.as_ref().map(|signature| signature.certificate_url.as_str()))
            .bind(attempt.signature.as_ref().map(|signature| signature.bytes.as_slice()));
    }
    query.execute(c).await?;
    Ok(())
}

/// What another process has brought to its end stays there.
async fn update_notifications(c: &mut AnyConnection, ended: &[Ended]) -> Result<(), sqlx::Error> {
    let statement = format!(
        "WITH ended (number, next_attempt_at, delivered_at) AS (VALUES {}) \
         UPDATE notifications SET next_attempt_at = ended.next_attempt_at, delivered_at = ended.delivered_at, \
             sender = NULL \
         FROM ended WHERE notifications.number = ended.number AND notifications.next_attempt_at IS NOT NULL",
        rows_of_placeholders(ended.len(), 3)
    );
    let mut query = sqlx::query(AssertSqlSafe(statement));
    for Ended { notification, attempt } in ended {
        let columns = DeliveryColumns::from(attempt.then);
        query = query
            .bind(notification.number)
            .bind(columns.next_attempt_at.map(Timestamp::as_microsecond))
            .bind(columns.delivered_at.map(Timestamp::as_microsecond));
    }
    query.execute(c).await?;
    Ok(())
}

async fn put_off_later_ones(c: &mut AnyConnection, ended: &[Ended]) -> Result<(), sqlx::Error> {
    let failed: Vec<(&Claimed, Timestamp)> = ended
        .iter()
        .filter_map(|Ended { notification, attempt }| match attempt.then {
            Delivery::Pending { next_attempt_at } => Some((notification, next_attempt_at)),
            Delivery::Delivered { .. } | Delivery::GivenUp | Delivery::NoAddress => None,
        })
        .collect();
    if failed.is_empty() {
        return Ok(());
    }
    let statement = format!(
        "WITH failed (subject_id, url, number, until) AS (VALUES {}) \
         UPDATE notifications SET next_attempt_at = failed.until FROM failed \
         WHERE notifications.next_attempt_at IS NOT NULL \
             AND notifications.subject_id = failed.subject_id AND notifications.url = failed.url \
             AND notifications.number > failed.number",
        rows_of_placeholders(failed.len(), 4)
    );
    let mut query = sqlx::query(AssertSqlSafe(statement));
    for (behind, until) in failed {
        query = query
            .bind(behind.subject_id.as_str())
            .bind(&behind.url)
            .bind(behind.number)
            .bind(until.as_microsecond());
    }
    query.execute(c).await?;
    Ok(())
}
