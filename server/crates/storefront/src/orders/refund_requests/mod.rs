//! Buyers who ask for a refund, at Amazon Payments or in the shop: the SQL of `refund_requests`. Whether an order takes a
//! request, and what an answer does, is the state machine's business.

mod lists;

#[cfg(test)]
pub use lists::{DISPUTED, FIRST_PAGES};
pub use lists::{Disputed, disputed, to_decide, waiting};

use crate::ids::{OrderId, RefundRequestId};
use jiff::{SignedDuration, Timestamp};
use money::Money;
use platform::db::Columns;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AnyExecutor, FromRow};
use text_types::words;

/// A seller who has not answered by then leaves it to the marketplace, if the buyer asks.
pub const DAYS_TO_ANSWER: i64 = 3;

words! {
    /// What became of a request, without its data; the schema lists the same words.
    pub enum Stage {
        /// It waits for the seller.
        Open = "Open",
        Declined = "Declined",
        /// The buyer asked the marketplace to decide. The seller can still grant it.
        Escalated = "Escalated",
        /// The marketplace decided that nothing goes back: that is the end of it, unless the seller grants it after all.
        Refused = "Refused",
        /// The money went back, or another request took this one's place.
        Closed = "Closed",
    }
}

/// What became of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    Open,
    Declined { at: Timestamp },
    Escalated(Escalation),
    Refused { escalation: Option<Escalation>, ruling: Said },
    Closed,
}

/// The buyer asks the marketplace to decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Escalation {
    /// `None`: the seller had not answered.
    pub declined_at: Option<Timestamp>,
    pub said: Said,
}

/// Somebody's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    pub at: Timestamp,
    pub words: String,
}

/// Whether the buyer can ask the marketplace to decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MayEscalate {
    Now,
    /// Unless the seller has answered by then.
    From(Timestamp),
    No,
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
            answer: answer_from(row)?,
            at: row.time("at")?,
        })
    }
}

/// The answer that the columns spell.
fn answer_from(row: &AnyRow) -> Result<Answer, sqlx::Error> {
    let said = |at: &str, words: &str| {
        let (at, words) = (row.optional(at, Columns::time)?, row.optional(words, Columns::text)?);
        Ok::<_, sqlx::Error>(at.zip(words).map(|(at, words)| Said { at, words }))
    };
    let declined_at = row.optional("declined_at", Columns::time)?;
    let escalation = said("escalated_at", "escalation")?.map(|said| Escalation { declined_at, said });
    Ok(match (row.parsed("state")?, escalation, said("ruled_at", "ruling")?) {
        (Stage::Open, ..) => Answer::Open,
        // When is not known of the oldest.
        (Stage::Declined, ..) => Answer::Declined { at: declined_at.map_or_else(|| row.time("at"), Ok)? },
        (Stage::Escalated, Some(escalation), None) => Answer::Escalated(escalation),
        (Stage::Refused, escalation, Some(ruling)) => Answer::Refused { escalation, ruling },
        (Stage::Closed, ..) => Answer::Closed,
        (stage, ..) => {
            let id = row.text("id").unwrap_or_default();
            return Err(sqlx::Error::Decode(format!("refund_requests.{stage} of {id}").into()));
        }
    })
}

impl KeptRequest {
    /// The seller's answer is not the last word, and neither is none.
    fn may_escalate(&self, now: Timestamp) -> MayEscalate {
        match &self.answer {
            Answer::Open => {
                let days = SignedDuration::from_hours(24 * DAYS_TO_ANSWER);
                let from = self.at.saturating_add(days).unwrap_or(Timestamp::MAX);
                if now < from { MayEscalate::From(from) } else { MayEscalate::Now }
            }
            Answer::Declined { .. } => MayEscalate::Now,
            Answer::Escalated(_) | Answer::Refused { .. } | Answer::Closed => MayEscalate::No,
        }
    }
}

/// Requests, and what follows in the statement.
macro_rules! select_requests {
    ($rest:literal) => {
        concat!(
            "SELECT id, amount, reason, requester, origin, state, at, declined_at, escalated_at, escalation, ruled_at, \
             ruling FROM refund_requests ",
            $rest
        )
    };
}

/// Keeps a request; an older one that nobody answered gives way to it. While the marketplace has one to decide on, there
/// is no second one to answer.
pub async fn add(
    connection: &mut AnyConnection,
    order: &OrderId,
    request: &RefundRequest,
    at: Timestamp,
) -> Result<(), sqlx::Error> {
    close_open(connection, order).await?;
    sqlx::query(
        "INSERT INTO refund_requests (id, order_id, merchant_id, amount, reason, requester, state, at, origin) \
         VALUES ($1, $2, (SELECT merchant_id FROM orders WHERE id = $2), $3, $4, $5, \
         (SELECT CASE COUNT(*) WHEN 0 THEN 'Open' ELSE 'Closed' END FROM refund_requests \
         WHERE order_id = $2 AND state = 'Escalated'), $6, $7) ON CONFLICT (id) DO NOTHING",
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

async fn close_open(connection: &mut AnyConnection, order: &OrderId) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE refund_requests SET state = 'Closed' WHERE order_id = $1 AND state = 'Open'")
        .bind(order.as_str())
        .execute(connection)
        .await?;
    Ok(())
}

/// Money went back, `all` of it or a part: the seller has nothing to answer any more. What was declined stays declined,
/// also when a part went back otherwise: it is the seller's word on what the buyer asked for. What the marketplace has to
/// decide on does not end with any part that the seller likes.
pub async fn close(connection: &mut AnyConnection, order: &OrderId, all: bool) -> Result<(), sqlx::Error> {
    close_open(connection, order).await?;
    if all {
        sqlx::query(
            "UPDATE refund_requests SET state = 'Closed' WHERE order_id = $1 AND state = 'Escalated'",
        )
        .bind(order.as_str())
        .execute(connection)
        .await?;
    }
    Ok(())
}

/// The seller sends nothing back.
pub async fn decline(
    connection: &mut AnyConnection,
    order: &OrderId,
    at: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE refund_requests SET state = 'Declined', declined_at = $2 WHERE order_id = $1 AND state = 'Open'",
    )
    .bind(order.as_str())
    .bind(at.as_microsecond())
    .execute(connection)
    .await?;
    Ok(())
}

/// The buyer asks the marketplace to decide on this request.
pub async fn escalate(
    connection: &mut AnyConnection,
    order: &OrderId,
    request: &RefundRequestId,
    said: &Said,
) -> Result<(), sqlx::Error> {
    let sql = "UPDATE refund_requests SET state = 'Escalated', escalated_at = $3, escalation = $4, \
               declined_at = CASE state WHEN 'Declined' THEN COALESCE(declined_at, at) END \
               WHERE order_id = $1 AND id = $2 AND state IN ('Open', 'Declined')";
    note(connection, sql, (order, request), said).await
}

/// The marketplace sends nothing back.
pub async fn refuse(
    connection: &mut AnyConnection,
    order: &OrderId,
    request: &RefundRequestId,
    said: &Said,
) -> Result<(), sqlx::Error> {
    let sql = "UPDATE refund_requests SET state = 'Refused', ruled_at = $3, ruling = $4 \
               WHERE order_id = $1 AND id = $2 AND state IN ('Open', 'Escalated')";
    note(connection, sql, (order, request), said).await
}

/// Somebody's words on a request: of the order `$1` and the id `$2`, said at `$3`, `$4`.
async fn note(
    connection: &mut AnyConnection,
    sql: &'static str,
    (order, request): (&OrderId, &RefundRequestId),
    said: &Said,
) -> Result<(), sqlx::Error> {
    sqlx::query(sql)
        .bind(order.as_str())
        .bind(request.as_str())
        .bind(said.at.as_microsecond())
        .bind(&said.words)
        .execute(connection)
        .await?;
    Ok(())
}

/// The request is granted, if after all: it waits for the money, and is closed with it.
pub async fn reopen(
    connection: &mut AnyConnection,
    order: &OrderId,
    request: &RefundRequestId,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE refund_requests SET state = 'Open' \
         WHERE order_id = $1 AND id = $2 AND state IN ('Declined', 'Escalated', 'Refused')",
    )
    .bind(order.as_str())
    .bind(request.as_str())
    .execute(connection)
    .await?;
    Ok(())
}

/// The money did not go back: what the marketplace had to decide on is before it again.
pub async fn back_to_marketplace(connection: &mut AnyConnection, order: &OrderId) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE refund_requests SET state = 'Escalated' \
         WHERE order_id = $1 AND state = 'Open' AND escalated_at IS NOT NULL AND ruled_at IS NULL",
    )
    .bind(order.as_str())
    .execute(connection)
    .await?;
    Ok(())
}

/// What became of this very request; `None` where the order has no such one.
pub async fn stage(
    connection: &mut AnyConnection,
    order: &OrderId,
    request: &RefundRequestId,
) -> Result<Option<Stage>, sqlx::Error> {
    let row = sqlx::query("SELECT state FROM refund_requests WHERE order_id = $1 AND id = $2")
        .bind(order.as_str())
        .bind(request.as_str())
        .fetch_optional(connection)
        .await?;
    row.map(|row| row.parsed("state")).transpose()
}

/// The request of this id, whatever became of it.
pub async fn by_id(
    executor: impl AnyExecutor<'_>,
    order: &OrderId,
    request: &RefundRequestId,
) -> Result<Option<KeptRequest>, sqlx::Error> {
    sqlx::query_as(select_requests!("WHERE order_id = $1 AND id = $2"))
        .bind(order.as_str())
        .bind(request.as_str())
        .fetch_optional(executor)
        .await
}

/// Whether the seller declined what the buyer asked for, or the marketplace has or had to decide on it.
pub async fn is_declined(executor: impl AnyExecutor<'_>, order: &OrderId) -> Result<bool, sqlx::Error> {
    let found = sqlx::query(
        "SELECT 1 FROM refund_requests WHERE order_id = $1 AND state IN ('Declined', 'Escalated', 'Refused') LIMIT 1",
    )
    .bind(order.as_str())
    .fetch_optional(executor)
    .await?;
    Ok(found.is_some())
}

/// The request that waits for an answer or was declined, before all the one that the marketplace has; `None` once the
/// money went back.
pub async fn of_order(
    executor: impl AnyExecutor<'_>,
    order: &OrderId,
) -> Result<Option<KeptRequest>, sqlx::Error> {
    sqlx::query_as(select_requests!(
        "WHERE order_id = $1 AND state <> 'Closed' \
         ORDER BY CASE state WHEN 'Escalated' THEN 0 ELSE 1 END, at DESC, id DESC LIMIT 1"
    ))
    .bind(order.as_str())
    .fetch_optional(executor)
    .await
}

/// Whether the buyer can ask the marketplace to decide on this request: once for an order, and not after it has decided.
pub async fn may_escalate(
    executor: impl AnyExecutor<'_>,
    order: &OrderId,
    kept: &KeptRequest,
    now: Timestamp,
) -> Result<MayEscalate, sqlx::Error> {
    let before = sqlx::query(
        "SELECT 1 FROM refund_requests WHERE order_id = $1 AND (escalated_at IS NOT NULL OR ruled_at IS NOT NULL) LIMIT 1",
    )
    .bind(order.as_str())
    .fetch_optional(executor)
    .await?;
    Ok(if before.is_some() { MayEscalate::No } else { kept.may_escalate(now) })
}
