//! What is in prepaid balances and what is owed, each with what is on its way.

use crate::domain::callers::Caller;
use crate::domain::instruments;
use crate::domain::ledger_accounts::{self, balance};
use crate::domain::stored_value::rules;
use crate::domain::transactions::sums::{pending_funding, pending_funding_with_caller};
use crate::engine::{ActionError, Engine};
use fps_protocol::enums::PaymentMethod;
use fps_protocol::ids::{AccessKey, InstrumentId};
use fps_protocol::responses::{
    DebtBalanceResult, OutstandingDebtResult, PrepaidBalanceResult, PrepaidLiabilityResult,
};
use ledger::Totals;
use sqlx::AnyConnection;

/// What can be spent of it, and what a card or bank account is still to bring.
pub async fn prepaid_balance(
    engine: &Engine,
    caller: &Caller,
    instrument_id: &InstrumentId,
) -> Result<PrepaidBalanceResult, ActionError> {
    let instrument = instruments::find(&engine.db, instrument_id).await?;
    let instrument = rules::instrument_with_caller(caller, instrument, PaymentMethod::Prepaid)?;
    let balance = balance(engine.db.readers(), ledger_accounts::prepaid(&instrument.id)).await?;
    let pending_in = Some(pending_funding(engine.db.readers(), &instrument.id).await?);
    Ok(PrepaidBalanceResult { available: balance.available(), pending_in })
}

/// What can be settled or written off, and what is being settled.
pub async fn debt_balance(
    engine: &Engine,
    caller: &Caller,
    instrument_id: &InstrumentId,
) -> Result<DebtBalanceResult, ActionError> {
    let instrument = instruments::find(&engine.db, instrument_id).await?;
    let instrument = rules::instrument_with_caller(caller, instrument, PaymentMethod::Debt)?;
    let balance = balance(engine.db.readers(), ledger_accounts::debt(&instrument.id)).await?;
    Ok(DebtBalanceResult { available: balance.available(), pending_out: Some(balance.held) })
}

/// All that is prepaid with the caller, whether or not it is held for reserves.
pub async fn total_prepaid_liability(
    engine: &Engine,
    caller: &Caller,
) -> Result<PrepaidLiabilityResult, ActionError> {
    let read = engine.db.snapshot(caller.access_key.clone(), |moment, access_key| {
        Box::pin(async move {
            let outstanding = totals(&mut *moment, access_key, PaymentMethod::Prepaid).await?.total;
            let pending_in = Some(pending_funding_with_caller(moment, access_key).await?);
            Ok(PrepaidLiabilityResult { outstanding, pending_in })
        })
    });
    read.await
}

/// All that is owed to the caller, and what of it is being settled.
pub async fn outstanding_debt(
    engine: &Engine,
    caller: &Caller,
) -> Result<OutstandingDebtResult, ActionError> {
    let read = engine.db.snapshot(caller.access_key.clone(), |moment, access_key| {
        Box::pin(totals(moment, access_key, PaymentMethod::Debt))
    });
    let owed = read.await?;
    Ok(OutstandingDebtResult { outstanding: owed.total, pending_out: Some(owed.held) })
}

/// Of all prepaid balances, or of all debts, that people have with the caller.
async fn totals(
    c: &mut AnyConnection,
    access_key: &AccessKey,
    method: PaymentMethod,
) -> Result<Totals, ActionError> {
    let book =
        if method == PaymentMethod::Prepaid { ledger_accounts::prepaid } else { ledger_accounts::debt };
    let instruments = instruments::ids_with_caller(&mut *c, access_key, method).await?;
    let accounts: Vec<_> = instruments.iter().map(book).collect();
    Ok(ledger::totals(c, &accounts).await?)
}
