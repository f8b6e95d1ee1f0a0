use crate::domain::callers::Caller;
use crate::engine::payments::cancel;
use crate::engine::{ActionError, Engine};
use crate::web::query_api::actions::transaction_result;
use fps_protocol::FpsError;
use fps_protocol::actions::Cancel;
use fps_protocol::responses::Response;

pub async fn perform(engine: &Engine, caller: &Caller, request: &Cancel) -> Result<Response, FpsError> {
    let outcome = cancel(engine, caller, request).await.map_err(ActionError::into_fps_error)?;
    Ok(Response::Cancel(transaction_result(&outcome)?))
}
