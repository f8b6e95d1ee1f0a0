use crate::domain::accounts;
use crate::domain::callers::Caller;
use crate::domain::payments::rules::{self, ApprovedPayment};
use crate::domain::payments::{counterparties, sandbox};
use crate::domain::tokens::{LimitUse, Spend};
use crate::domain::transactions::{Kind, Life, NewTransaction, Parties, Transaction, movements};
use crate::engine::error::{ActionError, insufficient_balance};
use crate::engine::idempotency::Key;
use crate::engine::write_plan::{LedgerChange, WritePlan};
use crate::engine::{Engine, Outcome};
use fps_protocol::actions::PaymentRequest;
use fps_protocol::enums::{FpsOperation, PaymentMethod};
use fps_protocol::ids::TransactionId;
use jiff::{SignedDuration, Timestamp};
use money::Money;
use url::Url;

/// An unsettled reserve ends after this (fps.md §5).
pub const RESERVE_VALID_FOR: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Pay and Reserve. A balance pays within the call; for cards and bank accounts the processor answers.
pub async fn pay_or_reserve(
    engine: &Engine,
    caller: &Caller,
    operation: FpsOperation,
    request: &PaymentRequest,
    canonical: &str,
) -> Result<Outcome, ActionError> {
    let key = Key::new(&caller.access_key, operation.as_str(), &request.caller_reference, canonical);
    engine.answer_once(&key, || attempt(engine, caller, operation, request, &key)).await
}

/// Reads and checks outside of the writer, then writes.
async fn attempt(
    engine: &Engine,
    caller: &Caller,
    operation: FpsOperation,
    request: &PaymentRequest,
    key: &Key,
) -> Result<Outcome, ActionError> {
    let now = engine.clock.now();
    if engine.config.lab {
        sandbox::check_magic_tokens(request)?;
    }
    let kind = if operation == FpsOperation::Reserve { Kind::Reserve } else { Kind::Payment };
    let counterparties = counterparties::read(&engine.db, caller, request).await?;
    let approved = rules::check(caller, request, counterparties, now)?;
    engine.run(take_on(engine, caller, kind, request, approved, key, now).await?).await
}

/// The rest, once the rules have approved of it.
pub async fn take_on(
    engine: &Engine,
    caller: &Caller,
    kind: Kind,
    request: &PaymentRequest,
    approved: ApprovedPayment,
    key: &Key,
    now: Timestamp,
) -> Result<WritePlan, ActionError> {
    if engine.config.magic_amounts && approved.sender.payment_method.is_immediate() {
        sandbox::check_magic_amount(request.transaction_amount)?;
    }
    if approved.caller_pays.is_positive() {
        check_caller_can_pay(engine, caller, approved.caller_pays).await?;
    }
    Ok(plan(engine, caller, kind, request, approved, now)?.once(key))
}

/// A card payment would otherwise be found out only by the processor.
async fn check_caller_can_pay(engine: &Engine, caller: &Caller, amount: Money) -> Result<(), ActionError> {
    let balance = accounts::balance(&engine.db, &caller.account_id).await?;
    if balance.available() < amount { Err(insufficient_balance().into()) } else { Ok(()) }
}

fn plan(
    engine: &Engine,
    caller: &Caller,
    kind: Kind,
    request: &PaymentRequest,
    approved: ApprovedPayment,
    now: Timestamp,
) -> Result<WritePlan, ActionError> {
    let spend = Spend {
        sender_token_id: request.sender_token_id.clone(),
        recipient_token_id: request.recipient_token_id.clone(),
        limits: LimitUse::of_payment(
            &approved.sender.limits,
            approved.sender.token.valid_from,
            request.transaction_amount,
            now,
        ),
    };
    let transaction = new_payment(engine, caller, kind, request, approved, now);
    let fee_id = transaction.marketplace_fee.is_positive().then(|| engine.new_transaction_id());
    let ledger = first_movement(&transaction, fee_id.as_ref(), now)?;
    let notification = Engine::notify(&transaction, transaction.operation().into(), now);
    let fee = fee_id.map(|id| transaction.marketplace_fee_record(id, &caller.account_id));
    let plan = WritePlan::create(transaction, now).with_linked(fee);
    Ok(plan.spending(spend).moving(ledger).notifying(notification))
}

/// A balance pays or is held within the call; for cards and bank accounts the processor answers.
fn first_life(
    engine: &Engine,
    id: &TransactionId,
    kind: &Kind,
    method: PaymentMethod,
    request: &PaymentRequest,
    now: Timestamp,
) -> Life {
    match (method.is_immediate(), kind) {
        (true, Kind::Reserve) => Life::Reserved {
            expires_at: later(now, RESERVE_VALID_FOR),
            hold_id: Some(movements::hold_id(id)),
        },
        (true, _) => Life::completed(request.transaction_amount, now),
        (false, _) => Life::Pending {
            process_at: engine.process_at(),
            expires_at: request
                .transaction_timeout_in_mins
                .map(|minutes| later(now, SignedDuration::from_mins(minutes.into()))),
            // A debt is settled once, however long that takes.
            hold_id: matches!(kind, Kind::SettleDebt { .. }).then(|| movements::hold_id(id)),
        },
    }
}

/// What the beginning of its life means for the books.
fn first_movement(
    transaction: &Transaction,
    fee_id: Option<&TransactionId>,
    now: Timestamp,
) -> Result<LedgerChange, ActionError> {
    Ok(match transaction.life {
        Life::Completed { .. } => LedgerChange::Post(movements::charge(transaction, fee_id, now)?),
        _ if transaction.life.hold_id().is_some() => LedgerChange::Hold(movements::hold(transaction)?),
        _ => LedgerChange::Nothing,
    })
}

/// A moment after another.
pub fn later(from: Timestamp, by: SignedDuration) -> Timestamp {
    from.saturating_add(by).unwrap_or(Timestamp::MAX)
}

fn new_payment(
    engine: &Engine,
    caller: &Caller,
    kind: Kind,
    request: &PaymentRequest,
    approved: ApprovedPayment,
    now: Timestamp,
) -> Transaction {
    let ApprovedPayment { sender, recipient, .. } = approved;
    let id = engine.new_transaction_id();
    let parties = Parties {
        caller_account_id: caller.account_id.clone(),
        ipn_url: caller.ipn_url.clone(),
        sender: sender.account.party,
        recipient: recipient.account.party,
        ship_to: sender.ship_to,
    };
    Transaction {
        fps_fee: approved.fps_fee,
        marketplace_fee: approved.marketplace_fee,
        fixed_fee: approved.fixed_fee,
        variable_fee: approved.variable_fee,
        fee_payer: approved.fee_payer,
        instrument_id: Some(sender.instrument_id),
        sender_token_id: Some(request.sender_token_id.clone()),
        recipient_token_id: request.recipient_token_id.clone(),
        caller_description: request.caller_description.clone(),
        sender_description: request.sender_description.clone(),
        override_ipn_url: request.override_ipn_url.as_ref().map(Url::to_string),
        ..Transaction::new(NewTransaction {
            access_key: caller.access_key.clone(),
            life: first_life(engine, &id, &kind, sender.payment_method, request, now),
            id,
            kind,
            amount: request.transaction_amount,
            payment_method: sender.payment_method,
            sender_account_id: sender.account.id,
            recipient_account_id: recipient.account.id,
            caller_reference: request.caller_reference.clone(),
            received_at: now,
            parties,
        })
    }
}
