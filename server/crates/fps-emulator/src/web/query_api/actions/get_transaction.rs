use crate::domain::callers::Caller;
use crate::engine::activity::transaction_detail;
use crate::engine::{ActionError, Engine};
use fps_protocol::FpsError;
use fps_protocol::actions::GetTransaction;
use fps_protocol::responses::Response;

pub async fn perform(
    engine: &Engine,
    caller: &Caller,
    request: &GetTransaction,
) -> Result<Response, FpsError> {
    let detail = transaction_detail(engine, caller, request.transaction_id.as_str()).await;
    Ok(Response::GetTransaction(Box::new(detail.map_err(ActionError::into_fps_error)?)))
}
