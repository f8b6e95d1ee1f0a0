//! What happened to an order, first things first: the SQL of `order_events`, and what people read of it.

use super::order::Order;
use super::state::Milestone;
use crate::catalogue::Delivery;
use crate::ids::OrderId;
use fps_protocol::enums::PaymentMethod;
use jiff::Timestamp;
use platform::Database;
use platform::db::Columns;
use shop_pages::model::TimelineEntry;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, FromRow};
use std::collections::HashMap;
use text_types::sql::placeholders;

/// A milestone as it is kept.
#[derive(Debug, Clone)]
pub struct Entry {
    pub at: Timestamp,
    pub milestone: Milestone,
    /// A sentence; empty where the milestone says it all.
    pub detail: String,
}

impl FromRow<'_, AnyRow> for Entry {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self { at: row.time("at")?, milestone: row.parsed("kind")?, detail: row.text("detail")? })
    }
}

pub async fn add(connection: &mut AnyConnection, order: &OrderId, entry: &Entry) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO order_events (order_id, sequence, at, kind, detail) \
         SELECT $1, COALESCE(MAX(sequence), 0) + 1, $2, $3, $4 FROM order_events WHERE order_id = $1",
    )
    .bind(order.as_str())
    .bind(entry.at.as_microsecond())
    .bind(entry.milestone.as_str())
    .bind(&entry.detail)
    .execute(connection)
    .await?;
    Ok(())
}

/// What happened, first things first.
pub async fn of_order(db: &Database, order: &OrderId) -> Result<Vec<Entry>, sqlx::Error> {
    sqlx::query_as("SELECT at, kind, detail FROM order_events WHERE order_id = $1 ORDER BY sequence")
        .bind(order.as_str())
        .fetch_all(db.readers())
        .await
}

/// When each of these orders was paid; those that never were are not in it.
pub(super) async fn paid_at(
    db: &Database,
    orders: &[&OrderId],
) -> Result<HashMap<OrderId, Timestamp>, sqlx::Error> {
    if orders.is_empty() {
        return Ok(HashMap::new());
    }
    let sql = format!(
        "SELECT order_id, MIN(at) AS at FROM order_events WHERE kind = $1 AND order_id IN ({}) GROUP BY order_id",
        placeholders(2, orders.len())
    );
    let mut query = sqlx::query(AssertSqlSafe(sql)).bind(Milestone::Paid.as_str());
    for order in orders {
        query = query.bind(order.as_str());
    }
    let rows = query.fetch_all(db.readers()).await?;
    rows.iter().map(|row| Ok((row.parsed("order_id")?, row.time("at")?))).collect()
}

/// An entry as the order's page shows it.
pub(super) fn view(order: &Order, entry: Entry) -> TimelineEntry {
    let (title, sentence) = wording(order, entry.milestone);
    let detail = if entry.detail.is_empty() { sentence.to_owned() } else { entry.detail };
    TimelineEntry { at: entry.at, title: title.to_owned(), detail }
}

/// The title of a milestone, and the sentence that stands where it has no detail of its own.
fn wording(order: &Order, milestone: Milestone) -> (&'static str, &'static str) {
    match milestone {
        Milestone::Placed => ("Ordered", "Sent to Amazon Payments to authorize the payment."),
        Milestone::Restarted => ("Started again", "Sent to Amazon Payments once more."),
        Milestone::Abandoned => {
            ("Left", "Amazon Payments was left without a confirmation. Nothing was charged.")
        }
        Milestone::AuthorizationFailed => ("Not authorized", ""),
        Milestone::Authorized if order.payment_method == Some(PaymentMethod::Prepaid) => {
            ("Authorized", "Paid with credit, without another visit to Amazon Payments.")
        }
        Milestone::Authorized => ("Authorized", "The payment was confirmed at Amazon Payments."),
        Milestone::PaymentPending => ("Pending", "Amazon Payments is processing the payment."),
        Milestone::PaymentFailed => ("Payment failed", ""),
        Milestone::Reserved => {
            ("Reserved", "The money is held and charged when the seller fulfils the order.")
        }
        Milestone::Fulfilled if order.physical => {
            ("Fulfilled", "The seller is ready to send the item; the money is charged first.")
        }
        Milestone::Fulfilled => ("Fulfilled", "The seller is ready to deliver; the money is charged first."),
        Milestone::SettleFailed => ("Not charged", ""),
        Milestone::Paid if order.delivery == Delivery::Manual => {
            ("Settled", "The money was charged and divided.")
        }
        Milestone::Paid => ("Paid", "The money was charged and divided."),
        Milestone::CancelAsked => ("Cancel asked for", "Amazon Payments was asked to release the money."),
        Milestone::CancelRefused => ("Not cancelled", ""),
        Milestone::Cancelled => ("Cancelled", "Nothing is charged."),
        Milestone::RefundAsked => ("Refund asked for", "Amazon Payments was asked to send the money back."),
        Milestone::RefundGiven => ("Refund given", ""),
        Milestone::RefundFailed => ("Not refunded", ""),
        Milestone::Refunded => ("Refunded", "The money went back to the buyer."),
        Milestone::PartlyRefunded => ("Partly refunded", ""),
        Milestone::RefundRequested => ("Refund requested", ""),
        Milestone::RefundGranted => ("Refund agreed", "Amazon Payments was asked to send the money back."),
        Milestone::RefundDeclined => ("Refund declined", "The request was declined; nothing was sent back."),
        Milestone::MarketplaceAsked => ("Marketplace asked", ""),
        Milestone::TokenCancelled => {
            ("Authorization cancelled", "At Amazon Payments, by the buyer. What was paid already stays paid.")
        }
    }
}
