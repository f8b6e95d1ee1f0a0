use super::transaction_result;
use crate::callers::Caller;
use crate::transactions::{ActionError, Engine, refund};
use fps_protocol::FpsError;
use fps_protocol::actions::Refund;
use fps_protocol::responses::Response;

pub async fn perform(
    engine: &Engine,
    caller: &Caller,
    request: &Refund,
    canonical: &str,
) -> Result<Response, FpsError> {
    let outcome = refund(engine, caller, request, canonical).await.map_err(ActionError::into_fps_error)?;
    Ok(Response::Refund(transaction_result(&outcome)?))
}
