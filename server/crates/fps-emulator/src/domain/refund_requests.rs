//! The requests for refunds that senders have made, with the caller's answer or none.

use fps_protocol::ids::TransactionId;
use jiff::{SignedDuration, Timestamp};
use money::Money;
use platform::db::{Batch, Columns, Statement};
use platform::{Database, Random};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, FromRow};
use text_types::id;

/// How long a request that nobody answers, or that is declined, keeps the sender from asking again; the
/// transaction's page says so.
const OPEN_FOR: SignedDuration = SignedDuration::from_hours(14 * 24);

id!(
    /// Names a request for a refund, to the caller too: a UUID.
    pub RefundRequestId,
    |text| (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
);

impl RefundRequestId {
    /// A new one.
    pub fn random(random: &Random, at: Timestamp) -> Self {
        Self(random.uuid(at).to_string())
    }
}

/// A request to be kept.
#[derive(Debug, Clone)]
pub struct NewRefundRequest {
    pub id: RefundRequestId,
    pub transaction_id: TransactionId,
    pub amount: Money,
    pub reason: String,
    pub created_at: Timestamp,
}

/// A request as it was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundRequest {
    pub amount: Money,
    pub reason: String,
    pub created_at: Timestamp,
}

impl FromRow<'_, AnyRow> for RefundRequest {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            amount: row.money("amount")?,
            reason: row.text("reason")?,
            created_at: row.time("created_at")?,
        })
    }
}

/// Keeps the request; `false` when one for this transaction waits for its answer already.
pub async fn insert(c: &mut AnyConnection, new: &NewRefundRequest) -> Result<bool, sqlx::Error> {
    sqlx::query(
        "UPDATE refund_requests SET state = 'Closed' \
         WHERE transaction_id = $1 AND state = 'Open' AND created_at <= $2",
    )
    .bind(new.transaction_id.as_str())
    .bind(stale(new.created_at))
    .execute(&mut *c)
    .await?;
    let inserted = sqlx::query(
        "INSERT INTO refund_requests (id, transaction_id, amount, reason, state, created_at) \
         VALUES ($1, $2, $3, $4, 'Open', $5) ON CONFLICT DO NOTHING",
    )
    .bind(new.id.as_str())
    .bind(new.transaction_id.as_str())
    .bind(new.amount.micros())
    .bind(&new.reason)
    .bind(new.created_at.as_microsecond())
    .execute(c)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

/// A request made by this moment, in microseconds, waits no longer.
fn stale(now: Timestamp) -> i64 {
    now.saturating_sub(OPEN_FOR).unwrap_or(now).as_microsecond()
}

/// A refund of the transaction answers its request.
pub fn close<G>(batch: &mut Batch<G>, transaction_id: &TransactionId) {
    let update = "UPDATE refund_requests SET state = 'Closed' WHERE transaction_id = $1 AND state = 'Open'";
    batch.push(Statement::new(update).bind(transaction_id.as_str()));
}

/// The request that waits for an answer, if there is one.
pub async fn open_for(
    db: &Database,
    transaction_id: &TransactionId,
    now: Timestamp,
) -> Result<Option<RefundRequest>, sqlx::Error> {
    sqlx::query_as(
        "SELECT amount, reason, created_at FROM refund_requests \
         WHERE transaction_id = $1 AND state = 'Open' AND created_at > $2",
    )
    .bind(transaction_id.as_str())
    .bind(stale(now))
    .fetch_optional(db.readers())
    .await
}

/// The request that was made at this moment, whatever has become of it.
pub async fn made_at(
    db: &Database,
    transaction_id: &TransactionId,
    at: Timestamp,
) -> Result<Option<RefundRequest>, sqlx::Error> {
    sqlx::query_as(
        "SELECT amount, reason, created_at FROM refund_requests \
         WHERE transaction_id = $1 AND created_at = $2 ORDER BY id LIMIT 1",
    )
    .bind(transaction_id.as_str())
    .bind(at.as_microsecond())
    .fetch_optional(db.readers())
    .await
}
