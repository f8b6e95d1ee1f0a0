use super::transaction_result;
use crate::callers::Caller;
use crate::transactions::{ActionError, Engine, cancel};
use fps_protocol::FpsError;
use fps_protocol::actions::Cancel;
use fps_protocol::responses::Response;

pub async fn perform(engine: &Engine, caller: &Caller, request: &Cancel) -> Result<Response, FpsError> {
    let outcome = cancel(engine, caller, request).await.map_err(ActionError::into_fps_error)?;
    Ok(Response::Cancel(transaction_result(&outcome)?))
}
