//! What Amazon was asked about an order, and what it answered: the SQL of `order_calls`.

use crate::fps_client::Call;
use crate::ids::OrderId;
use jiff::Timestamp;
use platform::Database;
use platform::db::Columns;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, FromRow};

/// The latest of an order; what came before them is forgotten.
const KEPT: i64 = 50;

/// A call as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptCall {
    pub sequence: i64,
    pub at: Timestamp,
    pub action: String,
    pub asked: String,
    pub outcome: String,
    /// How often it was asked and answered so, one after the other.
    pub times: i64,
    pub request_id: Option<String>,
    /// Whether there is an answer to look at.
    pub answered: bool,
}

impl FromRow<'_, AnyRow> for KeptCall {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            sequence: row.integer("sequence")?,
            at: row.time("at")?,
            action: row.text("action")?,
            asked: row.text("asked")?,
            outcome: row.text("outcome")?,
            times: row.integer("times")?,
            request_id: row.optional("request_id", Columns::text)?,
            answered: row.flag("answered")?,
        })
    }
}

/// Keeps what was asked, in its order. The same question with the same outcome again takes the place of the one before:
/// what is asked after again and again does not fill the table.
pub async fn keep(
    connection: &mut AnyConnection,
    order: &OrderId,
    calls: &[Call],
    at: Timestamp,
) -> Result<(), sqlx::Error> {
    for call in calls {
        if repeat_last(connection, order, call, at).await? {
            continue;
        }
        sqlx::query(
            "INSERT INTO order_calls (order_id, sequence, at, action, asked, outcome, times, request_id, answer) \
             SELECT $1, COALESCE(MAX(sequence), 0) + 1, $2, $3, $4, $5, 1, $6, $7 FROM order_calls WHERE order_id = $1",
        )
        .bind(order.as_str())
        .bind(at.as_microsecond())
        .bind(call.action)
        .bind(&call.asked)
        .bind(&call.outcome)
        .bind(call.request_id.as_deref())
        .bind(call.answer.as_deref())
        .execute(&mut *connection)
        .await?;
        sqlx::query(
            "DELETE FROM order_calls WHERE order_id = $1 AND sequence <= \
             (SELECT MAX(c.sequence) FROM order_calls c WHERE c.order_id = $1) - $2",
        )
        .bind(order.as_str())
        .bind(KEPT)
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

async fn repeat_last(
    connection: &mut AnyConnection,
    order: &OrderId,
    call: &Call,
    at: Timestamp,
) -> Result<bool, sqlx::Error> {
    let repeated = sqlx::query(
        "UPDATE order_calls SET times = times + 1, at = $1, request_id = $2, answer = $3 \
         WHERE order_id = $4 AND action = $5 AND asked = $6 AND outcome = $7 \
         AND sequence = (SELECT MAX(c.sequence) FROM order_calls c WHERE c.order_id = $4)",
    )
    .bind(at.as_microsecond())
    .bind(call.request_id.as_deref())
    .bind(call.answer.as_deref())
    .bind(order.as_str())
    .bind(call.action)
    .bind(&call.asked)
    .bind(&call.outcome)
    .execute(connection)
    .await?;
    Ok(repeated.rows_affected() > 0)
}

/// First things first.
pub async fn of_order(db: &Database, order: &OrderId) -> Result<Vec<KeptCall>, sqlx::Error> {
    sqlx::query_as(
        "SELECT sequence, at, action, asked, outcome, times, request_id, \
         CASE WHEN answer IS NULL THEN 0 ELSE 1 END AS answered \
         FROM order_calls WHERE order_id = $1 ORDER BY sequence",
    )
    .bind(order.as_str())
    .fetch_all(db.readers())
    .await
}

/// Amazon's XML; `None` where there is no such call, or no answer came.
pub async fn answer(db: &Database, order: &OrderId, sequence: i64) -> Result<Option<String>, sqlx::Error> {
    let row = sqlx::query("SELECT answer FROM order_calls WHERE order_id = $1 AND sequence = $2")
        .bind(order.as_str())
        .bind(sequence)
        .fetch_optional(db.readers())
        .await?;
    row.map_or(Ok(None), |row| row.optional("answer", Columns::text))
}
