//! What was paid with one sender token, for subscriptions.

use crate::domain::transactions::record::Transaction;
use crate::domain::transactions::row::select_transactions;
use fps_protocol::enums::TransactionStatus;
use fps_protocol::ids::TokenId;
use platform::Database;

/// Of one subscription in one answer: hourly ones come to thousands.
const MOST_PAYMENTS: i64 = 1_000;

/// What was paid with the sender token `$1`, and with those that it replaced when they were edited.
macro_rules! paid_with_token {
    () => {
        "t.parent IS NULL AND t.sender_token IN ( \
             WITH RECURSIVE editions (number, old_token_id) AS ( \
                 SELECT k.number, k.old_token_id FROM tokens k WHERE k.id = $1 \
                 UNION ALL \
                 SELECT o.number, o.old_token_id FROM tokens o JOIN editions e ON o.id = e.old_token_id) \
             SELECT number FROM editions)"
    };
}

/// The latest payments with a sender token, [`MOST_PAYMENTS`] at the most; in time order.
pub async fn payments_of_token(db: &Database, token_id: &TokenId) -> Result<Vec<Transaction>, sqlx::Error> {
    let mut latest: Vec<Transaction> = sqlx::query_as(concat!(
        select_transactions!("WHERE "),
        paid_with_token!(),
        " ORDER BY t.received_at DESC, t.number DESC LIMIT $2"
    ))
    .bind(token_id.as_str())
    .bind(MOST_PAYMENTS)
    .fetch_all(db.readers())
    .await?;
    latest.reverse();
    Ok(latest)
}

/// How many there are in all; `None` counts every status.
pub async fn count_payments_of_token(
    db: &Database,
    token_id: &TokenId,
    status: Option<TransactionStatus>,
) -> Result<u32, sqlx::Error> {
    let (count,): (i64,) = sqlx::query_as(concat!(
        "SELECT COUNT(*) FROM transactions t WHERE ",
        paid_with_token!(),
        " AND ($2 = '' OR t.status = $2)"
    ))
    .bind(token_id.as_str())
    .bind(status.map_or("", TransactionStatus::as_str))
    .fetch_one(db.readers())
    .await?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}
