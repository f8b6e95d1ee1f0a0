//! What is written of a listing, all in one transaction.

use super::form::Terms;
use super::slug;
use super::{Attached, ListingError, Saved};
use crate::audit::{self, Change, Deed, Kind, Stamp, Subject};
use crate::catalogue::extras::{self, Sample};
use crate::catalogue::search::index;
use crate::catalogue::versions::{self, Version};
use crate::catalogue::{Delivery, Item, StoredFile, storage, store as items};
use jiff::Timestamp;
use sqlx::AnyConnection;

#[derive(Debug)]
pub struct ToWrite {
    pub is_new: bool,
    /// The item as the form says it, with a slug made of its title.
    pub new: Item,
    pub terms: Terms,
    /// All that are sold from now on.
    pub files: Vec<StoredFile>,
    pub samples: Vec<Sample>,
    /// The keys of files that are taken away.
    pub removed: Vec<String>,
    pub attached: Attached,
    pub now: Timestamp,
    /// For the audit log.
    pub stamp: Stamp,
}

/// `None`: a file that was sent is there no more.
pub async fn write(connection: &mut AnyConnection, it: &ToWrite) -> Result<Option<Saved>, ListingError> {
    for (_, file) in &it.attached.0 {
        if !storage::keep(connection, &it.new.merchant_id, &file.key, it.now).await? {
            // Nothing of this stays: what was kept a moment ago may be swept like before.
            release_all(connection, it).await?;
            return Ok(None);
        }
    }
    let saved = if it.is_new { add(connection, it).await? } else { change(connection, it).await? };
    index::update(connection, &it.new.id).await?;
    Ok(Some(saved))
}

async fn release_all(connection: &mut AnyConnection, it: &ToWrite) -> Result<(), sqlx::Error> {
    for (_, file) in &it.attached.0 {
        storage::release(connection, &file.key, it.now).await?;
    }
    Ok(())
}

async fn add(connection: &mut AnyConnection, it: &ToWrite) -> Result<Saved, ListingError> {
    let item = Item { version: (!it.files.is_empty()).then_some(1), ..it.new.clone() };
    let slug = slug::insert_under_free_slug(connection, &item).await?;
    if let Some(number) = item.version {
        versions::add(connection, &item.id, &version(it, number), &it.files).await?;
    }
    write_extras(connection, it).await?;
    let subject = Subject::new(Kind::Item, &slug, &item.title);
    let begun = Change::new(Deed::SaleChanged, "", item.state.words());
    audit::record_changes(connection, &it.stamp, &subject, [begun]).await?;
    Ok(Saved { slug, state: item.state })
}

async fn change(connection: &mut AnyConnection, it: &ToWrite) -> Result<Saved, ListingError> {
    let before = items::lock(connection, &it.new.id).await?;
    let before =
        before.filter(|item| item.merchant_id == it.new.merchant_id).ok_or(ListingError::NotFound)?;
    let files = match before.version {
        Some(number) => versions::files(&mut *connection, &before.id, number).await?,
        None => Vec::new(),
    };
    let keeps_cover =
        it.new.cover_key.is_none() && !before.cover_key.as_ref().is_some_and(|key| it.removed.contains(key));
    let keeps_audio = it.new.preview_key.is_none()
        && !before.preview_key.as_ref().is_some_and(|key| it.removed.contains(key));
    let mut item = Item {
        cover_key: if keeps_cover { before.cover_key.clone() } else { it.new.cover_key.clone() },
        preview_key: if keeps_audio { before.preview_key.clone() } else { it.new.preview_key.clone() },
        stock: pieces(&before, &it.terms),
        version: version_after(connection, it, &before, &files).await?,
        featured_rank: before.featured_rank,
        created_at: before.created_at,
        published_at: before.published_at.or(it.new.published_at),
        ..it.new.clone()
    };
    item.slug = if before.published_at.is_some() {
        before.slug.clone()
    } else {
        slug::free_slug(connection, &item, &before.slug).await?
    };
    items::save(connection, &item).await?;
    write_extras(connection, it).await?;
    for key in before
        .cover_key
        .iter()
        .filter(|_| !keeps_cover)
        .chain(before.preview_key.iter().filter(|_| !keeps_audio))
    {
        storage::release(connection, key, it.now).await?;
    }
    for key in &it.removed {
        // An earlier version may have it still, and its buyers get it.
        if !versions::has_file(connection, key).await? {
            storage::release(connection, key, it.now).await?;
        }
    }
    let subject = Subject::new(Kind::Item, &item.slug, &item.title);
    let changes = changes((&before, &files), (&item, &it.files));
    audit::record_changes(connection, &it.stamp, &subject, changes).await?;
    Ok(Saved { slug: item.slug, state: item.state })
}

/// What was sold since the form was shown is not for sale again.
fn pieces(before: &Item, terms: &Terms) -> Option<u32> {
    match (terms.stock, terms.stock_before, before.stock) {
        (Some(typed), Some(shown), Some(left)) => Some(typed.saturating_sub(shown.saturating_sub(left))),
        (typed, _, _) => typed,
    }
}

/// Other files are another version, unless nobody could buy the present one.
async fn version_after(
    connection: &mut AnyConnection,
    it: &ToWrite,
    before: &Item,
    files: &[StoredFile],
) -> Result<Option<i64>, sqlx::Error> {
    if it.files.is_empty() {
        return Ok(None);
    }
    let id = &before.id;
    if let Some(number) = before.version {
        if files.iter().map(|file| &file.key).eq(it.files.iter().map(|file| &file.key)) {
            return Ok(before.version);
        }
        if before.published_at.is_none() {
            versions::replace_files(connection, id, number, &it.files).await?;
            return Ok(before.version);
        }
    }
    let number = versions::next_number(connection, id).await?;
    versions::add(connection, id, &version(it, number), &it.files).await?;
    Ok(Some(number))
}

fn version(it: &ToWrite, number: i64) -> Version {
    let for_earlier_buyers = number > 1 && it.terms.for_earlier_buyers;
    Version { number, notes: it.terms.version_notes.clone(), for_earlier_buyers, at: it.now }
}

async fn write_extras(connection: &mut AnyConnection, it: &ToWrite) -> Result<(), sqlx::Error> {
    extras::replace_tags(connection, &it.new.id, &it.terms.tags).await?;
    extras::replace_samples(connection, &it.new.id, &it.samples).await
}

/// An item with the files that are sold of it.
type Sold<'a> = (&'a Item, &'a [StoredFile]);

fn changes((before, old_files): Sold<'_>, (after, new_files): Sold<'_>) -> [Change; 7] {
    let change = |deed, words: fn(&Item) -> String| Change::new(deed, words(before), words(after));
    [
        change(Deed::PriceChanged, |item| item.price.to_string()),
        change(Deed::TitleChanged, |item| item.title.clone()),
        change(Deed::SaleChanged, |item| item.state.words().to_owned()),
        change(Deed::DeliveryChanged, delivery),
        change(Deed::LicenceChanged, |item| item.licence.clone()),
        change(Deed::StockChanged, stock),
        Change::new(Deed::FilesChanged, named(before, old_files), named(after, new_files)),
    ]
}

fn delivery(item: &Item) -> String {
    let how = match (item.physical, item.delivery) {
        (true, _) => "sent as a parcel",
        (false, Delivery::Instant) => "downloaded at once",
        (false, Delivery::Manual) => "downloaded once the seller has delivered",
    };
    match item.handling_days {
        Some(1) => format!("{how} within a day"),
        Some(days) => format!("{how} within {days} days"),
        None => how.to_owned(),
    }
}

fn stock(item: &Item) -> String {
    match item.stock {
        None => "not counted".to_owned(),
        Some(1) => "1 piece".to_owned(),
        Some(pieces) => format!("{pieces} pieces"),
    }
}

/// Characters of the names of an item's files; there can be many, and long ones.
const LONGEST_NAMES: usize = 300;

/// The version, and which files it has.
fn named(item: &Item, files: &[StoredFile]) -> String {
    let Some(number) = item.version else { return "no files".to_owned() };
    let names = files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>().join(", ");
    let names: String = names.chars().take(LONGEST_NAMES).collect();
    format!("version {number}: {names}")
}
