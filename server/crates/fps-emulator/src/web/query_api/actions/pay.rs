use crate::domain::callers::Caller;
use crate::engine::payments::pay_or_reserve;
use crate::engine::{ActionError, Engine};
use crate::web::query_api::actions::transaction_result;
use fps_protocol::FpsError;
use fps_protocol::actions::PaymentRequest;
use fps_protocol::enums::FpsOperation;
use fps_protocol::responses::Response;

pub async fn perform(
    engine: &Engine,
    caller: &Caller,
    request: &PaymentRequest,
    canonical: &str,
) -> Result<Response, FpsError> {
    let outcome = pay_or_reserve(engine, caller, FpsOperation::Pay, request, canonical).await;
    Ok(Response::Pay(transaction_result(&outcome.map_err(ActionError::into_fps_error)?)?))
}
