//! The outbox from the sender's side: what is due, what was tried, what became of it. The rows are
//! written with the state that they tell of (see `notifications::enqueue`).

pub mod claims;
mod queues;
mod shown;
mod state;

pub use queues::{Queue, Wanted, claim, due, has_due};
pub use shown::{Shown, ShownAttempt, Wish, latest};
pub use state::Delivery;

use super::{NotificationId, SubjectId};
use jiff::Timestamp;
use platform::Database;
use sqlx::{AnyConnection, AssertSqlSafe};
use state::DeliveryColumns;
use text_types::sql::rows_of_placeholders;

/// A notification that is claimed for an attempt.
#[derive(Debug, Clone)]
pub struct Claimed {
    pub id: NotificationId,
    pub queue: Queue,
    pub subject_id: SubjectId,
    /// The how manyeth of its subject; with the id, the order in which they are told.
    pub sequence: i64,
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
    /// What was sent, where the outbox does not have it yet; `None` also when it did not come to that.
    pub body: Option<String>,
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

/// Records attempts, each of another notification, all in one action of at most three statements. What is to
/// be tried again puts off what the same receiver is to be told later of the same subject: the order in which
/// things happened is kept.
pub async fn record(db: &Database, ended: Vec<Ended>) -> Result<(), sqlx::Error> {
    if ended.is_empty() {
        return Ok(());
    }
    db.transact(ended, |c, ended| {
        Box::pin(async move {
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
        "INSERT INTO notification_attempts (notification_id, number, at, http_status, error) VALUES {} \
         ON CONFLICT (notification_id, number) DO NOTHING",
        rows_of_placeholders(ended.len(), 5)
    );
    let mut query = sqlx::query(AssertSqlSafe(statement));
    for Ended { notification, attempt } in ended {
        query = query
            .bind(notification.id.as_str())
            .bind(notification.attempts + 1)
            .bind(attempt.at.as_microsecond())
            .bind(attempt.http_status)
            .bind(attempt.error.as_deref());
    }
    query.execute(c).await?;
    Ok(())
}

/// What another process has brought to its end stays there.
async fn update_notifications(c: &mut AnyConnection, ended: &[Ended]) -> Result<(), sqlx::Error> {
    let statement = format!(
        "WITH ended (id, state, next_attempt_at, delivered_at, body) AS (VALUES {}) \
         UPDATE notifications SET state = ended.state, next_attempt_at = ended.next_attempt_at, \
             delivered_at = ended.delivered_at, sender = NULL, body = COALESCE(ended.body, notifications.body) \
         FROM ended WHERE notifications.id = ended.id AND notifications.state = 'Pending'",
        rows_of_placeholders(ended.len(), 5)
    );
    let mut query = sqlx::query(AssertSqlSafe(statement));
    for Ended { notification, attempt } in ended {
        let columns = DeliveryColumns::from(attempt.then);
        query = query
            .bind(notification.id.as_str())
            .bind(columns.state)
            .bind(columns.next_attempt_at.map(Timestamp::as_microsecond))
            .bind(columns.delivered_at.map(Timestamp::as_microsecond))
            .bind(attempt.body.as_deref());
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
        "WITH failed (subject_id, url, sequence, id, until) AS (VALUES {}) \
         UPDATE notifications SET next_attempt_at = failed.until FROM failed \
         WHERE notifications.next_attempt_at IS NOT NULL \
             AND notifications.subject_id = failed.subject_id AND notifications.url = failed.url \
             AND (notifications.sequence, notifications.id) > (failed.sequence, failed.id)",
        rows_of_placeholders(failed.len(), 5)
    );
    let mut query = sqlx::query(AssertSqlSafe(statement));
    for (behind, until) in failed {
        query = query
            .bind(behind.subject_id.as_str())
            .bind(&behind.url)
            .bind(behind.sequence)
            .bind(behind.id.as_str())
            .bind(until.as_microsecond());
    }
    query.execute(c).await?;
    Ok(())
}
