//! `FundPrepaid` and `SettleDebt`: the sender pays out of its own instrument for what it has with the
//! caller. From a balance that is done within the call; for cards and bank accounts the processor answers.

use crate::domain::callers::Caller;
use crate::domain::instruments;
use crate::domain::ledger_accounts;
use crate::domain::payments::{counterparties, sandbox};
use crate::domain::stored_value::rules;
use crate::domain::transactions::Kind;
use crate::domain::transactions::sums::pending_funding;
use crate::engine::idempotency::Key;
use crate::engine::payments::pay;
use crate::engine::{ActionError, Engine, Outcome};
use fps_protocol::actions::StoredValueRequest;
use fps_protocol::enums::{FpsOperation, PaymentMethod};

/// Fills a prepaid balance.
pub async fn fund_prepaid(
    engine: &Engine,
    caller: &Caller,
    request: &StoredValueRequest,
    canonical: &str,
) -> Result<Outcome, ActionError> {
    transfer(engine, caller, FpsOperation::FundPrepaid, request, canonical).await
}

/// Pays what is owed, or a part of it.
pub async fn settle_debt(
    engine: &Engine,
    caller: &Caller,
    request: &StoredValueRequest,
    canonical: &str,
) -> Result<Outcome, ActionError> {
    transfer(engine, caller, FpsOperation::SettleDebt, request, canonical).await
}

async fn transfer(
    engine: &Engine,
    caller: &Caller,
    operation: FpsOperation,
    request: &StoredValueRequest,
    canonical: &str,
) -> Result<Outcome, ActionError> {
    let key = Key::new(&caller.access_key, operation.as_str(), &request.caller_reference, canonical);
    engine.answer_once(&key, || attempt(engine, caller, operation, request, &key)).await
}

async fn attempt(
    engine: &Engine,
    caller: &Caller,
    operation: FpsOperation,
    request: &StoredValueRequest,
    key: &Key,
) -> Result<Outcome, ActionError> {
    let now = engine.clock.now();
    let method = match operation {
        FpsOperation::FundPrepaid => PaymentMethod::Prepaid,
        _ => PaymentMethod::Debt,
    };
    let payment = request.to_payment();
    if engine.config.lab {
        sandbox::check_magic_tokens(&payment)?;
    }
    let instrument = instruments::find(&engine.db, &request.instrument_id).await?;
    let instrument = rules::instrument_with_caller(caller, instrument, method)?;
    let counterparties = counterparties::read(&engine.db, caller, &payment).await?;
    let id = instrument.id.clone();
    let approved = rules::check_transfer(caller, &payment, counterparties, &instrument, now)?;
    let kind = if method == PaymentMethod::Prepaid {
        let held = ledger_accounts::balance(engine.db.readers(), ledger_accounts::prepaid(&id)).await?.total;
        let pending_in = pending_funding(engine.db.readers(), &id).await?;
        rules::check_room(held, pending_in, request.amount)?;
        Kind::FundPrepaid { stored_value_id: id }
    } else {
        let owed =
            ledger_accounts::balance(engine.db.readers(), ledger_accounts::debt(&id)).await?.available();
        rules::check_debt(owed, request.amount)?;
        Kind::SettleDebt { stored_value_id: id }
    };
    engine.run(pay::take_on(engine, caller, kind, &payment, approved, key, now).await?).await
}
