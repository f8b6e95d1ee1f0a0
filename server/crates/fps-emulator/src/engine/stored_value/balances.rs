//! What is in prepaid balances and what is owed, each with what is on its way.

use crate::domain::callers::Caller;
use crate::domain::instruments;
use crate::domain::stored_value::balances::{balance, pending_in};
use crate::domain::stored_value::{books, rules};
use crate::engine::{ActionError, Engine};
use fps_protocol::enums::PaymentMethod;
use fps_protocol::ids::InstrumentId;
use fps_protocol::responses::{
    DebtBalanceResult, OutstandingDebtResult, PrepaidBalanceResult, PrepaidLiabilityResult,
};
use money::Money;

/// What can be spent of it, and what a card or bank account is still to bring.
pub async fn prepaid_balance(
    engine: &Engine,
    caller: &Caller,
    instrument_id: &InstrumentId,
) -> Result<PrepaidBalanceResult, ActionError> {
    let instrument = instruments::find(&engine.db, instrument_id).await?;
    let instrument = rules::own_instrument(caller, instrument, PaymentMethod::Prepaid)?;
    let balance = balance(&engine.db, &books::prepaid(instrument.id.as_str())).await?;
    let pending_in = Some(pending_in(&engine.db, &instrument.id).await?);
    Ok(PrepaidBalanceResult { available: balance.available(), pending_in })
}

/// What can be settled or written off, and what is being settled.
pub async fn debt_balance(
    engine: &Engine,
    caller: &Caller,
    instrument_id: &InstrumentId,
) -> Result<DebtBalanceResult, ActionError> {
    let instrument = instruments::find(&engine.db, instrument_id).await?;
    let instrument = rules::own_instrument(caller, instrument, PaymentMethod::Debt)?;
    let balance = balance(&engine.db, &books::debt(instrument.id.as_str())).await?;
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
    .bind(caller.access_key.as_str())
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
    .bind(caller.access_key.as_str())
    .fetch_one(engine.db.readers())
    .await?;
    let pending_out = Some(Money::from_micros(pending));
    Ok(OutstandingDebtResult { outstanding: Money::from_micros(outstanding), pending_out })
}
