//! Editing: another instrument pays, under a new token.

use crate::domain::tokens::Token;
use crate::domain::tokens::store::insert;
use fps_protocol::enums::PaymentMethod;
use fps_protocol::ids::{CallerReference, InstrumentId, TokenId};
use jiff::Timestamp;
use sqlx::AnyConnection;

/// The token that replaces an edited one.
#[derive(Debug, Clone)]
pub struct EditedToken {
    pub id: TokenId,
    pub caller_reference: CallerReference,
    pub instrument_id: InstrumentId,
    pub payment_method: PaymentMethod,
    pub created_at: Timestamp,
}

/// `+active`: see `usage::SPEND`.
pub(super) const END: &str = "UPDATE tokens SET active = 0 WHERE id = $1 AND +active = 1 AND used_at IS NULL";

/// Replaces a sender token by one with another instrument; terms, limits and what was used of them stay.
/// `false` when the old one was cancelled, used up or edited meanwhile: the caller must then roll back.
pub async fn edit(c: &mut AnyConnection, old: &Token, new: &EditedToken) -> Result<bool, sqlx::Error> {
    let ended = sqlx::query(END).bind(old.id.as_str()).execute(&mut *c).await?;
    if ended.rows_affected() != 1 {
        return Ok(false);
    }
    let token = Token {
        id: new.id.clone(),
        caller_reference: new.caller_reference.clone(),
        instrument_id: Some(new.instrument_id.clone()),
        payment_methods: vec![new.payment_method],
        old_token_id: Some(old.id.clone()),
        created_at: new.created_at,
        ..old.clone()
    };
    insert(&mut *c, &token).await?;
    sqlx::query(
        "INSERT INTO token_limits (token_id, position, kind, limit_value, period, used, used_before, window_start) \
         SELECT $1, position, kind, limit_value, period, used, used_before, window_start FROM token_limits \
         WHERE token_id = $2",
    )
    .bind(new.id.as_str())
    .bind(old.id.as_str())
    .execute(c)
    .await?;
    Ok(true)
}
