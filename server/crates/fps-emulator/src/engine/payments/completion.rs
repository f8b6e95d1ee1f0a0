//! What happens without anybody's request: the processor of cards and bank accounts answers, and time
//! runs out.

use crate::domain::payments::sandbox;
use crate::domain::transactions::record::Case;
use crate::domain::transactions::{Event, State, fee_id, find, movements};
use crate::engine::Engine;
use crate::engine::error::ActionError;
use crate::engine::payments::cancel::give_up;
use crate::engine::payments::pay::{RESERVE_VALID_FOR, later};
use crate::engine::payments::settle::is_short_of_money;
use crate::engine::write_plan::{Books, Step};
use fps_protocol::enums::{IpnOperation, StatusCode, TransactionStatus};
use jiff::Timestamp;

/// The processor answers for one transaction; nothing happens when there is nothing to answer any more.
pub async fn processor_answers(engine: &Engine, id: &str) -> Result<bool, ActionError> {
    engine
        .until_unchanged(|| async {
            let Some(case) = find(&engine.db, id).await? else { return Ok(false) };
            let state = State::of(&case.transaction);
            if state.decide(Event::ProcessorAnswers).is_err() {
                return Ok(false);
            }
            let now = engine.clock.now();
            // What was settled in time is charged, however late the processor is.
            if state != State::SettlePending && case.transaction.has_expired(now.as_microsecond()) {
                engine.run(time_is_over(engine, case, state, now)?).await??;
                return Ok(true);
            }
            let step = if declines(engine, &case, state) {
                decline(engine, case.clone(), state, StatusCode::TransactionDenied, now)?
            } else {
                let fee_id = fee_id(&engine.db, &case.transaction).await?;
                accept(engine, case.clone(), state, fee_id.as_deref(), now)?
            };
            match engine.run(step).await {
                // The caller has to pay the fee and has not enough.
                Err(error) if is_short_of_money(&error) => {
                    let step = decline(engine, case, state, StatusCode::TransactionDenied, now)?;
                    engine.run(step).await??;
                }
                answer => drop(answer??),
            }
            Ok(true)
        })
        .await
}

/// Ends a transaction whose time is over; nothing happens if it was settled, cancelled or put off.
pub async fn expire(engine: &Engine, id: &str) -> Result<bool, ActionError> {
    engine
        .until_unchanged(|| async {
            let Some(case) = find(&engine.db, id).await? else { return Ok(false) };
            let (state, now) = (State::of(&case.transaction), engine.clock.now());
            if state.decide(Event::Expires).is_err() || !case.transaction.has_expired(now.as_microsecond()) {
                return Ok(false);
            }
            engine.run(time_is_over(engine, case, state, now)?).await??;
            Ok(true)
        })
        .await
}

/// An unsettled reserve is cancelled; what was still pending has failed.
fn time_is_over(engine: &Engine, case: Case, state: State, now: Timestamp) -> Result<Step, ActionError> {
    if state == State::Reserved {
        Ok(give_up(engine, case, StatusCode::Expired, IpnOperation::CancelTransaction, now))
    } else {
        decline(engine, case, state, StatusCode::Expired, now)
    }
}

/// Only the sandbox's amounts are ever declined, and never a refund.
fn declines(engine: &Engine, case: &Case, state: State) -> bool {
    let charged = case.transaction.charged();
    engine.config.magic_amounts
        && state != State::RefundPending
        && sandbox::check_magic_amount(charged).is_err()
}

/// What a notification calls this.
fn operation_of(case: &Case, state: State) -> IpnOperation {
    if state == State::SettlePending { IpnOperation::Settle } else { case.transaction.operation.into() }
}

fn accept(
    engine: &Engine,
    mut case: Case,
    state: State,
    fee_id: Option<&str>,
    now: Timestamp,
) -> Result<Step, ActionError> {
    let now_micros = now.as_microsecond();
    let books = match state {
        State::ReservePending => {
            let transaction = &mut case.transaction;
            transaction.status = TransactionStatus::Reserved;
            transaction.status_code = StatusCode::Success;
            transaction.process_at = None;
            transaction.expires_at = Some(later(now_micros, RESERVE_VALID_FOR));
            Books::Nothing
        }
        State::RefundPending => {
            case.transaction.finish(TransactionStatus::Success, StatusCode::Success, now_micros);
            Books::Post(movements::refund_arrival(&case.transaction, now)?)
        }
        _ => {
            case.transaction.finish(TransactionStatus::Success, StatusCode::Success, now_micros);
            let charge = movements::charge(&case, fee_id, now)?;
            Books::charge(case.transaction.hold_id.as_ref(), charge, now)
        }
    };
    let notification = engine.notify(&case, operation_of(&case, state), now_micros);
    Ok(Step::change(case, books, notification, now_micros))
}

/// A payment or reserve has failed.
fn decline(
    engine: &Engine,
    mut case: Case,
    state: State,
    code: StatusCode,
    now: Timestamp,
) -> Result<Step, ActionError> {
    if state == State::SettlePending {
        return settle_has_failed(engine, case, code, now);
    }
    let now_micros = now.as_microsecond();
    case.transaction.finish(TransactionStatus::Failure, code, now_micros);
    let notification = engine.notify(&case, operation_of(&case, state), now_micros);
    let books = match &case.transaction.hold_id {
        // The debt can be settled in another way.
        Some(hold_id) if state == State::DebtSettlePending => {
            Books::Release { hold_id: hold_id.clone(), at: now }
        }
        _ => Books::Nothing,
    };
    Ok(Step::change(case, books, notification, now_micros))
}

/// The caller is told, and the reserve goes on as it was, until it ends as it would have.
fn settle_has_failed(
    engine: &Engine,
    mut case: Case,
    code: StatusCode,
    now: Timestamp,
) -> Result<Step, ActionError> {
    let now_micros = now.as_microsecond();
    let mut failed = case.clone();
    failed.transaction.finish(TransactionStatus::Failure, code, now_micros);
    let notification = engine.notify(&failed, IpnOperation::Settle, now_micros);
    let transaction = &mut case.transaction;
    transaction.status = TransactionStatus::Reserved;
    transaction.status_code = StatusCode::Success;
    transaction.settle_amount = None;
    transaction.process_at = None;
    transaction.reckon_fees(transaction.amount)?;
    Ok(Step::change(case, Books::Nothing, notification, now_micros))
}
