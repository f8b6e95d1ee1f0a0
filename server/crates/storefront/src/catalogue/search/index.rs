//! The SQL that writes `listed_items`, `item_words`, `item_facets` and `word_trigrams`: what is on sale, as it is found.
//! Whoever changes a listing says so in the same transaction ([`update`]).

use super::words;
use crate::catalogue::formats::Format;
use crate::catalogue::store::select_items;
use crate::catalogue::{Item, ItemState, rows};
use crate::ids::{CategorySlug, ItemId, MerchantId};
use platform::Database;
use platform::db::Columns;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Arguments, AssertSqlSafe};
use std::collections::{BTreeSet, HashMap};
use text_types::sql::{placeholders, rows_of_placeholders};

/// Words of a description that count.
const DESCRIBING: usize = 250;
/// Items that are read and written together.
const ITEMS_AT_ONCE: usize = 100;

/// Where an item has a word; the first ones say more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    Title = 1,
    Creator = 2,
    /// Its tags, its category, its formats.
    Kind = 3,
    Seller = 4,
    Description = 5,
}

pub const TAG: &str = "tag";
pub const FORMAT: &str = "format";
/// Written by triggers.
pub const RATING: &str = "rating";

/// An item on sale with all that it is found by.
#[derive(Debug, Clone)]
pub struct Entry {
    pub item: Item,
    pub tags: Vec<String>,
    pub formats: Vec<Format>,
}

impl Entry {
    /// In a delivery of files of these media types.
    pub fn new<'a>(item: Item, tags: Vec<String>, media_types: impl IntoIterator<Item = &'a str>) -> Self {
        let formats: BTreeSet<Format> = media_types.into_iter().filter_map(Format::of_media_type).collect();
        let post = item.physical.then_some(Format::Post);
        Self { item, tags, formats: formats.into_iter().chain(post).collect() }
    }

    /// Each of its texts.
    fn fields(&self, category: &str) -> [(Field, String); 5] {
        let Item { title, creator, seller, description, .. } = &self.item;
        let formats = self.formats.iter().map(|format| format.name()).collect::<Vec<_>>().join(" ");
        let of_category = words::of_category(self.item.category.as_str());
        let kind = format!("{} {category} {of_category} {formats}", self.tags.join(" "));
        [
            (Field::Title, title.clone()),
            (Field::Creator, creator.clone()),
            (Field::Kind, kind),
            (Field::Seller, seller.clone()),
            (Field::Description, description.clone()),
        ]
    }
}

/// Lets the item be found as it is now, or no more.
pub async fn update(connection: &mut AnyConnection, id: &ItemId) -> Result<(), sqlx::Error> {
    let item: Option<Item> = sqlx::query_as(select_items!("WHERE i.id = $1"))
        .bind(id.as_str())
        .fetch_optional(&mut *connection)
        .await?;
    if let Some(item) = item.filter(|item| item.state == ItemState::Published) {
        let entries = entries(&mut *connection, vec![item]).await?;
        return write(connection, &entries).await;
    }
    clear(&mut *connection, std::slice::from_ref(id)).await?;
    sqlx::query("DELETE FROM listed_items WHERE item_id = $1").bind(id.as_str()).execute(connection).await?;
    Ok(())
}

/// Lets the merchant's items be found by another name of theirs.
pub async fn rename_seller(
    connection: &mut AnyConnection,
    merchant_id: &MerchantId,
    name: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "DELETE FROM item_words WHERE field = $1 \
         AND number IN (SELECT number FROM listed_items WHERE merchant_id = $2)",
    )
    .bind(Field::Seller as i64)
    .bind(merchant_id.as_str())
    .execute(&mut *connection)
    .await?;
    let words = words::found_by(name);
    for word in &words {
        sqlx::query(
            "INSERT INTO item_words (word, field, number) \
             SELECT CAST($1 AS TEXT), CAST($2 AS BIGINT), number FROM listed_items WHERE merchant_id = $3",
        )
        .bind(word)
        .bind(Field::Seller as i64)
        .bind(merchant_id.as_str())
        .execute(&mut *connection)
        .await?;
    }
    write_trigrams(connection, &words.into_iter().collect()).await
}

/// Whether everything on sale can be found: as much as the categories count.
async fn is_whole(db: &Database) -> Result<bool, sqlx::Error> {
    let row = sqlx::query(
        "SELECT CAST((SELECT COALESCE(SUM(items), 0) FROM categories) AS BIGINT) AS on_sale, \
         CAST((SELECT COUNT(*) FROM listed_items) AS BIGINT) AS found",
    )
    .fetch_one(db.readers())
    .await?;
    Ok(row.integer("on_sale")? == row.integer("found")?)
}

/// Lets some more items be found of those that are on sale and cannot be, from an id on; answers the last of them, or
/// `None` when there are no more. They are of before there was what is written here, or of the demo data.
async fn add_missing(connection: &mut AnyConnection, after: &str) -> Result<Option<ItemId>, sqlx::Error> {
    let items: Vec<Item> = sqlx::query_as(select_items!(
        "LEFT JOIN listed_items l ON l.item_id = i.id \
         WHERE i.state = 'Published' AND l.number IS NULL AND i.id > $1 ORDER BY i.id LIMIT $2"
    ))
    .bind(after)
    .bind(i64::try_from(ITEMS_AT_ONCE).unwrap_or(i64::MAX))
    .fetch_all(&mut *connection)
    .await?;
    let last = items.last().map(|item| item.id.clone());
    let entries = entries(&mut *connection, items).await?;
    write(connection, &entries).await?;
    Ok(last)
}

/// Lets everything on sale be found, in this transaction.
pub async fn add_all_missing(connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
    let mut last = String::new();
    while let Some(id) = add_missing(&mut *connection, &last).await? {
        last = id.into_string();
    }
    Ok(())
}

/// Lets everything on sale be found, some items at a time: of a shop that had no such index, or had another one.
pub async fn complete(db: &Database) -> Result<(), sqlx::Error> {
    if is_whole(db).await? {
        return Ok(());
    }
    let mut last = Some(String::new());
    while let Some(after) = last {
        let next: Result<Option<ItemId>, sqlx::Error> =
            db.transact(after, |c, after| Box::pin(add_missing(c, after))).await;
        last = next?.map(ItemId::into_string);
    }
    Ok(())
}

/// With their tags and formats.
async fn entries(connection: &mut AnyConnection, items: Vec<Item>) -> Result<Vec<Entry>, sqlx::Error> {
    if items.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<ItemId> = items.iter().map(|item| item.id.clone()).collect();
    let mut tags =
        by_item(&mut *connection, "SELECT item_id, tag AS value FROM item_tags WHERE item_id IN (@)", &ids)
            .await?;
    let mut types = by_item(
        connection,
        "SELECT f.item_id, s.media_type AS value FROM item_files f JOIN stored_files s ON s.key = f.key \
         JOIN items i ON i.id = f.item_id AND i.version = f.version WHERE f.item_id IN (@)",
        &ids,
    )
    .await?;
    let entry = |item: Item| {
        let types = types.remove(&item.id).unwrap_or_default();
        let tags = tags.remove(&item.id).unwrap_or_default();
        Entry::new(item, tags, types.iter().map(String::as_str))
    };
    Ok(items.into_iter().map(entry).collect())
}

async fn by_item(
    connection: &mut AnyConnection,
    sql: &str,
    ids: &[ItemId],
) -> Result<HashMap<ItemId, Vec<String>>, sqlx::Error> {
    let sql = sql.replace('@', &placeholders(1, ids.len()));
    let query = ids.iter().fold(sqlx::query(AssertSqlSafe(sql)), |query, id| query.bind(id.as_str()));
    let mut found: HashMap<ItemId, Vec<String>> = HashMap::new();
    for row in query.fetch_all(connection).await? {
        found.entry(row.parsed("item_id")?).or_default().push(row.text("value")?);
    }
    Ok(found)
}

/// Writes these items as they are found from now on.
pub async fn write(connection: &mut AnyConnection, entries: &[Entry]) -> Result<(), sqlx::Error> {
    let names: HashMap<CategorySlug, String> = sqlx::query("SELECT slug, name FROM categories")
        .fetch_all(&mut *connection)
        .await?
        .iter()
        .map(|row: &AnyRow| Ok((row.parsed("slug")?, row.text("name")?)))
        .collect::<Result<_, sqlx::Error>>()?;
    for some in entries.chunks(ITEMS_AT_ONCE) {
        let ids: Vec<ItemId> = some.iter().map(|entry| entry.item.id.clone()).collect();
        clear(&mut *connection, &ids).await?;
        let numbers = list(&mut *connection, some).await?;
        let (mut places, mut facets, mut meant) = (Vec::new(), Vec::new(), BTreeSet::new());
        for entry in some {
            let Some(number) = numbers.get(&entry.item.id).copied() else { continue };
            let category = names.get(&entry.item.category).map_or("", String::as_str);
            for (field, text) in entry.fields(category) {
                let mut words = words::found_by(&text);
                if field == Field::Description {
                    words.truncate(DESCRIBING);
                } else {
                    meant.extend(words.iter().cloned());
                }
                places.extend(words.into_iter().map(|word| (word, field as i64, number)));
            }
            facets.extend(entry.tags.iter().map(|tag| (TAG, tag.clone(), number)));
            facets.extend(entry.formats.iter().map(|format| (FORMAT, format.to_string(), number)));
        }
        // In the indexes' order; and all who write the same do so in one order.
        places.sort_unstable();
        facets.sort_unstable();
        rows::insert(
            &mut *connection,
            "item_words (word, field, number)",
            3,
            &places,
            |arguments, (word, field, number)| {
                arguments.add(word.as_str())?;
                arguments.add(*field)?;
                arguments.add(*number)
            },
        )
        .await?;
        rows::insert(
            &mut *connection,
            "item_facets (facet, value, number)",
            3,
            &facets,
            |arguments, (facet, value, number)| {
                arguments.add(*facet)?;
                arguments.add(value.as_str())?;
                arguments.add(*number)
            },
        )
        .await?;
        write_trigrams(&mut *connection, &meant).await?;
    }
    Ok(())
}

/// What typos are taken for.
async fn write_trigrams(connection: &mut AnyConnection, words: &BTreeSet<String>) -> Result<(), sqlx::Error> {
    let mut rows: Vec<(String, i64, &str)> = Vec::new();
    for word in words.iter().filter(|word| word.contains(char::is_alphabetic)) {
        let letters = i64::try_from(word.chars().count()).unwrap_or(i64::MAX);
        rows.extend(words::trigrams(word).into_iter().map(|trigram| (trigram, letters, word.as_str())));
    }
    rows.sort_unstable();
    rows::insert(
        connection,
        "word_trigrams (trigram, letters, word)",
        3,
        &rows,
        |arguments, (trigram, letters, word)| {
            arguments.add(trigram.as_str())?;
            arguments.add(*letters)?;
            arguments.add(*word)
        },
    )
    .await
}

/// Takes away what these items were found by.
async fn clear(connection: &mut AnyConnection, ids: &[ItemId]) -> Result<(), sqlx::Error> {
    for table in ["item_words", "item_facets"] {
        let sql = format!(
            "DELETE FROM {table} WHERE number IN (SELECT number FROM listed_items WHERE item_id IN ({}))",
            placeholders(1, ids.len())
        );
        let query = ids.iter().fold(sqlx::query(AssertSqlSafe(sql)), |query, id| query.bind(id.as_str()));
        query.execute(&mut *connection).await?;
    }
    Ok(())
}

/// Their rows in `listed_items`; answers their numbers.
async fn list(
    connection: &mut AnyConnection,
    entries: &[Entry],
) -> Result<HashMap<ItemId, i64>, sqlx::Error> {
    let sql = format!(
        "INSERT INTO listed_items (item_id, category, merchant_id, rank, title, price, listed_at, sold) VALUES {} \
         ON CONFLICT (item_id) DO UPDATE SET category = excluded.category, merchant_id = excluded.merchant_id, \
         rank = excluded.rank, title = excluded.title, price = excluded.price, listed_at = excluded.listed_at \
         RETURNING item_id, number",
        rows_of_placeholders(entries.len(), 8)
    );
    let mut query = sqlx::query(AssertSqlSafe(sql));
    for Entry { item, .. } in entries {
        query = query
            .bind(item.id.as_str())
            .bind(item.category.as_str())
            .bind(item.merchant_id.as_str())
            .bind(i64::from(item.featured_rank != Some(1)))
            .bind(words::words(&item.title).join(" "))
            .bind(item.price.micros())
            .bind(item.created_at.as_microsecond())
            .bind(0_i64);
    }
    let rows = query.fetch_all(connection).await?;
    rows.iter().map(|row| Ok((row.parsed("item_id")?, row.integer("number")?))).collect()
}
