//! Buyers who ask for a refund at Amazon Payments: the SQL of `refund_requests`. Whether an order takes a
//! request, and what an answer does, is the state machine's business.

use super::OrderError;
use super::ids::OrderId;
use crate::{Shop, when};
use jiff::Timestamp;
use money::Money;
use platform::Database;
use shop_pages::model::RefundRequestRow;
use sqlx::AnyConnection;

/// As many as anybody answers in one sitting.
const LIST_LIMIT: i64 = 100;

/// What the buyer asked for, as Amazon tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundRequest {
    pub id: String,
    pub amount: Money,
    pub reason: String,
    /// The buyer's name at Amazon Payments.
    pub requester: String,
}

/// A request with what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptRequest {
    pub request: RefundRequest,
    /// Waits for an answer; otherwise it was declined.
    pub open: bool,
    pub at: Timestamp,
}

/// Keeps a request; an older one that nobody answered gives way to it.
pub(crate) async fn add(
    connection: &mut AnyConnection,
    order: &OrderId,
    request: &RefundRequest,
    at: i64,
) -> Result<(), sqlx::Error> {
    close(connection, order).await?;
    sqlx::query(
        "INSERT INTO refund_requests (id, order_id, amount, reason, requester, state, at) \
         VALUES ($1, $2, $3, $4, $5, 'Open', $6) ON CONFLICT (id) DO NOTHING",
    )
    .bind(&request.id)
    .bind(order.as_str())
    .bind(request.amount.micros())
    .bind(&request.reason)
    .bind(&request.requester)
    .bind(at)
    .execute(connection)
    .await?;
    Ok(())
}

/// The money went back: there is nothing to answer any more.
pub(crate) async fn close(connection: &mut AnyConnection, order: &OrderId) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE refund_requests SET state = 'Closed' WHERE order_id = $1 AND state <> 'Closed'")
        .bind(order.as_str())
        .execute(connection)
        .await?;
    Ok(())
}

pub(crate) async fn decline(connection: &mut AnyConnection, order: &OrderId) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE refund_requests SET state = 'Declined' WHERE order_id = $1 AND state = 'Open'")
        .bind(order.as_str())
        .execute(connection)
        .await?;
    Ok(())
}

/// Whether this very request waits for an answer.
pub(crate) async fn is_open(
    connection: &mut AnyConnection,
    order: &OrderId,
    request: &str,
) -> Result<bool, sqlx::Error> {
    let found: Option<(i64,)> =
        sqlx::query_as("SELECT 1 FROM refund_requests WHERE order_id = $1 AND id = $2 AND state = 'Open'")
            .bind(order.as_str())
            .bind(request)
            .fetch_optional(connection)
            .await?;
    Ok(found.is_some())
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    amount: i64,
    reason: String,
    requester: String,
    state: String,
    at: i64,
}

/// The request that waits for an answer or was declined; none once the money went back.
pub(crate) async fn of_order(db: &Database, order: &OrderId) -> Result<Option<KeptRequest>, sqlx::Error> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT id, amount, reason, requester, state, at FROM refund_requests \
         WHERE order_id = $1 AND state <> 'Closed' ORDER BY at DESC, id DESC LIMIT 1",
    )
    .bind(order.as_str())
    .fetch_optional(db.readers())
    .await?;
    Ok(row.map(|row| KeptRequest {
        open: row.state == "Open",
        at: when(row.at),
        request: RefundRequest {
            id: row.id,
            amount: Money::from_micros(row.amount),
            reason: row.reason,
            requester: row.requester,
        },
    }))
}

#[derive(sqlx::FromRow)]
struct WaitingRow {
    order_id: String,
    title: String,
    buyer: String,
    amount: i64,
    reason: String,
    at: i64,
}

/// What waits for an answer, the longest waiting first: of one merchant, or of all for the operator.
pub async fn waiting(shop: &Shop, merchant_id: Option<&str>) -> Result<Vec<RefundRequestRow>, OrderError> {
    let rows: Vec<WaitingRow> = sqlx::query_as(
        "SELECT r.order_id, o.title, r.requester AS buyer, r.amount, r.reason, r.at \
         FROM refund_requests r JOIN orders o ON o.id = r.order_id \
         WHERE r.state = 'Open' AND o.state = 'Paid' AND ($1 = '' OR o.merchant_id = $1) \
         ORDER BY r.at, r.id LIMIT $2",
    )
    .bind(merchant_id.unwrap_or_default())
    .bind(LIST_LIMIT)
    .fetch_all(shop.db.readers())
    .await?;
    let shown = rows.into_iter().map(|row| RefundRequestRow {
        order_id: row.order_id,
        title: row.title,
        buyer: row.buyer,
        amount: Money::from_micros(row.amount),
        reason: row.reason,
        at: when(row.at),
    });
    Ok(shown.collect())
}
