//! Orders whose sellers are to be reminded before the money is no longer held: the SQL of `fulfil_reminders`.

use crate::ids::OrderId;
use jiff::{SignedDuration, Timestamp};
use platform::Database;
use platform::db::Columns;
use sqlx::AnyConnection;

/// How long Amazon holds money for a seller.
const HELD_FOR: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How long before the end of that the seller is reminded.
const REMINDED_BEFORE: SignedDuration = SignedDuration::from_hours(2 * 24);

/// An order of which the seller is to be reminded now.
#[derive(Debug, Clone)]
pub struct Reminder {
    pub order: OrderId,
    pub fulfil_by: Timestamp,
}

/// When money is no longer held that is reserved now.
pub fn held_until(now: Timestamp) -> Timestamp {
    now.saturating_add(HELD_FOR).unwrap_or(Timestamp::MAX)
}

/// Plans the reminder of an order that is reserved now.
pub async fn plan(
    connection: &mut AnyConnection,
    order: &OrderId,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let fulfil_by = held_until(now);
    let remind_at = fulfil_by.saturating_sub(REMINDED_BEFORE).unwrap_or(now);
    sqlx::query(
        "INSERT INTO fulfil_reminders (order_id, remind_at, fulfil_by) VALUES ($1, $2, $3) \
         ON CONFLICT (order_id) DO UPDATE SET remind_at = excluded.remind_at, fulfil_by = excluded.fulfil_by",
    )
    .bind(order.as_str())
    .bind(remind_at.as_microsecond())
    .bind(fulfil_by.as_microsecond())
    .execute(connection)
    .await?;
    Ok(())
}

const DUE: &str = "SELECT order_id, fulfil_by FROM fulfil_reminders WHERE remind_at <= $1 \
    ORDER BY remind_at, order_id LIMIT $2";

const NEXT: &str = "SELECT MIN(remind_at) AS next FROM fulfil_reminders WHERE remind_at > $1";

/// What the job asks.
#[cfg(test)]
pub const STATEMENTS: [&str; 2] = [DUE, NEXT];

/// When the next one falls due after this.
pub async fn next_due(db: &Database, after: Timestamp) -> Result<Option<Timestamp>, sqlx::Error> {
    let row = sqlx::query(NEXT).bind(after.as_microsecond()).fetch_one(db.readers()).await?;
    row.optional("next", Columns::time)
}

/// Reminders that are due, the longest due first.
pub async fn due(db: &Database, now: Timestamp, limit: usize) -> Result<Vec<Reminder>, sqlx::Error> {
    let rows = sqlx::query(DUE)
        .bind(now.as_microsecond())
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .fetch_all(db.readers())
        .await?;
    rows.iter()
        .map(|row| Ok(Reminder { order: row.parsed("order_id")?, fulfil_by: row.time("fulfil_by")? }))
        .collect()
}

/// Takes the reminder off the list; answers whether it stood there still.
pub async fn take(connection: &mut AnyConnection, reminder: &Reminder) -> Result<bool, sqlx::Error> {
    let taken = sqlx::query("DELETE FROM fulfil_reminders WHERE order_id = $1 AND fulfil_by = $2")
        .bind(reminder.order.as_str())
        .bind(reminder.fulfil_by.as_microsecond())
        .execute(connection)
        .await?;
    Ok(taken.rows_affected() == 1)
}
