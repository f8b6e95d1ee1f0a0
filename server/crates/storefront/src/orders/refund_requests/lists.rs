//! Requests that wait for somebody, for the desk of a seller and the pages of the operator.

use crate::ids::{MerchantId, OrderId};
use platform::Database;
use platform::db::Columns;
use shop_pages::model::{DisputeRow, RefundRequestRow};
use sqlx::any::AnyRow;

/// As many as anybody answers in one sitting.
const LIST_LIMIT: i64 = 100;

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

/// What of all sellers stands before the operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disputed {
    /// The buyer asked the marketplace, which has to decide.
    Escalated,
    /// The seller has to answer.
    Open,
    /// The seller declined, and the buyer left it at that so far.
    Declined,
}

/// Those of all sellers in this state whose money is still there, the longest waiting first.
macro_rules! select_disputed {
    ($state:literal, $words:literal, $at:literal) => {
        concat!(
            "SELECT r.order_id, o.title, r.requester AS buyer, r.amount, ",
            $words,
            " AS reason, ",
            $at,
            " AS at, m.name AS seller FROM refund_requests r CROSS JOIN orders o ",
            $crate::merchants::store::join_merchant!("o.merchant_id"),
            "WHERE o.id = r.order_id AND r.state = '",
            $state,
            "' AND o.state = 'Paid' ORDER BY ",
            $at,
            ", r.id LIMIT $1"
        )
    };
}

const ESCALATED: &str = select_disputed!("Escalated", "r.escalation", "r.escalated_at");
const OPEN: &str = select_disputed!("Open", "r.reason", "r.at");
const DECLINED: &str = select_disputed!("Declined", "r.reason", "r.at");

const TO_DECIDE: &str = "SELECT COUNT(*) AS requests FROM refund_requests r CROSS JOIN orders o \
    WHERE o.id = r.order_id AND r.state = 'Escalated' AND o.state = 'Paid'";

/// What the operator's pages ask.
#[cfg(test)]
pub const DISPUTED: [&str; 4] = [ESCALATED, OPEN, DECLINED, TO_DECIDE];

/// How many requests wait for the marketplace's decision.
pub async fn to_decide(db: &Database) -> Result<usize, sqlx::Error> {
    let row = sqlx::query(TO_DECIDE).fetch_one(db.readers()).await?;
    Ok(usize::try_from(row.integer("requests")?).unwrap_or_default())
}

/// Requests of all sellers; of those that are escalated, when and in which words the marketplace was asked.
pub async fn disputed(db: &Database, which: Disputed) -> Result<Vec<DisputeRow>, sqlx::Error> {
    let sql = match which {
        Disputed::Escalated => ESCALATED,
        Disputed::Open => OPEN,
        Disputed::Declined => DECLINED,
    };
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
