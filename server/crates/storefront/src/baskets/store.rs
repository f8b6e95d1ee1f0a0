//! The SQL of `baskets`.

use super::{Basket, BasketId};
use crate::ids::{CallerReference, TokenId, UserId};
use jiff::Timestamp;
use platform::Database;
use platform::db::Columns;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AnyExecutor, FromRow};

macro_rules! select_baskets {
    ($rest:literal) => {
        concat!(
            "SELECT id, buyer_id, caller_reference, sender_token_id, closed_at, close_at, created_at FROM baskets ",
            $rest
        )
    };
}

impl FromRow<'_, AnyRow> for Basket {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: row.parsed("id")?,
            buyer_id: row.parsed("buyer_id")?,
            caller_reference: row.optional("caller_reference", Columns::parsed)?,
            sender_token: row.optional("sender_token_id", Columns::parsed)?,
            closed_at: row.optional("closed_at", Columns::time)?,
            close_at: row.optional("close_at", Columns::time)?,
            at: row.time("created_at")?,
        })
    }
}

pub async fn insert(connection: &mut AnyConnection, basket: &Basket) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO baskets (id, buyer_id, caller_reference, created_at) VALUES ($1, $2, $3, $4)")
        .bind(basket.id.as_str())
        .bind(basket.buyer_id.as_str())
        .bind(basket.caller_reference.as_ref().map(CallerReference::as_str))
        .bind(basket.at.as_microsecond())
        .execute(connection)
        .await?;
    Ok(())
}

pub async fn load(executor: impl AnyExecutor<'_>, id: &BasketId) -> Result<Option<Basket>, sqlx::Error> {
    sqlx::query_as(select_baskets!("WHERE id = $1")).bind(id.as_str()).fetch_optional(executor).await
}

pub async fn by_reference(db: &Database, reference: &CallerReference) -> Result<Option<Basket>, sqlx::Error> {
    sqlx::query_as(select_baskets!("WHERE caller_reference = $1"))
        .bind(reference.as_str())
        .fetch_optional(db.readers())
        .await
}

pub async fn by_sender_token(db: &Database, token: &TokenId) -> Result<Option<Basket>, sqlx::Error> {
    sqlx::query_as(select_baskets!("WHERE sender_token_id = $1"))
        .bind(token.as_str())
        .fetch_optional(db.readers())
        .await
}

/// Those that a buyer began no earlier than `since` and that nobody has confirmed, the newest first.
pub async fn unconfirmed(
    db: &Database,
    buyer: &UserId,
    since: Timestamp,
    limit: i64,
) -> Result<Vec<Basket>, sqlx::Error> {
    sqlx::query_as(select_baskets!(
        "WHERE buyer_id = $1 AND created_at >= $2 AND caller_reference IS NOT NULL AND sender_token_id IS NULL \
         ORDER BY created_at DESC, id DESC LIMIT $3"
    ))
    .bind(buyer.as_str())
    .bind(since.as_microsecond())
    .bind(limit)
    .fetch_all(db.readers())
    .await
}

/// The buyer has confirmed: the token, which is given back once it is of no more use. Keeps the first.
pub async fn confirm(
    connection: &mut AnyConnection,
    id: &BasketId,
    token: &TokenId,
    close_at: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE baskets SET sender_token_id = $1, close_at = $2 WHERE id = $3 AND sender_token_id IS NULL",
    )
    .bind(token.as_str())
    .bind(close_at.as_microsecond())
    .bind(id.as_str())
    .execute(connection)
    .await?;
    Ok(())
}

/// Those whose token may be of no more use, the longest due first.
pub async fn to_close(db: &Database, now: Timestamp, limit: i64) -> Result<Vec<Basket>, sqlx::Error> {
    sqlx::query_as(select_baskets!("WHERE close_at <= $1 ORDER BY close_at, id LIMIT $2"))
        .bind(now.as_microsecond())
        .bind(limit)
        .fetch_all(db.readers())
        .await
}

/// Looks at it again at that moment; `None`: no more.
pub async fn look_again(
    connection: &mut AnyConnection,
    id: &BasketId,
    close_at: Option<Timestamp>,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE baskets SET close_at = $1 WHERE id = $2")
        .bind(close_at.map(Timestamp::as_microsecond))
        .bind(id.as_str())
        .execute(connection)
        .await?;
    Ok(())
}

/// What a guest ordered is somebody's with an account now.
pub async fn change_buyer(
    connection: &mut AnyConnection,
    from: &UserId,
    to: &UserId,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE baskets SET buyer_id = $1 WHERE buyer_id = $2")
        .bind(to.as_str())
        .bind(from.as_str())
        .execute(connection)
        .await?;
    Ok(())
}

/// Nothing more is begun with its token.
pub async fn close(connection: &mut AnyConnection, id: &BasketId, at: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE baskets SET closed_at = $1 WHERE id = $2 AND closed_at IS NULL")
        .bind(at.as_microsecond())
        .bind(id.as_str())
        .execute(connection)
        .await?;
    Ok(())
}
