//! The rows of tokens and of their limits.

use crate::domain::Changed;
use crate::domain::accounts::AccountId;
use crate::domain::callers::Caller;
use crate::domain::place::Place;
use crate::domain::tokens::Token;
use crate::domain::tokens::limits::TokenLimit;
use fps_protocol::actions::GetTokens;
use fps_protocol::cbui::{AmountType, ShippingAddress};
use fps_protocol::enums::{TokenStatus, TokenType};
use fps_protocol::ids::{AccessKey, CallerReference, InstrumentId, TokenId};
use jiff::Timestamp;
use money::{Money, Percent};
use platform::Database;
use platform::db::{Batch, Columns, Statement, joined, next_number};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, FromRow};
use text_types::sql::placeholders;

/// Of one account, in one answer.
pub const MOST_LISTED: i64 = 1_000;

pub async fn insert(c: &mut AnyConnection, token: &Token) -> Result<(), sqlx::Error> {
    let number = next_number(c, "tokens");
    sqlx::query(AssertSqlSafe(format!(
        "INSERT INTO tokens (id, access_key, account_id, role, token_type, active, caller_reference, friendly_name, \
             payment_reason, instrument_id, payment_methods, amount, amount_type, recurring_period, \
             recipient_token_id, recipient_token_ids, stored_value_id, max_fixed_fee, max_variable_fee, \
             recipient_pays_fee, refund_token_id, old_token_id, instruction, used_at, valid_from, expires_at, created_at, \
             ship_to, number) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, \
             $22, $23, $24, $25, $26, $27, $28, {number})",
    )))
    .bind(token.id.as_str())
    .bind(token.access_key.as_str())
    .bind(token.account_id.as_str())
    .bind(token.role.as_str())
    .bind(token.token_type.as_str())
    .bind(i64::from(token.active))
    .bind(token.caller_reference.as_str())
    .bind(&token.friendly_name)
    .bind(token.payment_reason.as_deref())
    .bind(token.instrument_id.as_ref().map(InstrumentId::as_str))
    .bind(joined(&token.payment_methods.iter().map(|method| method.as_str()).collect::<Vec<_>>()))
    .bind(token.amount.map(Money::micros))
    .bind(token.amount_type.map(AmountType::as_str))
    .bind(token.recurring_period.map(|period| period.to_string()))
    .bind(token.recipient_token_id.as_ref().map(TokenId::as_str))
    .bind(joined(&token.recipient_token_ids))
    .bind(token.stored_value_id.as_ref().map(InstrumentId::as_str))
    .bind(token.max_fixed_fee.map(Money::micros))
    .bind(token.max_variable_fee.map(Percent::ten_thousandths))
    .bind(token.recipient_pays_fee.map(i64::from))
    .bind(token.refund_token_id.as_ref().map(TokenId::as_str))
    .bind(token.old_token_id.as_ref().map(TokenId::as_str))
    .bind(token.instruction.as_deref())
    .bind(token.used_at.map(Timestamp::as_microsecond))
    .bind(token.valid_from.as_microsecond())
    .bind(token.expires_at.map(Timestamp::as_microsecond))
    .bind(token.created_at.as_microsecond())
    .bind(token.ship_to.as_deref().map(ShippingAddress::to_string))
    .execute(c)
    .await?;
    Ok(())
}

pub async fn insert_limit(
    c: &mut AnyConnection,
    token_id: &TokenId,
    limit: &TokenLimit,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO token_limits (token_id, position, kind, limit_value, period, used, used_before, window_start) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(token_id.as_str())
    .bind(limit.position)
    .bind(limit.kind.as_str())
    .bind(limit.most)
    .bind(limit.period.map(|period| period.to_string()))
    .bind(limit.used)
    .bind(limit.used_before)
    .bind(limit.window_start.as_microsecond())
    .execute(c)
    .await?;
    Ok(())
}

impl FromRow<'_, AnyRow> for Token {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: row.parsed("id")?,
            access_key: row.parsed("access_key")?,
            account_id: row.parsed("account_id")?,
            role: row.parsed("role")?,
            token_type: row.parsed("token_type")?,
            active: row.flag("active")?,
            caller_reference: row.parsed("caller_reference")?,
            friendly_name: row.text("friendly_name")?,
            payment_reason: row.optional("payment_reason", Columns::text)?,
            instrument_id: row.optional("instrument_id", Columns::parsed)?,
            payment_methods: row.list("payment_methods")?,
            amount: row.optional("amount", Columns::money)?,
            amount_type: row.optional("amount_type", Columns::parsed)?,
            recurring_period: row.optional("recurring_period", Columns::parsed)?,
            recipient_token_id: row.optional("recipient_token_id", Columns::parsed)?,
            recipient_token_ids: row.list("recipient_token_ids")?,
            stored_value_id: row.optional("stored_value_id", Columns::parsed)?,
            max_fixed_fee: row.optional("max_fixed_fee", Columns::money)?,
            max_variable_fee: row.optional("max_variable_fee", Columns::percent)?,
            recipient_pays_fee: row.optional("recipient_pays_fee", Columns::flag)?,
            refund_token_id: row.optional("refund_token_id", Columns::parsed)?,
            old_token_id: row.optional("old_token_id", Columns::parsed)?,
            ship_to: row.optional("ship_to", Columns::parsed)?.map(Box::new),
            instruction: row.optional("instruction", Columns::text)?,
            used_at: row.optional("used_at", Columns::time)?,
            valid_from: row.time("valid_from")?,
            expires_at: row.optional("expires_at", Columns::time)?,
            created_at: row.time("created_at")?,
        })
    }
}

impl FromRow<'_, AnyRow> for TokenLimit {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            position: row.integer("position")?,
            kind: row.parsed("kind")?,
            most: row.integer("limit_value")?,
            period: row.optional("period", Columns::parsed)?,
            used: row.integer("used")?,
            used_before: row.integer("used_before")?,
            window_start: row.time("window_start")?,
        })
    }
}

/// Everything a token row has; kept in one place because several queries select it.
macro_rules! select_tokens {
    ($rest:literal) => {
        concat!(
            "SELECT id, access_key, account_id, role, token_type, active, caller_reference, friendly_name, \
             payment_reason, instrument_id, payment_methods, amount, amount_type, recurring_period, \
             recipient_token_id, recipient_token_ids, stored_value_id, max_fixed_fee, max_variable_fee, \
             recipient_pays_fee, refund_token_id, old_token_id, instruction, used_at, valid_from, expires_at, \
             created_at, ship_to FROM tokens ",
            $rest
        )
    };
}

/// Cancelled and spent ones too; `None`: there never was one.
pub async fn find(db: &Database, id: &TokenId) -> Result<Option<Token>, sqlx::Error> {
    sqlx::query_as(select_tokens!("WHERE id = $1")).bind(id.as_str()).fetch_optional(db.readers()).await
}

/// Those of the tokens that there are, in no order.
pub async fn find_all(db: &Database, ids: &[&TokenId]) -> Result<Vec<Token>, sqlx::Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let statement = format!(select_tokens!("WHERE id IN ({})"), placeholders(1, ids.len()));
    let query =
        ids.iter().fold(sqlx::query_as(AssertSqlSafe(statement)), |query, id| query.bind(id.as_str()));
    query.fetch_all(db.readers()).await
}

/// The newest of all, or of one account's, or with one caller: `limit` at the most.
pub async fn latest(
    db: &Database,
    account_id: Option<&AccountId>,
    access_key: Option<&AccessKey>,
    limit: i64,
) -> Result<Vec<Token>, sqlx::Error> {
    sqlx::query_as(select_tokens!(
        "WHERE ($1 = '' OR account_id = $1) AND ($2 = '' OR access_key = $2) ORDER BY created_at DESC, id LIMIT $3"
    ))
    .bind(account_id.map_or("", AccountId::as_str))
    .bind(access_key.map_or("", AccessKey::as_str))
    .bind(limit)
    .fetch_all(db.readers())
    .await
}

/// Whether a token was made under one of the caller's references.
pub async fn is_reference_used(
    db: &Database,
    access_key: &AccessKey,
    references: &[&CallerReference],
) -> Result<bool, sqlx::Error> {
    if references.is_empty() {
        return Ok(false);
    }
    let statement = format!(
        "SELECT id FROM tokens WHERE access_key = $1 AND caller_reference IN ({}) AND role <> 'Refund' LIMIT 1",
        placeholders(2, references.len())
    );
    let query = sqlx::query(AssertSqlSafe(statement)).bind(access_key.as_str());
    let query = references.iter().fold(query, |query, reference| query.bind(reference.as_str()));
    Ok(query.fetch_optional(db.readers()).await?.is_some())
}

/// What the account has given that can be used at `now` ([`Token::is_alive`]): what serves again and again
/// before what is for one payment, the newest of each first; a recipient token stands for its refund token too.
pub async fn alive_of(
    db: &Database,
    account_id: &AccountId,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<Token>, sqlx::Error> {
    sqlx::query_as(ALIVE)
        .bind(account_id.as_str())
        .bind(now.as_microsecond())
        .bind(limit)
        .fetch_all(db.readers())
        .await
}

const ALIVE: &str = select_tokens!(
    "WHERE account_id = $1 AND role <> 'Refund' \
         AND active = 1 AND used_at IS NULL AND (expires_at IS NULL OR expires_at > $2) \
     ORDER BY CASE token_type WHEN 'SingleUse' THEN 1 ELSE 0 END, created_at DESC, id LIMIT $3"
);

macro_rules! past {
    ($beyond:literal, $order:literal) => {
        concat!(
            select_tokens!(
                "WHERE account_id = $1 AND role <> 'Refund' \
                     AND (active = 0 OR used_at IS NOT NULL OR expires_at <= $2) AND (created_at, id) "
            ),
            $beyond,
            " ($3, $4) ORDER BY ",
            $order,
            " LIMIT $5"
        )
    };
}

const PAST_OLDER: &str = past!("<", "created_at DESC, id DESC");
const PAST_NEWER: &str = past!(">", "created_at, id");

/// Up to `limit` of the rest of what the account has given, the newest first: those behind a place.
pub async fn past_older_than(
    db: &Database,
    account_id: &AccountId,
    now: Timestamp,
    place: &Place,
    limit: i64,
) -> Result<Vec<Token>, sqlx::Error> {
    past(db, PAST_OLDER, account_id, now, place, limit).await
}

/// The same of those right before it.
pub async fn past_newer_than(
    db: &Database,
    account_id: &AccountId,
    now: Timestamp,
    place: &Place,
    limit: i64,
) -> Result<Vec<Token>, sqlx::Error> {
    let mut found = past(db, PAST_NEWER, account_id, now, place, limit).await?;
    found.reverse();
    Ok(found)
}

async fn past(
    db: &Database,
    sql: &'static str,
    account_id: &AccountId,
    now: Timestamp,
    place: &Place,
    limit: i64,
) -> Result<Vec<Token>, sqlx::Error> {
    sqlx::query_as(sql)
        .bind(account_id.as_str())
        .bind(now.as_microsecond())
        .bind(place.at.as_microsecond())
        .bind(&place.id)
        .bind(limit)
        .fetch_all(db.readers())
        .await
}

/// The first token made under the caller's reference, if there is one.
pub async fn find_by_reference(
    db: &Database,
    access_key: &AccessKey,
    caller_reference: &CallerReference,
) -> Result<Option<Token>, sqlx::Error> {
    sqlx::query_as(select_tokens!(
        "WHERE access_key = $1 AND caller_reference = $2 AND role <> 'Refund' ORDER BY created_at, id LIMIT 1"
    ))
    .bind(access_key.as_str())
    .bind(caller_reference.as_str())
    .fetch_optional(db.readers())
    .await
}

/// The tokens on the caller's own account that are with it and as wanted: the newest [`MOST_LISTED`], the
/// oldest of them first. Refund tokens go with their recipient tokens.
pub async fn on_account(
    db: &Database,
    caller: &Caller,
    wanted: &GetTokens,
    now: Timestamp,
) -> Result<Vec<Token>, sqlx::Error> {
    // The status is that of `Token::is_alive`.
    let mut latest: Vec<Token> = sqlx::query_as(select_tokens!(
        "WHERE access_key = $1 AND account_id = $2 AND role <> 'Refund' \
             AND ($3 = '' OR $3 = CASE WHEN active = 1 AND used_at IS NULL AND (expires_at IS NULL OR expires_at > $4) \
                 THEN 'Active' ELSE 'Inactive' END) \
             AND ($5 = '' OR token_type = $5) AND ($6 = '' OR caller_reference = $6) \
             AND ($7 = '' OR friendly_name = $7) \
         ORDER BY created_at DESC, id DESC LIMIT $8"
    ))
    .bind(caller.access_key.as_str())
    .bind(caller.account_id.as_str())
    .bind(wanted.status.map_or("", TokenStatus::as_str))
    .bind(now.as_microsecond())
    .bind(wanted.token_type.map_or("", TokenType::as_str))
    .bind(wanted.caller_reference.as_ref().map_or("", CallerReference::as_str))
    .bind(wanted.friendly_name.as_deref().unwrap_or_default())
    .bind(MOST_LISTED)
    .fetch_all(db.readers())
    .await?;
    latest.reverse();
    Ok(latest)
}

/// The limits of a sender token, in their order.
pub async fn limits_of(db: &Database, token_id: &TokenId) -> Result<Vec<TokenLimit>, sqlx::Error> {
    sqlx::query_as(
        "SELECT position, kind, limit_value, period, used, used_before, window_start FROM token_limits \
         WHERE token_id = $1 ORDER BY position",
    )
    .bind(token_id.as_str())
    .fetch_all(db.readers())
    .await
}

/// Takes a token back, for the reason that is given, unless it was cancelled before.
pub fn cancel<G: From<Changed>>(batch: &mut Batch<G>, id: &TokenId, reason: Option<&str>) {
    let update = "UPDATE tokens SET active = 0, cancel_reason = $1 WHERE id = $2 AND active = 1";
    batch.guard(Statement::new(update).bind(reason).bind(id.as_str()), Changed.into());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::payments::tests::query_plans;

    /// Single-use tokens gather, one for each purchase: a page costs what it shows.
    #[tokio::test]
    async fn pages_are_found_by_indexes() {
        let steps = [
            "SEARCH tokens USING INDEX tokens_by_account (account_id=? AND (created_at,id)<(?,?))",
            "SEARCH tokens USING INDEX tokens_by_account (account_id=? AND (created_at,id)>(?,?))",
            "SEARCH tokens USING INDEX tokens_alive (account_id=?)",
        ];
        for ((query, plan), step) in query_plans(&[PAST_OLDER, PAST_NEWER, ALIVE]).await.iter().zip(steps) {
            assert_eq!(plan[0], step, "{query}: {plan:?}");
        }
    }
}
