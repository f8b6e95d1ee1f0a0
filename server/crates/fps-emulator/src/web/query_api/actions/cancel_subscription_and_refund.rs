use crate::domain::callers::Caller;
use crate::engine::payments::cancel_subscription;
use crate::engine::{ActionError, Engine};
use fps_protocol::FpsError;
use fps_protocol::actions::CancelSubscriptionAndRefund;
use fps_protocol::ids::TransactionId;
use fps_protocol::responses::{Response, SubscriptionCancelled};

pub async fn perform(
    engine: &Engine,
    caller: &Caller,
    request: &CancelSubscriptionAndRefund,
    canonical: &str,
) -> Result<Response, FpsError> {
    let refund = cancel_subscription(engine, caller, request, canonical).await;
    let refund = refund.map_err(ActionError::into_fps_error)?;
    let id = refund.map(|refund| TransactionId::new(refund.transaction_id)).transpose();
    let refund_transaction_id = id.map_err(|_| FpsError::internal())?;
    Ok(Response::CancelSubscriptionAndRefund(SubscriptionCancelled { refund_transaction_id }))
}
