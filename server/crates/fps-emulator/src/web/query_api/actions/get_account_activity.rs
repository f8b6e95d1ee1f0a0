use crate::domain::callers::Caller;
use crate::engine::activity::account_activity;
use crate::engine::{ActionError, Engine};
use fps_protocol::FpsError;
use fps_protocol::actions::GetAccountActivity;
use fps_protocol::responses::Response;

pub async fn perform(
    engine: &Engine,
    caller: &Caller,
    request: &GetAccountActivity,
) -> Result<Response, FpsError> {
    let activity = account_activity(engine, caller, request).await.map_err(ActionError::into_fps_error)?;
    Ok(Response::GetAccountActivity(activity))
}
