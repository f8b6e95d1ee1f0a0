//! Many new items with one statement for each table: for shops of a size that nobody lists by hand.

use super::search::index::{self, Entry};
use super::{Item, rows};
use crate::ids::ItemId;
use jiff::Timestamp;
use platform::db::Columns;
use sqlx::{AnyConnection, Arguments, AssertSqlSafe};
use std::collections::HashSet;
use text_types::sql::placeholders;

/// Ids that are asked for at once.
const IDS_AT_ONCE: usize = 200;

/// An item on sale, and the keys of the files that are sold: they are stored already.
#[derive(Debug, Clone)]
pub struct NewItem {
    pub entry: Entry,
    pub files: Vec<String>,
}

/// Adds those that are not there yet, each with its first version, its tags, and how it is found.
pub async fn insert(connection: &mut AnyConnection, all: &[NewItem]) -> Result<(), sqlx::Error> {
    let known = known(&mut *connection, all).await?;
    let new: Vec<&NewItem> = all.iter().filter(|one| !known.contains(&one.entry.item.id)).collect();
    let items: Vec<&Item> = new.iter().map(|one| &one.entry.item).collect();
    insert_items(&mut *connection, &items).await?;
    let with_version =
        items.iter().filter_map(|item| Some((item.id.as_str(), item.version?, item.created_at)));
    let versions: Vec<(&str, i64, Timestamp)> = with_version.collect();
    let into = "item_versions (item_id, number, notes, for_earlier_buyers, at)";
    rows::insert(&mut *connection, into, 5, &versions, |arguments, (id, number, at)| {
        arguments.add(*id)?;
        arguments.add(*number)?;
        arguments.add("")?;
        arguments.add(0_i64)?;
        arguments.add(at.as_microsecond())
    })
    .await?;
    let (mut files, mut tags) = (Vec::new(), Vec::new());
    for NewItem { entry, files: keys } in new.iter().copied() {
        let id = entry.item.id.as_str();
        let version = entry.item.version.unwrap_or(1);
        files.extend((1_i64..).zip(keys).map(|(position, key)| (id, version, position, key.as_str())));
        tags.extend(entry.tags.iter().map(|tag| (id, tag.as_str())));
    }
    rows::insert(
        &mut *connection,
        "item_files (item_id, version, position, key)",
        4,
        &files,
        |arguments, (id, version, position, key)| {
            arguments.add(*id)?;
            arguments.add(*version)?;
            arguments.add(*position)?;
            arguments.add(*key)
        },
    )
    .await?;
    rows::insert(&mut *connection, "item_tags (item_id, tag)", 2, &tags, |arguments, (id, tag)| {
        arguments.add(*id)?;
        arguments.add(*tag)
    })
    .await?;
    let entries: Vec<Entry> = new.iter().map(|one| one.entry.clone()).collect();
    index::write(connection, &entries).await
}

/// Which of them are there.
async fn known(connection: &mut AnyConnection, all: &[NewItem]) -> Result<HashSet<ItemId>, sqlx::Error> {
    let mut known = HashSet::new();
    for some in all.chunks(IDS_AT_ONCE) {
        let sql = format!("SELECT id FROM items WHERE id IN ({})", placeholders(1, some.len()));
        let query = sqlx::query(AssertSqlSafe(sql));
        let query = some.iter().fold(query, |query, one| query.bind(one.entry.item.id.as_str()));
        for row in query.fetch_all(&mut *connection).await? {
            known.insert(row.parsed("id")?);
        }
    }
    Ok(known)
}

async fn insert_items(connection: &mut AnyConnection, items: &[&Item]) -> Result<(), sqlx::Error> {
    let into = "items (id, slug, merchant_id, category, title, creator, description, price, delivery, physical, \
                licence, state, version, created_at, published_at, updated_at)";
    rows::insert(connection, into, 16, items, |arguments, item| {
        arguments.add(item.id.as_str())?;
        arguments.add(item.slug.as_str())?;
        arguments.add(item.merchant_id.as_str())?;
        arguments.add(item.category.as_str())?;
        for text in [&item.title, &item.creator, &item.description] {
            arguments.add(text.as_str())?;
        }
        arguments.add(item.price.micros())?;
        arguments.add(item.delivery.as_str())?;
        arguments.add(i64::from(item.physical))?;
        arguments.add(item.licence.as_str())?;
        arguments.add(item.state.as_str())?;
        arguments.add(item.version)?;
        for at in [Some(item.created_at), item.published_at, Some(item.updated_at)] {
            arguments.add(at.map(Timestamp::as_microsecond))?;
        }
        Ok(())
    })
    .await
}
