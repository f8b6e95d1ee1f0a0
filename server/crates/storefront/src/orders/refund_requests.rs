//! Buyers who ask for a refund, at Amazon Payments or in the shop: the SQL of `refund_requests`. Whether an order takes a
//! request, and what an answer does, is the state machine's business.

use crate::ids::{MerchantId, OrderId, RefundRequestId};
use jiff::Timestamp;
use money::Money;
use platform::Database;
use platform::db::Columns;
use shop_pages::model::{DisputeRow, RefundRequestRow};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AnyExecutor, FromRow};
use text_types::words;

/// As many as anybody answers in one sitting.
const LIST_LIMIT: i64 = 100;

words! {
    /// What became of a request; the schema lists the same words.
    pub enum Answer {
        /// None yet.
        Open = "Open",
        Declined = "Declined",
        /// The money went back, or another request took this one's place.
        Closed = "Closed",
    }
}

words! {
    /// Where the buyer asked.
    pub enum Origin {
        Amazon = "amazon",
        Shop = "shop",
    }
}

/// What the buyer asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundRequest {
    pub id: RefundRequestId,
    pub amount: Money,
    pub reason: String,
    /// The buyer's name where they asked.
    pub requester: String,
    pub origin: Origin,
}

/// A request with what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptRequest {
    pub request: RefundRequest,
    pub answer: Answer,
    pub at: Timestamp,
}

impl FromRow<'_, AnyRow> for KeptRequest {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            request: RefundRequest {
                id: row.parsed("id")?,
                amount: row.money("amount")?,
                reason: row.text("reason")?,
                requester: row.text("requester")?,
                origin: row.parsed("origin")?,
            },
            answer: row.parsed("state")?,
            at: row.time("at")?,
        })
    }
}

/// Keeps a request; an older one that nobody answered gives way to it.
pub async fn add(
    connection: &mut AnyConnection,
    order: &OrderId,
    request: &RefundRequest,
    at: Timestamp,
) -> Result<(), sqlx::Error> {
    close(connection, order).await?;
    sqlx::query(
        "INSERT INTO refund_requests (id, order_id, merchant_id, amount, reason, requester, state, at, origin) \
         VALUES ($1, $2, (SELECT merchant_id FROM orders WHERE id = $2), $3, $4, $5, 'Open', $6, $7) \
         ON CONFLICT (id) DO NOTHING",
    )
    .bind(request.id.as_str())
    .bind(order.as_str())
    .bind(request.amount.micros())
    .bind(&request.reason)
    .bind(&request.requester)
    .bind(at.as_microsecond())
    .bind(request.origin.as_str())
    .execute(connection)
    .await?;
    Ok(())
}

/// There is nothing to answer any more. What was declined stays declined, also when a part went back otherwise: it
/// is the seller's word on what the buyer asked for.
pub async fn close(connection: &mut AnyConnection, order: &OrderId) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE refund_requests SET state = 'Closed' WHERE order_id = $1 AND state = 'Open'")
        .bind(order.as_str())
        .execute(connection)
        .await?;
    Ok(())
}

pub async fn decline(connection: &mut AnyConnection, order: &OrderId) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE refund_requests SET state = 'Declined' WHERE order_id = $1 AND state = 'Open'")
        .bind(order.as_str())
        .execute(connection)
        .await?;
    Ok(())
}

/// A declined request is granted after all: it waits for the money, and is closed with it.
pub async fn reopen(
    connection: &mut AnyConnection,
    order: &OrderId,
    request: &RefundRequestId,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE refund_requests SET state = 'Open' WHERE order_id = $1 AND id = $2 AND state = 'Declined'",
    )
    .bind(order.as_str())
    .bind(request.as_str())
    .execute(connection)
    .await?;
    Ok(())
}

/// What became of this very request; `None` where the order has no such one.
pub async fn answer(
    connection: &mut AnyConnection,
    order: &OrderId,
    request: &RefundRequestId,
) -> Result<Option<Answer>, sqlx::Error> {
    let row = sqlx::query("SELECT state FROM refund_requests WHERE order_id = $1 AND id = $2")
        .bind(order.as_str())
        .bind(request.as_str())
        .fetch_optional(connection)
        .await?;
    row.map(|row| row.parsed("state")).transpose()
}

/// The request of this id, whatever became of it.
pub async fn by_id(
    db: &Database,
    order: &OrderId,
    request: &RefundRequestId,
) -> Result<Option<KeptRequest>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, amount, reason, requester, origin, state, at FROM refund_requests WHERE order_id = $1 AND id = $2",
    )
    .bind(order.as_str())
    .bind(request.as_str())
    .fetch_optional(db.readers())
    .await
}

/// Whether the seller declined what the buyer asked for.
pub async fn is_declined(executor: impl AnyExecutor<'_>, order: &OrderId) -> Result<bool, sqlx::Error> {
    let found =
        sqlx::query("SELECT 1 FROM refund_requests WHERE order_id = $1 AND state = 'Declined' LIMIT 1")
            .bind(order.as_str())
            .fetch_optional(executor)
            .await?;
    Ok(found.is_some())
}

/// The request that waits for an answer or was declined; `None` once the money went back.
pub async fn of_order(
    executor: impl AnyExecutor<'_>,
    order: &OrderId,
) -> Result<Option<KeptRequest>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, amount, reason, requester, origin, state, at FROM refund_requests \
         WHERE order_id = $1 AND state <> 'Closed' ORDER BY at DESC, id DESC LIMIT 1",
    )
    .bind(order.as_str())
    .fetch_optional(executor)
    .await
}

/// Begins with the requests, which are few: SQLite takes a CROSS JOIN in the order in which it stands, and would else
/// go through all orders that are paid.
macro_rules! select_waiting {
    ($rest:literal) => {
        concat!(
            "SELECT r.order_id, o.title, r.requester AS buyer, r.amount, r.reason, r.at \
             FROM refund_requests r CROSS JOIN orders o \
             WHERE o.id = r.order_id AND r.state = 'Open' AND o.state = 'Paid' ",
            $rest
        )
    };
}

const WAITING: &str = select_waiting!("ORDER BY r.at, r.id LIMIT $1");
const WAITING_FOR_ONE: &str = select_waiting!("AND r.merchant_id = $2 ORDER BY r.at, r.id LIMIT $1");

/// What the pages of sellers and of the operator ask.
#[cfg(test)]
pub const FIRST_PAGES: [&str; 2] = [WAITING, WAITING_FOR_ONE];

/// What waits for an answer, the longest waiting first: of one merchant, or of all for the operator.
pub async fn waiting(
    db: &Database,
    merchant: Option<&MerchantId>,
) -> Result<Vec<RefundRequestRow>, sqlx::Error> {
    let query = match merchant {
        Some(merchant) => sqlx::query(WAITING_FOR_ONE).bind(LIST_LIMIT).bind(merchant.as_str()),
        None => sqlx::query(WAITING).bind(LIST_LIMIT),
    };
    let rows = query.fetch_all(db.readers()).await?;
    rows.iter().map(waiting_row).collect()
}

/// Those of all sellers with this answer whose money is still there, the longest waiting first.
macro_rules! select_disputed {
    ($state:literal) => {
        concat!(
            "SELECT r.order_id, o.title, r.requester AS buyer, r.amount, r.reason, r.at, m.name AS seller \
             FROM refund_requests r CROSS JOIN orders o ",
            $crate::merchants::store::join_merchant!("o.merchant_id"),
            "WHERE o.id = r.order_id AND r.state = '",
            $state,
            "' AND o.state = 'Paid' ORDER BY r.at, r.id LIMIT $1"
        )
    };
}

/// What the operator's page asks.
#[cfg(test)]
pub const DISPUTED: [&str; 2] = [select_disputed!("Open"), select_disputed!("Declined")];

/// Requests that wait, or that their seller declined.
pub async fn disputed(db: &Database, declined: bool) -> Result<Vec<DisputeRow>, sqlx::Error> {
    let sql = if declined { select_disputed!("Declined") } else { select_disputed!("Open") };
    let rows = sqlx::query(sql).bind(LIST_LIMIT).fetch_all(db.readers()).await?;
    rows.iter()
        .map(|row| Ok(DisputeRow { request: waiting_row(row)?, seller: row.text("seller")? }))
        .collect()
}

fn waiting_row(row: &AnyRow) -> Result<RefundRequestRow, sqlx::Error> {
    Ok(RefundRequestRow {
        order_id: row.parsed::<OrderId>("order_id")?.into_string(),
        title: row.text("title")?,
        buyer: row.text("buyer")?,
        amount: row.money("amount")?,
        reason: row.text("reason")?,
        at: row.time("at")?,
    })
}
