//! What is in a prepaid balance or owed, and what is on its way to it.

use crate::domain::stored_value::{books, rules};
use fps_protocol::ids::{AccessKey, InstrumentId};
use ledger::Balance;
use money::Money;
use platform::Database;
use sqlx::{AnyConnection, AnyExecutor};

/// Of one of an instrument's accounts.
pub async fn balance(db: &Database, account: &ledger::Account) -> Result<Balance, sqlx::Error> {
    let found = ledger::balance(db.readers(), account).await?;
    Ok(found.unwrap_or(Balance { account: account.clone(), total: Money::ZERO, held: Money::ZERO }))
}

/// What cards and bank accounts are to bring to a prepaid balance.
pub async fn pending_in(db: &Database, instrument_id: &InstrumentId) -> Result<Money, sqlx::Error> {
    pending_of(db.readers(), instrument_id).await
}

async fn pending_of<'c>(
    reader: impl AnyExecutor<'c>,
    instrument_id: &InstrumentId,
) -> Result<Money, sqlx::Error> {
    let (sum,): (i64,) = sqlx::query_as(
        "SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM transactions \
         WHERE stored_value_id = $1 AND operation = 'FundPrepaid' AND status = 'Pending'",
    )
    .bind(instrument_id.as_str())
    .fetch_one(reader)
    .await?;
    Ok(Money::from_micros(sum))
}

/// The same of all the prepaid balances with a caller.
pub async fn pending_with_caller(
    c: &mut AnyConnection,
    access_key: &AccessKey,
) -> Result<Money, sqlx::Error> {
    let (sum,): (i64,) = sqlx::query_as(
        "SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM transactions \
         WHERE access_key = $1 AND operation = 'FundPrepaid' AND status = 'Pending'",
    )
    .bind(access_key.as_str())
    .fetch_one(c)
    .await?;
    Ok(Money::from_micros(sum))
}

/// Whether the balance of this instrument can take so much, asked in the database transaction that fills
/// it. Whoever else fills the same balance waits at the instrument's row for the end of this one.
pub async fn has_room(c: &mut AnyConnection, id: &InstrumentId, amount: Money) -> Result<bool, sqlx::Error> {
    sqlx::query("UPDATE instruments SET active = active WHERE id = $1")
        .bind(id.as_str())
        .execute(&mut *c)
        .await?;
    let held = ledger::balance(&mut *c, &books::prepaid(id)).await?;
    let held = held.map_or(Money::ZERO, |balance| balance.total);
    let pending = pending_of(c, id).await?;
    Ok(rules::check_room(held, pending, amount).is_ok())
}
