use crate::domain::callers::Caller;
use crate::engine::payments::settle;
use crate::engine::{ActionError, Engine};
use crate::web::query_api::actions::transaction_result;
use fps_protocol::FpsError;
use fps_protocol::actions::Settle;
use fps_protocol::responses::Response;

pub async fn perform(engine: &Engine, caller: &Caller, request: &Settle) -> Result<Response, FpsError> {
    let outcome = settle(engine, caller, request).await.map_err(ActionError::into_fps_error)?;
    Ok(Response::Settle(transaction_result(&outcome)?))
}
