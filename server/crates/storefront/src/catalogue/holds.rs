//! Items that the operator holds, and the operator's lists of items: more of the SQL of `items`.

use super::Item;
use super::store::select_items;
use crate::ids::{ItemId, ItemSlug};
use crate::users::{Hold, hold_statements};
use platform::Database;
use platform::db::Columns;
use platform::paging::{self, Part, Place};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AnyExecutor, AssertSqlSafe, FromRow};
use std::collections::HashMap;
use text_types::sql::placeholders;

/// `None` where the item is not held.
pub async fn of_item(executor: impl AnyExecutor<'_>, id: &ItemId) -> Result<Option<Hold>, sqlx::Error> {
    let row = sqlx::query("SELECT held_at, held_reason FROM items WHERE id = $1")
        .bind(id.as_str())
        .fetch_optional(executor)
        .await?;
    row.map_or(Ok(None), |row| Hold::from_row(&row))
}

/// Holds the item, or releases it; answers `false` where it is so already.
pub async fn set(
    connection: &mut AnyConnection,
    id: &ItemId,
    hold: Option<&Hold>,
) -> Result<bool, sqlx::Error> {
    Hold::set(connection, hold_statements!("items"), id.as_str(), hold).await
}

/// An item as the operator sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub item: Item,
    pub held: Option<Hold>,
}

impl FromRow<'_, AnyRow> for Listed {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self { item: Item::from_row(row)?, held: Hold::from_row(row)? })
    }
}

const LISTED: &str = select_items!(", i.held_at, i.held_reason", "");

/// The statement of a part of the list; `$1` and `$2` are the place, `$3` the limit.
fn statement(held: bool, newer: bool) -> String {
    let condition = if held { "i.held_at IS NOT NULL AND " } else { "" };
    let (beyond, order) = if newer { (">", "ASC") } else { ("<", "DESC") };
    format!(
        "{LISTED}WHERE {condition}(i.created_at, i.slug) {beyond} ($1, $2) \
         ORDER BY i.created_at {order}, i.slug {order} LIMIT $3"
    )
}

/// What the operator's page asks.
#[cfg(test)]
pub fn first_pages() -> [String; 2] {
    [statement(false, false), statement(true, false)]
}

/// Up to `limit` items of a part of all, or of those that are held, the newest first.
pub async fn of_page(
    db: &Database,
    held: bool,
    part: &Part<Place<ItemSlug>>,
    limit: i64,
) -> Result<Vec<Listed>, sqlx::Error> {
    paging::rows_where(db, |newer| statement(held, newer), Vec::new(), part, limit).await
}

/// These items in their order, each with its hold.
pub async fn listed_all(db: &Database, items: Vec<Item>) -> Result<Vec<Listed>, sqlx::Error> {
    if items.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT id, held_at, held_reason FROM items WHERE held_at IS NOT NULL AND id IN ({})",
        placeholders(1, items.len())
    );
    let query =
        items.iter().fold(sqlx::query(AssertSqlSafe(sql)), |query, item| query.bind(item.id.as_str()));
    let mut holds: HashMap<ItemId, Option<Hold>> = HashMap::new();
    for row in query.fetch_all(db.readers()).await? {
        holds.insert(row.parsed("id")?, Hold::from_row(&row)?);
    }
    let listed = |item: Item| Listed { held: holds.remove(&item.id).flatten(), item };
    Ok(items.into_iter().map(listed).collect())
}

/// The slug of the item with this id; `None` where there is none.
pub async fn slug_of(db: &Database, id: &str) -> Result<Option<ItemSlug>, sqlx::Error> {
    let row = sqlx::query("SELECT slug FROM items WHERE id = $1 AND slug <> $1")
        .bind(id)
        .fetch_optional(db.readers())
        .await?;
    row.map(|row| row.parsed("slug")).transpose()
}

/// The item with this slug as the operator sees it.
pub async fn listed(db: &Database, slug: &ItemSlug) -> Result<Option<Listed>, sqlx::Error> {
    sqlx::query_as(select_items!(", i.held_at, i.held_reason", "WHERE i.slug = $1"))
        .bind(slug.as_str())
        .fetch_optional(db.readers())
        .await
}
