use crate::domain::accounts::{self, Account, AccountId};
use crate::domain::callers::Caller;
use crate::domain::instruments::{self, Instrument};
use crate::domain::ledger_accounts;
use crate::domain::payments::rules as payment_rules;
use crate::domain::stored_value::rules;
use crate::domain::transactions::{Kind, Life, NewTransaction, Parties, Party, Transaction, movements};
use crate::engine::idempotency::Key;
use crate::engine::write_plan::{LedgerChange, WritePlan};
use crate::engine::{ActionError, Engine, Outcome};
use fps_protocol::FpsError;
use fps_protocol::actions::WriteOffDebt;
use fps_protocol::enums::{FpsOperation, PaymentMethod};
use fps_protocol::ids::AccessKey;
use jiff::Timestamp;

/// Gives up what is owed, or a part of it. No money moves, so it is done within the call.
pub async fn write_off_debt(
    engine: &Engine,
    caller: &Caller,
    request: &WriteOffDebt,
    canonical: &str,
) -> Result<Outcome, ActionError> {
    let operation = FpsOperation::WriteOffDebt.as_str();
    let key = Key::new(&caller.access_key, operation, &request.caller_reference, canonical);
    engine.answer_once(&key, || attempt(engine, caller, request, &key)).await
}

async fn attempt(
    engine: &Engine,
    caller: &Caller,
    request: &WriteOffDebt,
    key: &Key,
) -> Result<Outcome, ActionError> {
    payment_rules::check_caller(caller)?;
    let instrument = instruments::find(&engine.db, &request.credit_instrument_id).await?;
    let instrument = rules::instrument_with_caller(caller, instrument, PaymentMethod::Debt)?;
    let owed = ledger_accounts::balance(engine.db.readers(), ledger_accounts::debt(&instrument.id))
        .await?
        .available();
    rules::check_debt(owed, request.adjustment_amount)?;
    let debtor = party(engine, &instrument.account_id).await?;
    let creditor = party(engine, &caller.account_id).await?;
    let parties = Parties {
        caller_account_id: caller.account_id.clone(),
        ipn_url: caller.ipn_url.clone(),
        sender: debtor,
        recipient: creditor,
        ship_to: None,
    };
    let now = engine.clock.now();
    let transaction = new_write_off(engine, caller.access_key.clone(), request, instrument, parties, now);
    let movements = movements::charge(&transaction, None, now)?;
    let notification = Engine::notify(&transaction, FpsOperation::WriteOffDebt.into(), now);
    let plan = WritePlan::create(transaction, now).once(key);
    engine.run(plan.moving(LedgerChange::Post(movements)).notifying(notification)).await
}

/// The account is there: the instrument's row refers to it, and the caller's.
async fn party(engine: &Engine, account_id: &AccountId) -> Result<Party, ActionError> {
    let account: Account = accounts::find(&engine.db, account_id).await?.ok_or_else(FpsError::internal)?;
    Ok(Party { name: account.public_name().to_owned(), email: account.email })
}

/// The sender is who owed, the recipient to whom.
fn new_write_off(
    engine: &Engine,
    access_key: AccessKey,
    request: &WriteOffDebt,
    instrument: Instrument,
    parties: Parties,
    now: Timestamp,
) -> Transaction {
    Transaction {
        instrument_id: Some(instrument.id.clone()),
        caller_description: request.caller_description.clone(),
        ..Transaction::new(NewTransaction {
            id: engine.new_transaction_id(),
            access_key,
            kind: Kind::WriteOffDebt { stored_value_id: instrument.id },
            life: Life::completed(request.adjustment_amount, now),
            amount: request.adjustment_amount,
            payment_method: PaymentMethod::Debt,
            sender_account_id: instrument.account_id,
            recipient_account_id: parties.caller_account_id.clone(),
            caller_reference: request.caller_reference.clone(),
            received_at: now,
            parties,
        })
    }
}
