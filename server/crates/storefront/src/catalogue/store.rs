//! The SQL of `items` and `categories`.

use super::{CategoryCount, Item, StoredFile};
use crate::ids::{CategorySlug, ItemId, ItemSlug, MerchantId};
use platform::Database;
use platform::db::Columns;
use platform::paging::{self, Part, Place};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AnyExecutor, FromRow};

/// Every column of an item with its seller, from the tables that follow, then the rest of the statement; or further
/// columns, and then the rest.
macro_rules! select_items {
    ($rest:expr) => {
        $crate::catalogue::store::select_items!("", $rest)
    };
    ($more:literal, $rest:expr) => {
        concat!(
            "SELECT i.id, i.slug, i.merchant_id, m.name AS seller, i.category, i.title, i.creator, i.description, \
             i.price, i.delivery, i.physical, i.licence, i.cover_key, i.preview_key, i.file_key, i.file_name, \
             i.file_type, i.file_size, i.featured_rank, i.created_at",
            $more,
            " FROM items i ",
            $crate::merchants::store::join_merchant!("i.merchant_id"),
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
            licence: row.text("licence")?,
            cover_key: row.optional("cover_key", Columns::text)?,
            preview_key: row.optional("preview_key", Columns::text)?,
            file: file(row)?,
            featured_rank: row.optional("featured_rank", Columns::integer)?,
            created_at: row.time("created_at")?,
        })
    }
}

/// With a key there must be all of it.
fn file(row: &AnyRow) -> Result<Option<StoredFile>, sqlx::Error> {
    let Some(key) = row.optional("file_key", Columns::text)? else { return Ok(None) };
    let bytes = u64::try_from(row.integer("file_size")?);
    Ok(Some(StoredFile {
        key,
        name: row.text("file_name")?,
        media_type: row.text("file_type")?,
        bytes: bytes.map_err(|error| sqlx::Error::Decode(format!("items.file_size: {error}").into()))?,
    }))
}

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

/// Whether the item comes with a file.
pub async fn has_file(connection: &mut AnyConnection, id: &ItemId) -> Result<bool, sqlx::Error> {
    let found = sqlx::query("SELECT 1 FROM items WHERE id = $1 AND file_key IS NOT NULL")
        .bind(id.as_str())
        .fetch_optional(connection)
        .await?;
    Ok(found.is_some())
}

/// `limit` of what was listed last, the newest first.
pub async fn newest(db: &Database, limit: i64) -> Result<Vec<Item>, sqlx::Error> {
    sqlx::query_as(select_items!("ORDER BY i.created_at DESC, i.slug LIMIT $1"))
        .bind(limit)
        .fetch_all(db.readers())
        .await
}

/// The editors' picks, the first one first.
pub async fn picks(db: &Database, limit: i64) -> Result<Vec<Item>, sqlx::Error> {
    sqlx::query_as(select_items!(
        "WHERE i.featured_rank IS NOT NULL ORDER BY i.featured_rank, i.created_at, i.slug LIMIT $1"
    ))
    .bind(limit)
    .fetch_all(db.readers())
    .await
}

/// Other items of the same seller, those of the same category first.
pub async fn more_by_seller(db: &Database, item: &Item, limit: i64) -> Result<Vec<Item>, sqlx::Error> {
    sqlx::query_as(select_items!(
        "WHERE i.merchant_id = $1 AND i.id <> $2 \
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
    ($beyond:literal, $order:literal) => {
        select_items!(concat!(
            "WHERE i.merchant_id = $1 AND (i.created_at, i.slug) ",
            $beyond,
            " ($2, $3) ORDER BY ",
            $order,
            " LIMIT $4"
        ))
    };
}

/// Those that are older, and those that are newer.
pub const PAGES_OF_MERCHANT: [&str; 2] =
    [of_merchant!("<", "i.created_at DESC, i.slug DESC"), of_merchant!(">", "i.created_at, i.slug")];

/// Up to `limit` of a part of a merchant's items, the newest first.
pub async fn of_merchant(
    db: &Database,
    merchant_id: &MerchantId,
    part: &Part<Place<ItemSlug>>,
    limit: i64,
) -> Result<Vec<Item>, sqlx::Error> {
    paging::rows_of(db, PAGES_OF_MERCHANT, merchant_id.as_str(), part, limit).await
}

/// Whether the merchant has ever listed anything.
pub async fn any_of(db: &Database, merchant_id: &MerchantId) -> Result<bool, sqlx::Error> {
    let found = sqlx::query("SELECT 1 FROM items WHERE merchant_id = $1 LIMIT 1")
        .bind(merchant_id.as_str())
        .fetch_optional(db.readers())
        .await?;
    Ok(found.is_some())
}

/// Lets the merchant's items be found by another name of theirs: it is a line of its own in what a search looks through.
pub async fn rename_seller(
    connection: &mut AnyConnection,
    merchant_id: &MerchantId,
    (before, now): (&str, &str),
) -> Result<(), sqlx::Error> {
    let line = |name: &str| format!("\n{}\n", name.to_lowercase());
    sqlx::query("UPDATE items SET search_text = REPLACE(search_text, $1, $2) WHERE merchant_id = $3")
        .bind(line(before))
        .bind(line(now))
        .bind(merchant_id.as_str())
        .execute(connection)
        .await?;
    Ok(())
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

/// Adds the item and answers `true`, or `false` when the slug is taken.
pub async fn insert(connection: &mut AnyConnection, item: &Item) -> Result<bool, sqlx::Error> {
    let file = item.file.as_ref();
    let inserted = sqlx::query(
        "INSERT INTO items (id, slug, merchant_id, category, title, creator, description, price, delivery, \
         physical, licence, cover_key, preview_key, file_key, file_name, file_type, file_size, search_text, \
         featured_rank, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20) \
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
    .bind(file.map(|file| &file.key))
    .bind(file.map(|file| &file.name))
    .bind(file.map(|file| &file.media_type))
    .bind(file.map(|file| i64::try_from(file.bytes).unwrap_or(i64::MAX)))
    .bind(item.search_text())
    .bind(item.featured_rank)
    .bind(item.created_at.as_microsecond())
    .execute(connection)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

/// What the files of a seller's items take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stored {
    /// Of the files for sale.
    pub bytes: u64,
    pub covers: u64,
}

pub async fn stored_by(db: &Database, merchant: &MerchantId) -> Result<Stored, sqlx::Error> {
    let (bytes, covers): (i64, i64) = sqlx::query_as(
        "SELECT CAST(COALESCE(SUM(file_size), 0) AS BIGINT), COUNT(cover_key) FROM items WHERE merchant_id = $1",
    )
    .bind(merchant.as_str())
    .fetch_one(db.readers())
    .await?;
    Ok(Stored { bytes: bytes.unsigned_abs(), covers: covers.unsigned_abs() })
}
