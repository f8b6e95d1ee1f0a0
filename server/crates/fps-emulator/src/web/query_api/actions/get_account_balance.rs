use crate::domain::callers::Caller;
use crate::engine::activity::account_balance;
use crate::engine::{ActionError, Engine};
use fps_protocol::FpsError;
use fps_protocol::responses::Response;

pub async fn perform(engine: &Engine, caller: &Caller) -> Result<Response, FpsError> {
    let balance = account_balance(engine, caller).await.map_err(ActionError::into_fps_error)?;
    Ok(Response::GetAccountBalance(balance))
}
