use crate::domain::callers::Caller;
use crate::engine::activity::subscription_transactions;
use crate::engine::{ActionError, Engine};
use fps_protocol::FpsError;
use fps_protocol::actions::GetTransactionsForSubscription;
use fps_protocol::responses::Response;

pub async fn perform(
    engine: &Engine,
    caller: &Caller,
    request: &GetTransactionsForSubscription,
) -> Result<Response, FpsError> {
    let transactions = subscription_transactions(engine, caller, request.subscription_id.as_str()).await;
    Ok(Response::GetTransactionsForSubscription(transactions.map_err(ActionError::into_fps_error)?))
}
