//! The SQL of transactions and their history.

use crate::domain::transactions::record::{Case, Parties, Party, Transaction};
use fps_protocol::enums::{MarketplaceRefundPolicy, RelationType, UnknownWord};
use money::{Money, Percent};
use platform::Database;
use sqlx::AnyConnection;
use std::str::FromStr;

/// A payment can be refunded cent by cent; nobody reads more of that.
const MOST_RELATED: i64 = 1_000;

pub async fn insert(c: &mut AnyConnection, new: &Transaction) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO transactions (id, access_key, operation, status, status_code, status_message, version, \
             amount, fps_fee, marketplace_fee, fixed_fee, variable_fee, fee_payer, settle_amount, refunded, \
             marketplace_fee_refunded, payment_method, instrument_id, sender_account_id, recipient_account_id, \
             sender_token_id, recipient_token_id, caller_reference, caller_description, sender_description, \
             override_ipn_url, parent_id, relation, refund_policy, hold_id, process_at, expires_at, received_at, \
             completed_at, stored_value_id) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, \
             $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35)",
    )
    .bind(&new.id)
    .bind(&new.access_key)
    .bind(new.operation.as_str())
    .bind(new.status.as_str())
    .bind(new.status_code.as_str())
    .bind(new.status_code.message(new.status))
    .bind(new.version)
    .bind(new.amount.micros())
    .bind(new.fps_fee.micros())
    .bind(new.marketplace_fee.micros())
    .bind(new.fixed_fee.micros())
    .bind(new.variable_fee.ten_thousandths())
    .bind(new.fee_payer.as_str())
    .bind(new.settle_amount.map(Money::micros))
    .bind(new.refunded.micros())
    .bind(new.marketplace_fee_refunded.micros())
    .bind(new.payment_method.as_str())
    .bind(new.instrument_id.as_deref())
    .bind(&new.sender_account_id)
    .bind(&new.recipient_account_id)
    .bind(new.sender_token_id.as_deref())
    .bind(new.recipient_token_id.as_deref())
    .bind(&new.caller_reference)
    .bind(new.caller_description.as_deref())
    .bind(new.sender_description.as_deref())
    .bind(new.override_ipn_url.as_deref())
    .bind(new.parent_id.as_deref())
    .bind(new.relation.map(RelationType::as_str))
    .bind(new.refund_policy.map(MarketplaceRefundPolicy::as_str))
    .bind(new.hold_id.as_deref())
    .bind(new.process_at)
    .bind(new.expires_at)
    .bind(new.received_at)
    .bind(new.completed_at)
    .bind(new.stored_value_id.as_deref())
    .execute(c)
    .await?;
    Ok(())
}

/// Writes what can change, if the transaction is still in the version that was read, and counts the
/// version up. `false`: somebody else was faster.
pub async fn update(c: &mut AnyConnection, changed: &mut Transaction) -> Result<bool, sqlx::Error> {
    let updated = sqlx::query(
        "UPDATE transactions SET version = version + 1, status = $1, status_code = $2, status_message = $3, \
             fps_fee = $4, marketplace_fee = $5, settle_amount = $6, refunded = $7, marketplace_fee_refunded = $8, \
             override_ipn_url = $9, process_at = $10, expires_at = $11, completed_at = $12 \
         WHERE id = $13 AND version = $14",
    )
    .bind(changed.status.as_str())
    .bind(changed.status_code.as_str())
    .bind(changed.status_code.message(changed.status))
    .bind(changed.fps_fee.micros())
    .bind(changed.marketplace_fee.micros())
    .bind(changed.settle_amount.map(Money::micros))
    .bind(changed.refunded.micros())
    .bind(changed.marketplace_fee_refunded.micros())
    .bind(changed.override_ipn_url.as_deref())
    .bind(changed.process_at)
    .bind(changed.expires_at)
    .bind(changed.completed_at)
    .bind(&changed.id)
    .bind(changed.version)
    .execute(c)
    .await?;
    changed.version += 1;
    Ok(updated.rows_affected() == 1)
}

/// Lets the record of the marketplace's fee follow its parent.
pub async fn update_marketplace_fee(c: &mut AnyConnection, parent: &Transaction) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE transactions SET version = version + 1, status = $1, status_code = $2, status_message = $3, \
             amount = $4, completed_at = $5 \
         WHERE parent_id = $6 AND relation = 'MarketplaceFee'",
    )
    .bind(parent.status.as_str())
    .bind(parent.status_code.as_str())
    .bind(parent.status_code.message(parent.status))
    .bind(parent.marketplace_fee.micros())
    .bind(parent.completed_at)
    .bind(&parent.id)
    .execute(c)
    .await?;
    Ok(())
}

/// Adds the present status to the history. A marketplace fee has none of its own: it is its parent's.
pub async fn record_status(
    c: &mut AnyConnection,
    transaction: &Transaction,
    at: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO transaction_history (transaction_id, sequence, at, status, status_code, amount) \
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(&transaction.id)
    .bind(transaction.version)
    .bind(at)
    .bind(transaction.status.as_str())
    .bind(transaction.status_code.as_str())
    .bind(transaction.charged().micros())
    .execute(c)
    .await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
pub struct Row {
    id: String,
    access_key: String,
    operation: String,
    status: String,
    status_code: String,
    version: i64,
    amount: i64,
    fps_fee: i64,
    marketplace_fee: i64,
    fixed_fee: i64,
    variable_fee: i64,
    fee_payer: String,
    settle_amount: Option<i64>,
    refunded: i64,
    marketplace_fee_refunded: i64,
    payment_method: String,
    instrument_id: Option<String>,
    stored_value_id: Option<String>,
    sender_account_id: String,
    recipient_account_id: String,
    sender_token_id: Option<String>,
    recipient_token_id: Option<String>,
    caller_reference: String,
    caller_description: Option<String>,
    sender_description: Option<String>,
    override_ipn_url: Option<String>,
    parent_id: Option<String>,
    relation: Option<String>,
    refund_policy: Option<String>,
    hold_id: Option<String>,
    process_at: Option<i64>,
    expires_at: Option<i64>,
    received_at: i64,
    completed_at: Option<i64>,
    caller_account_id: String,
    ipn_url: Option<String>,
    sender_name: String,
    sender_email: String,
    recipient_name: String,
    recipient_email: String,
}

/// A word of a closed set; the database holds only those that this program wrote.
fn word<T: FromStr<Err = UnknownWord>>(text: &str) -> Result<T, sqlx::Error> {
    text.parse().map_err(|error| sqlx::Error::Decode(Box::new(error)))
}

impl TryFrom<Row> for Case {
    type Error = sqlx::Error;

    fn try_from(row: Row) -> Result<Self, sqlx::Error> {
        let transaction = Transaction {
            id: row.id,
            access_key: row.access_key,
            operation: word(&row.operation)?,
            status: word(&row.status)?,
            status_code: word(&row.status_code)?,
            version: row.version,
            amount: Money::from_micros(row.amount),
            fps_fee: Money::from_micros(row.fps_fee),
            marketplace_fee: Money::from_micros(row.marketplace_fee),
            fixed_fee: Money::from_micros(row.fixed_fee),
            variable_fee: Percent::from_ten_thousandths(row.variable_fee),
            fee_payer: word(&row.fee_payer)?,
            settle_amount: row.settle_amount.map(Money::from_micros),
            refunded: Money::from_micros(row.refunded),
            marketplace_fee_refunded: Money::from_micros(row.marketplace_fee_refunded),
            payment_method: word(&row.payment_method)?,
            instrument_id: row.instrument_id,
            stored_value_id: row.stored_value_id,
            sender_account_id: row.sender_account_id,
            recipient_account_id: row.recipient_account_id,
            sender_token_id: row.sender_token_id,
            recipient_token_id: row.recipient_token_id,
            caller_reference: row.caller_reference,
            caller_description: row.caller_description,
            sender_description: row.sender_description,
            override_ipn_url: row.override_ipn_url,
            parent_id: row.parent_id,
            relation: row.relation.as_deref().map(word).transpose()?,
            refund_policy: row.refund_policy.as_deref().map(word).transpose()?,
            hold_id: row.hold_id,
            process_at: row.process_at,
            expires_at: row.expires_at,
            received_at: row.received_at,
            completed_at: row.completed_at,
        };
        let parties = Parties {
            caller_account_id: row.caller_account_id,
            ipn_url: row.ipn_url,
            sender: Party { name: row.sender_name, email: row.sender_email },
            recipient: Party { name: row.recipient_name, email: row.recipient_email },
        };
        Ok(Self { transaction, parties })
    }
}

/// All of a transaction with its parties; names are the public ones (REFERENCE §3.1).
macro_rules! select_cases {
    ($rest:literal) => {
        concat!(
            "SELECT t.id, t.access_key, t.operation, t.status, t.status_code, t.version, t.amount, t.fps_fee, \
                 t.marketplace_fee, t.fixed_fee, t.variable_fee, t.fee_payer, t.settle_amount, t.refunded, \
                 t.marketplace_fee_refunded, t.payment_method, t.instrument_id, t.sender_account_id, \
                 t.recipient_account_id, t.sender_token_id, t.recipient_token_id, t.caller_reference, \
                 t.caller_description, t.sender_description, t.override_ipn_url, t.parent_id, t.relation, \
                 t.refund_policy, t.hold_id, t.stored_value_id, t.process_at, t.expires_at, t.received_at, \
                 t.completed_at, \
                 c.account_id AS caller_account_id, c.ipn_url, \
                 CASE s.kind WHEN 'Business' THEN COALESCE(s.business_name, s.name) ELSE s.name END AS sender_name, \
                 s.email AS sender_email, \
                 CASE r.kind WHEN 'Business' THEN COALESCE(r.business_name, r.name) ELSE r.name END AS recipient_name, \
                 r.email AS recipient_email \
             FROM transactions t JOIN callers c ON c.access_key = t.access_key \
                 JOIN accounts s ON s.id = t.sender_account_id JOIN accounts r ON r.id = t.recipient_account_id ",
            $rest
        )
    };
}
pub(crate) use select_cases;

pub async fn find(db: &Database, id: &str) -> Result<Option<Case>, sqlx::Error> {
    let row: Option<Row> =
        sqlx::query_as(select_cases!("WHERE t.id = $1")).bind(id).fetch_optional(db.readers()).await?;
    row.map(Case::try_from).transpose()
}

/// A caller's own transaction: of others' it learns nothing.
pub async fn find_of_caller(db: &Database, access_key: &str, id: &str) -> Result<Option<Case>, sqlx::Error> {
    let row: Option<Row> = sqlx::query_as(select_cases!("WHERE t.id = $1 AND t.access_key = $2"))
        .bind(id)
        .bind(access_key)
        .fetch_optional(db.readers())
        .await?;
    row.map(Case::try_from).transpose()
}

/// Which of an account's transactions are asked for; an empty text is any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActivityFilter {
    /// A `TransactionStatus`.
    pub status: String,
    /// `Payment`, `Refund`, `MarketplaceFee`, `FundPrepaid`, `SettleDebt`, `WriteOffDebt`.
    pub kind: String,
    /// `Sender` or `Recipient`: what the account is.
    pub role: String,
    /// Received from this moment on, and before that one; microseconds.
    pub from: i64,
    pub before: i64,
}

/// The condition of [`ActivityFilter`] for the account `$1`.
macro_rules! activity_condition {
    () => {
        "((t.sender_account_id = $1 AND $2 <> 'Recipient') OR (t.recipient_account_id = $1 AND $2 <> 'Sender')) \
         AND ($3 = '' OR t.status = $3) \
         AND ($4 = '' OR $4 = CASE WHEN t.operation NOT IN ('Pay', 'Reserve', 'Settle') THEN t.operation \
             WHEN t.relation = 'MarketplaceFee' THEN 'MarketplaceFee' ELSE 'Payment' END) \
         AND t.received_at >= $5 AND t.received_at < $6"
    };
}

/// A query with [`activity_condition`], whose values are bound; the rest begins at `$7`.
fn asking<'q, R: for<'r> sqlx::FromRow<'r, sqlx::any::AnyRow>>(
    sql: &'static str,
    account_id: &'q str,
    filter: &'q ActivityFilter,
) -> sqlx::query::QueryAs<'q, sqlx::Any, R, sqlx::any::AnyArguments> {
    sqlx::query_as(sql)
        .bind(account_id)
        .bind(&filter.role)
        .bind(&filter.status)
        .bind(&filter.kind)
        .bind(filter.from)
        .bind(filter.before)
}

/// What an account sent or received, the newest first; without the records of marketplace fees of which
/// the account is neither side.
pub async fn activity(
    db: &Database,
    account_id: &str,
    filter: &ActivityFilter,
    limit: i64,
    offset: i64,
) -> Result<Vec<Case>, sqlx::Error> {
    let sql = concat!(
        select_cases!("WHERE "),
        activity_condition!(),
        " ORDER BY t.received_at DESC, t.id DESC LIMIT $7 OFFSET $8"
    );
    let page = asking::<Row>(sql, account_id, filter).bind(limit).bind(offset);
    let rows = page.fetch_all(db.readers()).await?;
    rows.into_iter().map(Case::try_from).collect()
}

/// The same behind the transaction received at `at` with this id, which itself may be gone from the filter.
/// A list that is read piece by piece repeats and skips no row this way, whatever arrives meanwhile.
pub async fn activity_behind(
    db: &Database,
    account_id: &str,
    filter: &ActivityFilter,
    limit: i64,
    (at, id): (i64, &str),
) -> Result<Vec<Case>, sqlx::Error> {
    let sql = concat!(
        select_cases!("WHERE "),
        activity_condition!(),
        " AND (t.received_at < $7 OR (t.received_at = $7 AND t.id < $8)) \
         ORDER BY t.received_at DESC, t.id DESC LIMIT $9"
    );
    let batch = asking::<Row>(sql, account_id, filter).bind(at).bind(id).bind(limit);
    let rows = batch.fetch_all(db.readers()).await?;
    rows.into_iter().map(Case::try_from).collect()
}

/// How many there are.
pub async fn count_activity(
    db: &Database,
    account_id: &str,
    filter: &ActivityFilter,
) -> Result<i64, sqlx::Error> {
    let sql = concat!("SELECT COUNT(*) FROM transactions t WHERE ", activity_condition!());
    let (count,) = asking::<(i64,)>(sql, account_id, filter).fetch_one(db.readers()).await?;
    Ok(count)
}

/// The fee record and the refunds of a transaction, or the refunds of a fee, in time order; the first
/// [`MOST_RELATED`] of them.
pub async fn related(db: &Database, parent_id: &str) -> Result<Vec<Case>, sqlx::Error> {
    let rows: Vec<Row> =
        sqlx::query_as(select_cases!("WHERE t.parent_id = $1 ORDER BY t.received_at, t.id LIMIT $2"))
            .bind(parent_id)
            .bind(MOST_RELATED)
            .fetch_all(db.readers())
            .await?;
    rows.into_iter().map(Case::try_from).collect()
}

/// The record of a transaction's marketplace fee.
pub async fn fee_record(db: &Database, parent: &Transaction) -> Result<Option<Case>, sqlx::Error> {
    let row: Option<Row> =
        sqlx::query_as(select_cases!("WHERE t.parent_id = $1 AND t.relation = 'MarketplaceFee'"))
            .bind(&parent.id)
            .fetch_optional(db.readers())
            .await?;
    row.map(Case::try_from).transpose()
}

/// The id of that record, where there is one.
pub async fn fee_id(db: &Database, parent: &Transaction) -> Result<Option<String>, sqlx::Error> {
    if !parent.asks_for_marketplace_fee() {
        return Ok(None);
    }
    Ok(fee_record(db, parent).await?.map(|fee| fee.transaction.id))
}

/// One line of a transaction's history.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct PastStatus {
    pub at: i64,
    pub status: String,
    pub status_code: String,
    pub amount: i64,
}

pub async fn history(db: &Database, id: &str) -> Result<Vec<PastStatus>, sqlx::Error> {
    sqlx::query_as(
        "SELECT at, status, status_code, amount FROM transaction_history WHERE transaction_id = $1 ORDER BY sequence",
    )
    .bind(id)
    .fetch_all(db.readers())
    .await
}

/// Transactions that the processor has to answer for by `wall` time.
pub async fn due_for_processing(db: &Database, wall: i64, limit: i64) -> Result<Vec<String>, sqlx::Error> {
    let rows: Vec<(String,)> =
        sqlx::query_as("SELECT id FROM transactions WHERE process_at <= $1 ORDER BY process_at, id LIMIT $2")
            .bind(wall)
            .bind(limit)
            .fetch_all(db.readers())
            .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Transactions whose time is over by `now`; a reserve that is being settled waits for how that ends.
pub async fn due_for_expiry(db: &Database, now: i64, limit: i64) -> Result<Vec<String>, sqlx::Error> {
    let rows: Vec<(String,)> =
        sqlx::query_as("SELECT id FROM transactions WHERE expires_at <= $1 AND (process_at IS NULL OR settle_amount IS NULL) \
         ORDER BY expires_at, id LIMIT $2")
            .bind(now)
            .bind(limit)
            .fetch_all(db.readers())
            .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}
