use crate::domain::callers::Caller;
use crate::domain::tokens::Token;
use crate::domain::transactions::Transaction;
use crate::domain::transactions::payments_of_token;
use crate::engine::error::ActionError;
use crate::engine::idempotency::Key;
use crate::engine::payments::refund::{self, Begun};
use crate::engine::tokens::{self, Cancelling};
use crate::engine::write_plan::WritePlan;
use crate::engine::{Engine, Outcome, inquiries};
use fps_protocol::actions::{Action, CancelSubscriptionAndRefund, ReferencedCancellation, Refund};
use fps_protocol::enums::TransactionStatus;
use fps_protocol::ids::TransactionId;
use fps_protocol::{ErrorCode, FpsError};
use money::Money;

/// Ends a subscription and, where the request names an amount, gives so much of its last successful
/// payment back: both together or neither.
pub async fn cancel_subscription(
    engine: &Engine,
    caller: &Caller,
    request: &CancelSubscriptionAndRefund,
    canonical: &str,
) -> Result<Option<Outcome>, ActionError> {
    let Some(asked) = &request.referenced else {
        cancel_only(engine, caller, request).await?;
        return Ok(None);
    };
    let action = Action::CancelSubscriptionAndRefund.as_str();
    let key = Key::new(&caller.access_key, action, &asked.caller_reference, canonical);
    let outcome = engine.answer_once(&key, || attempt(engine, caller, request, asked, &key)).await?;
    Ok(Some(outcome).filter(|_| asked.refund_amount.is_some()))
}

/// Without a reference there is nothing to know the same request by: a second one finds it cancelled.
async fn cancel_only(
    engine: &Engine,
    caller: &Caller,
    request: &CancelSubscriptionAndRefund,
) -> Result<(), ActionError> {
    let token = active_subscription(engine, caller, request).await?;
    if tokens::cancel(engine, &token, how(request)).await? { Ok(()) } else { Err(already_cancelled()) }
}

async fn attempt(
    engine: &Engine,
    caller: &Caller,
    request: &CancelSubscriptionAndRefund,
    asked: &ReferencedCancellation,
    key: &Key,
) -> Result<Outcome, ActionError> {
    let token = active_subscription(engine, caller, request).await?;
    let plan = match asked.refund_amount {
        Some(amount) => refund_last_payment(engine, &token, request, asked, amount, key).await?,
        None => nothing_but_the_end(engine, &token, key)?,
    };
    let cancellation = tokens::prepare_cancellation(engine, &token, how(request)).await?;
    engine.run(plan.cancelling(cancellation)).await
}

async fn refund_last_payment(
    engine: &Engine,
    token: &Token,
    request: &CancelSubscriptionAndRefund,
    asked: &ReferencedCancellation,
    amount: Money,
    key: &Key,
) -> Result<WritePlan, ActionError> {
    let payment = last_payment(engine, token).await?;
    let refund = Refund {
        transaction_id: payment.id.clone(),
        refund_amount: Some(amount),
        caller_reference: asked.caller_reference.clone(),
        caller_description: request.cancel_reason.clone(),
        marketplace_refund_policy: None,
        override_ipn_url: None,
        refund_token_id: None,
    };
    refund::prepare(engine, payment, &refund, Begun::ByCaller, key).await
}

/// No transaction, so that the subscription's own id stands for the answer that is kept.
fn nothing_but_the_end(engine: &Engine, token: &Token, key: &Key) -> Result<WritePlan, ActionError> {
    let transaction_id = TransactionId::new(token.id.as_str()).map_err(|_| FpsError::internal())?;
    let outcome = Outcome { transaction_id, status: TransactionStatus::Cancelled };
    Ok(WritePlan::answering(outcome, engine.clock.now()).once(key))
}

fn how(request: &CancelSubscriptionAndRefund) -> Cancelling<'_> {
    Cancelling { reason: request.cancel_reason.as_deref(), override_ipn_url: None }
}

async fn active_subscription(
    engine: &Engine,
    caller: &Caller,
    request: &CancelSubscriptionAndRefund,
) -> Result<Token, ActionError> {
    let token = inquiries::subscription(engine, caller, &request.subscription_id).await?;
    if token.active { Ok(token) } else { Err(already_cancelled()) }
}

fn already_cancelled() -> ActionError {
    ActionError::refused(ErrorCode::TokenNotActive, "The subscription was cancelled.")
}

/// The latest payment that succeeded.
async fn last_payment(engine: &Engine, token: &Token) -> Result<Transaction, ActionError> {
    let payments = payments_of_token(&engine.db, &token.id).await?;
    let pending = payments.iter().any(|transaction| transaction.status() == TransactionStatus::Pending);
    let succeeded =
        payments.into_iter().rev().find(|transaction| transaction.status() == TransactionStatus::Success);
    succeeded.ok_or_else(|| {
        if pending {
            let message = "The payment to refund is not complete yet.";
            return ActionError::refused(ErrorCode::OriginalTransactionIncomplete, message);
        }
        let message = "The subscription has no successful payment to refund.";
        ActionError::refused(ErrorCode::OriginalTransactionFailed, message)
    })
}
