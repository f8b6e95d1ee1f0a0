//! What is in prepaid balances and what is owed, each with what is on its way.

use crate::callers::Caller;
use crate::instruments;
use crate::stored_value::{books, rules};
use crate::transactions::{ActionError, Engine, Transaction};
use fps_protocol::enums::PaymentMethod;
use fps_protocol::responses::{
    DebtBalanceResult, OutstandingDebtResult, PrepaidBalanceResult, PrepaidLiabilityResult,
};
use ledger::{Balance, Totals};
use money::Money;
use platform::Database;
use sqlx::{AnyConnection, AnyExecutor};

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
    let mut moment = engine.db.snapshot().await?;
    let outstanding = totals(&mut moment, caller, PaymentMethod::Prepaid).await?.total;
    let (pending,): (i64,) = sqlx::query_as(
        "SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM transactions \
         WHERE access_key = $1 AND operation = 'FundPrepaid' AND status = 'Pending'",
    )
    .bind(&caller.access_key)
    .fetch_one(&mut *moment)
    .await?;
    Ok(PrepaidLiabilityResult { outstanding, pending_in: Some(Money::from_micros(pending)) })
}

/// All that is owed to the caller, and what of it is being settled.
pub async fn outstanding_debt(
    engine: &Engine,
    caller: &Caller,
) -> Result<OutstandingDebtResult, ActionError> {
    let mut moment = engine.db.snapshot().await?;
    let owed = totals(&mut moment, caller, PaymentMethod::Debt).await?;
    Ok(OutstandingDebtResult { outstanding: owed.total, pending_out: Some(owed.held) })
}

/// Of all prepaid balances, or of all debts, that people have with the caller.
async fn totals(
    c: &mut AnyConnection,
    caller: &Caller,
    method: PaymentMethod,
) -> Result<Totals, ActionError> {
    let book = if method == PaymentMethod::Prepaid { books::prepaid } else { books::debt };
    let instruments = instruments::ids_with_caller(&mut *c, &caller.access_key, method).await?;
    let accounts: Vec<_> = instruments.iter().map(|id| book(id)).collect();
    Ok(ledger::totals(c, &accounts).await?)
}

/// Of one of an instrument's accounts.
pub async fn balance(db: &Database, account: &ledger::Account) -> Result<Balance, sqlx::Error> {
    let found = ledger::balance(db.readers(), account).await?;
    Ok(found.unwrap_or(Balance { account: account.clone(), total: Money::ZERO, held: Money::ZERO }))
}

/// What cards and bank accounts are to bring to a prepaid balance.
pub async fn pending_in(db: &Database, instrument_id: &str) -> Result<Money, sqlx::Error> {
    pending_of(db.readers(), instrument_id).await
}

async fn pending_of<'c>(reader: impl AnyExecutor<'c>, instrument_id: &str) -> Result<Money, sqlx::Error> {
    let (sum,): (i64,) = sqlx::query_as(
        "SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM transactions \
         WHERE stored_value_id = $1 AND operation = 'FundPrepaid' AND status = 'Pending'",
    )
    .bind(instrument_id)
    .fetch_one(reader)
    .await?;
    Ok(Money::from_micros(sum))
}

/// Whether the balance that `funding` fills can take it, asked in the database transaction that writes
/// it. Whoever else fills the same balance waits at the instrument's row for the end of this one.
pub async fn has_room(c: &mut AnyConnection, funding: &Transaction) -> Result<bool, sqlx::Error> {
    let id = funding.stored_value_id.as_deref().unwrap_or_default();
    sqlx::query("UPDATE instruments SET active = active WHERE id = $1").bind(id).execute(&mut *c).await?;
    let held = ledger::balance(&mut *c, &books::prepaid(id)).await?;
    let held = held.map_or(Money::ZERO, |balance| balance.total);
    let pending = pending_of(c, id).await?;
    Ok(rules::check_room(held, pending, funding.amount).is_ok())
}
