use crate::domain::callers::Caller;
use crate::engine::payments::refund;
use crate::engine::{ActionError, Engine};
use crate::web::query_api::actions::transaction_result;
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
