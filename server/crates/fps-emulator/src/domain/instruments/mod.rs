//! Payment instruments: the cards, bank accounts and balances that people pay with, and the prepaid
//! balances and debts that they have with callers.

pub mod simulated;

use crate::domain::accounts::AccountId;
use fps_protocol::enums::PaymentMethod;
use fps_protocol::ids::{AccessKey, InstrumentId};
use jiff::Timestamp;
use money::Money;
use platform::Database;
use platform::db::{Columns, next_number};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, FromRow};
use std::collections::HashMap;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instrument {
    pub id: InstrumentId,
    pub account_id: AccountId,
    pub method: PaymentMethod,
    /// What its owner sees: `Visa ending in 1111`.
    pub label: String,
    pub last_four: Option<String>,
    /// Of a card: `MM/YYYY`.
    pub expires: Option<String>,
    /// Tells two entries of the same card apart from two cards; nobody could pay with it.
    pub fingerprint: Option<String>,
    /// Of a prepaid balance or a debt: the caller that it is with.
    pub access_key: Option<AccessKey>,
    /// Of a debt: how much may be owed at the most.
    pub credit_limit: Option<Money>,
    pub active: bool,
    pub created_at: Timestamp,
}

impl FromRow<'_, AnyRow> for Instrument {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: row.parsed("id")?,
            account_id: row.parsed("account_id")?,
            method: row.parsed("method")?,
            label: row.text("label")?,
            last_four: row.optional("last_four", Columns::text)?,
            expires: row.optional("expires", Columns::text)?,
            fingerprint: row.optional("fingerprint", Columns::text)?,
            access_key: row.optional("access_key", Columns::parsed)?,
            credit_limit: row.optional("credit_limit", Columns::money)?,
            active: row.flag("active")?,
            created_at: row.time("created_at")?,
        })
    }
}

/// Adds it as the last of its account's.
pub async fn insert(c: &mut AnyConnection, instrument: &Instrument) -> Result<(), sqlx::Error> {
    let number = next_number(c, "instruments");
    sqlx::query(AssertSqlSafe(format!(
        "INSERT INTO instruments (id, account_id, method, label, last_four, expires, fingerprint, access_key, \
             credit_limit, active, created_at, position, number) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, \
             (SELECT COALESCE(MAX(position), 0) + 1 FROM instruments WHERE account_id = $2), {number})",
    )))
    .bind(instrument.id.as_str())
    .bind(instrument.account_id.as_str())
    .bind(instrument.method.as_str())
    .bind(&instrument.label)
    .bind(instrument.last_four.as_deref())
    .bind(instrument.expires.as_deref())
    .bind(instrument.fingerprint.as_deref())
    .bind(instrument.access_key.as_ref().map(AccessKey::as_str))
    .bind(instrument.credit_limit.map(Money::micros))
    .bind(i64::from(instrument.active))
    .bind(instrument.created_at.as_microsecond())
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
pub async fn for_account(db: &Database, account_id: &AccountId) -> Result<Vec<Instrument>, sqlx::Error> {
    sqlx::query_as(select_instruments!(
        "WHERE account_id = $1 AND active = 1 AND access_key IS NULL ORDER BY position, id"
    ))
    .bind(account_id.as_str())
    .fetch_all(db.readers())
    .await
}

/// The methods of all accounts in the same way, each account's oldest instrument first.
pub async fn methods_of_all(db: &Database) -> Result<HashMap<AccountId, Vec<PaymentMethod>>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT account_id, method FROM instruments WHERE active = 1 AND access_key IS NULL \
         ORDER BY account_id, position, id",
    )
    .fetch_all(db.readers())
    .await?;
    let mut methods: HashMap<AccountId, Vec<PaymentMethod>> = HashMap::new();
    for row in rows {
        methods.entry(row.parsed("account_id")?).or_default().push(row.parsed("method")?);
    }
    Ok(methods)
}

/// The same with the prepaid balances and debts that it has with callers.
pub async fn all_of_account(db: &Database, account_id: &AccountId) -> Result<Vec<Instrument>, sqlx::Error> {
    sqlx::query_as(select_instruments!("WHERE account_id = $1 AND active = 1 ORDER BY position, id"))
        .bind(account_id.as_str())
        .fetch_all(db.readers())
        .await
}

/// All prepaid balances, or all debts, that people have or had with the caller, by their ids.
pub async fn ids_with_caller(
    c: &mut AnyConnection,
    access_key: &AccessKey,
    method: PaymentMethod,
) -> Result<Vec<InstrumentId>, sqlx::Error> {
    let rows: Vec<(String,)> =
        sqlx::query_as("SELECT id FROM instruments WHERE access_key = $1 AND method = $2")
            .bind(access_key.as_str())
            .bind(method.as_str())
            .fetch_all(c)
            .await?;
    rows.into_iter().map(|(id,)| read_id(&id)).collect()
}

fn read_id(text: &str) -> Result<InstrumentId, sqlx::Error> {
    text.parse().map_err(|error| sqlx::Error::Decode(Box::new(error)))
}

/// Takes a card or bank account away from its owner; `false` when there is none of this id. The row stays:
/// payments and tokens name it.
pub async fn remove(
    c: &mut AnyConnection,
    account_id: &AccountId,
    id: &InstrumentId,
) -> Result<bool, sqlx::Error> {
    let removed = sqlx::query(
        "UPDATE instruments SET active = 0 \
         WHERE id = $1 AND account_id = $2 AND active = 1 AND method IN ('CC', 'ACH')",
    )
    .bind(id.as_str())
    .bind(account_id.as_str())
    .execute(c)
    .await?;
    Ok(removed.rows_affected() == 1)
}

/// Removed ones too; `None`: there never was one.
/// Gives all cards this last month: those of the demo data are as old as it.
pub async fn renew_cards(c: &mut AnyConnection, good_until: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE instruments SET expires = $1 WHERE method = 'CC'")
        .bind(good_until)
        .execute(c)
        .await?;
    Ok(())
}

pub async fn find(db: &Database, id: &InstrumentId) -> Result<Option<Instrument>, sqlx::Error> {
    sqlx::query_as(select_instruments!("WHERE id = $1")).bind(id.as_str()).fetch_optional(db.readers()).await
}

/// Makes whoever else asks for this in a transaction wait for the end of this one.
pub async fn lock(c: &mut AnyConnection, id: &InstrumentId) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE instruments SET active = active WHERE id = $1").bind(id.as_str()).execute(c).await?;
    Ok(())
}

/// The account's active instrument that is the same thing with the same last month.
pub async fn find_same(c: &mut AnyConnection, new: &Instrument) -> Result<Option<InstrumentId>, sqlx::Error> {
    let row: Option<(String,)> = sqlx::query_as(
        "SELECT id FROM instruments WHERE account_id = $1 AND fingerprint = $2 AND COALESCE(expires, '') = $3 \
         AND active = 1 ORDER BY position, id LIMIT 1",
    )
    .bind(new.account_id.as_str())
    .bind(new.fingerprint.as_deref().unwrap_or_default())
    .bind(new.expires.as_deref().unwrap_or_default())
    .fetch_optional(c)
    .await?;
    row.map(|(id,)| read_id(&id)).transpose()
}
