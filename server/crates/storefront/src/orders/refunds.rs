//! Refunds that reached the buyer, each of which counts once: the SQL of `order_refunds`.

use crate::ids::{OrderId, TransactionId};
use jiff::Timestamp;
use money::Money;
use platform::Database;
use platform::db::Columns;
use sqlx::{AnyConnection, AnyExecutor};

/// Whether this refund is among those that reached the buyer.
pub async fn is_counted(
    executor: impl AnyExecutor<'_>,
    order: &OrderId,
    refund: &TransactionId,
) -> Result<bool, sqlx::Error> {
    let found = sqlx::query("SELECT 1 FROM order_refunds WHERE order_id = $1 AND refund_id = $2")
        .bind(order.as_str())
        .bind(refund.as_str())
        .fetch_optional(executor)
        .await?;
    Ok(found.is_some())
}

pub async fn count(
    connection: &mut AnyConnection,
    order: &OrderId,
    refund: &TransactionId,
    amount: Money,
    at: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO order_refunds (order_id, refund_id, amount, at) VALUES ($1, $2, $3, $4)")
        .bind(order.as_str())
        .bind(refund.as_str())
        .bind(amount.micros())
        .bind(at.as_microsecond())
        .execute(connection)
        .await?;
    Ok(())
}

/// Those of the order, each with its amount.
pub async fn of_order(db: &Database, order: &OrderId) -> Result<Vec<(TransactionId, Money)>, sqlx::Error> {
    let rows =
        sqlx::query("SELECT refund_id, amount FROM order_refunds WHERE order_id = $1 ORDER BY at, refund_id")
            .bind(order.as_str())
            .fetch_all(db.readers())
            .await?;
    rows.iter().map(|row| Ok((row.parsed("refund_id")?, row.money("amount")?))).collect()
}
