//! The SQL of transactions and their history.

use crate::domain::Changed;
use crate::domain::transactions::life::Kind;
use crate::domain::transactions::record::Transaction;
use crate::domain::transactions::row::select_transactions;
use fps_protocol::enums::{ChargeFeeTo, MarketplaceRefundPolicy, StatusCode, TransactionStatus};
use fps_protocol::ids::{AccessKey, InstrumentId, TokenId, TransactionId};
use jiff::Timestamp;
use ledger::HoldId;
use money::Money;
use platform::Database;
use platform::db::{Batch, Columns, Statement};
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, FromRow};
use text_types::sql::placeholders;

/// A payment can be refunded cent by cent; nobody reads more of that.
const MOST_RELATED: i64 = 1_000;

pub fn insert<G>(batch: &mut Batch<G>, new: &Transaction) {
    // A marketplace's fee has its payment's.
    let own_words = !matches!(new.kind, Kind::MarketplaceFee { .. });
    let statement = Statement::new(
        "INSERT INTO transactions (id, caller, operation, status, status_code, version, amount, fps_fee, \
             marketplace_fee, fixed_fee, variable_fee, recipient_pays_fee, settle_amount, refunded, \
             marketplace_fee_refunded, payment_method, instrument, sender, recipient, sender_token, recipient_token, \
             caller_reference, caller_description, sender_description, override_ipn_url, parent, \
             refund_policy, hold_id, process_at, expires_at, received_at, completed_at, stored_value) \
         VALUES ($1, (SELECT c.number FROM callers c WHERE c.access_key = $2), $3, $4, $5, $6, $7, $8, $9, $10, $11, \
             $12, $13, $14, $15, $16, (SELECT i.number FROM instruments i WHERE i.id = $17), \
             (SELECT a.number FROM accounts a WHERE a.id = $18), (SELECT a.number FROM accounts a WHERE a.id = $19), \
             (SELECT k.number FROM tokens k WHERE k.id = $20), (SELECT k.number FROM tokens k WHERE k.id = $21), \
             $22, $23, $24, $25, (SELECT p.number FROM {transactions} p WHERE p.id = $26), $27, $28, $29, $30, $31, \
             $32, (SELECT i.number FROM instruments i WHERE i.id = $33))",
    )
    .bind(new.id.as_str())
    .bind(new.access_key.as_str())
    .bind(new.operation().as_str())
    .bind(new.status().as_str())
    .bind(new.status_code().as_str())
    .bind(new.version)
    .bind(new.amount.micros())
    .bind(new.fps_fee.micros())
    .bind(new.marketplace_fee.micros())
    .bind(new.fixed_fee.micros())
    .bind(new.variable_fee.ten_thousandths())
    .bind(i64::from(new.fee_payer == ChargeFeeTo::Recipient))
    .bind(new.settle_amount().map(Money::micros))
    .bind(new.refunded().micros())
    .bind(new.marketplace_fee_refunded().micros())
    .bind(new.payment_method.as_str())
    .bind(new.instrument_id.as_ref().map(InstrumentId::as_str))
    .bind(new.sender_account_id.as_str())
    .bind(new.recipient_account_id.as_str())
    .bind(new.sender_token_id.as_ref().map(TokenId::as_str))
    .bind(new.recipient_token_id.as_ref().map(TokenId::as_str))
    .bind(own_words.then(|| new.caller_reference.as_str()))
    .bind(new.caller_description.as_deref().filter(|_| own_words))
    .bind(new.sender_description.as_deref().filter(|_| own_words))
    .bind(new.override_ipn_url.as_deref())
    .bind(new.parent_id().map(TransactionId::as_str))
    .bind(new.refund_policy().map(MarketplaceRefundPolicy::as_str))
    .bind(new.life.hold_id().map(HoldId::as_str))
    .bind(new.life.process_at().map(Timestamp::as_microsecond))
    .bind(new.life.expires_at().map(Timestamp::as_microsecond))
    .bind(new.received_at.as_microsecond())
    .bind(new.completed_at().map(Timestamp::as_microsecond))
    .bind(new.stored_value_id().map(InstrumentId::as_str));
    batch.push(statement.changing("transactions", "number, id"));
}

/// Writes what can change, if the transaction is still in the version that was read, and counts the
/// version up.
pub fn update<G: From<Changed>>(batch: &mut Batch<G>, changed: &mut Transaction) {
    let update = Statement::new(
        "UPDATE transactions SET version = version + 1, status = $1, status_code = $2, \
             fps_fee = $3, marketplace_fee = $4, settle_amount = $5, refunded = $6, marketplace_fee_refunded = $7, \
             override_ipn_url = $8, process_at = $9, expires_at = $10, completed_at = $11 \
         WHERE id = $12 AND version = $13",
    )
    .bind(changed.status().as_str())
    .bind(changed.status_code().as_str())
    .bind(changed.fps_fee.micros())
    .bind(changed.marketplace_fee.micros())
    .bind(changed.settle_amount().map(Money::micros))
    .bind(changed.refunded().micros())
    .bind(changed.marketplace_fee_refunded().micros())
    .bind(changed.override_ipn_url.as_deref())
    .bind(changed.life.process_at().map(Timestamp::as_microsecond))
    .bind(changed.life.expires_at().map(Timestamp::as_microsecond))
    .bind(changed.completed_at().map(Timestamp::as_microsecond))
    .bind(changed.id.as_str())
    .bind(changed.version);
    batch.guard(update, Changed.into());
    changed.version += 1;
}

/// Lets the record of the marketplace's fee follow its parent.
pub fn update_marketplace_fee<G>(batch: &mut Batch<G>, parent: &Transaction) {
    let update = Statement::new(
        "UPDATE transactions SET version = version + 1, status = $1, status_code = $2, amount = $3, completed_at = $4 \
         WHERE parent = (SELECT p.number FROM transactions p WHERE p.id = $5) AND operation = 'Pay'",
    )
    .bind(parent.status().as_str())
    .bind(parent.status_code().as_str())
    .bind(parent.marketplace_fee.micros())
    .bind(parent.completed_at().map(Timestamp::as_microsecond))
    .bind(parent.id.as_str());
    batch.push(update);
}

/// Begins the history of a transaction that is about to be changed, with the status that it has had since it was
/// received. Most never change, and [`history`] knows that of them without a row. Of two who change it at once the second
/// finds the row, and then that it was too slow.
pub fn record_first_status<G>(batch: &mut Batch<G>, id: &TransactionId) {
    let statement = Statement::new(
        "INSERT INTO transaction_history (transaction_number, sequence, at, status, status_code, amount) \
         SELECT t.number, t.version, t.received_at, t.status, t.status_code, COALESCE(t.settle_amount, t.amount) \
         FROM transactions t \
         WHERE t.id = $1 \
             AND NOT EXISTS (SELECT 1 FROM transaction_history h WHERE h.transaction_number = t.number) \
         ON CONFLICT (transaction_number, sequence) DO NOTHING",
    );
    batch.push(statement.bind(id.as_str()));
}

/// Adds the status that a transaction was changed to. A marketplace fee has none of its own: it is its parent's.
pub fn record_status<G>(batch: &mut Batch<G>, transaction: &Transaction, at: Timestamp) {
    let statement = Statement::new(
        "INSERT INTO transaction_history (transaction_number, sequence, at, status, status_code, amount) \
         VALUES ((SELECT t.number FROM transactions t WHERE t.id = $1), $2, $3, $4, $5, $6)",
    )
    .bind(transaction.id.as_str())
    .bind(transaction.version)
    .bind(at.as_microsecond())
    .bind(transaction.status().as_str())
    .bind(transaction.status_code().as_str())
    .bind(transaction.charged().micros());
    batch.push(statement);
}

/// Whoever asked for it; `None`: there is none.
pub async fn find(db: &Database, id: &TransactionId) -> Result<Option<Transaction>, sqlx::Error> {
    sqlx::query_as(select_transactions!("WHERE t.id = $1"))
        .bind(id.as_str())
        .fetch_optional(db.readers())
        .await
}

/// Those of the transactions that there are, in no order.
pub async fn find_all(db: &Database, ids: &[&TransactionId]) -> Result<Vec<Transaction>, sqlx::Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let statement = format!(select_transactions!("WHERE t.id IN ({})"), placeholders(1, ids.len()));
    let query =
        ids.iter().fold(sqlx::query_as(AssertSqlSafe(statement)), |query, id| query.bind(id.as_str()));
    query.fetch_all(db.readers()).await
}

/// By the number that other rows have of it.
pub async fn find_numbered(db: &Database, number: i64) -> Result<Option<Transaction>, sqlx::Error> {
    sqlx::query_as(select_transactions!("WHERE t.number = $1"))
        .bind(number)
        .fetch_optional(db.readers())
        .await
}

/// A caller's own transaction: of others' it learns nothing.
pub async fn find_of_caller(
    db: &Database,
    access_key: &AccessKey,
    id: &TransactionId,
) -> Result<Option<Transaction>, sqlx::Error> {
    sqlx::query_as(select_transactions!("WHERE t.id = $1 AND c.access_key = $2"))
        .bind(id.as_str())
        .bind(access_key.as_str())
        .fetch_optional(db.readers())
        .await
}

/// The fee record and the refunds of a transaction, or the refunds of a fee, in time order; the first
/// [`MOST_RELATED`] of them.
pub async fn related(db: &Database, parent_id: &TransactionId) -> Result<Vec<Transaction>, sqlx::Error> {
    sqlx::query_as(select_transactions!(
        "WHERE t.parent = (SELECT p.number FROM transactions p WHERE p.id = $1) \
         ORDER BY t.received_at, t.number LIMIT $2"
    ))
    .bind(parent_id.as_str())
    .bind(MOST_RELATED)
    .fetch_all(db.readers())
    .await
}

/// The record of a transaction's marketplace fee.
pub async fn fee_record(db: &Database, parent: &Transaction) -> Result<Option<Transaction>, sqlx::Error> {
    sqlx::query_as(select_transactions!(
        "WHERE t.parent = (SELECT p.number FROM transactions p WHERE p.id = $1) AND t.operation = 'Pay'"
    ))
    .bind(parent.id.as_str())
    .fetch_optional(db.readers())
    .await
}

/// The id of that record, where there is one.
pub async fn fee_id(db: &Database, parent: &Transaction) -> Result<Option<TransactionId>, sqlx::Error> {
    if !parent.asks_for_marketplace_fee() {
        return Ok(None);
    }
    Ok(fee_record(db, parent).await?.map(|fee| fee.id))
}

/// One line of a transaction's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastStatus {
    pub at: Timestamp,
    pub status: TransactionStatus,
    pub status_code: StatusCode,
    pub amount: Money,
}

impl FromRow<'_, AnyRow> for PastStatus {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            at: row.time("at")?,
            status: row.parsed("status")?,
            status_code: row.parsed("status_code")?,
            amount: row.money("amount")?,
        })
    }
}

/// What a transaction went through, the oldest first. A marketplace fee goes through what its payment goes
/// through; the amounts are then the payment's.
pub async fn history(db: &Database, transaction: &Transaction) -> Result<Vec<PastStatus>, sqlx::Error> {
    let id = match &transaction.kind {
        Kind::MarketplaceFee { of } => of,
        _ => &transaction.id,
    };
    sqlx::query_as(
        "SELECT h.sequence, h.at, h.status, h.status_code, h.amount FROM transaction_history h \
             JOIN transactions t ON t.number = h.transaction_number \
         WHERE t.id = $1 \
         UNION ALL \
         SELECT t.version, t.received_at, t.status, t.status_code, COALESCE(t.settle_amount, t.amount) \
         FROM transactions t \
         WHERE t.id = $1 \
             AND NOT EXISTS (SELECT 1 FROM transaction_history h WHERE h.transaction_number = t.number) \
         ORDER BY 1",
    )
    .bind(id.as_str())
    .fetch_all(db.readers())
    .await
}

fn ids(rows: Vec<(String,)>) -> Result<Vec<TransactionId>, sqlx::Error> {
    let ids = rows.into_iter().map(|(id,)| id.parse());
    ids.collect::<Result<_, _>>().map_err(|error| sqlx::Error::Decode(Box::new(error)))
}

/// Transactions that the processor has to answer for by `wall` time.
pub async fn due_for_processing(
    db: &Database,
    wall: Timestamp,
    limit: i64,
) -> Result<Vec<TransactionId>, sqlx::Error> {
    let rows: Vec<(String,)> =
        sqlx::query_as("SELECT id FROM transactions WHERE process_at <= $1 ORDER BY process_at, id LIMIT $2")
            .bind(wall.as_microsecond())
            .bind(limit)
            .fetch_all(db.readers())
            .await?;
    ids(rows)
}

/// When the next one's time is over after this.
pub async fn next_expiry(db: &Database, after: Timestamp) -> Result<Option<Timestamp>, sqlx::Error> {
    let row = sqlx::query("SELECT MIN(expires_at) AS next FROM transactions WHERE expires_at > $1")
        .bind(after.as_microsecond())
        .fetch_one(db.readers())
        .await?;
    row.optional("next", Columns::time)
}

/// Transactions whose time is over by `now`; a reserve that is being settled waits for how that ends.
pub async fn due_for_expiry(
    db: &Database,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<TransactionId>, sqlx::Error> {
    let rows: Vec<(String,)> =
        sqlx::query_as("SELECT id FROM transactions WHERE expires_at <= $1 AND (process_at IS NULL OR settle_amount IS NULL) \
         ORDER BY expires_at, id LIMIT $2")
            .bind(now.as_microsecond())
            .bind(limit)
            .fetch_all(db.readers())
            .await?;
    ids(rows)
}
