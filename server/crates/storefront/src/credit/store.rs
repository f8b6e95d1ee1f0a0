//! The SQL of `credits`.

use super::{Credit, CreditId, CreditState, PrepaidTokens};
use crate::ids::{CallerReference, TokenId, TransactionId, UserId};
use jiff::Timestamp;
use money::Money;
use platform::Database;
use platform::db::Columns;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AnyExecutor, FromRow};

/// As many of one buyer are looked at; more are old and empty.
const MOST: i64 = 50;

macro_rules! select_credits {
    ($rest:literal) => {
        concat!(
            "SELECT id, user_id, amount, sender_reference, funding_reference, state, instrument_id, sender_token_id, \
             funding_token_id, transaction_id, failure, balance, checks, created_at FROM credits ",
            $rest
        )
    };
}

impl FromRow<'_, AnyRow> for Credit {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: row.parsed("id")?,
            user_id: row.parsed("user_id")?,
            amount: row.money("amount")?,
            sender_reference: row.parsed("sender_reference")?,
            funding_reference: row.parsed("funding_reference")?,
            state: state(row)?,
            balance: row.money("balance")?,
            checks: row.integer("checks")?,
            at: row.time("created_at")?,
        })
    }
}

fn state(row: &AnyRow) -> Result<CreditState, sqlx::Error> {
    let instrument = row.optional("instrument_id", Columns::parsed)?;
    let sender = row.optional("sender_token_id", Columns::parsed)?;
    let funding = row.optional("funding_token_id", Columns::parsed)?;
    let tokens = match (instrument, sender, funding) {
        (Some(instrument), Some(sender), Some(funding)) => {
            Some(PrepaidTokens { instrument, sender, funding })
        }
        _ => None,
    };
    let transaction: Option<TransactionId> = row.optional("transaction_id", Columns::parsed)?;
    let name = row.text("state")?;
    Ok(match (name.as_str(), tokens, transaction) {
        ("Waiting", None, None) => CreditState::Waiting,
        ("Left", None, None) => CreditState::Left,
        ("Funding", Some(tokens), None) => CreditState::Funding { tokens },
        ("Pending", Some(tokens), Some(transaction)) => CreditState::Pending { tokens, transaction },
        ("Ready", Some(tokens), Some(transaction)) => CreditState::Ready { tokens, transaction },
        ("Cancelled", Some(tokens), Some(transaction)) => CreditState::Cancelled { tokens, transaction },
        ("Failed", tokens, None) => CreditState::Failed { tokens, why: row.text("failure")? },
        _ => return Err(sqlx::Error::Decode(format!("credits.state of {}", row.text("id")?).into())),
    })
}

pub async fn insert(connection: &mut AnyConnection, credit: &Credit) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO credits (id, user_id, amount, sender_reference, funding_reference, state, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(credit.id.as_str())
    .bind(credit.user_id.as_str())
    .bind(credit.amount.micros())
    .bind(credit.sender_reference.as_str())
    .bind(credit.funding_reference.as_str())
    .bind(credit.state.name())
    .bind(credit.at.as_microsecond())
    .execute(connection)
    .await?;
    Ok(())
}

pub async fn load(executor: impl AnyExecutor<'_>, id: &CreditId) -> Result<Option<Credit>, sqlx::Error> {
    sqlx::query_as(select_credits!("WHERE id = $1")).bind(id.as_str()).fetch_optional(executor).await
}

/// Reads it and keeps everybody else from changing it until the transaction ends.
pub async fn lock(connection: &mut AnyConnection, id: &CreditId) -> Result<Option<Credit>, sqlx::Error> {
    // The write takes the row's lock on PostgreSQL; SQLite has only one writer anyway.
    sqlx::query("UPDATE credits SET checks = checks WHERE id = $1")
        .bind(id.as_str())
        .execute(&mut *connection)
        .await?;
    load(connection, id).await
}

/// A buyer's, the newest first.
pub async fn of_user(db: &Database, user: &UserId) -> Result<Vec<Credit>, sqlx::Error> {
    sqlx::query_as(select_credits!("WHERE user_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2"))
        .bind(user.as_str())
        .bind(MOST)
        .fetch_all(db.readers())
        .await
}

/// What a buyer has not spent, and whether a charge is under way.
pub async fn left_of(connection: &mut AnyConnection, user: &UserId) -> Result<(Money, bool), sqlx::Error> {
    let row = sqlx::query(
        "SELECT CAST(COALESCE(SUM(CASE state WHEN 'Ready' THEN balance ELSE 0 END), 0) AS BIGINT) AS unspent, \
         CAST(COALESCE(SUM(CASE WHEN state IN ('Funding', 'Pending') OR state = 'Waiting' AND check_at IS NOT NULL \
         THEN 1 ELSE 0 END), 0) AS BIGINT) AS under_way FROM credits WHERE user_id = $1",
    )
    .bind(user.as_str())
    .fetch_one(connection)
    .await?;
    Ok((row.money("unspent")?, row.integer("under_way")? > 0))
}

/// Whether anybody has charged one.
pub async fn is_there_any(db: &Database) -> Result<bool, sqlx::Error> {
    let row = sqlx::query("SELECT 1 AS one FROM credits WHERE transaction_id IS NOT NULL LIMIT 1");
    Ok(row.fetch_optional(db.readers()).await?.is_some())
}

/// The one whose `FundPrepaid` has this reference.
pub async fn by_funding_reference(
    db: &Database,
    reference: &CallerReference,
) -> Result<Option<CreditId>, sqlx::Error> {
    let row = sqlx::query("SELECT id FROM credits WHERE funding_reference = $1")
        .bind(reference.as_str())
        .fetch_optional(db.readers())
        .await?;
    row.map(|row| row.parsed("id")).transpose()
}

/// The one that this token pays from.
pub async fn by_sender_token(db: &Database, token: &TokenId) -> Result<Option<CreditId>, sqlx::Error> {
    let row = sqlx::query("SELECT id FROM credits WHERE sender_token_id = $1")
        .bind(token.as_str())
        .fetch_optional(db.readers())
        .await?;
    row.map(|row| row.parsed("id")).transpose()
}

/// Those of which Amazon is to be asked how the funding went, the longest due first.
pub async fn due(db: &Database, now: Timestamp, limit: i64) -> Result<Vec<CreditId>, sqlx::Error> {
    let rows = sqlx::query("SELECT id FROM credits WHERE check_at <= $1 ORDER BY check_at, id LIMIT $2")
        .bind(now.as_microsecond())
        .bind(limit)
        .fetch_all(db.readers())
        .await?;
    rows.iter().map(|row| row.parsed("id")).collect()
}

/// Writes what can change of one that this transaction has locked.
pub async fn save(
    connection: &mut AnyConnection,
    credit: &Credit,
    check_at: Option<Timestamp>,
) -> Result<(), sqlx::Error> {
    let tokens = credit.state.tokens();
    let failure = match &credit.state {
        CreditState::Failed { why, .. } => Some(why.as_str()),
        _ => None,
    };
    sqlx::query(
        "UPDATE credits SET state = $1, instrument_id = $2, sender_token_id = $3, funding_token_id = $4, \
         transaction_id = $5, failure = $6, check_at = $7, checks = $8 WHERE id = $9",
    )
    .bind(credit.state.name())
    .bind(tokens.map(|tokens| tokens.instrument.as_str()))
    .bind(tokens.map(|tokens| tokens.sender.as_str()))
    .bind(tokens.map(|tokens| tokens.funding.as_str()))
    .bind(credit.state.transaction().map(TransactionId::as_str))
    .bind(failure)
    .bind(check_at.map(Timestamp::as_microsecond))
    .bind(credit.checks)
    .bind(credit.id.as_str())
    .execute(connection)
    .await?;
    Ok(())
}

/// What Amazon said that is left of it.
pub async fn set_balance(
    connection: &mut AnyConnection,
    id: &CreditId,
    balance: Money,
    at: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE credits SET balance = $1, balance_at = $2 WHERE id = $3")
        .bind(balance.micros())
        .bind(at.as_microsecond())
        .bind(id.as_str())
        .execute(connection)
        .await?;
    Ok(())
}

/// Asks Amazon again at that moment.
pub async fn look_at(
    connection: &mut AnyConnection,
    id: &CreditId,
    check_at: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE credits SET check_at = $1 WHERE id = $2 AND check_at IS NOT NULL")
        .bind(check_at.as_microsecond())
        .bind(id.as_str())
        .execute(connection)
        .await?;
    Ok(())
}
