use crate::domain::accounts;
use crate::domain::callers::Caller;
use crate::domain::payments::rules::{self, Granted};
use crate::domain::payments::{sandbox, sides};
use crate::domain::tokens::{GivenBack, LimitUse, Spend};
use crate::domain::transactions::movements;
use crate::domain::transactions::record::{Case, Parties, Transaction};
use crate::engine::error::{ActionError, insufficient_balance};
use crate::engine::idempotency::{self, Key};
use crate::engine::write_plan::{Books, Step};
use crate::engine::{Engine, Outcome};
use fps_protocol::actions::PaymentRequest;
use fps_protocol::enums::{FpsOperation, StatusCode, TransactionStatus};
use jiff::{SignedDuration, Timestamp};
use money::Money;
use url::Url;

/// An unsettled reserve ends after this (REFERENCE §5).
pub const RESERVE_VALID_FOR: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Pay and Reserve. A balance pays within the call; for cards and bank accounts the processor answers.
pub async fn pay_or_reserve(
    engine: &Engine,
    caller: &Caller,
    operation: FpsOperation,
    request: &PaymentRequest,
    canonical: &str,
) -> Result<Outcome, ActionError> {
    let key = Key::new(&caller.access_key, operation.as_str(), request.caller_reference.as_str(), canonical);
    engine.answer_once(&key, || attempt(engine, caller, operation, request, &key)).await
}

/// Reads and checks outside of the writer, then writes.
async fn attempt(
    engine: &Engine,
    caller: &Caller,
    operation: FpsOperation,
    request: &PaymentRequest,
    key: &Key,
) -> Result<idempotency::Answer, ActionError> {
    engine.run(prepare(engine, caller, operation, request, key).await?).await
}

/// Reads and checks, and says what is to be written.
pub async fn prepare(
    engine: &Engine,
    caller: &Caller,
    operation: FpsOperation,
    request: &PaymentRequest,
    key: &Key,
) -> Result<Step, ActionError> {
    let now = engine.clock.now();
    if engine.config.lab {
        sandbox::check_magic_tokens(request)?;
    }
    let sides = sides::read(&engine.db, caller, request).await?;
    let granted = rules::check(caller, request, sides, now)?;
    take_on(engine, caller, operation, request, granted, key, now).await
}

/// The rest, once the rules have granted it.
pub async fn take_on(
    engine: &Engine,
    caller: &Caller,
    operation: FpsOperation,
    request: &PaymentRequest,
    granted: Granted,
    key: &Key,
    now: Timestamp,
) -> Result<Step, ActionError> {
    if engine.config.magic_amounts && granted.sender.payment_method.is_immediate() {
        sandbox::check_magic_amount(request.transaction_amount)?;
    }
    if granted.caller_pays.is_positive() {
        check_caller_can_pay(engine, caller, granted.caller_pays).await?;
    }
    plan(engine, caller, operation, request, granted, key, now)
}

/// A card payment would otherwise be found out only by the processor.
async fn check_caller_can_pay(engine: &Engine, caller: &Caller, amount: Money) -> Result<(), ActionError> {
    let balance = accounts::balance(&engine.db, &caller.account_id).await?;
    if balance.available() < amount { Err(insufficient_balance().into()) } else { Ok(()) }
}

fn plan(
    engine: &Engine,
    caller: &Caller,
    operation: FpsOperation,
    request: &PaymentRequest,
    granted: Granted,
    key: &Key,
    now: Timestamp,
) -> Result<Step, ActionError> {
    let spend = Spend {
        sender_token_id: request.sender_token_id.to_string(),
        recipient_token_id: request.recipient_token_id.as_ref().map(ToString::to_string),
        limits: LimitUse::of_payment(
            &granted.sender.limits,
            granted.sender.token.valid_from,
            request.transaction_amount,
            now.as_microsecond(),
        ),
    };
    let mut case = new_case(engine, caller, operation, request, granted, now);
    let (books, fee_id) = begin(engine, &mut case, request, now)?;
    let notification = engine.notify(&case, operation.into(), now.as_microsecond());
    let outcome = Outcome { transaction_id: case.transaction.id.clone(), status: case.transaction.status };
    let fee = fee_id.map(|id| case.transaction.marketplace_fee_record(id, &caller.account_id));
    let new = std::iter::once(case.transaction).chain(fee).collect();
    Ok(Step {
        key: Some(key.clone()),
        spend: Some(spend),
        ends: None,
        changed: None,
        new,
        books,
        notification,
        outcome,
        now: now.as_microsecond(),
    })
}

/// Sets the first status and says what it means for the books.
fn begin(
    engine: &Engine,
    case: &mut Case,
    request: &PaymentRequest,
    now: Timestamp,
) -> Result<(Books, Option<String>), ActionError> {
    let fee_id = case.transaction.marketplace_fee.is_positive().then(|| engine.new_transaction_id());
    let now_micros = now.as_microsecond();
    let transaction = &mut case.transaction;
    let books = match (transaction.payment_method.is_immediate(), transaction.operation) {
        (true, FpsOperation::Reserve) => {
            transaction.status = TransactionStatus::Reserved;
            transaction.status_code = StatusCode::Success;
            transaction.expires_at = Some(later(now_micros, RESERVE_VALID_FOR));
            let hold = movements::hold(transaction, now);
            transaction.hold_id = Some(hold.id.clone());
            Books::Hold(hold)
        }
        (true, _) => {
            transaction.finish(TransactionStatus::Success, StatusCode::Success, now_micros);
            Books::Post(movements::charge(case, fee_id.as_deref(), now)?)
        }
        (false, _) => {
            transaction.process_at = Some(engine.process_at());
            let timeout = request.transaction_timeout_in_mins;
            transaction.expires_at =
                timeout.map(|minutes| later(now_micros, SignedDuration::from_mins(minutes.into())));
            // A debt is settled once, however long that takes.
            if transaction.operation == FpsOperation::SettleDebt {
                let hold = movements::hold(transaction, now);
                transaction.hold_id = Some(hold.id.clone());
                Books::Hold(hold)
            } else {
                Books::Nothing
            }
        }
    };
    Ok((books, fee_id))
}

/// What a transaction that is changed gives back of its token's limits: all when it has come to nothing,
/// and what a Settle left of a reserve.
pub fn given_back(changed: &Transaction) -> Option<GivenBack> {
    match (changed.status, changed.settle_amount) {
        (TransactionStatus::Failure | TransactionStatus::Cancelled, _) => {
            Some(GivenBack { amount: changed.amount, counts: true })
        }
        (TransactionStatus::Success, Some(settled)) if settled < changed.amount => {
            Some(GivenBack { amount: changed.amount.sub(settled).ok()?, counts: false })
        }
        _ => None,
    }
}

/// A moment after another, in microseconds.
pub fn later(from: i64, by: SignedDuration) -> i64 {
    from.saturating_add(i64::try_from(by.as_micros()).unwrap_or(i64::MAX))
}

fn new_case(
    engine: &Engine,
    caller: &Caller,
    operation: FpsOperation,
    request: &PaymentRequest,
    granted: Granted,
    now: Timestamp,
) -> Case {
    let Granted { sender, recipient, fee_payer, fixed_fee, variable_fee, fps_fee, marketplace_fee, .. } =
        granted;
    let transaction = Transaction {
        id: engine.new_transaction_id(),
        access_key: caller.access_key.clone(),
        operation,
        status: TransactionStatus::Pending,
        status_code: StatusCode::PendingNetworkResponse,
        version: 0,
        amount: request.transaction_amount,
        fps_fee,
        marketplace_fee,
        fixed_fee,
        variable_fee,
        fee_payer,
        settle_amount: None,
        refunded: Money::ZERO,
        marketplace_fee_refunded: Money::ZERO,
        payment_method: sender.payment_method,
        instrument_id: Some(sender.instrument_id),
        stored_value_id: granted.stored_value_id,
        sender_account_id: sender.account.id,
        recipient_account_id: recipient.account.id,
        sender_token_id: Some(request.sender_token_id.to_string()),
        recipient_token_id: request.recipient_token_id.as_ref().map(ToString::to_string),
        caller_reference: request.caller_reference.to_string(),
        caller_description: request.caller_description.clone(),
        sender_description: request.sender_description.clone(),
        override_ipn_url: request.override_ipn_url.as_ref().map(Url::to_string),
        parent_id: None,
        relation: None,
        refund_policy: None,
        hold_id: None,
        process_at: None,
        expires_at: None,
        received_at: now.as_microsecond(),
        completed_at: None,
    };
    let parties = Parties {
        caller_account_id: caller.account_id.clone(),
        ipn_url: caller.ipn_url.clone(),
        sender: sender.account.party,
        recipient: recipient.account.party,
    };
    Case { transaction, parties }
}
