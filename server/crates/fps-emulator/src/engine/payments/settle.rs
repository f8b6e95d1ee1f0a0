use crate::domain::callers::Caller;
use crate::domain::payments::rules::{self, fees_too_high};
use crate::domain::payments::sandbox;
use crate::domain::transactions::{Event, Life, State, Transaction, fee_id, find_of_caller, movements};
use crate::engine::error::{ActionError, insufficient_balance};
use crate::engine::write_plan::{LedgerChange, WritePlan};
use crate::engine::{Engine, Outcome};
use fps_protocol::actions::Settle;
use fps_protocol::enums::IpnOperation;
use fps_protocol::ids::TransactionId;
use fps_protocol::{ErrorCode, FpsError, fees};
use jiff::Timestamp;
use money::Money;

/// Charges a reserve, whole or in part, once. A balance is charged within the call; for cards and bank
/// accounts the processor does it.
pub async fn settle(engine: &Engine, caller: &Caller, request: &Settle) -> Result<Outcome, ActionError> {
    let attempt = || async {
        let id = &request.reserve_transaction_id;
        let transaction =
            find_of_caller(&engine.db, &caller.access_key, id).await?.ok_or_else(|| unknown(id))?;
        let fee_id = fee_id(&engine.db, &transaction).await?;
        engine.run(plan(engine, transaction, fee_id.as_ref(), request)?).await
    };
    engine.until_unchanged(attempt).await
}

fn plan(
    engine: &Engine,
    mut transaction: Transaction,
    fee_id: Option<&TransactionId>,
    request: &Settle,
) -> Result<WritePlan, ActionError> {
    let now = engine.clock.now();
    let expires_at = settleable(&transaction, now)?;
    let hold = movements::held(&transaction)?;
    let amount = request.transaction_amount.unwrap_or(transaction.amount);
    reckon(&mut transaction, amount)?;
    let is_immediate = transaction.payment_method.is_immediate();
    // As Pay is; of cards and bank accounts the processor does it.
    if engine.config.magic_amounts && is_immediate {
        sandbox::check_magic_amount(amount)?;
    }
    if let Some(url) = &request.override_ipn_url {
        transaction.override_ipn_url = Some(url.to_string());
    }
    let ledger = if is_immediate {
        transaction.life = Life::completed(amount, now);
        LedgerChange::charge(hold, movements::charge(&transaction, fee_id, now)?, now)
    } else {
        transaction.life = Life::Settling { amount, process_at: engine.process_at(), expires_at };
        LedgerChange::Nothing
    };
    let notification = Engine::notify(&transaction, IpnOperation::Settle, now);
    Ok(WritePlan::change(transaction, now).moving(ledger).notifying(notification))
}

/// When the reserve ends, if it can be settled now.
fn settleable(transaction: &Transaction, now: Timestamp) -> Result<Timestamp, ActionError> {
    let state = State::of(transaction);
    state.decide(Event::Settle).map_err(|code| refusal(code, state))?;
    match &transaction.life {
        Life::Reserved { expires_at, .. } if *expires_at > now => Ok(*expires_at),
        _ => Err(refusal(ErrorCode::InvalidTransactionState, State::Cancelled)),
    }
}

/// Sets the fees that follow from the amount to charge.
fn reckon(transaction: &mut Transaction, amount: Money) -> Result<(), ActionError> {
    if amount > transaction.amount {
        return Err(ActionError::refused(
            ErrorCode::SettleAmountGreaterThanReserveAmount,
            "The amount to settle is greater than the amount that was reserved.",
        ));
    }
    rules::check_least(transaction.payment_method, amount)?;
    transaction.reckon_fees(amount)?;
    fees::split(amount, transaction.fps_fee, transaction.marketplace_fee, transaction.fee_payer)
        .map_err(|_| fees_too_high())?;
    Ok(())
}

/// The answer for a transaction that is not there, or another caller's.
pub fn unknown(id: &TransactionId) -> FpsError {
    FpsError::new(ErrorCode::InvalidTransactionId, format!("There is no transaction {id}."))
}

/// Says in words why a transaction's state does not allow it.
pub fn refusal(code: ErrorCode, state: State) -> ActionError {
    let state = match state {
        State::PayPending | State::ReservePending | State::FundPending | State::DebtSettlePending => {
            "is not complete yet"
        }
        State::RefundPending => "is a refund, and not complete yet",
        State::SettlePending => "is being settled",
        State::Reserved => "is reserved and must be settled first",
        State::Paid => "is complete",
        State::Settled => "was settled",
        State::Failed => "failed",
        State::Cancelled => "was cancelled or has expired",
        State::RefundFinished => "is a refund",
        State::MarketplaceFee => "is a marketplace fee",
        State::Funded => "has funded a prepaid balance",
        State::DebtSettled => "has settled a debt",
        State::DebtWrittenOff => "has written a debt off",
    };
    ActionError::refused(code, format!("The transaction {state}."))
}

/// For those who answer for money that a settled payment would take from the caller.
pub fn is_short_of_money(error: &ActionError) -> bool {
    matches!(error, ActionError::Refused(error) if *error == insufficient_balance())
}
