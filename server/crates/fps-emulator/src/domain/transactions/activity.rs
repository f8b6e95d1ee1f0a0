//! Lists of transactions and sums over them, as callers ask for them through the API.

use crate::domain::accounts::AccountId;
use crate::domain::transactions::record::Transaction;
use crate::domain::transactions::row::select_transactions;
use fps_protocol::enums::{FpsOperation, PaymentMethod, TransactionStatus};
use fps_protocol::ids::TokenId;
use jiff::Timestamp;
use money::Money;
use platform::Database;

/// Of one subscription in one answer: hourly ones come to thousands.
const MOST_PAYMENTS: i64 = 1_000;

/// Which transactions of an account are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    pub account_id: AccountId,
    pub as_sender: bool,
    pub as_recipient: bool,
    pub as_caller: bool,
    pub operation: Option<FpsOperation>,
    pub payment_method: Option<PaymentMethod>,
    pub status: Option<TransactionStatus>,
}

/// Received from the first of these moments on, and before the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    pub from: Timestamp,
    pub before: Timestamp,
}

/// The condition of [`Filter`] and [`Range`]. A reserve that is settled keeps its operation, and is found
/// as a Settle, too.
macro_rules! condition {
    () => {
        "(($2 = 1 AND t.sender_account_id = $1) OR ($3 = 1 AND t.recipient_account_id = $1) \
             OR ($4 = 1 AND t.access_key IN (SELECT k.access_key FROM callers k WHERE k.account_id = $1))) \
         AND ($5 = '' OR t.operation = $5 \
             OR ($5 = 'Settle' AND t.operation = 'Reserve' AND t.settle_amount IS NOT NULL)) \
         AND ($6 = '' OR t.payment_method = $6) AND ($7 = '' OR t.status = $7) \
         AND t.received_at >= $8 AND t.received_at < $9"
    };
}

/// Adds what [`condition`] asks for to a query.
macro_rules! bind_condition {
    ($query:expr, $filter:expr, $range:expr) => {
        $query
            .bind($filter.account_id.as_str())
            .bind(i64::from($filter.as_sender))
            .bind(i64::from($filter.as_recipient))
            .bind(i64::from($filter.as_caller))
            .bind($filter.operation.map_or("", FpsOperation::as_str))
            .bind($filter.payment_method.map_or("", PaymentMethod::as_str))
            .bind($filter.status.map_or("", TransactionStatus::as_str))
            .bind($range.from.as_microsecond())
            .bind($range.before.as_microsecond())
    };
}

/// In time order, or the newest first.
pub async fn ordered(
    db: &Database,
    filter: &Filter,
    range: Range,
    backward: bool,
    limit: i64,
    skip: i64,
) -> Result<Vec<Transaction>, sqlx::Error> {
    let sql = if backward {
        concat!(
            select_transactions!("WHERE "),
            condition!(),
            " ORDER BY t.received_at DESC, t.id DESC LIMIT $10 OFFSET $11"
        )
    } else {
        concat!(
            select_transactions!("WHERE "),
            condition!(),
            " ORDER BY t.received_at, t.id LIMIT $10 OFFSET $11"
        )
    };
    let query = sqlx::query_as(sql);
    bind_condition!(query, filter, range).bind(limit).bind(skip).fetch_all(db.readers()).await
}

pub async fn count(db: &Database, filter: &Filter, range: Range) -> Result<i64, sqlx::Error> {
    let query =
        sqlx::query_as::<_, (i64,)>(concat!("SELECT COUNT(*) FROM transactions t WHERE ", condition!()));
    let (count,) = bind_condition!(query, filter, range).fetch_one(db.readers()).await?;
    Ok(count)
}

/// What was paid with the sender token `$1`, and with those that it replaced when they were edited.
macro_rules! paid_with_token {
    () => {
        "t.relation IS NULL AND t.sender_token_id IN ( \
             WITH RECURSIVE editions (id) AS ( \
                 SELECT k.id FROM tokens k WHERE k.id = $1 \
                 UNION ALL \
                 SELECT o.old_token_id FROM tokens o JOIN editions e ON o.id = e.id WHERE o.old_token_id IS NOT NULL) \
             SELECT id FROM editions)"
    };
}

/// The latest payments with a sender token, [`MOST_PAYMENTS`] at the most; in time order.
pub async fn payments_of_token(db: &Database, token_id: &TokenId) -> Result<Vec<Transaction>, sqlx::Error> {
    let mut latest: Vec<Transaction> = sqlx::query_as(concat!(
        select_transactions!("WHERE "),
        paid_with_token!(),
        " ORDER BY t.received_at DESC, t.id DESC LIMIT $2"
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

/// What pending payments will bring to an account and take from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pending {
    pub into_account: Money,
    pub out_of_account: Money,
}

/// A reserve brings nothing before it is settled, and what funds a prepaid balance does not come here.
/// Refunds have left the account already, and those to cards do not come to a balance.
pub async fn pending(db: &Database, account_id: &AccountId) -> Result<Pending, sqlx::Error> {
    let (paid, marketplace_fees, fps_fees): (i64, i64, i64) = sqlx::query_as(
        "SELECT CAST(COALESCE(SUM(CASE WHEN t.recipient_account_id = $1 AND t.operation <> 'FundPrepaid' THEN \
                 COALESCE(t.settle_amount, t.amount) - t.marketplace_fee \
                 - CASE t.fee_payer WHEN 'Recipient' THEN t.fps_fee ELSE 0 END ELSE 0 END), 0) AS BIGINT), \
             CAST(COALESCE(SUM(CASE WHEN c.account_id = $1 THEN t.marketplace_fee ELSE 0 END), 0) AS BIGINT), \
             CAST(COALESCE(SUM(CASE WHEN c.account_id = $1 AND t.fee_payer = 'Caller' THEN t.fps_fee ELSE 0 END), 0) \
                 AS BIGINT) \
         FROM transactions t JOIN callers c ON c.access_key = t.access_key \
         WHERE t.status = 'Pending' AND t.relation IS NULL \
             AND (t.operation IN ('Pay', 'FundPrepaid', 'SettleDebt') \
                 OR (t.operation = 'Reserve' AND t.settle_amount IS NOT NULL)) \
             AND (t.recipient_account_id = $1 OR c.account_id = $1)",
    )
    .bind(account_id.as_str())
    .fetch_one(db.readers())
    .await?;
    Ok(Pending {
        into_account: Money::from_micros(paid.saturating_add(marketplace_fees)),
        out_of_account: Money::from_micros(fps_fees),
    })
}
