//! The rows of tokens and of their limits.

use crate::domain::callers::Caller;
use crate::domain::placeholders;
use crate::domain::tokens::limits::{LimitKind, TokenLimit};
use crate::domain::tokens::{Token, TokenRole};
use fps_protocol::actions::GetTokens;
use fps_protocol::cbui::AmountType;
use fps_protocol::enums::{PaymentMethod, TokenStatus, TokenType};
use fps_protocol::ids::CallerReference;
use money::{Money, Percent};
use platform::Database;
use sqlx::{AnyConnection, AssertSqlSafe};
use std::fmt::Display;
use std::str::FromStr;

/// Of one account, in one answer.
pub const MOST_LISTED: i64 = 1_000;

pub async fn insert(c: &mut AnyConnection, token: &Token) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO tokens (id, access_key, account_id, role, token_type, active, caller_reference, friendly_name, \
             payment_reason, instrument_id, payment_methods, amount, amount_type, recurring_period, \
             recipient_token_id, recipient_token_ids, stored_value_id, max_fixed_fee, max_variable_fee, \
             recipient_pays_fee, refund_token_id, old_token_id, instruction, used_at, valid_from, expires_at, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, \
             $22, $23, $24, $25, $26, $27)",
    )
    .bind(&token.id)
    .bind(&token.access_key)
    .bind(&token.account_id)
    .bind(token.role.as_str())
    .bind(token.token_type.as_str())
    .bind(i64::from(token.active))
    .bind(&token.caller_reference)
    .bind(&token.friendly_name)
    .bind(token.payment_reason.as_deref())
    .bind(token.instrument_id.as_deref())
    .bind(words_to_column(&token.payment_methods))
    .bind(token.amount.map(Money::micros))
    .bind(token.amount_type.map(AmountType::as_str))
    .bind(token.recurring_period.map(|period| period.to_string()))
    .bind(token.recipient_token_id.as_deref())
    .bind(words_to_column(&token.recipient_token_ids))
    .bind(token.stored_value_id.as_deref())
    .bind(token.max_fixed_fee.map(Money::micros))
    .bind(token.max_variable_fee.map(Percent::ten_thousandths))
    .bind(token.recipient_pays_fee.map(i64::from))
    .bind(token.refund_token_id.as_deref())
    .bind(token.old_token_id.as_deref())
    .bind(token.instruction.as_deref())
    .bind(token.used_at)
    .bind(token.valid_from)
    .bind(token.expires_at)
    .bind(token.created_at)
    .execute(c)
    .await?;
    Ok(())
}

pub async fn insert_limit(
    c: &mut AnyConnection,
    token_id: &str,
    limit: &TokenLimit,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO token_limits (token_id, position, kind, limit_value, period, used, used_before, window_start) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(token_id)
    .bind(limit.position)
    .bind(limit.kind.as_str())
    .bind(limit.most)
    .bind(limit.period.map(|period| period.to_string()))
    .bind(limit.used)
    .bind(limit.used_before)
    .bind(limit.window_start)
    .execute(c)
    .await?;
    Ok(())
}

fn words_to_column<T: Display>(words: &[T]) -> String {
    words.iter().map(T::to_string).collect::<Vec<_>>().join(",")
}

fn words_from_column<T: FromStr>(text: &str) -> Vec<T> {
    text.split(',').filter(|word| !word.is_empty()).filter_map(|word| word.parse().ok()).collect()
}

/// The recipient tokens that a sender token may pay, of its two columns; empty when it may pay anybody.
pub fn recipients(only: Option<&str>, list: &str) -> Vec<String> {
    only.map_or_else(|| words_from_column(list), |id| vec![id.to_owned()])
}

fn parsed<T>(text: &str) -> Result<T, sqlx::Error>
where
    T: FromStr,
    T::Err: std::error::Error + Send + Sync + 'static,
{
    text.parse().map_err(|error| sqlx::Error::Decode(Box::new(error)))
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    access_key: String,
    account_id: String,
    role: String,
    token_type: String,
    active: i64,
    caller_reference: String,
    friendly_name: String,
    payment_reason: Option<String>,
    instrument_id: Option<String>,
    payment_methods: String,
    amount: Option<i64>,
    amount_type: Option<String>,
    recurring_period: Option<String>,
    recipient_token_id: Option<String>,
    recipient_token_ids: String,
    stored_value_id: Option<String>,
    max_fixed_fee: Option<i64>,
    max_variable_fee: Option<i64>,
    recipient_pays_fee: Option<i64>,
    refund_token_id: Option<String>,
    old_token_id: Option<String>,
    instruction: Option<String>,
    used_at: Option<i64>,
    valid_from: i64,
    expires_at: Option<i64>,
    created_at: i64,
}

impl TryFrom<Row> for Token {
    type Error = sqlx::Error;

    fn try_from(row: Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: row.id,
            access_key: row.access_key,
            account_id: row.account_id,
            role: TokenRole::from_column(&row.role),
            token_type: parsed(&row.token_type)?,
            active: row.active != 0,
            caller_reference: row.caller_reference,
            friendly_name: row.friendly_name,
            payment_reason: row.payment_reason,
            instrument_id: row.instrument_id,
            payment_methods: words_from_column::<PaymentMethod>(&row.payment_methods),
            amount: row.amount.map(Money::from_micros),
            amount_type: row.amount_type.as_deref().map(parsed).transpose()?,
            recurring_period: row.recurring_period.as_deref().map(parsed).transpose()?,
            recipient_token_id: row.recipient_token_id,
            recipient_token_ids: words_from_column(&row.recipient_token_ids),
            stored_value_id: row.stored_value_id,
            max_fixed_fee: row.max_fixed_fee.map(Money::from_micros),
            max_variable_fee: row.max_variable_fee.map(Percent::from_ten_thousandths),
            recipient_pays_fee: row.recipient_pays_fee.map(|value| value != 0),
            refund_token_id: row.refund_token_id,
            old_token_id: row.old_token_id,
            instruction: row.instruction,
            used_at: row.used_at,
            valid_from: row.valid_from,
            expires_at: row.expires_at,
            created_at: row.created_at,
        })
    }
}

#[derive(sqlx::FromRow)]
struct LimitRow {
    position: i64,
    kind: String,
    limit_value: i64,
    period: Option<String>,
    used: i64,
    used_before: i64,
    window_start: i64,
}

impl TryFrom<LimitRow> for TokenLimit {
    type Error = sqlx::Error;

    fn try_from(row: LimitRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            position: row.position,
            kind: LimitKind::from_column(&row.kind),
            most: row.limit_value,
            period: row.period.as_deref().map(parsed).transpose()?,
            used: row.used,
            used_before: row.used_before,
            window_start: row.window_start,
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
             created_at FROM tokens ",
            $rest
        )
    };
}

pub async fn find(db: &Database, id: &str) -> Result<Option<Token>, sqlx::Error> {
    let row: Option<Row> =
        sqlx::query_as(select_tokens!("WHERE id = $1")).bind(id).fetch_optional(db.readers()).await?;
    row.map(Token::try_from).transpose()
}

/// Those of the tokens that there are, in no order.
pub async fn find_all(db: &Database, ids: &[&str]) -> Result<Vec<Token>, sqlx::Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let statement = format!(select_tokens!("WHERE id IN ({})"), placeholders(1, ids.len()));
    let query = ids.iter().fold(sqlx::query_as(AssertSqlSafe(statement)), |query, id| query.bind(*id));
    let rows: Vec<Row> = query.fetch_all(db.readers()).await?;
    rows.into_iter().map(Token::try_from).collect()
}

/// Whether a token was made under one of the caller's references.
pub async fn is_reference_used(
    db: &Database,
    access_key: &str,
    references: &[&str],
) -> Result<bool, sqlx::Error> {
    if references.is_empty() {
        return Ok(false);
    }
    let statement = format!(
        "SELECT id FROM tokens WHERE access_key = $1 AND caller_reference IN ({}) AND role <> 'Refund' LIMIT 1",
        placeholders(2, references.len())
    );
    let query = sqlx::query(AssertSqlSafe(statement)).bind(access_key);
    let query = references.iter().fold(query, |query, reference| query.bind(*reference));
    Ok(query.fetch_optional(db.readers()).await?.is_some())
}

/// What the account has given that can be used at `now` ([`Token::is_alive`]): what serves again and again
/// before what is for one payment, the newest of each first; a recipient token stands for its refund token too.
pub async fn alive_of(
    db: &Database,
    account_id: &str,
    now: i64,
    limit: i64,
) -> Result<Vec<Token>, sqlx::Error> {
    let rows: Vec<Row> = sqlx::query_as(select_tokens!(
        "WHERE account_id = $1 AND role <> 'Refund' \
             AND active = 1 AND used_at IS NULL AND (expires_at IS NULL OR expires_at > $2) \
         ORDER BY CASE token_type WHEN 'SingleUse' THEN 1 ELSE 0 END, created_at DESC, id LIMIT $3"
    ))
    .bind(account_id)
    .bind(now)
    .bind(limit)
    .fetch_all(db.readers())
    .await?;
    rows.into_iter().map(Token::try_from).collect()
}

/// The rest of what the account has given, the newest first.
pub async fn past_of(
    db: &Database,
    account_id: &str,
    now: i64,
    limit: i64,
    offset: i64,
) -> Result<Vec<Token>, sqlx::Error> {
    let rows: Vec<Row> = sqlx::query_as(select_tokens!(
        "WHERE account_id = $1 AND role <> 'Refund' \
             AND (active = 0 OR used_at IS NOT NULL OR expires_at <= $2) \
         ORDER BY created_at DESC, id LIMIT $3 OFFSET $4"
    ))
    .bind(account_id)
    .bind(now)
    .bind(limit)
    .bind(offset)
    .fetch_all(db.readers())
    .await?;
    rows.into_iter().map(Token::try_from).collect()
}

/// How many are in [`past_of`].
pub async fn count_past(db: &Database, account_id: &str, now: i64) -> Result<i64, sqlx::Error> {
    let (count,): (i64,) = sqlx::query_as(
        "SELECT COUNT(*) FROM tokens WHERE account_id = $1 AND role <> 'Refund' \
             AND (active = 0 OR used_at IS NOT NULL OR expires_at <= $2)",
    )
    .bind(account_id)
    .bind(now)
    .fetch_one(db.readers())
    .await?;
    Ok(count)
}

/// The first token made under the caller's reference, if there is one.
pub async fn find_by_reference(
    db: &Database,
    access_key: &str,
    caller_reference: &str,
) -> Result<Option<Token>, sqlx::Error> {
    let row: Option<Row> = sqlx::query_as(select_tokens!(
        "WHERE access_key = $1 AND caller_reference = $2 AND role <> 'Refund' ORDER BY created_at, id LIMIT 1"
    ))
    .bind(access_key)
    .bind(caller_reference)
    .fetch_optional(db.readers())
    .await?;
    row.map(Token::try_from).transpose()
}

/// The tokens on the caller's own account that are with it and as wanted: the newest [`MOST_LISTED`], the
/// oldest of them first. Refund tokens go with their recipient tokens.
pub async fn on_account(
    db: &Database,
    caller: &Caller,
    wanted: &GetTokens,
    now: i64,
) -> Result<Vec<Token>, sqlx::Error> {
    // The status is that of `Token::is_alive`.
    let rows: Vec<Row> = sqlx::query_as(select_tokens!(
        "WHERE access_key = $1 AND account_id = $2 AND role <> 'Refund' \
             AND ($3 = '' OR $3 = CASE WHEN active = 1 AND used_at IS NULL AND (expires_at IS NULL OR expires_at > $4) \
                 THEN 'Active' ELSE 'Inactive' END) \
             AND ($5 = '' OR token_type = $5) AND ($6 = '' OR caller_reference = $6) \
             AND ($7 = '' OR friendly_name = $7) \
         ORDER BY created_at DESC, id DESC LIMIT $8"
    ))
    .bind(&caller.access_key)
    .bind(&caller.account_id)
    .bind(wanted.status.map_or("", TokenStatus::as_str))
    .bind(now)
    .bind(wanted.token_type.map_or("", TokenType::as_str))
    .bind(wanted.caller_reference.as_ref().map_or("", CallerReference::as_str))
    .bind(wanted.friendly_name.as_deref().unwrap_or_default())
    .bind(MOST_LISTED)
    .fetch_all(db.readers())
    .await?;
    rows.into_iter().rev().map(Token::try_from).collect()
}

/// The limits of a sender token, in their order.
pub async fn limits_of(db: &Database, token_id: &str) -> Result<Vec<TokenLimit>, sqlx::Error> {
    let rows: Vec<LimitRow> = sqlx::query_as(
        "SELECT position, kind, limit_value, period, used, used_before, window_start FROM token_limits \
         WHERE token_id = $1 ORDER BY position",
    )
    .bind(token_id)
    .fetch_all(db.readers())
    .await?;
    rows.into_iter().map(TokenLimit::try_from).collect()
}

/// Takes a token back, for the reason that is given. `false` when it was cancelled before, and nothing is written.
pub async fn cancel(c: &mut AnyConnection, id: &str, reason: Option<&str>) -> Result<bool, sqlx::Error> {
    let updated =
        sqlx::query("UPDATE tokens SET active = 0, cancel_reason = $1 WHERE id = $2 AND active = 1")
            .bind(reason)
            .bind(id)
            .execute(c)
            .await?;
    Ok(updated.rows_affected() == 1)
}
