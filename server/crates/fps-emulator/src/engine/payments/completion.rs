//! What happens without anybody's request: the processor of cards and bank accounts answers, and time
//! runs out.

use crate::domain::payments::sandbox;
use crate::domain::transactions::{Event, Life, State, Transaction, fee_id, find, movements};
use crate::engine::Engine;
use crate::engine::error::ActionError;
use crate::engine::payments::cancel::give_up;
use crate::engine::payments::pay::{RESERVE_VALID_FOR, later};
use crate::engine::payments::settle::is_short_of_money;
use crate::engine::write_plan::{LedgerChange, WritePlan};
use fps_protocol::enums::{IpnOperation, StatusCode, TransactionStatus};
use fps_protocol::ids::TransactionId;
use jiff::Timestamp;

/// What the processor answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Success,
    Failure,
}

/// The processor answers for one transaction; nothing happens when there is nothing to answer any more.
pub async fn processor_answers(engine: &Engine, id: &TransactionId) -> Result<bool, ActionError> {
    answer(engine, id, None).await
}

/// Why nothing was decided.
#[derive(Debug, thiserror::Error)]
pub enum DecideError {
    #[error(
        "there is no transaction with that id; GET /_control/ledger and the account site show those that there are"
    )]
    Unknown,
    #[error("the transaction is {0}: only what is Pending by card or bank account can be decided")]
    NotPending(TransactionStatus),
    #[error("a refund that is on its way always arrives: only success can be decided for it")]
    RefundArrives,
    #[error(transparent)]
    Action(#[from] ActionError),
}

/// Answers in the processor's place, at once, and tells how the transaction stands then. That can be a failure all the same:
/// where its time is over, or the caller cannot pay the fee.
pub async fn decide(
    engine: &Engine,
    id: &TransactionId,
    verdict: Verdict,
) -> Result<Transaction, DecideError> {
    let read = async || find(&engine.db, id).await.map_err(ActionError::from)?.ok_or(DecideError::Unknown);
    let transaction = read().await?;
    if verdict == Verdict::Failure && State::of(&transaction) == State::RefundPending {
        return Err(DecideError::RefundArrives);
    }
    let decided = answer(engine, id, Some(verdict)).await?;
    let transaction = read().await?;
    if decided { Ok(transaction) } else { Err(DecideError::NotPending(transaction.status())) }
}

/// Where no verdict is given the amount says it.
async fn answer(engine: &Engine, id: &TransactionId, verdict: Option<Verdict>) -> Result<bool, ActionError> {
    engine
        .until_unchanged(|| async {
            let Some(transaction) = find(&engine.db, id).await? else { return Ok(false) };
            let state = State::of(&transaction);
            if state.decide(Event::ProcessorAnswers).is_err() {
                return Ok(false);
            }
            let now = engine.clock.now();
            // What was settled in time is charged, however late the processor is.
            if state != State::SettlePending && transaction.has_expired(now) {
                engine.run(time_is_over(transaction, state, now)?).await?;
                return Ok(true);
            }
            let declined = match verdict {
                Some(verdict) => verdict == Verdict::Failure,
                None => declines(engine, &transaction, state),
            };
            let plan = if declined {
                decline(transaction.clone(), state, StatusCode::TransactionDenied, now)?
            } else {
                let fee_id = fee_id(&engine.db, &transaction).await?;
                accept(transaction.clone(), state, fee_id.as_ref(), now)?
            };
            match engine.run(plan).await {
                // The caller has to pay the fee and has not enough.
                Err(error) if is_short_of_money(&error) => {
                    let declined = decline(transaction, state, StatusCode::TransactionDenied, now)?;
                    engine.run(declined).await?;
                }
                answer => drop(answer?),
            }
            Ok(true)
        })
        .await
}

/// Ends a transaction whose time is over; nothing happens if it was settled, cancelled or put off.
pub async fn expire(engine: &Engine, id: &TransactionId) -> Result<bool, ActionError> {
    engine
        .until_unchanged(|| async {
            let Some(transaction) = find(&engine.db, id).await? else { return Ok(false) };
            let (state, now) = (State::of(&transaction), engine.clock.now());
            if state.decide(Event::Expires).is_err() || !transaction.has_expired(now) {
                return Ok(false);
            }
            engine.run(time_is_over(transaction, state, now)?).await?;
            Ok(true)
        })
        .await
}

/// An unsettled reserve is cancelled; what was still pending has failed.
fn time_is_over(transaction: Transaction, state: State, now: Timestamp) -> Result<WritePlan, ActionError> {
    if state == State::Reserved {
        give_up(transaction, StatusCode::Expired, IpnOperation::CancelTransaction, now)
    } else {
        decline(transaction, state, StatusCode::Expired, now)
    }
}

/// Only the sandbox's amounts are ever declined, and never a refund.
fn declines(engine: &Engine, transaction: &Transaction, state: State) -> bool {
    let charged = transaction.charged();
    engine.config.magic_amounts
        && state != State::RefundPending
        && sandbox::check_magic_amount(charged).is_err()
}

/// What a notification calls this.
fn operation_of(transaction: &Transaction, state: State) -> IpnOperation {
    if state == State::SettlePending { IpnOperation::Settle } else { transaction.operation().into() }
}

fn accept(
    mut transaction: Transaction,
    state: State,
    fee_id: Option<&TransactionId>,
    now: Timestamp,
) -> Result<WritePlan, ActionError> {
    let hold = movements::held(&transaction)?;
    let ledger = match state {
        State::ReservePending => {
            let expires_at = later(now, RESERVE_VALID_FOR);
            transaction.life = Life::Reserved { expires_at, hold_id: hold.map(|hold| hold.id) };
            LedgerChange::Nothing
        }
        State::RefundPending => {
            transaction.complete(now);
            LedgerChange::Post(movements::refund_arrival(&transaction, now)?)
        }
        _ => {
            transaction.complete(now);
            LedgerChange::charge(hold, movements::charge(&transaction, fee_id, now)?, now)
        }
    };
    let notification = Engine::notify(&transaction, operation_of(&transaction, state), now);
    Ok(WritePlan::change(transaction, now).moving(ledger).notifying(notification))
}

/// A payment or reserve has failed. A debt that was being settled can be settled in another way.
fn decline(
    mut transaction: Transaction,
    state: State,
    code: StatusCode,
    now: Timestamp,
) -> Result<WritePlan, ActionError> {
    if let Life::Settling { expires_at, .. } = transaction.life {
        return settle_has_failed(transaction, expires_at, code, now);
    }
    let hold = movements::held(&transaction)?;
    transaction.life = Life::Failed { code, at: now };
    let notification = Engine::notify(&transaction, operation_of(&transaction, state), now);
    let plan = WritePlan::change(transaction, now);
    Ok(plan.moving(LedgerChange::release(hold, now)).notifying(notification))
}

/// The caller is told, and the reserve goes on as it was, until it ends as it would have.
fn settle_has_failed(
    mut transaction: Transaction,
    expires_at: Timestamp,
    code: StatusCode,
    now: Timestamp,
) -> Result<WritePlan, ActionError> {
    let failure = (TransactionStatus::Failure, code);
    let notification = Engine::notify_status(&transaction, IpnOperation::Settle, failure, now);
    transaction.life = Life::Reserved { expires_at, hold_id: None };
    transaction.reckon_fees(transaction.amount)?;
    Ok(WritePlan::change(transaction, now).notifying(notification))
}
