//! What callers are told of their tokens.

use crate::domain::callers::Caller;
use crate::domain::tokens::{LimitKind, Token, TokenLimit, store};
use crate::engine::tokens::cancel::{Cancelling, cancel};
use crate::engine::{ActionError, Engine};
use fps_protocol::actions::{CancelToken, GetTokenByCaller, GetTokens};
use fps_protocol::enums::{TokenStatus, TokenType};
use fps_protocol::ids::TokenId;
use fps_protocol::responses::{TokenDetails, TokenUsage};
use fps_protocol::{ErrorCode, FpsError};
use jiff::Timestamp;
use money::Money;

/// A token of the caller. Another caller's looks like one that does not exist.
pub async fn of_caller(engine: &Engine, caller: &Caller, id: &TokenId) -> Result<Token, ActionError> {
    let token = store::find(&engine.db, id).await?;
    let token = token.filter(|token| token.access_key == caller.access_key).ok_or_else(|| {
        FpsError::new(ErrorCode::InvalidTokenId, "There is no such token, or another application has it.")
    })?;
    Ok(token)
}

/// Cancels a token of the caller, whoever gave it.
pub async fn cancel_for_caller(
    engine: &Engine,
    caller: &Caller,
    request: &CancelToken,
) -> Result<(), ActionError> {
    let token = of_caller(engine, caller, &request.token_id).await?;
    let how = Cancelling {
        reason: request.reason_text.as_deref(),
        override_ipn_url: request.override_ipn_url.as_ref(),
    };
    if cancel(engine, &token, how).await? {
        return Ok(());
    }
    Err(ActionError::refused(ErrorCode::TokenNotActive, "The token was cancelled already."))
}

/// One token of the caller.
pub async fn token_by_caller(
    engine: &Engine,
    caller: &Caller,
    request: &GetTokenByCaller,
) -> Result<TokenDetails, ActionError> {
    let unknown = || FpsError::new(ErrorCode::InvalidCallerReference, "No token has this caller reference.");
    let token = match request {
        GetTokenByCaller::Id(id) => of_caller(engine, caller, id).await?,
        GetTokenByCaller::Reference(reference) => {
            let found = store::find_by_reference(&engine.db, &caller.access_key, reference).await?;
            found.ok_or_else(unknown)?
        }
        GetTokenByCaller::Both(id, reference) => {
            let token = of_caller(engine, caller, id).await?;
            if token.caller_reference != *reference {
                return Err(unknown().into());
            }
            token
        }
    };
    Ok(details(token, engine.clock.now()))
}

/// The tokens that are on the caller's own account, and are with this caller; the newest of very many.
pub async fn own_tokens(
    engine: &Engine,
    caller: &Caller,
    request: &GetTokens,
) -> Result<Vec<TokenDetails>, ActionError> {
    let now = engine.clock.now();
    let tokens = store::on_account(&engine.db, caller, request, now).await?;
    Ok(tokens.into_iter().map(|token| details(token, now)).collect())
}

/// What was used of a token's limits; an unrestricted one has none.
pub async fn usage(
    engine: &Engine,
    caller: &Caller,
    token_id: &TokenId,
) -> Result<Vec<TokenUsage>, ActionError> {
    let token = of_caller(engine, caller, token_id).await?;
    if token.token_type == TokenType::SingleUse {
        let message = "A token for a single use has no usage limits.";
        return Err(ActionError::refused(ErrorCode::InvalidTokenType, message));
    }
    let now = engine.clock.now();
    let limits = store::limits_of(&engine.db, &token.id).await?;
    Ok(limits.iter().map(|limit| used(limit, token.valid_from, now)).collect())
}

fn used(limit: &TokenLimit, token_start: Timestamp, now: Timestamp) -> TokenUsage {
    let window = limit.window(token_start, now);
    let (latest, before) = limit.used_in(window);
    let count = |used: i64| u32::try_from(used).unwrap_or(u32::MAX);
    let nothing = TokenUsage {
        count: None,
        amount: None,
        last_reset_count: None,
        last_reset_amount: None,
        last_reset: Some(window.start),
    };
    match limit.kind {
        LimitKind::Count => {
            TokenUsage { count: Some(count(latest)), last_reset_count: Some(count(before)), ..nothing }
        }
        LimitKind::Amount => TokenUsage {
            amount: Some(Money::from_micros(latest)),
            last_reset_amount: Some(Money::from_micros(before)),
            ..nothing
        },
    }
}

fn status_of(token: &Token, now: Timestamp) -> TokenStatus {
    if token.is_alive(now) { TokenStatus::Active } else { TokenStatus::Inactive }
}

pub fn details(token: Token, now: Timestamp) -> TokenDetails {
    TokenDetails {
        status: status_of(&token, now),
        token_id: token.id,
        friendly_name: token.friendly_name,
        date_installed: token.created_at,
        caller_reference: token.caller_reference.into_string(),
        token_type: token.token_type,
        old_token_id: token.old_token_id.map(TokenId::into_string),
        payment_reason: token.payment_reason,
    }
}
