//! Lists of an account's transactions, as callers ask for them through the API and people on the account site.

use crate::domain::accounts::AccountId;
use crate::domain::transactions::record::Transaction;
use crate::domain::transactions::row::select_transactions;
use fps_protocol::enums::{FpsOperation, PaymentMethod, SortOrder, TransactionStatus, TransactionalRole};
use jiff::Timestamp;
use platform::Database;
use sqlx::FromRow;
use sqlx::any::AnyRow;
use text_types::words;

words! {
    /// What a transaction is to people: a reserve is a payment like others, and a marketplace fee is none.
    pub enum Category {
        Payment = "Payment",
        Refund = "Refund",
        MarketplaceFee = "MarketplaceFee",
        FundPrepaid = "FundPrepaid",
        SettleDebt = "SettleDebt",
        WriteOffDebt = "WriteOffDebt",
    }
}

/// Received from the first of these moments on, and before the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    pub from: Timestamp,
    pub before: Timestamp,
}

impl Range {
    pub const ALWAYS: Self = Self { from: Timestamp::MIN, before: Timestamp::MAX };
}

/// Which of an account's transactions are asked for; `None` is any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// What the account is in them: one of these.
    pub roles: Vec<TransactionalRole>,
    /// A reserve that is settled keeps its operation, and is found as a Settle, too.
    pub operation: Option<FpsOperation>,
    pub category: Option<Category>,
    pub payment_method: Option<PaymentMethod>,
    pub status: Option<TransactionStatus>,
    pub received: Range,
}

impl Filter {
    /// Everything in which the account is one of these.
    pub fn all(roles: &[TransactionalRole]) -> Self {
        Self {
            roles: roles.to_vec(),
            operation: None,
            category: None,
            payment_method: None,
            status: None,
            received: Range::ALWAYS,
        }
    }

    fn asks_for(&self, role: TransactionalRole) -> i64 {
        i64::from(self.roles.contains(&role))
    }
}

/// The condition of [`Filter`] for the account `$1`.
macro_rules! condition {
    () => {
        "(($2 = 1 AND t.sender_account_id = $1) OR ($3 = 1 AND t.recipient_account_id = $1) \
             OR ($4 = 1 AND t.access_key IN (SELECT k.access_key FROM callers k WHERE k.account_id = $1))) \
         AND ($5 = '' OR t.operation = $5 \
             OR ($5 = 'Settle' AND t.operation = 'Reserve' AND t.settle_amount IS NOT NULL)) \
         AND ($6 = '' OR $6 = CASE WHEN t.operation NOT IN ('Pay', 'Reserve', 'Settle') THEN t.operation \
             WHEN t.relation = 'MarketplaceFee' THEN 'MarketplaceFee' ELSE 'Payment' END) \
         AND ($7 = '' OR t.payment_method = $7) AND ($8 = '' OR t.status = $8) \
         AND t.received_at >= $9 AND t.received_at < $10"
    };
}

/// A query with [`condition`], whose values are bound; the rest begins at `$11`.
fn asking<'q, R: for<'r> FromRow<'r, AnyRow>>(
    sql: &'static str,
    account_id: &'q AccountId,
    filter: &Filter,
) -> sqlx::query::QueryAs<'q, sqlx::Any, R, sqlx::any::AnyArguments> {
    sqlx::query_as(sql)
        .bind(account_id.as_str())
        .bind(filter.asks_for(TransactionalRole::Sender))
        .bind(filter.asks_for(TransactionalRole::Recipient))
        .bind(filter.asks_for(TransactionalRole::Caller))
        .bind(filter.operation.map_or("", FpsOperation::as_str))
        .bind(filter.category.map_or("", Category::as_str))
        .bind(filter.payment_method.map_or("", PaymentMethod::as_str))
        .bind(filter.status.map_or("", TransactionStatus::as_str))
        .bind(filter.received.from.as_microsecond())
        .bind(filter.received.before.as_microsecond())
}

/// By the time of receipt; `limit` of them after the first `skip`.
pub async fn of_account(
    db: &Database,
    account_id: &AccountId,
    filter: &Filter,
    order: SortOrder,
    limit: i64,
    skip: i64,
) -> Result<Vec<Transaction>, sqlx::Error> {
    let sql = match order {
        SortOrder::Descending => concat!(
            select_transactions!("WHERE "),
            condition!(),
            " ORDER BY t.received_at DESC, t.id DESC LIMIT $11 OFFSET $12"
        ),
        SortOrder::Ascending => concat!(
            select_transactions!("WHERE "),
            condition!(),
            " ORDER BY t.received_at, t.id LIMIT $11 OFFSET $12"
        ),
    };
    asking(sql, account_id, filter).bind(limit).bind(skip).fetch_all(db.readers()).await
}

/// The newest first, behind the transaction received at `at` with this id, which itself may be gone from the
/// filter. A list that is read piece by piece repeats and skips no row this way, whatever arrives meanwhile.
pub async fn of_account_behind(
    db: &Database,
    account_id: &AccountId,
    filter: &Filter,
    limit: i64,
    (at, id): (Timestamp, &str),
) -> Result<Vec<Transaction>, sqlx::Error> {
    let sql = concat!(
        select_transactions!("WHERE "),
        condition!(),
        " AND (t.received_at < $11 OR (t.received_at = $11 AND t.id < $12)) \
         ORDER BY t.received_at DESC, t.id DESC LIMIT $13"
    );
    let piece = asking(sql, account_id, filter).bind(at.as_microsecond()).bind(id).bind(limit);
    piece.fetch_all(db.readers()).await
}

/// How many there are.
pub async fn count_of_account(
    db: &Database,
    account_id: &AccountId,
    filter: &Filter,
) -> Result<i64, sqlx::Error> {
    let sql = concat!("SELECT COUNT(*) FROM transactions t WHERE ", condition!());
    let (count,) = asking::<(i64,)>(sql, account_id, filter).fetch_one(db.readers()).await?;
    Ok(count)
}
