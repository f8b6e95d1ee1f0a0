use crate::domain::callers::Caller;
use crate::engine::activity::subscription_details;
use crate::engine::{ActionError, Engine};
use fps_protocol::FpsError;
use fps_protocol::actions::GetSubscriptionDetails;
use fps_protocol::responses::Response;

pub async fn perform(
    engine: &Engine,
    caller: &Caller,
    request: &GetSubscriptionDetails,
) -> Result<Response, FpsError> {
    let details = subscription_details(engine, caller, request.subscription_id.as_str()).await;
    Ok(Response::GetSubscriptionDetails(Box::new(details.map_err(ActionError::into_fps_error)?)))
}
