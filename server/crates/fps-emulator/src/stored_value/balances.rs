//! What is in prepaid balances and what is owed, each with what is on its way.

use crate::callers::Caller;
use crate::instruments;
use crate::stored_value::{books, rules};
use crate::transactions::{ActionError, Engine, Transaction};
use fps_protocol::enums::PaymentMethod;
use fps_protocol::responses::{
    DebtBalanceResult, OutstandingDebtResult, PrepaidBalanceResult, PrepaidLiabilityResult,
};
use ledger::Balance;
use money::Money;
use platform::Database;
use sqlx::AnyConnection;

/// What can be spent of it, and what a card or bank account is still to bring.
pub async fn prepaid_balance(
    engine: &Engine,
    caller: &Caller,
    instrument_id: &str,
) -> Result<PrepaidBalanceResult, ActionError> {
    let instrument = instruments::find(&engine.db, instrument_id).await?;
    let instrument = rules::own_instrument(caller, instrument, PaymentMethod::Prepaid)?;
    let balance = balance(&engine.db, &books::prepaid(&instrument.id)).await?;
    let pending_in = Some(pending_in(&engine.db, &instrument.id).await?);
    Ok(PrepaidBalanceResult { available: balance.available(), pending_in })
}

/// What can be settled or written off, and what is being settled.
pub async fn debt_balance(
    engine: &Engine,
    caller: &Caller,
    instrument_id: &str,
) -> Result<DebtBalanceResult, ActionError> {
    let instrument = instruments::find(&engine.db, instrument_id).await?;
    let instrument = rules::own_instrument(caller, instrument, PaymentMethod::Debt)?;
    let balance = balance(&engine.db, &books::debt(&instrument.id)).await?;
    Ok(DebtBalanceResult { available: balance.available(), pending_out: Some(balance.held) })
}

/// All that is prepaid with the caller, whether or not it is held for reserves.
pub async fn total_prepaid_liability(
    engine: &Engine,
    caller: &Caller,
) -> Result<PrepaidLiabilityResult, ActionError> {
    let (outstanding, pending): (i64, i64) = sqlx::query_as(
        "SELECT CAST(COALESCE((SELECT SUM(a.balance) FROM instruments i JOIN ledger_accounts a \
                 ON a.id = 'prepaid:' || i.id WHERE i.access_key = $1 AND i.method = 'Prepaid'), 0) AS BIGINT), \
             CAST(COALESCE((SELECT SUM(amount) FROM transactions WHERE access_key = $1 \
                 AND operation = 'FundPrepaid' AND status = 'Pending'), 0) AS BIGINT)",
    )
    .bind(&caller.access_key)
    .fetch_one(engine.db.readers())
    .await?;
    let pending_in = Some(Money::from_micros(pending));
    Ok(PrepaidLiabilityResult { outstanding: Money::from_micros(outstanding), pending_in })
}

/// All that is owed to the caller, and what of it is being settled.
pub async fn outstanding_debt(
    engine: &Engine,
    caller: &Caller,
) -> Result<OutstandingDebtResult, ActionError> {
    let (outstanding, pending): (i64, i64) = sqlx::query_as(
        "SELECT CAST(COALESCE(SUM(a.balance), 0) AS BIGINT), CAST(COALESCE(SUM(a.held), 0) AS BIGINT) \
         FROM instruments i JOIN ledger_accounts a ON a.id = 'debt:' || i.id \
         WHERE i.access_key = $1 AND i.method = 'Debt'",
    )
    .bind(&caller.access_key)
    .fetch_one(engine.db.readers())
    .await?;
    let pending_out = Some(Money::from_micros(pending));
    Ok(OutstandingDebtResult { outstanding: Money::from_micros(outstanding), pending_out })
}

/// Of one of an instrument's accounts.
pub async fn balance(db: &Database, account: &ledger::Account) -> Result<Balance, sqlx::Error> {
    let found = ledger::balance(db.readers(), account.id()).await?;
    Ok(found.unwrap_or(Balance { account: account.clone(), total: Money::ZERO, held: Money::ZERO }))
}

/// What cards and bank accounts are to bring to a prepaid balance.
pub async fn pending_in(db: &Database, instrument_id: &str) -> Result<Money, sqlx::Error> {
    let (sum,): (i64,) = sqlx::query_as(
        "SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM transactions \
         WHERE stored_value_id = $1 AND operation = 'FundPrepaid' AND status = 'Pending'",
    )
    .bind(instrument_id)
    .fetch_one(db.readers())
    .await?;
    Ok(Money::from_micros(sum))
}

/// Whether the balance that `funding` fills can take it, asked in the database transaction that writes
/// it. Whoever else fills the same balance waits at the instrument's row for the end of this one.
pub async fn has_room(c: &mut AnyConnection, funding: &Transaction) -> Result<bool, sqlx::Error> {
    let id = funding.stored_value_id.as_deref().unwrap_or_default();
    sqlx::query("UPDATE instruments SET active = active WHERE id = $1").bind(id).execute(&mut *c).await?;
    let (held, pending): (i64, i64) = sqlx::query_as(
        "SELECT CAST(COALESCE((SELECT balance FROM ledger_accounts WHERE id = 'prepaid:' || $1), 0) AS BIGINT), \
             CAST(COALESCE((SELECT SUM(amount) FROM transactions WHERE stored_value_id = $1 \
                 AND operation = 'FundPrepaid' AND status = 'Pending'), 0) AS BIGINT)",
    )
    .bind(id)
    .fetch_one(c)
    .await?;
    let (held, pending) = (Money::from_micros(held), Money::from_micros(pending));
    Ok(rules::check_room(held, pending, funding.amount).is_ok())
}
