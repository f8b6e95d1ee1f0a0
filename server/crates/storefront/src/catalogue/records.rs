//! The SQL of `items` and `categories`.

use super::{Item, StoredFile};
use crate::orders::Delivery;
use money::Money;
use platform::Database;
use sqlx::AnyConnection;

/// The words of a search that count; more are ignored.
pub const SEARCH_WORDS: usize = 5;

/// Every column of an item with its seller, from the tables that follow, then the rest of the statement.
macro_rules! select_items {
    ($rest:literal) => {
        concat!(
            "SELECT i.id, i.slug, i.merchant_id, m.name AS seller, i.category, i.title, i.creator, i.description, \
             i.price, i.delivery, i.physical, i.licence, i.cover_key, i.preview_key, i.file_key, i.file_name, \
             i.file_type, i.file_size, i.featured_rank, i.created_at \
             FROM items i JOIN merchants m ON m.id = i.merchant_id ",
            $rest
        )
    };
}

/// The condition of a search: a category (or NULL) and a pattern per word (or `%`).
macro_rules! search_condition {
    () => {
        "WHERE (CAST($1 AS TEXT) IS NULL OR i.category = $1) \
         AND i.search_text LIKE $2 ESCAPE '!' AND i.search_text LIKE $3 ESCAPE '!' \
         AND i.search_text LIKE $4 ESCAPE '!' AND i.search_text LIKE $5 ESCAPE '!' \
         AND i.search_text LIKE $6 ESCAPE '!' "
    };
}

#[derive(sqlx::FromRow)]
struct ItemRow {
    id: String,
    slug: String,
    merchant_id: String,
    seller: String,
    category: String,
    title: String,
    creator: String,
    description: String,
    price: i64,
    delivery: String,
    physical: i64,
    licence: String,
    cover_key: Option<String>,
    preview_key: Option<String>,
    file_key: Option<String>,
    file_name: Option<String>,
    file_type: Option<String>,
    file_size: Option<i64>,
    featured_rank: Option<i64>,
    created_at: i64,
}

impl TryFrom<ItemRow> for Item {
    type Error = sqlx::Error;

    fn try_from(row: ItemRow) -> Result<Self, sqlx::Error> {
        let delivery = Delivery::parse(&row.delivery)
            .ok_or_else(|| sqlx::Error::Decode(format!("unknown delivery {}", row.delivery).into()))?;
        let file = match (row.file_key, row.file_name, row.file_type, row.file_size) {
            (Some(key), Some(name), Some(media_type), Some(bytes)) => {
                Some(StoredFile { key, name, media_type, bytes: u64::try_from(bytes).unwrap_or(0) })
            }
            _ => None,
        };
        Ok(Self {
            id: row.id,
            slug: row.slug,
            merchant_id: row.merchant_id,
            seller: row.seller,
            category: row.category,
            title: row.title,
            creator: row.creator,
            description: row.description,
            price: Money::from_micros(row.price),
            delivery,
            physical: row.physical != 0,
            licence: row.licence,
            cover_key: row.cover_key,
            preview_key: row.preview_key,
            file,
            featured_rank: row.featured_rank,
            created_at: row.created_at,
        })
    }
}

fn items(rows: Vec<ItemRow>) -> Result<Vec<Item>, sqlx::Error> {
    rows.into_iter().map(Item::try_from).collect()
}

pub async fn by_slug(db: &Database, slug: &str) -> Result<Option<Item>, sqlx::Error> {
    let row: Option<ItemRow> =
        sqlx::query_as(select_items!("WHERE i.slug = $1")).bind(slug).fetch_optional(db.readers()).await?;
    row.map(Item::try_from).transpose()
}

pub async fn by_id(db: &Database, id: &str) -> Result<Option<Item>, sqlx::Error> {
    let row: Option<ItemRow> =
        sqlx::query_as(select_items!("WHERE i.id = $1")).bind(id).fetch_optional(db.readers()).await?;
    row.map(Item::try_from).transpose()
}

/// What a search looks for: a category's slug, and patterns that all must match.
#[derive(Debug, Clone)]
pub struct Search {
    category: Option<String>,
    patterns: [String; SEARCH_WORDS],
}

impl Search {
    /// Words in any case and order; `%` and `_` stand for themselves.
    pub fn new(category: Option<&str>, words: &str) -> Self {
        let mut patterns: [String; SEARCH_WORDS] = std::array::from_fn(|_| "%".to_owned());
        for (pattern, word) in patterns.iter_mut().zip(words.split_whitespace()) {
            let mut escaped = String::from("%");
            for letter in word.to_lowercase().chars() {
                if matches!(letter, '%' | '_' | '!') {
                    escaped.push('!');
                }
                escaped.push(letter);
            }
            escaped.push('%');
            *pattern = escaped;
        }
        Self { category: category.map(str::to_owned), patterns }
    }
}

/// The items found, the lead item first and the others by title.
pub async fn search(
    db: &Database,
    search: &Search,
    limit: i64,
    offset: i64,
) -> Result<Vec<Item>, sqlx::Error> {
    let [first, second, third, fourth, fifth] = &search.patterns;
    let rows: Vec<ItemRow> = sqlx::query_as(concat!(
        select_items!(""),
        search_condition!(),
        "ORDER BY CASE WHEN i.featured_rank = 1 THEN 0 ELSE 1 END, LOWER(i.title), i.slug LIMIT $7 OFFSET $8"
    ))
    .bind(&search.category)
    .bind(first)
    .bind(second)
    .bind(third)
    .bind(fourth)
    .bind(fifth)
    .bind(limit)
    .bind(offset)
    .fetch_all(db.readers())
    .await?;
    items(rows)
}

pub async fn count(db: &Database, search: &Search) -> Result<i64, sqlx::Error> {
    let [first, second, third, fourth, fifth] = &search.patterns;
    let (found,): (i64,) = sqlx::query_as(concat!("SELECT COUNT(*) FROM items i ", search_condition!()))
        .bind(&search.category)
        .bind(first)
        .bind(second)
        .bind(third)
        .bind(fourth)
        .bind(fifth)
        .fetch_one(db.readers())
        .await?;
    Ok(found)
}

pub async fn newest(db: &Database, limit: i64) -> Result<Vec<Item>, sqlx::Error> {
    let rows = sqlx::query_as(select_items!("ORDER BY i.created_at DESC, i.slug LIMIT $1"))
        .bind(limit)
        .fetch_all(db.readers())
        .await?;
    items(rows)
}

/// Those paid most often since then, and after them the editors' picks.
pub async fn popular(db: &Database, since: i64, limit: i64) -> Result<Vec<Item>, sqlx::Error> {
    let rows = sqlx::query_as(select_items!(
        "LEFT JOIN (SELECT item_id, COUNT(*) AS sold FROM orders WHERE state = 'Paid' AND created_at >= $1 \
         GROUP BY item_id) s ON s.item_id = i.id \
         WHERE s.sold IS NOT NULL OR i.featured_rank IS NOT NULL \
         ORDER BY COALESCE(s.sold, 0) DESC, COALESCE(i.featured_rank, 1000000), i.created_at, i.slug LIMIT $2"
    ))
    .bind(since)
    .bind(limit)
    .fetch_all(db.readers())
    .await?;
    items(rows)
}

/// Other items of the same seller, those of the same category first.
pub async fn more_by_seller(db: &Database, item: &Item, limit: i64) -> Result<Vec<Item>, sqlx::Error> {
    let rows = sqlx::query_as(select_items!(
        "WHERE i.merchant_id = $1 AND i.id <> $2 \
         ORDER BY CASE WHEN i.category = $3 THEN 0 ELSE 1 END, i.created_at DESC, i.slug LIMIT $4"
    ))
    .bind(&item.merchant_id)
    .bind(&item.id)
    .bind(&item.category)
    .bind(limit)
    .fetch_all(db.readers())
    .await?;
    items(rows)
}

/// A merchant's items, newest first.
pub async fn of_merchant(db: &Database, merchant_id: &str) -> Result<Vec<Item>, sqlx::Error> {
    let rows = sqlx::query_as(select_items!("WHERE i.merchant_id = $1 ORDER BY i.created_at DESC, i.slug"))
        .bind(merchant_id)
        .fetch_all(db.readers())
        .await?;
    items(rows)
}

/// A category with the number of its items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CategoryCount {
    pub slug: String,
    pub name: String,
    pub items: i64,
}

pub async fn categories(db: &Database) -> Result<Vec<CategoryCount>, sqlx::Error> {
    let rows: Vec<(String, String, i64)> = sqlx::query_as(
        "SELECT c.slug, c.name, COUNT(i.id) FROM categories c LEFT JOIN items i ON i.category = c.slug \
         GROUP BY c.slug, c.name, c.position ORDER BY c.position",
    )
    .fetch_all(db.readers())
    .await?;
    Ok(rows.into_iter().map(|(slug, name, items)| CategoryCount { slug, name, items }).collect())
}

pub async fn insert_category(
    connection: &mut AnyConnection,
    slug: &str,
    name: &str,
    position: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO categories (slug, name, position) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
        .bind(slug)
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
    .bind(&item.id)
    .bind(&item.slug)
    .bind(&item.merchant_id)
    .bind(&item.category)
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
    .bind(item.created_at)
    .execute(connection)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_in_search_words_stand_for_themselves() {
        let search = Search::new(Some("music"), "  100%  a_b Ünd! ");
        assert_eq!(search.patterns, ["%100!%%", "%a!_b%", "%ünd!!%", "%", "%"]);
    }
}
