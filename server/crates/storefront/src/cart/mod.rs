//! What somebody puts aside: the cart, which they mean to buy together, and the wish list. The SQL of `cart_items` and
//! `wishes`, which are alike.

#[cfg(test)]
mod tests;

use crate::catalogue::Item;
use crate::catalogue::store::select_items;
use crate::ids::{ItemId, UserId};
use jiff::{SignedDuration, Timestamp};
use platform::Database;
use platform::db::Columns;
use sqlx::{AnyConnection, AnyExecutor};

/// What a visitor without an account put aside is forgotten after it.
const KEPT_FOR_VISITORS: SignedDuration = SignedDuration::from_hours(30 * 24);

/// What stands before a visitor's own name, which no user's id has.
const VISITOR: &str = "visitor:";

/// Whose cart and wish list it is: a user's, or a visitor's whom a session knows.
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

/// Where something is put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    Cart,
    Wishes,
}

/// The statements of one list.
struct Statements {
    items: &'static str,
    count: &'static str,
    find: &'static str,
    add: &'static str,
    remove: &'static str,
    hand_over: &'static str,
    clear: &'static str,
    forget: &'static str,
}

macro_rules! statements {
    ($table:literal) => {
        Statements {
            items: select_items!(concat!(
                "JOIN ",
                $table,
                " c ON c.item_id = i.id WHERE c.owner = $1 ORDER BY c.at, i.id"
            )),
            count: concat!("SELECT COUNT(*) AS items FROM ", $table, " WHERE owner = $1"),
            find: concat!("SELECT at FROM ", $table, " WHERE owner = $1 AND item_id = $2"),
            add: concat!(
                "INSERT INTO ",
                $table,
                " (owner, item_id, at) VALUES ($1, $2, $3) ON CONFLICT (owner, item_id) DO NOTHING"
            ),
            remove: concat!("DELETE FROM ", $table, " WHERE owner = $1 AND item_id = $2"),
            hand_over: concat!(
                "INSERT INTO ",
                $table,
                " (owner, item_id, at) SELECT $1, item_id, at FROM ",
                $table,
                " WHERE owner = $2 ORDER BY at, item_id LIMIT $3 ON CONFLICT (owner, item_id) DO NOTHING"
            ),
            clear: concat!("DELETE FROM ", $table, " WHERE owner = $1"),
            forget: concat!("DELETE FROM ", $table, " WHERE at < $1 AND owner LIKE 'visitor:%'"),
        }
    };
}

static CART: Statements = statements!("cart_items");
static WISHES: Statements = statements!("wishes");

impl List {
    pub const ALL: [Self; 2] = [Self::Cart, Self::Wishes];

    /// As many items are on one.
    pub const fn most(self) -> i64 {
        match self {
            Self::Cart => 20,
            Self::Wishes => 60,
        }
    }

    const fn statements(self) -> &'static Statements {
        match self {
            Self::Cart => &CART,
            Self::Wishes => &WISHES,
        }
    }
}

/// The items in the order in which they were put there.
pub async fn items(db: &Database, list: List, owner: &CartOwner) -> Result<Vec<Item>, sqlx::Error> {
    sqlx::query_as(list.statements().items).bind(&owner.0).fetch_all(db.readers()).await
}

pub async fn count(db: &Database, list: List, owner: &CartOwner) -> Result<u32, sqlx::Error> {
    let row = sqlx::query(list.statements().count).bind(&owner.0).fetch_one(db.readers()).await?;
    Ok(u32::try_from(row.integer("items")?).unwrap_or(u32::MAX))
}

/// Whether the item is on the list.
pub async fn has(
    executor: impl AnyExecutor<'_>,
    list: List,
    owner: &CartOwner,
    item: &ItemId,
) -> Result<bool, sqlx::Error> {
    let found = sqlx::query(list.statements().find).bind(&owner.0).bind(item.as_str());
    Ok(found.fetch_optional(executor).await?.is_some())
}

/// How many more items the list takes.
async fn room(connection: &mut AnyConnection, list: List, owner: &CartOwner) -> Result<i64, sqlx::Error> {
    let row = sqlx::query(list.statements().count).bind(&owner.0).fetch_one(connection).await?;
    Ok(0.max(list.most() - row.integer("items")?))
}

/// Whether it is there now: a list that is full takes no more.
pub async fn add(
    connection: &mut AnyConnection,
    list: List,
    owner: &CartOwner,
    item: &ItemId,
    at: Timestamp,
) -> Result<bool, sqlx::Error> {
    if has(&mut *connection, list, owner, item).await? {
        return Ok(true);
    }
    if room(&mut *connection, list, owner).await? == 0 {
        return Ok(false);
    }
    sqlx::query(list.statements().add)
        .bind(&owner.0)
        .bind(item.as_str())
        .bind(at.as_microsecond())
        .execute(connection)
        .await?;
    Ok(true)
}

pub async fn remove(
    connection: &mut AnyConnection,
    list: List,
    owner: &CartOwner,
    items: &[ItemId],
) -> Result<(), sqlx::Error> {
    for item in items {
        sqlx::query(list.statements().remove)
            .bind(&owner.0)
            .bind(item.as_str())
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// Takes everything out.
pub async fn clear(connection: &mut AnyConnection, owner: &CartOwner) -> Result<(), sqlx::Error> {
    for list in List::ALL {
        sqlx::query(list.statements().clear).bind(&owner.0).execute(&mut *connection).await?;
    }
    Ok(())
}

/// What a visitor put aside is theirs once they have signed in, as far as there is room for it.
pub async fn hand_over(
    connection: &mut AnyConnection,
    from: &CartOwner,
    to: &CartOwner,
) -> Result<(), sqlx::Error> {
    for list in List::ALL {
        let room = room(&mut *connection, list, to).await?;
        sqlx::query(list.statements().hand_over)
            .bind(&to.0)
            .bind(&from.0)
            .bind(room)
            .execute(&mut *connection)
            .await?;
    }
    clear(connection, from).await
}

/// Forgets what visitors put aside who did not come back; answers how many items that were.
pub async fn forget_old(connection: &mut AnyConnection, now: Timestamp) -> Result<u64, sqlx::Error> {
    let before = now.saturating_sub(KEPT_FOR_VISITORS).unwrap_or(Timestamp::UNIX_EPOCH);
    let mut forgotten = 0;
    for list in List::ALL {
        let query = sqlx::query(list.statements().forget).bind(before.as_microsecond());
        forgotten += query.execute(&mut *connection).await?.rows_affected();
    }
    Ok(forgotten)
}
