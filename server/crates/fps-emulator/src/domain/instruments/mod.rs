//! Payment instruments: the cards, bank accounts and balances that people pay with, and the prepaid
//! balances and debts that they have with callers.

pub mod simulated;

use fps_protocol::enums::PaymentMethod;
use money::Money;
use platform::Database;
use sqlx::AnyConnection;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instrument {
    pub id: String,
    pub account_id: String,
    pub method: PaymentMethod,
    /// What its owner sees: `Visa ending in 1111`.
    pub label: String,
    pub last_four: Option<String>,
    /// Of a card: `MM/YYYY`.
    pub expires: Option<String>,
    /// Tells two entries of the same card apart from two cards; nobody could pay with it.
    pub fingerprint: Option<String>,
    /// Of a prepaid balance or a debt: the caller that it is with.
    pub access_key: Option<String>,
    /// Of a debt: how much may be owed at the most.
    pub credit_limit: Option<Money>,
    pub active: bool,
    pub created_at: i64,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    account_id: String,
    method: String,
    label: String,
    last_four: Option<String>,
    expires: Option<String>,
    fingerprint: Option<String>,
    access_key: Option<String>,
    credit_limit: Option<i64>,
    active: i64,
    created_at: i64,
}

impl TryFrom<Row> for Instrument {
    type Error = sqlx::Error;

    fn try_from(row: Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: row.id,
            account_id: row.account_id,
            method: row.method.parse().map_err(|error| sqlx::Error::Decode(Box::new(error)))?,
            label: row.label,
            last_four: row.last_four,
            expires: row.expires,
            fingerprint: row.fingerprint,
            access_key: row.access_key,
            credit_limit: row.credit_limit.map(Money::from_micros),
            active: row.active != 0,
            created_at: row.created_at,
        })
    }
}

/// Adds it as the last of its account's.
pub async fn insert(c: &mut AnyConnection, instrument: &Instrument) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO instruments (id, account_id, method, label, last_four, expires, fingerprint, access_key, \
             credit_limit, active, created_at, position) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, \
             (SELECT COALESCE(MAX(position), 0) + 1 FROM instruments WHERE account_id = $2))",
    )
    .bind(&instrument.id)
    .bind(&instrument.account_id)
    .bind(instrument.method.as_str())
    .bind(&instrument.label)
    .bind(instrument.last_four.as_deref())
    .bind(instrument.expires.as_deref())
    .bind(instrument.fingerprint.as_deref())
    .bind(instrument.access_key.as_deref())
    .bind(instrument.credit_limit.map(Money::micros))
    .bind(i64::from(instrument.active))
    .bind(instrument.created_at)
    .execute(c)
    .await?;
    Ok(())
}

/// Everything an instrument row has; kept in one place because several queries select it.
macro_rules! select_instruments {
    ($rest:literal) => {
        concat!(
            "SELECT id, account_id, method, label, last_four, expires, fingerprint, access_key, credit_limit, active, \
             created_at FROM instruments ",
            $rest
        )
    };
}

/// What the account can pay anybody with now, the oldest first: not what it has with one caller.
pub async fn for_account(db: &Database, account_id: &str) -> Result<Vec<Instrument>, sqlx::Error> {
    let rows: Vec<Row> = sqlx::query_as(select_instruments!(
        "WHERE account_id = $1 AND active = 1 AND access_key IS NULL ORDER BY position, id"
    ))
    .bind(account_id)
    .fetch_all(db.readers())
    .await?;
    rows.into_iter().map(Instrument::try_from).collect()
}

/// The same with the prepaid balances and debts that it has with callers.
pub async fn all_of_account(db: &Database, account_id: &str) -> Result<Vec<Instrument>, sqlx::Error> {
    let rows: Vec<Row> =
        sqlx::query_as(select_instruments!("WHERE account_id = $1 AND active = 1 ORDER BY position, id"))
            .bind(account_id)
            .fetch_all(db.readers())
            .await?;
    rows.into_iter().map(Instrument::try_from).collect()
}

/// All prepaid balances, or all debts, that people have or had with the caller, by their ids.
pub async fn ids_with_caller(
    c: &mut AnyConnection,
    access_key: &str,
    method: PaymentMethod,
) -> Result<Vec<String>, sqlx::Error> {
    let rows: Vec<(String,)> =
        sqlx::query_as("SELECT id FROM instruments WHERE access_key = $1 AND method = $2")
            .bind(access_key)
            .bind(method.as_str())
            .fetch_all(c)
            .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Takes a card or bank account away from its owner; `false` when there is none of this id. The row stays:
/// payments and tokens name it.
pub async fn remove(c: &mut AnyConnection, account_id: &str, id: &str) -> Result<bool, sqlx::Error> {
    let removed = sqlx::query(
        "UPDATE instruments SET active = 0 \
         WHERE id = $1 AND account_id = $2 AND active = 1 AND method IN ('CC', 'ACH')",
    )
    .bind(id)
    .bind(account_id)
    .execute(c)
    .await?;
    Ok(removed.rows_affected() == 1)
}

pub async fn find(db: &Database, id: &str) -> Result<Option<Instrument>, sqlx::Error> {
    let row: Option<Row> =
        sqlx::query_as(select_instruments!("WHERE id = $1")).bind(id).fetch_optional(db.readers()).await?;
    row.map(Instrument::try_from).transpose()
}

/// The account's active instrument that is the same thing with the same last month.
pub async fn find_same(c: &mut AnyConnection, new: &Instrument) -> Result<Option<String>, sqlx::Error> {
    let row: Option<(String,)> = sqlx::query_as(
        "SELECT id FROM instruments WHERE account_id = $1 AND fingerprint = $2 AND COALESCE(expires, '') = $3 \
         AND active = 1 ORDER BY position, id LIMIT 1",
    )
    .bind(&new.account_id)
    .bind(new.fingerprint.as_deref().unwrap_or_default())
    .bind(new.expires.as_deref().unwrap_or_default())
    .fetch_optional(c)
    .await?;
    Ok(row.map(|(id,)| id))
}
