//! Who may download what, for as long as the payment stands: the SQL of `download_grants`.

use super::order::Order;
use crate::catalogue::Item;
use crate::catalogue::store::select_items;
use crate::catalogue::versions::version_of_buyer;
use crate::ids::{OrderId, UserId};
use jiff::Timestamp;
use platform::Database;
use platform::db::Columns;
use platform::paging::{self, Part, Place};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AnyExecutor, FromRow};

/// A buyer's right to download, as the library shows it.
#[derive(Debug, Clone)]
pub struct Grant {
    pub order_id: OrderId,
    /// Somebody else paid for it.
    pub is_gift: bool,
    pub item: Item,
    /// The version whose files are the buyer's now.
    pub version: Option<i64>,
    pub granted_at: Timestamp,
    pub revoked_at: Option<Timestamp>,
}

impl Grant {
    /// In the order of the library.
    pub fn place(&self) -> Place<OrderId> {
        Place { at: self.granted_at, id: self.order_id.clone() }
    }
}

impl FromRow<'_, AnyRow> for Grant {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            order_id: row.parsed("order_id")?,
            is_gift: row.flag("gift")?,
            item: Item::from_row(row)?,
            version: row.optional("buyers_version", Columns::integer)?,
            granted_at: row.time("granted_at")?,
            revoked_at: row.optional("revoked_at", Columns::time)?,
        })
    }
}

/// A grant's columns.
macro_rules! granted {
    () => {
        concat!(
            ", g.order_id, g.granted_at, g.revoked_at, o.gift, ",
            version_of_buyer!("o.item_id", "o.item_version"),
            " AS buyers_version"
        )
    };
}

/// What a buyer had the right to beyond a place in its order, which is that of time and of the orders' ids.
macro_rules! of_buyer {
    ($beyond:literal, $order:literal) => {
        select_items!(
            granted!(),
            concat!(
                "JOIN download_grants g ON g.item_id = i.id JOIN orders o ON o.id = g.order_id \
                 WHERE g.buyer_id = $1 AND (g.granted_at, g.order_id) ",
                $beyond,
                " ($2, $3) ORDER BY ",
                $order,
                " LIMIT $4"
            )
        )
    };
}

/// What is older, and what is newer.
pub const PAGES: [&str; 2] =
    [of_buyer!("<", "g.granted_at DESC, g.order_id DESC"), of_buyer!(">", "g.granted_at, g.order_id")];

/// Up to `limit` of a part of all that the buyer ever had the right to, the newest first.
pub async fn of_buyer(
    db: &Database,
    buyer: &UserId,
    part: &Part<Place<OrderId>>,
    limit: i64,
) -> Result<Vec<Grant>, sqlx::Error> {
    paging::rows_of(db, PAGES, buyer.as_str(), part, limit).await
}

/// The buyer's right to download for this order, as it is now; `None` where there is none.
pub async fn standing(db: &Database, buyer: &UserId, order: &OrderId) -> Result<Option<Grant>, sqlx::Error> {
    sqlx::query_as(select_items!(
        granted!(),
        "JOIN download_grants g ON g.item_id = i.id JOIN orders o ON o.id = g.order_id \
         WHERE g.order_id = $1 AND g.buyer_id = $2 AND g.revoked_at IS NULL"
    ))
    .bind(order.as_str())
    .bind(buyer.as_str())
    .fetch_optional(db.readers())
    .await
}

/// Notes that the file goes to the buyer now, for the first time or again; `false` where the right was taken back
/// meanwhile.
pub async fn note_fetched(
    connection: &mut AnyConnection,
    order: &OrderId,
    at: Timestamp,
) -> Result<bool, sqlx::Error> {
    let noted = sqlx::query(
        "UPDATE download_grants SET fetched_at = COALESCE(fetched_at, $1) WHERE order_id = $2 AND revoked_at IS NULL",
    )
    .bind(at.as_microsecond())
    .bind(order.as_str())
    .execute(connection)
    .await?;
    Ok(noted.rows_affected() > 0)
}

/// When the order's file was first fetched; `None`: not yet, or there is none.
pub async fn fetched_at(
    executor: impl AnyExecutor<'_>,
    order: &OrderId,
) -> Result<Option<Timestamp>, sqlx::Error> {
    let row = sqlx::query("SELECT fetched_at FROM download_grants WHERE order_id = $1")
        .bind(order.as_str())
        .fetch_optional(executor)
        .await?;
    row.map_or(Ok(None), |row| row.optional("fetched_at", Columns::time))
}

/// The same, and nobody fetches it until the transaction ends.
pub async fn lock_fetched_at(
    connection: &mut AnyConnection,
    order: &OrderId,
) -> Result<Option<Timestamp>, sqlx::Error> {
    sqlx::query("UPDATE download_grants SET fetched_at = fetched_at WHERE order_id = $1")
        .bind(order.as_str())
        .execute(&mut *connection)
        .await?;
    fetched_at(connection, order).await
}

/// Gives the right to whoever it is for, also again after a refund that failed.
pub async fn give(
    connection: &mut AnyConnection,
    order: &Order,
    to: &UserId,
    at: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO download_grants (order_id, buyer_id, item_id, granted_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (order_id) DO UPDATE SET revoked_at = NULL",
    )
    .bind(order.id.as_str())
    .bind(to.as_str())
    .bind(order.item_id.as_str())
    .bind(at.as_microsecond())
    .execute(connection)
    .await?;
    Ok(())
}

pub async fn revoke(
    connection: &mut AnyConnection,
    order: &OrderId,
    at: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE download_grants SET revoked_at = $1 WHERE order_id = $2 AND revoked_at IS NULL")
        .bind(at.as_microsecond())
        .bind(order.as_str())
        .execute(connection)
        .await?;
    Ok(())
}
