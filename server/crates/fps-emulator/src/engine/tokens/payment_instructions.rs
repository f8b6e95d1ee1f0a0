//! Tokens that an account installs for itself through the API, and what they say.

use crate::domain::accounts::AccountStatus;
use crate::domain::callers::Caller;
use crate::domain::tokens::install::{self, friendly_name};
use crate::domain::tokens::instruction::Instruction;
use crate::domain::tokens::{Token, TokenRole, new_id, store};
use crate::engine::tokens::answers;
use crate::engine::{ActionError, Engine};
use fps_protocol::actions::InstallPaymentInstruction;
use fps_protocol::enums::TokenType;
use fps_protocol::ids::TokenId;
use fps_protocol::responses::PaymentInstructionResult;
use fps_protocol::{ErrorCode, FpsError};

/// Installs a token on the caller's own account; returns its id. The same request again gets the same
/// token, however much later: the reference is the token's.
pub async fn install_instruction(
    engine: &Engine,
    caller: &Caller,
    request: &InstallPaymentInstruction,
) -> Result<TokenId, ActionError> {
    if caller.account_status != AccountStatus::Active {
        let message = "The caller's account is suspended or closed.";
        return Err(ActionError::refused(ErrorCode::InvalidAccountStateCaller, message));
    }
    if request.token_type != TokenType::Unrestricted {
        let message = "must be Unrestricted: other tokens cannot be installed here";
        return Err(FpsError::invalid("TokenType", message).into());
    }
    let token = token(engine, caller, request)?;
    if let Some(earlier) = earlier(engine, caller, request).await? {
        return Ok(earlier);
    }
    let id = token.id.clone();
    let written = engine.db.transact(token, |c, token| Box::pin(store::insert(c, token))).await;
    match written {
        Ok(()) => Ok(id),
        // Another request was faster; perhaps the same one.
        Err(error) if is_taken(&error) => earlier(engine, caller, request).await?.ok_or(ActionError::Changed),
        Err(error) => Err(error.into()),
    }
}

fn is_taken(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation)
}

fn token(engine: &Engine, caller: &Caller, request: &InstallPaymentInstruction) -> Result<Token, FpsError> {
    let instruction = Instruction::parse(&request.payment_instruction)?;
    let now = engine.clock.now();
    let id = new_id(&engine.random);
    let reference = &request.caller_reference;
    let blank = install::blank(&id, &caller.access_key, &caller.account_id, reference, now);
    Ok(Token {
        role: instruction.role,
        friendly_name: request.friendly_name.clone().unwrap_or_else(|| friendly_name(now)),
        payment_reason: request.payment_reason.clone(),
        payment_methods: instruction.payment_methods,
        recipient_pays_fee: (instruction.role == TokenRole::Recipient).then_some(true),
        instruction: Some(request.payment_instruction.clone()),
        ..blank
    })
}

/// The token that the reference has, if the same was asked for.
async fn earlier(
    engine: &Engine,
    caller: &Caller,
    request: &InstallPaymentInstruction,
) -> Result<Option<TokenId>, ActionError> {
    let reference = &request.caller_reference;
    let Some(token) = store::find_by_reference(&engine.db, &caller.access_key, reference).await? else {
        return Ok(None);
    };
    let named = match &request.friendly_name {
        Some(name) => *name == token.friendly_name,
        None => token.friendly_name == friendly_name(token.created_at),
    };
    let is_same = named
        && token.instruction.as_ref() == Some(&request.payment_instruction)
        && token.token_type == request.token_type
        && token.payment_reason == request.payment_reason;
    if is_same {
        return Ok(Some(token.id));
    }
    let message = "A different token is associated with this caller reference already.";
    Err(ActionError::refused(ErrorCode::DuplicateRequest, message))
}

/// The text of a token that the caller installed on its own account.
pub async fn payment_instruction(
    engine: &Engine,
    caller: &Caller,
    token_id: &TokenId,
) -> Result<PaymentInstructionResult, ActionError> {
    let token = answers::of_caller(engine, caller, token_id).await?;
    if token.account_id != caller.account_id {
        let message = "The token is on another account than the caller's own.";
        return Err(ActionError::refused(ErrorCode::TokenAccessDenied, message));
    }
    let Some(text) = token.instruction.clone() else {
        let message = "The token was made by the Co-Branded UI and has no payment instruction.";
        return Err(ActionError::refused(ErrorCode::InvalidTokenType, message));
    };
    Ok(PaymentInstructionResult {
        payment_instruction: text,
        caller_reference: token.caller_reference.to_string(),
        friendly_name: Some(token.friendly_name.clone()),
        token: answers::details(token, engine.clock.now()),
    })
}
