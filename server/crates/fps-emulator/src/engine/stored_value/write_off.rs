use crate::domain::accounts::{self, Account};
use crate::domain::callers::Caller;
use crate::domain::instruments::{self, Instrument};
use crate::domain::payments::rules as payment_rules;
use crate::domain::stored_value::{balances, books, rules};
use crate::domain::transactions::movements;
use crate::domain::transactions::record::{Case, Parties, Party, Transaction};
use crate::engine::idempotency::{self, Key};
use crate::engine::write_plan::{Books, Step};
use crate::engine::{ActionError, Engine, Outcome};
use fps_protocol::FpsError;
use fps_protocol::actions::WriteOffDebt;
use fps_protocol::enums::{ChargeFeeTo, FpsOperation, PaymentMethod, StatusCode, TransactionStatus};
use jiff::Timestamp;
use money::{Money, Percent};

/// Gives up what is owed, or a part of it. No money moves, so it is done within the call.
pub async fn write_off_debt(
    engine: &Engine,
    caller: &Caller,
    request: &WriteOffDebt,
    canonical: &str,
) -> Result<Outcome, ActionError> {
    let operation = FpsOperation::WriteOffDebt.as_str();
    let key = Key::new(&caller.access_key, operation, request.caller_reference.as_str(), canonical);
    engine.answer_once(&key, || attempt(engine, caller, request, &key)).await
}

async fn attempt(
    engine: &Engine,
    caller: &Caller,
    request: &WriteOffDebt,
    key: &Key,
) -> Result<idempotency::Answer, ActionError> {
    payment_rules::check_caller(caller)?;
    let instrument = instruments::find(&engine.db, request.credit_instrument_id.as_str()).await?;
    let instrument = rules::own_instrument(caller, instrument, PaymentMethod::Debt)?;
    let owed = balances::balance(&engine.db, &books::debt(&instrument.id)).await?.available();
    rules::check_debt(owed, request.adjustment_amount)?;
    let debtor = party(engine, &instrument.account_id).await?;
    let creditor = party(engine, &caller.account_id).await?;
    let parties = Parties {
        caller_account_id: caller.account_id.clone(),
        ipn_url: caller.ipn_url.clone(),
        sender: debtor,
        recipient: creditor,
    };
    let transaction = new_write_off(engine, caller, request, instrument);
    engine.run(plan(engine, Case { transaction, parties }, key)?).await
}

/// The account is there: the instrument's row refers to it, and the caller's.
async fn party(engine: &Engine, account_id: &str) -> Result<Party, ActionError> {
    let account: Account = accounts::find(&engine.db, account_id).await?.ok_or_else(FpsError::internal)?;
    Ok(Party { name: account.public_name().to_owned(), email: account.email })
}

fn plan(engine: &Engine, case: Case, key: &Key) -> Result<Step, ActionError> {
    let now = Timestamp::from_microsecond(case.transaction.received_at).unwrap_or_default();
    let books = Books::Post(movements::charge(&case, None, now)?);
    let notification = engine.notify(&case, FpsOperation::WriteOffDebt.into(), case.transaction.received_at);
    let outcome = Outcome { transaction_id: case.transaction.id.clone(), status: case.transaction.status };
    Ok(Step {
        key: Some(key.clone()),
        spend: None,
        ends: None,
        changed: None,
        now: case.transaction.received_at,
        new: vec![case.transaction],
        books,
        notification,
        outcome,
    })
}

/// The sender is who owed, the recipient to whom.
fn new_write_off(
    engine: &Engine,
    caller: &Caller,
    request: &WriteOffDebt,
    instrument: Instrument,
) -> Transaction {
    let now = engine.clock.now_micros();
    Transaction {
        id: engine.new_transaction_id(),
        access_key: caller.access_key.clone(),
        operation: FpsOperation::WriteOffDebt,
        status: TransactionStatus::Success,
        status_code: StatusCode::Success,
        version: 0,
        amount: request.adjustment_amount,
        fps_fee: Money::ZERO,
        marketplace_fee: Money::ZERO,
        fixed_fee: Money::ZERO,
        variable_fee: Percent::ZERO,
        fee_payer: ChargeFeeTo::Recipient,
        settle_amount: None,
        refunded: Money::ZERO,
        marketplace_fee_refunded: Money::ZERO,
        payment_method: PaymentMethod::Debt,
        instrument_id: Some(instrument.id.clone()),
        stored_value_id: Some(instrument.id),
        sender_account_id: instrument.account_id,
        recipient_account_id: caller.account_id.clone(),
        sender_token_id: None,
        recipient_token_id: None,
        caller_reference: request.caller_reference.to_string(),
        caller_description: request.caller_description.clone(),
        sender_description: None,
        override_ipn_url: None,
        parent_id: None,
        relation: None,
        refund_policy: None,
        hold_id: None,
        process_at: None,
        expires_at: None,
        received_at: now,
        completed_at: Some(now),
    }
}
