//! Using tokens, in the database transaction of the payment that uses them.

use crate::domain::tokens::limits::{LimitKind, TokenLimit, Window};
use fps_protocol::ids::TokenId;
use jiff::Timestamp;
use money::Money;
use platform::db::Columns;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, FromRow};

/// What a payment takes of one limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LimitUse {
    position: i64,
    taken: i64,
    window: Window,
}

impl LimitUse {
    /// What a payment of the amount takes now of each of the limits of a token that began at `start`.
    pub fn of_payment(limits: &[TokenLimit], start: Timestamp, amount: Money, now: Timestamp) -> Vec<Self> {
        let take = |limit: &TokenLimit| Self {
            position: limit.position,
            taken: limit.kind.taken_by(amount),
            window: limit.window(start, now),
        };
        limits.iter().map(take).collect()
    }
}

/// A sender token that a payment uses, and the recipient token that must still be good.
#[derive(Debug, Clone)]
pub struct Spend {
    pub sender_token_id: TokenId,
    pub recipient_token_id: Option<TokenId>,
    /// What the payment takes of the sender token's limits.
    pub limits: Vec<LimitUse>,
}

/// Uses a sender token and makes sure, in the same statements, that both tokens are still good and no
/// limit is exceeded: what was read outside of the transaction can have changed. `false` when it has.
/// The caller then rolls back.
pub async fn spend(c: &mut AnyConnection, spend: &Spend, now: Timestamp) -> Result<bool, sqlx::Error> {
    let updated = sqlx::query(
        "UPDATE tokens SET used_at = CASE token_type WHEN 'SingleUse' THEN $1 ELSE used_at END \
         WHERE id = $2 AND active = 1 AND used_at IS NULL AND (expires_at IS NULL OR expires_at > $1) \
         AND ($3 = '' OR EXISTS (SELECT 1 FROM tokens r WHERE r.id = $3 AND r.active = 1))",
    )
    .bind(now.as_microsecond())
    .bind(spend.sender_token_id.as_str())
    .bind(spend.recipient_token_id.as_ref().map_or("", TokenId::as_str))
    .execute(&mut *c)
    .await?;
    if updated.rows_affected() != 1 {
        return Ok(false);
    }
    for limit in &spend.limits {
        if !take(&mut *c, &spend.sender_token_id, limit).await? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// A window that begins leaves what was used to the one before it.
async fn take(c: &mut AnyConnection, token_id: &TokenId, limit: &LimitUse) -> Result<bool, sqlx::Error> {
    let updated = sqlx::query(
        "UPDATE token_limits SET \
             used_before = CASE window_start WHEN $1 THEN used_before WHEN $2 THEN used ELSE 0 END, \
             used = CASE window_start WHEN $1 THEN used + $3 ELSE $3 END, \
             window_start = $1 \
         WHERE token_id = $4 AND position = $5 AND window_start <= $1 \
             AND CASE window_start WHEN $1 THEN used ELSE 0 END <= limit_value - $3",
    )
    .bind(limit.window.start.as_microsecond())
    .bind(limit.window.before.unwrap_or(limit.window.start).as_microsecond())
    .bind(limit.taken)
    .bind(token_id.as_str())
    .bind(limit.position)
    .execute(c)
    .await?;
    Ok(updated.rows_affected() == 1)
}

/// What a payment gives back of the limits of its token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReleasedUsage {
    pub amount: Money,
    /// It has come to nothing, and does not count any more.
    pub counts: bool,
}

/// Gives back what a payment took when it was received, unless a new window has begun since. Of a token
/// that was edited meanwhile the new one has the limits.
pub async fn release_usage(
    c: &mut AnyConnection,
    token_id: &TokenId,
    received_at: Timestamp,
    released: ReleasedUsage,
) -> Result<(), sqlx::Error> {
    let mut token_id = token_id.as_str().to_owned();
    loop {
        // One by one in the order in which payments take of them.
        let limits: Vec<LimitPlace> =
            sqlx::query_as("SELECT position, kind FROM token_limits WHERE token_id = $1 ORDER BY position")
                .bind(&token_id)
                .fetch_all(&mut *c)
                .await?;
        for LimitPlace { position, kind } in limits {
            let back = match kind {
                LimitKind::Amount => released.amount.micros(),
                LimitKind::Count => released.counts.into(),
            };
            sqlx::query(
                "UPDATE token_limits SET used = CASE WHEN used > $1 THEN used - $1 ELSE 0 END \
                 WHERE token_id = $2 AND position = $3 AND window_start <= $4",
            )
            .bind(back)
            .bind(&token_id)
            .bind(position)
            .bind(received_at.as_microsecond())
            .execute(&mut *c)
            .await?;
        }
        let next: Option<(String,)> = sqlx::query_as("SELECT id FROM tokens WHERE old_token_id = $1")
            .bind(&token_id)
            .fetch_optional(&mut *c)
            .await?;
        match next {
            Some((id,)) => token_id = id,
            None => return Ok(()),
        }
    }
}

struct LimitPlace {
    position: i64,
    kind: LimitKind,
}

impl FromRow<'_, AnyRow> for LimitPlace {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self { position: row.integer("position")?, kind: row.parsed("kind")? })
    }
}
