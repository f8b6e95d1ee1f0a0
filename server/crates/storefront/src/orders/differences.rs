//! Orders of which Amazon says something else than the shop, for as long as it does: the SQL of
//! `order_differences`.

use crate::ids::OrderId;
use jiff::Timestamp;
use platform::Database;
use platform::db::Columns;
use shop_pages::model::OrderDifference;
use sqlx::AnyConnection;
use sqlx::any::AnyRow;

/// As many as the operator's page shows; the count tells of more.
const LIST_LIMIT: i64 = 100;

/// What either side says, in words for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    pub believed: String,
    pub found: String,
}

/// `None` where both sides agree, as far as they were compared.
pub async fn of_order(db: &Database, order: &OrderId) -> Result<Option<Difference>, sqlx::Error> {
    let row = sqlx::query("SELECT believed, found FROM order_differences WHERE order_id = $1")
        .bind(order.as_str())
        .fetch_optional(db.readers())
        .await?;
    row.map(|row| Ok(Difference { believed: row.text("believed")?, found: row.text("found")? })).transpose()
}

/// Keeps the difference; answers whether the order had none before. Of one that goes on the beginning stays.
pub async fn keep(
    connection: &mut AnyConnection,
    order: &OrderId,
    difference: &Difference,
    at: Timestamp,
) -> Result<bool, sqlx::Error> {
    let known = sqlx::query("SELECT 1 FROM order_differences WHERE order_id = $1")
        .bind(order.as_str())
        .fetch_optional(&mut *connection)
        .await?;
    sqlx::query(
        "INSERT INTO order_differences (order_id, believed, found, since) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (order_id) DO UPDATE SET believed = excluded.believed, found = excluded.found",
    )
    .bind(order.as_str())
    .bind(&difference.believed)
    .bind(&difference.found)
    .bind(at.as_microsecond())
    .execute(connection)
    .await?;
    Ok(known.is_none())
}

/// Both sides agree again; answers whether they did not before.
pub async fn forget(connection: &mut AnyConnection, order: &OrderId) -> Result<bool, sqlx::Error> {
    let gone = sqlx::query("DELETE FROM order_differences WHERE order_id = $1")
        .bind(order.as_str())
        .execute(connection)
        .await?;
    Ok(gone.rows_affected() > 0)
}

pub async fn count(db: &Database) -> Result<u32, sqlx::Error> {
    let row = sqlx::query("SELECT COUNT(*) AS orders FROM order_differences").fetch_one(db.readers()).await?;
    Ok(u32::try_from(row.integer("orders")?).unwrap_or(u32::MAX))
}

/// Those that there are, the oldest first.
pub async fn all(db: &Database) -> Result<Vec<OrderDifference>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT d.order_id, o.title, d.believed, d.found, d.since FROM order_differences d \
         JOIN orders o ON o.id = d.order_id ORDER BY d.since, d.order_id LIMIT $1",
    )
    .bind(LIST_LIMIT)
    .fetch_all(db.readers())
    .await?;
    rows.iter().map(shown).collect()
}

fn shown(row: &AnyRow) -> Result<OrderDifference, sqlx::Error> {
    Ok(OrderDifference {
        order_id: row.parsed::<OrderId>("order_id")?.into_string(),
        title: row.text("title")?,
        believed: row.text("believed")?,
        found: row.text("found")?,
        since: row.time("since")?,
    })
}
