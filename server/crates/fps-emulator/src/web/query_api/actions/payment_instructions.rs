//! `InstallPaymentInstruction` and `GetPaymentInstruction`.

use crate::domain::callers::Caller;
use crate::engine::{ActionError, Engine, tokens};
use fps_protocol::FpsError;
use fps_protocol::actions::{GetPaymentInstruction, InstallPaymentInstruction};
use fps_protocol::ids::TokenId;
use fps_protocol::responses::{InstalledTokenResult, Response};

pub async fn install(
    engine: &Engine,
    caller: &Caller,
    request: &InstallPaymentInstruction,
) -> Result<Response, FpsError> {
    let id = tokens::install_instruction(engine, caller, request).await;
    let id = id.map_err(ActionError::into_fps_error)?;
    let token_id = TokenId::new(id).map_err(|_| FpsError::internal())?;
    Ok(Response::InstallPaymentInstruction(InstalledTokenResult { token_id }))
}

pub async fn get(
    engine: &Engine,
    caller: &Caller,
    request: &GetPaymentInstruction,
) -> Result<Response, FpsError> {
    let instruction = tokens::payment_instruction(engine, caller, request.token_id.as_str()).await;
    instruction.map(Response::GetPaymentInstruction).map_err(ActionError::into_fps_error)
}
