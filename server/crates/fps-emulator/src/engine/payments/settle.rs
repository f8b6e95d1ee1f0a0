use crate::domain::callers::Caller;
use crate::domain::payments::rules::{self, fees_too_high};
use crate::domain::payments::sandbox;
use crate::domain::transactions::record::Case;
use crate::domain::transactions::{Event, State, fee_id, find_of_caller, movements};
use crate::engine::error::{ActionError, insufficient_balance};
use crate::engine::write_plan::{Books, Step};
use crate::engine::{Engine, Outcome};
use fps_protocol::actions::Settle;
use fps_protocol::enums::{IpnOperation, StatusCode, TransactionStatus};
use fps_protocol::{ErrorCode, FpsError, fees};
use money::Money;

/// Charges a reserve, whole or in part, once. A balance is charged within the call; for cards and bank
/// accounts the processor does it.
pub async fn settle(engine: &Engine, caller: &Caller, request: &Settle) -> Result<Outcome, ActionError> {
    let answer = engine.until_unchanged(|| async {
        let id = request.reserve_transaction_id.as_str();
        let case = find_of_caller(&engine.db, &caller.access_key, id).await?.ok_or_else(|| unknown(id))?;
        let fee_id = fee_id(&engine.db, &case.transaction).await?;
        engine.run(plan(engine, case, fee_id.as_deref(), request)?).await
    });
    Ok(answer.await??)
}

fn plan(
    engine: &Engine,
    mut case: Case,
    fee_id: Option<&str>,
    request: &Settle,
) -> Result<Step, ActionError> {
    let now = engine.clock.now();
    let now_micros = now.as_microsecond();
    let state = State::of(&case.transaction);
    state.decide(Event::Settle).map_err(|code| refusal(code, state))?;
    if case.transaction.has_expired(now_micros) {
        return Err(refusal(ErrorCode::InvalidTransactionState, State::Cancelled));
    }
    charge_at(&mut case, request.transaction_amount)?;
    // As Pay is; of cards and bank accounts the processor does it.
    if engine.config.magic_amounts && case.transaction.payment_method.is_immediate() {
        sandbox::check_magic_amount(case.transaction.charged())?;
    }
    let transaction = &mut case.transaction;
    if let Some(url) = &request.override_ipn_url {
        transaction.override_ipn_url = Some(url.to_string());
    }
    let books = if transaction.payment_method.is_immediate() {
        transaction.finish(TransactionStatus::Success, StatusCode::Success, now_micros);
        let charge = movements::charge(&case, fee_id, now)?;
        Books::charge(case.transaction.hold_id.as_ref(), charge, now)
    } else {
        transaction.status = TransactionStatus::Pending;
        transaction.status_code = StatusCode::PendingNetworkResponse;
        transaction.process_at = Some(engine.process_at());
        Books::Nothing
    };
    let notification = engine.notify(&case, IpnOperation::Settle, now_micros);
    Ok(Step::change(case, books, notification, now_micros))
}

/// Sets the amount to charge, and the fees that follow from it.
fn charge_at(case: &mut Case, asked: Option<Money>) -> Result<(), ActionError> {
    let transaction = &mut case.transaction;
    let amount = asked.unwrap_or(transaction.amount);
    if amount > transaction.amount {
        return Err(ActionError::refused(
            ErrorCode::SettleAmountGreaterThanReserveAmount,
            "The amount to settle is greater than the amount that was reserved.",
        ));
    }
    rules::check_least(transaction.payment_method, amount)?;
    transaction.settle_amount = Some(amount);
    transaction.reckon_fees(amount)?;
    fees::split(amount, transaction.fps_fee, transaction.marketplace_fee, transaction.fee_payer)
        .map_err(|_| fees_too_high())?;
    Ok(())
}

/// The answer for a transaction that is not there, or another caller's.
pub fn unknown(id: &str) -> FpsError {
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
