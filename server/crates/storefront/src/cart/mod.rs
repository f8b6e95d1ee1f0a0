//! What somebody means to buy together: the SQL of `cart_items`.

use crate::catalogue::Item;
use crate::catalogue::store::select_items;
use crate::ids::{ItemId, UserId};
use jiff::{SignedDuration, Timestamp};
use platform::Database;
use platform::db::Columns;
use sqlx::AnyConnection;

/// As many items are in one cart.
pub const MOST: i64 = 20;

/// What a visitor without an account put aside is forgotten after it.
const KEPT_FOR_VISITORS: SignedDuration = SignedDuration::from_hours(30 * 24);

/// What stands before a visitor's own name, which no user's id has.
const VISITOR: &str = "visitor:";

/// Whose cart it is: a user's, or a visitor's whom a session knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CartOwner(String);

impl CartOwner {
    pub fn user(id: &UserId) -> Self {
        Self(id.to_string())
    }

    /// Somebody without an account, by a name that nobody guesses.
    pub fn visitor(name: &str) -> Self {
        Self(format!("{VISITOR}{name}"))
    }
}

/// The items in the order in which they were put there.
pub async fn items(db: &Database, owner: &CartOwner) -> Result<Vec<Item>, sqlx::Error> {
    sqlx::query_as(select_items!(
        "JOIN cart_items c ON c.item_id = i.id WHERE c.owner = $1 ORDER BY c.at, i.id"
    ))
    .bind(&owner.0)
    .fetch_all(db.readers())
    .await
}

pub async fn count(db: &Database, owner: &CartOwner) -> Result<u32, sqlx::Error> {
    let row = sqlx::query("SELECT COUNT(*) AS items FROM cart_items WHERE owner = $1")
        .bind(&owner.0)
        .fetch_one(db.readers())
        .await?;
    Ok(u32::try_from(row.integer("items")?).unwrap_or(u32::MAX))
}

/// Whether it is there now: a cart that is full takes no more.
pub async fn add(
    connection: &mut AnyConnection,
    owner: &CartOwner,
    item: &ItemId,
    at: Timestamp,
) -> Result<bool, sqlx::Error> {
    let row = sqlx::query(
        "SELECT COUNT(*) AS items, CAST(COALESCE(SUM(CASE WHEN item_id = $2 THEN 1 ELSE 0 END), 0) AS BIGINT) AS there \
         FROM cart_items WHERE owner = $1",
    )
    .bind(&owner.0)
    .bind(item.as_str())
    .fetch_one(&mut *connection)
    .await?;
    if row.integer("there")? > 0 {
        return Ok(true);
    }
    if row.integer("items")? >= MOST {
        return Ok(false);
    }
    sqlx::query("INSERT INTO cart_items (owner, item_id, at) VALUES ($1, $2, $3) ON CONFLICT (owner, item_id) DO NOTHING")
        .bind(&owner.0)
        .bind(item.as_str())
        .bind(at.as_microsecond())
        .execute(connection)
        .await?;
    Ok(true)
}

pub async fn remove(
    connection: &mut AnyConnection,
    owner: &CartOwner,
    items: &[ItemId],
) -> Result<(), sqlx::Error> {
    for item in items {
        sqlx::query("DELETE FROM cart_items WHERE owner = $1 AND item_id = $2")
            .bind(&owner.0)
            .bind(item.as_str())
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// What a visitor put aside is theirs once they have signed in.
pub async fn hand_over(
    connection: &mut AnyConnection,
    from: &CartOwner,
    to: &CartOwner,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO cart_items (owner, item_id, at) SELECT $1, item_id, at FROM cart_items WHERE owner = $2 \
         ON CONFLICT (owner, item_id) DO NOTHING",
    )
    .bind(&to.0)
    .bind(&from.0)
    .execute(&mut *connection)
    .await?;
    sqlx::query("DELETE FROM cart_items WHERE owner = $1").bind(&from.0).execute(connection).await?;
    Ok(())
}

/// Forgets the carts of visitors who did not come back; answers how many items were in them.
pub async fn forget_old(connection: &mut AnyConnection, now: Timestamp) -> Result<usize, sqlx::Error> {
    let before = now.saturating_sub(KEPT_FOR_VISITORS).unwrap_or(Timestamp::UNIX_EPOCH);
    let done = sqlx::query("DELETE FROM cart_items WHERE at < $1 AND owner LIKE 'visitor:%'")
        .bind(before.as_microsecond())
        .execute(connection)
        .await?;
    Ok(usize::try_from(done.rows_affected()).unwrap_or(0))
}
