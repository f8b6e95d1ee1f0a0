//! Using tokens, in the database transaction of the payment that uses them.

use crate::domain::Changed;
use crate::domain::tokens::limits::{TokenLimit, Window};
use fps_protocol::ids::TokenId;
use jiff::Timestamp;
use money::Money;
use platform::db::{Batch, Statement};

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

/// `+active` keeps PostgreSQL from looking through all of `tokens_alive` for the one id, which it thinks is as cheap
/// as the primary key for as long as it knows nothing of the table.
const SPEND: &str = "UPDATE tokens SET used_at = CASE token_type WHEN 'SingleUse' THEN $1 ELSE used_at END \
     WHERE id = $2 AND +active = 1 AND used_at IS NULL AND (expires_at IS NULL OR expires_at > $1) \
     AND ($3 = '' OR EXISTS (SELECT 1 FROM tokens r WHERE r.id = $3 AND r.active = 1))";

/// Uses a sender token and makes sure, in the same statements, that both tokens are still good and no
/// limit is exceeded: what was read outside of the transaction can have changed.
pub fn spend<G: From<Changed>>(batch: &mut Batch<G>, spend: &Spend, now: Timestamp) {
    let update = Statement::new(SPEND)
        .bind(now.as_microsecond())
        .bind(spend.sender_token_id.as_str())
        .bind(spend.recipient_token_id.as_ref().map_or("", TokenId::as_str));
    batch.guard(update, Changed.into());
    for limit in &spend.limits {
        batch.guard(take(&spend.sender_token_id, limit), Changed.into());
    }
}

/// A window that begins leaves what was used to the one before it.
fn take(token_id: &TokenId, limit: &LimitUse) -> Statement {
    Statement::new(
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
pub fn release_usage<G>(
    batch: &mut Batch<G>,
    token_id: &TokenId,
    received_at: Timestamp,
    released: ReleasedUsage,
) {
    let update = Statement::new(
        "WITH RECURSIVE heirs (id) AS (SELECT CAST($1 AS TEXT) \
             UNION SELECT t.id FROM tokens t JOIN heirs ON t.old_token_id = heirs.id) \
         UPDATE token_limits SET used = CASE \
             WHEN used > CASE kind WHEN 'Amount' THEN $2 WHEN 'Count' THEN $3 ELSE 0 END \
             THEN used - CASE kind WHEN 'Amount' THEN $2 WHEN 'Count' THEN $3 ELSE 0 END ELSE 0 END \
         WHERE token_id IN (SELECT id FROM heirs) AND window_start <= $4",
    )
    .bind(token_id.as_str())
    .bind(released.amount.micros())
    .bind(i64::from(released.counts))
    .bind(received_at.as_microsecond());
    batch.push(update);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::tokens::edit;
    use crate::engine::payments::tests::worlds;
    use platform::db::Backend;
    use sqlx::AssertSqlSafe;

    #[tokio::test]
    async fn a_token_is_found_by_its_id_where_nothing_is_known_of_the_table() {
        for world in worlds().await {
            if world.engine.db.backend() != Backend::Postgres {
                continue;
            }
            let spend = SPEND.replace("$1", "1").replace("$2", "'a'").replace("$3", "'b'");
            let end = edit::END.replace("$1", "'a'");
            for update in [spend, end] {
                let explain = AssertSqlSafe(format!("EXPLAIN {update}"));
                let plan: Vec<String> =
                    sqlx::query_scalar(explain).fetch_all(world.engine.db.readers()).await.unwrap();
                assert!(plan.iter().any(|step| step.contains("using tokens_pkey on tokens ")), "{plan:?}");
            }
        }
    }
}
