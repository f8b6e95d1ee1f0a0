//! The SQL of `items` and `categories`.

use super::{CategoryCount, Item, ItemState};
use crate::ids::{CategorySlug, ItemId, ItemSlug, MerchantId};
use crate::reviews;
use jiff::Timestamp;
use platform::Database;
use platform::db::Columns;
use platform::paging::{self, Part, Place};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AnyExecutor, AssertSqlSafe, Database as _, FromRow};
use std::num::TryFromIntError;
use text_types::sql::placeholders;

/// Every column of an item with its seller and how it is rated, from the tables that follow, then the rest of the statement; or further
/// columns, and then the rest.
macro_rules! select_items {
    ($rest:expr) => {
        $crate::catalogue::store::select_items!("", $rest)
    };
    ($more:expr, $rest:expr) => {
        concat!(
            "SELECT i.id, i.slug, i.merchant_id, m.name AS seller, i.category, i.title, i.creator, i.description, \
             i.price, i.delivery, i.physical, i.licence, i.cover_key, i.preview_key, i.state AS item_state, i.stock, i.handling_days, \
             i.version, i.featured_rank, i.created_at, i.published_at, i.updated_at",
            $crate::reviews::store::rating_columns!(),
            $more,
            " FROM items i ",
            $crate::merchants::store::join_merchant!("i.merchant_id"),
            $crate::reviews::store::join_rating!("i.id"),
            $rest
        )
    };
}
pub(crate) use select_items;

/// The item whose id is `$id`, as `i` beside the rows of another table.
macro_rules! join_item {
    ($id:literal) => {
        concat!("JOIN items i ON i.id = ", $id, " ")
    };
}
pub(crate) use join_item;

impl FromRow<'_, AnyRow> for Item {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: row.parsed("id")?,
            slug: row.parsed("slug")?,
            merchant_id: row.parsed("merchant_id")?,
            seller: row.text("seller")?,
            category: row.parsed("category")?,
            title: row.text("title")?,
            creator: row.text("creator")?,
            description: row.text("description")?,
            price: row.money("price")?,
            delivery: row.parsed("delivery")?,
            physical: row.flag("physical")?,
            handling_days: row.optional("handling_days", small)?,
            licence: row.text("licence")?,
            cover_key: row.optional("cover_key", Columns::text)?,
            preview_key: row.optional("preview_key", Columns::text)?,
            state: row.parsed("item_state")?,
            stock: row.optional("stock", small)?,
            version: row.optional("version", Columns::integer)?,
            featured_rank: row.optional("featured_rank", Columns::integer)?,
            created_at: row.time("created_at")?,
            published_at: row.optional("published_at", Columns::time)?,
            updated_at: row.time("updated_at")?,
            rating: reviews::store::rating(row)?,
        })
    }
}

/// A number of a smaller type than the database's.
pub(crate) fn small<T: TryFrom<i64, Error = TryFromIntError>>(
    row: &AnyRow,
    column: &str,
) -> Result<T, sqlx::Error> {
    T::try_from(row.integer(column)?)
        .map_err(|error| sqlx::Error::ColumnDecode { index: column.to_owned(), source: error.into() })
}

/// What the seller says of the item whose id is `$id`, as a value of another statement.
macro_rules! handling_days_of {
    ($id:literal) => {
        concat!("(SELECT i.handling_days FROM items i WHERE i.id = ", $id, ")")
    };
}
pub(crate) use handling_days_of;

impl FromRow<'_, AnyRow> for CategoryCount {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        let items = u32::try_from(row.integer("items")?).unwrap_or(u32::MAX);
        Ok(Self { slug: row.parsed("slug")?, name: row.text("name")?, items })
    }
}

/// `None` where there is no such item.
pub async fn by_slug(executor: impl AnyExecutor<'_>, slug: &ItemSlug) -> Result<Option<Item>, sqlx::Error> {
    sqlx::query_as(select_items!("WHERE i.slug = $1")).bind(slug.as_str()).fetch_optional(executor).await
}

/// Reads the item and keeps everybody else from changing it until the transaction ends.
pub async fn lock(connection: &mut AnyConnection, id: &ItemId) -> Result<Option<Item>, sqlx::Error> {
    if connection.backend_name() == sqlx::Sqlite::NAME {
        // There is only one writer.
        return sqlx::query_as(select_items!("WHERE i.id = $1"))
            .bind(id.as_str())
            .fetch_optional(connection)
            .await;
    }
    sqlx::query_as(select_items!("WHERE i.id = $1 FOR NO KEY UPDATE OF i"))
        .bind(id.as_str())
        .fetch_optional(connection)
        .await
}

/// Those of these items that there are, in any order.
pub async fn with_ids(db: &Database, ids: &[&ItemId]) -> Result<Vec<Item>, sqlx::Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!("{} WHERE i.id IN ({})", select_items!(""), placeholders(1, ids.len()));
    let query = sqlx::query_as(AssertSqlSafe(sql));
    ids.iter().fold(query, |query, id| query.bind(id.as_str())).fetch_all(db.readers()).await
}

/// Those of these items that are on sale, in any order.
pub async fn on_sale(db: &Database, slugs: &[&ItemSlug]) -> Result<Vec<Item>, sqlx::Error> {
    if slugs.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "{} IN ({})",
        select_items!("WHERE i.state = 'Published' AND i.slug"),
        placeholders(1, slugs.len())
    );
    let query = sqlx::query_as(AssertSqlSafe(sql));
    slugs.iter().fold(query, |query, slug| query.bind(slug.as_str())).fetch_all(db.readers()).await
}

/// `limit` of what was listed last, the newest first.
pub async fn newest(db: &Database, limit: i64) -> Result<Vec<Item>, sqlx::Error> {
    sqlx::query_as(select_items!("WHERE i.state = 'Published' ORDER BY i.created_at DESC, i.slug LIMIT $1"))
        .bind(limit)
        .fetch_all(db.readers())
        .await
}

/// An item that is on sale, by its address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub slug: ItemSlug,
    pub updated_at: Timestamp,
}

/// Up to `limit` items that are on sale, what was listed last first.
pub async fn listed(db: &Database, limit: i64) -> Result<Vec<Listed>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT slug, updated_at FROM items WHERE state = 'Published' ORDER BY created_at DESC, slug LIMIT $1",
    )
    .bind(limit)
    .fetch_all(db.readers())
    .await?;
    rows.iter()
        .map(|row| Ok(Listed { slug: row.parsed("slug")?, updated_at: row.time("updated_at")? }))
        .collect()
}

/// The editors' picks, the first one first.
pub async fn picks(db: &Database, limit: i64) -> Result<Vec<Item>, sqlx::Error> {
    sqlx::query_as(select_items!(
        "WHERE i.featured_rank IS NOT NULL AND i.state = 'Published' ORDER BY i.featured_rank, i.created_at, i.slug LIMIT $1"
    ))
    .bind(limit)
    .fetch_all(db.readers())
    .await
}

/// Other items of the same seller, those of the same category first.
pub async fn more_by_seller(db: &Database, item: &Item, limit: i64) -> Result<Vec<Item>, sqlx::Error> {
    sqlx::query_as(select_items!(
        "WHERE i.merchant_id = $1 AND i.state = 'Published' AND i.id <> $2 \
         ORDER BY CASE WHEN i.category = $3 THEN 0 ELSE 1 END, i.created_at DESC, i.slug LIMIT $4"
    ))
    .bind(item.merchant_id.as_str())
    .bind(item.id.as_str())
    .bind(item.category.as_str())
    .bind(limit)
    .fetch_all(db.readers())
    .await
}

/// A merchant's items beyond a place in their order, which is that of time and of their slugs.
macro_rules! of_merchant {
    ($which:literal, $beyond:literal, $order:literal) => {
        select_items!(concat!(
            "WHERE i.merchant_id = $1",
            $which,
            " AND (i.created_at, i.slug) ",
            $beyond,
            " ($2, $3) ORDER BY ",
            $order,
            " LIMIT $4"
        ))
    };
}

macro_rules! pages_of_merchant {
    ($which:literal) => {
        [
            of_merchant!($which, "<", "i.created_at DESC, i.slug DESC"),
            of_merchant!($which, ">", "i.created_at, i.slug"),
        ]
    };
}

/// Those that are older, and those that are newer: of all, and of each state.
pub const PAGES_OF_MERCHANT: [[&str; 2]; 4] = [
    pages_of_merchant!(""),
    pages_of_merchant!(" AND i.state = 'Draft'"),
    pages_of_merchant!(" AND i.state = 'Published'"),
    pages_of_merchant!(" AND i.state = 'Archived'"),
];

/// Up to `limit` of a part of a merchant's items, in one state or in all, the newest first.
pub async fn of_merchant(
    db: &Database,
    merchant_id: &MerchantId,
    state: Option<ItemState>,
    part: &Part<Place<ItemSlug>>,
    limit: i64,
) -> Result<Vec<Item>, sqlx::Error> {
    let [all, drafts, published, archived] = PAGES_OF_MERCHANT;
    let pages = match state {
        None => all,
        Some(ItemState::Draft) => drafts,
        Some(ItemState::Published) => published,
        Some(ItemState::Archived) => archived,
    };
    paging::rows_of(db, pages, merchant_id.as_str(), part, limit).await
}

/// How many items of a merchant are on sale.
pub async fn published_by(connection: &mut AnyConnection, merchant: &MerchantId) -> Result<i64, sqlx::Error> {
    let counted =
        sqlx::query("SELECT COUNT(*) AS items FROM items WHERE merchant_id = $1 AND state = 'Published'");
    counted.bind(merchant.as_str()).fetch_one(connection).await?.integer("items")
}

/// Whether the merchant has ever listed anything.
pub async fn any_of(db: &Database, merchant_id: &MerchantId) -> Result<bool, sqlx::Error> {
    let found = sqlx::query("SELECT 1 FROM items WHERE merchant_id = $1 LIMIT 1")
        .bind(merchant_id.as_str())
        .fetch_optional(db.readers())
        .await?;
    Ok(found.is_some())
}

/// All categories in their order.
pub async fn categories(db: &Database) -> Result<Vec<CategoryCount>, sqlx::Error> {
    sqlx::query_as("SELECT slug, name, items FROM categories ORDER BY position").fetch_all(db.readers()).await
}

/// Another number after each change of what the catalogue's pages show: the database counts, whoever changes it.
pub async fn generation(db: &Database) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("SELECT generation FROM catalogue_generation").fetch_one(db.readers()).await
}

/// Leaves one that is there as it is. Categories are listed by `position`, the smallest first.
pub async fn insert_category(
    connection: &mut AnyConnection,
    slug: &CategorySlug,
    name: &str,
    position: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO categories (slug, name, position) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
        .bind(slug.as_str())
        .bind(name)
        .bind(position)
        .execute(connection)
        .await?;
    Ok(())
}

/// Adds the item and answers `true`, or `false` when the slug is taken. It is found by [`search`](super::search) once
/// its index is [updated](super::search::index::update).
pub async fn insert(connection: &mut AnyConnection, item: &Item) -> Result<bool, sqlx::Error> {
    let inserted = sqlx::query(
        "INSERT INTO items (id, slug, merchant_id, category, title, creator, description, price, delivery, \
         physical, licence, cover_key, preview_key, state, stock, version, featured_rank, created_at, published_at, \
         updated_at, handling_days) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21) \
         ON CONFLICT DO NOTHING",
    )
    .bind(item.id.as_str())
    .bind(item.slug.as_str())
    .bind(item.merchant_id.as_str())
    .bind(item.category.as_str())
    .bind(&item.title)
    .bind(&item.creator)
    .bind(&item.description)
    .bind(item.price.micros())
    .bind(item.delivery.as_str())
    .bind(i64::from(item.physical))
    .bind(&item.licence)
    .bind(&item.cover_key)
    .bind(&item.preview_key)
    .bind(item.state.as_str())
    .bind(item.stock.map(i64::from))
    .bind(item.version)
    .bind(item.featured_rank)
    .bind(item.created_at.as_microsecond())
    .bind(item.published_at.map(Timestamp::as_microsecond))
    .bind(item.updated_at.as_microsecond())
    .bind(item.handling_days.map(i64::from))
    .execute(connection)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

/// Writes what can change of an item that this transaction has locked. How it is found follows in
/// [`index::update`](super::search::index::update), when all of it is written.
pub async fn save(connection: &mut AnyConnection, item: &Item) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE items SET slug = $1, category = $2, title = $3, creator = $4, description = $5, price = $6, \
         delivery = $7, physical = $8, licence = $9, cover_key = $10, preview_key = $11, state = $12, stock = $13, \
         version = $14, published_at = $15, updated_at = $16, handling_days = $18 \
         WHERE id = $17",
    )
    .bind(item.slug.as_str())
    .bind(item.category.as_str())
    .bind(&item.title)
    .bind(&item.creator)
    .bind(&item.description)
    .bind(item.price.micros())
    .bind(item.delivery.as_str())
    .bind(i64::from(item.physical))
    .bind(&item.licence)
    .bind(&item.cover_key)
    .bind(&item.preview_key)
    .bind(item.state.as_str())
    .bind(item.stock.map(i64::from))
    .bind(item.version)
    .bind(item.published_at.map(Timestamp::as_microsecond))
    .bind(item.updated_at.as_microsecond())
    .bind(item.id.as_str())
    .bind(item.handling_days.map(i64::from))
    .execute(connection)
    .await?;
    Ok(())
}

/// Whether no item has the slug.
pub async fn is_free(connection: &mut AnyConnection, slug: &ItemSlug) -> Result<bool, sqlx::Error> {
    let found = sqlx::query("SELECT 1 FROM items WHERE slug = $1")
        .bind(slug.as_str())
        .fetch_optional(connection)
        .await?;
    Ok(found.is_none())
}

/// What became of a piece that was wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// One less is left.
    Piece,
    /// Nobody counts them.
    NotCounted,
    /// None is left.
    SoldOut,
}

/// Takes one of the pieces that are left. Of two who want the last one at once the second finds none: the first one's
/// row is locked until its transaction ends.
pub async fn take_piece(connection: &mut AnyConnection, id: &ItemId) -> Result<Taken, sqlx::Error> {
    let taken = sqlx::query("UPDATE items SET stock = stock - 1 WHERE id = $1 AND stock > 0")
        .bind(id.as_str())
        .execute(&mut *connection)
        .await?;
    if taken.rows_affected() == 1 {
        return Ok(Taken::Piece);
    }
    let counted = sqlx::query("SELECT 1 FROM items WHERE id = $1 AND stock IS NOT NULL")
        .bind(id.as_str())
        .fetch_optional(connection)
        .await?;
    Ok(if counted.is_some() { Taken::SoldOut } else { Taken::NotCounted })
}

/// Gives a piece back that was taken.
pub async fn return_piece(connection: &mut AnyConnection, id: &ItemId) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE items SET stock = stock + 1 WHERE id = $1 AND stock IS NOT NULL")
        .bind(id.as_str())
        .execute(connection)
        .await?;
    Ok(())
}
