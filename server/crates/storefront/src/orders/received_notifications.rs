//! The notifications that came in, each kept once with what became of it: the SQL of `received_notifications`.

use crate::ids::{NotificationDigest, OrderId};
use jiff::{SignedDuration, Timestamp};
use platform::Database;
use platform::db::Columns;
use shop_pages::model::{NotificationCounts, ReceivedNotification};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AnyExecutor};

/// A verified notification as it is kept.
#[derive(Debug, Clone)]
pub struct Notification {
    pub digest: NotificationDigest,
    /// The transaction or the token that it names; empty where it names none.
    pub about: String,
    /// What it said, for people: "PAY SUCCESS".
    pub summary: String,
    pub body: String,
}

/// Whether this very notification was taken before.
pub async fn is_known(
    executor: impl AnyExecutor<'_>,
    digest: &NotificationDigest,
) -> Result<bool, sqlx::Error> {
    let found = sqlx::query("SELECT 1 FROM received_notifications WHERE digest = $1")
        .bind(digest.as_str())
        .fetch_optional(executor)
        .await?;
    Ok(found.is_some())
}

/// Keeps a notification with a sentence about what became of it; one that is known stays as it is.
pub async fn keep(
    connection: &mut AnyConnection,
    notification: &Notification,
    order: Option<&OrderId>,
    outcome: &str,
    at: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO received_notifications (digest, transaction_id, order_id, summary, body, outcome, received_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (digest) DO NOTHING",
    )
    .bind(notification.digest.as_str())
    .bind(&notification.about)
    .bind(order.map(OrderId::as_str))
    .bind(&notification.summary)
    .bind(&notification.body)
    .bind(outcome)
    .bind(at.as_microsecond())
    .execute(connection)
    .await?;
    Ok(())
}

/// As many notifications about nothing that the shop knows are kept at the most: any caller can have some sent here.
const MOST_UNKNOWN: i64 = 1000;
/// Of each so much at the most, in bytes; real ones have a few hundred.
const LONGEST_UNKNOWN: usize = 4096;
/// How long they are kept.
const UNKNOWN_FOR: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Keeps a notification that is about no order; the oldest of its kind make room for it.
pub async fn keep_unknown(
    connection: &mut AnyConnection,
    notification: &Notification,
    outcome: &str,
    at: Timestamp,
) -> Result<(), sqlx::Error> {
    let end = notification.body.floor_char_boundary(LONGEST_UNKNOWN);
    let body = notification.body[..end].to_owned();
    keep(connection, &Notification { body, ..notification.clone() }, None, outcome, at).await?;
    // Row values: many can have arrived at the same moment.
    sqlx::query(
        "DELETE FROM received_notifications WHERE order_id IS NULL AND (received_at, digest) <= \
         (SELECT received_at, digest FROM received_notifications WHERE order_id IS NULL \
          ORDER BY received_at DESC, digest DESC LIMIT 1 OFFSET $1)",
    )
    .bind(MOST_UNKNOWN)
    .execute(connection)
    .await?;
    Ok(())
}

/// Forgets those about no order that are too old; answers how many.
pub async fn forget_old_unknown(
    connection: &mut AnyConnection,
    now: Timestamp,
) -> Result<usize, sqlx::Error> {
    let Ok(until) = now.checked_sub(UNKNOWN_FOR) else { return Ok(0) };
    let gone = sqlx::query("DELETE FROM received_notifications WHERE order_id IS NULL AND received_at <= $1")
        .bind(until.as_microsecond())
        .execute(connection)
        .await?;
    Ok(usize::try_from(gone.rows_affected()).unwrap_or(usize::MAX))
}

/// What became of those of a page of the list.
pub fn counted(notifications: &[ReceivedNotification]) -> NotificationCounts {
    let with = |beginning: &str| {
        let found = notifications.iter().filter(|found| found.outcome.starts_with(beginning));
        u32::try_from(found.count()).unwrap_or(u32::MAX)
    };
    NotificationCounts {
        of: u32::try_from(notifications.len()).unwrap_or(u32::MAX),
        changed: with("changed"),
        late: with("nothing new"),
        refused: with("refused"),
        ignored: with("ignored"),
        forged: 0,
    }
}

/// What came in, newest first.
pub async fn newest(db: &Database, limit: i64) -> Result<Vec<ReceivedNotification>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT received_at, transaction_id, order_id, summary, outcome FROM received_notifications \
         ORDER BY received_at DESC LIMIT $1",
    )
    .bind(limit)
    .fetch_all(db.readers())
    .await?;
    rows.iter().map(received).collect()
}

fn received(row: &AnyRow) -> Result<ReceivedNotification, sqlx::Error> {
    let order_id: Option<OrderId> = row.optional("order_id", Columns::parsed)?;
    Ok(ReceivedNotification {
        at: row.time("received_at")?,
        transaction_id: row.optional("transaction_id", Columns::text)?.unwrap_or_default(),
        order_id: order_id.map(OrderId::into_string),
        summary: row.text("summary")?,
        outcome: row.text("outcome")?,
    })
}
