//! The outbox from the sender's side: what is due, what was tried, what became of it. The rows are
//! written with the state that they tell of (see `notifications::enqueue`).

mod shown;
mod state;

pub use shown::{Shown, ShownAttempt, latest};
pub use state::Delivery;

use super::{NotificationId, SubjectId};
use jiff::Timestamp;
use platform::Database;
use platform::db::Columns;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe};
use state::DeliveryColumns;
use text_types::sql::rows_of_placeholders;

/// A notification that is claimed for an attempt.
#[derive(Debug, Clone)]
pub struct Claimed {
    pub id: NotificationId,
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
    /// What was sent; `None` when it did not come to that.
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

/// Takes up to `limit` due notifications and puts them off until `lease_until`: no other worker sends
/// them meanwhile, and they fall due again if this one dies before it has recorded the outcome.
pub async fn claim(
    db: &Database,
    now: Timestamp,
    lease_until: Timestamp,
    limit: i64,
) -> Result<Vec<Claimed>, sqlx::Error> {
    let claim = (now, lease_until, limit);
    let mut claimed = db.transact(claim, |c, claim| Box::pin(claim_due(c, *claim))).await?;
    // RETURNING promises no order; receivers like to hear of Pending before Success.
    claimed.sort_by(|a, b| (a.created_at, &a.id).cmp(&(b.created_at, &b.id)));
    Ok(claimed)
}

async fn claim_due(
    c: &mut AnyConnection,
    (now, lease_until, limit): (Timestamp, Timestamp, i64),
) -> Result<Vec<Claimed>, sqlx::Error> {
    let rows = sqlx::query(
        "UPDATE notifications SET next_attempt_at = $1 \
         WHERE next_attempt_at <= $2 AND id IN ( \
             SELECT id FROM notifications WHERE next_attempt_at <= $2 \
             ORDER BY next_attempt_at, id LIMIT $3) \
         RETURNING id, subject_id, url, body, created_at, \
             (SELECT COUNT(*) FROM notification_attempts \
              WHERE notification_id = notifications.id) AS attempts",
    )
    .bind(lease_until.as_microsecond())
    .bind(now.as_microsecond())
    .bind(limit)
    .fetch_all(c)
    .await?;
    rows.iter().map(claimed).collect()
}

fn claimed(row: &AnyRow) -> Result<Claimed, sqlx::Error> {
    Ok(Claimed {
        id: row.parsed("id")?,
        subject_id: row.parsed("subject_id")?,
        url: row.text("url")?,
        body: row.text("body")?,
        created_at: row.time("created_at")?,
        attempts: row.integer("attempts")?,
    })
}

/// Is anything due? Spares the writer an empty action at every look.
pub async fn any_due(db: &Database, now: Timestamp) -> Result<bool, sqlx::Error> {
    let due = sqlx::query("SELECT next_attempt_at FROM notifications WHERE next_attempt_at <= $1 LIMIT 1")
        .bind(now.as_microsecond())
        .fetch_optional(db.readers())
        .await?;
    Ok(due.is_some())
}

/// Puts back what was claimed and not tried, due at `at`.
pub async fn give_back(db: &Database, claimed: Vec<Claimed>, at: Timestamp) -> Result<(), sqlx::Error> {
    db.transact((claimed, at), |c, (claimed, at)| {
        Box::pin(async move {
            for notification in claimed {
                sqlx::query(
                    "UPDATE notifications SET next_attempt_at = $1 \
                     WHERE next_attempt_at IS NOT NULL AND id = $2",
                )
                .bind(at.as_microsecond())
                .bind(notification.id.as_str())
                .execute(&mut *c)
                .await?;
            }
            Ok(())
        })
    })
    .await
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

/// The number is taken when a worker so slow that its lease ran out ends together with the next one. Then the
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

/// What another worker has brought to its end stays there.
async fn update_notifications(c: &mut AnyConnection, ended: &[Ended]) -> Result<(), sqlx::Error> {
    let statement = format!(
        "WITH ended (id, state, next_attempt_at, delivered_at, body) AS (VALUES {}) \
         UPDATE notifications SET state = ended.state, next_attempt_at = ended.next_attempt_at, \
             delivered_at = ended.delivered_at, body = COALESCE(ended.body, notifications.body) \
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
            Delivery::Delivered { .. } | Delivery::GivenUp => None,
        })
        .collect();
    if failed.is_empty() {
        return Ok(());
    }
    let statement = format!(
        "WITH failed (subject_id, url, created_at, id, until) AS (VALUES {}) \
         UPDATE notifications SET next_attempt_at = failed.until FROM failed \
         WHERE notifications.next_attempt_at IS NOT NULL \
             AND notifications.subject_id = failed.subject_id AND notifications.url = failed.url \
             AND (notifications.created_at > failed.created_at \
                 OR (notifications.created_at = failed.created_at AND notifications.id > failed.id))",
        rows_of_placeholders(failed.len(), 5)
    );
    let mut query = sqlx::query(AssertSqlSafe(statement));
    for (behind, until) in failed {
        query = query
            .bind(behind.subject_id.as_str())
            .bind(&behind.url)
            .bind(behind.created_at.as_microsecond())
            .bind(behind.id.as_str())
            .bind(until.as_microsecond());
    }
    query.execute(c).await?;
    Ok(())
}
