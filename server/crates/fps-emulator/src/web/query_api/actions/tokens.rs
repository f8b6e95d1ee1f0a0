//! `CancelToken`, `GetTokenByCaller`, `GetTokenUsage` and `GetTokens`.

use crate::domain::callers::Caller;
use crate::engine::{ActionError, Engine, tokens};
use fps_protocol::FpsError;
use fps_protocol::actions::{CancelToken, GetTokenByCaller, GetTokenUsage, GetTokens};
use fps_protocol::responses::{Response, TokenCancelled, TokenResult, TokenUsageResult, TokensResult};

pub async fn cancel(engine: &Engine, caller: &Caller, request: &CancelToken) -> Result<Response, FpsError> {
    tokens::cancel_for_caller(engine, caller, request).await.map_err(ActionError::into_fps_error)?;
    Ok(Response::CancelToken(TokenCancelled))
}

pub async fn by_caller(
    engine: &Engine,
    caller: &Caller,
    request: &GetTokenByCaller,
) -> Result<Response, FpsError> {
    let token = tokens::token_by_caller(engine, caller, request).await;
    Ok(Response::GetTokenByCaller(TokenResult { token: token.map_err(ActionError::into_fps_error)? }))
}

pub async fn usage(engine: &Engine, caller: &Caller, request: &GetTokenUsage) -> Result<Response, FpsError> {
    let limits = tokens::usage(engine, caller, request.token_id.as_str()).await;
    Ok(Response::GetTokenUsage(TokenUsageResult { limits: limits.map_err(ActionError::into_fps_error)? }))
}

pub async fn list(engine: &Engine, caller: &Caller, request: &GetTokens) -> Result<Response, FpsError> {
    let tokens = tokens::own_tokens(engine, caller, request).await;
    Ok(Response::GetTokens(TokensResult { tokens: tokens.map_err(ActionError::into_fps_error)? }))
}
