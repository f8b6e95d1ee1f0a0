use crate::domain::callers::Caller;
use crate::engine::activity::recipient_verification;
use crate::engine::{ActionError, Engine};
use fps_protocol::actions::GetRecipientVerificationStatus;
use fps_protocol::responses::{RecipientVerificationResult, Response};
use fps_protocol::{ApiVersion, FpsError};

pub async fn perform(
    engine: &Engine,
    caller: &Caller,
    request: &GetRecipientVerificationStatus,
    version: ApiVersion,
) -> Result<Response, FpsError> {
    let token_id = request.recipient_token_id.as_str();
    let status = recipient_verification(engine, caller, token_id, version).await;
    let status = status.map_err(ActionError::into_fps_error)?;
    Ok(Response::GetRecipientVerificationStatus(RecipientVerificationResult { status }))
}
