//! A sender asks for money back: kept, and told to the caller if it wants to hear of such wishes. No
//! money moves by it.

use crate::callers::Caller;
use crate::outbox::{self, NewNotification};
use crate::transactions::{Case, Engine};
use fps_protocol::ids::TransactionId;
use fps_protocol::ipn::{REFUND_REQUEST, RefundRequestNotification};
use jiff::{SignedDuration, Timestamp};
use money::Money;
use platform::Database;
use sqlx::AnyConnection;

/// How long a request that nobody answers, or that is declined, keeps the sender from asking again; the
/// transaction's page says so.
const OPEN_FOR: SignedDuration = SignedDuration::from_hours(14 * 24);

/// What the sender wants back, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    pub amount: Money,
    pub reason: String,
}

/// What became of a wish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    Sent,
    /// There is an open request for this transaction.
    Already,
    /// The caller does not take such requests, or has no address for them.
    NotTaken,
}

/// A request that waits for an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenRequest {
    pub amount: Money,
    pub reason: String,
    pub created_at: i64,
}

/// Where the requests for this transaction go, if anywhere.
pub fn address(case: &Case, caller: &Caller) -> Option<String> {
    let own = case.transaction.override_ipn_url.clone();
    own.or_else(|| caller.ipn_url.clone()).filter(|_| caller.refund_requests)
}

/// Keeps the wish and its notification in one commit.
pub async fn ask(engine: &Engine, case: &Case, caller: &Caller, wish: Wish) -> Result<Asked, sqlx::Error> {
    let now = engine.clock.now();
    let (Some(url), Ok(transaction_id)) = (address(case, caller), TransactionId::new(&case.transaction.id))
    else {
        return Ok(Asked::NotTaken);
    };
    let id = engine.random.uuid(now).to_string();
    let told = RefundRequestNotification {
        request_id: id.clone(),
        transaction_id,
        caller_reference: case.transaction.caller_reference.clone(),
        amount: wish.amount,
        reason: wish.reason.clone(),
        requester: case.parties.sender.name.clone(),
        request_date: now,
    };
    let notification = NewNotification {
        id: engine.random.uuid(now).to_string(),
        access_key: caller.access_key.clone(),
        kind: REFUND_REQUEST,
        subject_id: case.transaction.id.clone(),
        url,
        body: told.to_parameters().to_query(),
        created_at: now.as_microsecond(),
    };
    let new = NewRequest { id, wish, notification, now };
    let asked = engine
        .db
        .write(move |c| {
            let new = new.clone();
            Box::pin(async move { write(c, &new).await })
        })
        .await?;
    if asked == Asked::Sent {
        engine.notifier.wake();
    }
    Ok(asked)
}

#[derive(Debug, Clone)]
struct NewRequest {
    id: String,
    wish: Wish,
    notification: NewNotification,
    now: Timestamp,
}

async fn write(c: &mut AnyConnection, new: &NewRequest) -> Result<Asked, sqlx::Error> {
    let transaction_id = &new.notification.subject_id;
    let stale = new.now.saturating_sub(OPEN_FOR).unwrap_or(new.now).as_microsecond();
    sqlx::query(
        "UPDATE refund_requests SET state = 'Closed' \
         WHERE transaction_id = $1 AND state = 'Open' AND created_at <= $2",
    )
    .bind(transaction_id)
    .bind(stale)
    .execute(&mut *c)
    .await?;
    let inserted = sqlx::query(
        "INSERT INTO refund_requests (id, transaction_id, amount, reason, state, created_at) \
         VALUES ($1, $2, $3, $4, 'Open', $5) ON CONFLICT DO NOTHING",
    )
    .bind(&new.id)
    .bind(transaction_id)
    .bind(new.wish.amount.micros())
    .bind(&new.wish.reason)
    .bind(new.now.as_microsecond())
    .execute(&mut *c)
    .await?;
    if inserted.rows_affected() == 0 {
        return Ok(Asked::Already);
    }
    outbox::enqueue(c, &new.notification).await?;
    Ok(Asked::Sent)
}

/// A refund of the transaction answers its request.
pub async fn close(c: &mut AnyConnection, transaction_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE refund_requests SET state = 'Closed' WHERE transaction_id = $1 AND state = 'Open'")
        .bind(transaction_id)
        .execute(c)
        .await?;
    Ok(())
}

/// The request that waits for an answer, if there is one.
pub async fn open_for(
    db: &Database,
    transaction_id: &str,
    now: Timestamp,
) -> Result<Option<OpenRequest>, sqlx::Error> {
    let stale = now.saturating_sub(OPEN_FOR).unwrap_or(now).as_microsecond();
    let row: Option<(i64, String, i64)> = sqlx::query_as(
        "SELECT amount, reason, created_at FROM refund_requests \
         WHERE transaction_id = $1 AND state = 'Open' AND created_at > $2",
    )
    .bind(transaction_id)
    .bind(stale)
    .fetch_optional(db.readers())
    .await?;
    Ok(row.map(|(amount, reason, created_at)| OpenRequest {
        amount: Money::from_micros(amount),
        reason,
        created_at,
    }))
}
