//! Searches of the catalogue, and the catalogue itself as the search for everything.
//!
//! A word finds what has it, or a word that begins like it; where there is none of either, the nearest word that there
//! is. All words must be there; where nothing has all of them, what has most of them is shown. What is found is looked
//! up in tables of our own, alike on both databases (`migrations/shop/…/0022_finding.sql`), and no more of it is
//! looked at than [`COUNTED`] items: what many more have is shown in the order that was asked for, and not counted.

pub mod index;
mod meaning;
mod query;
mod spellings;
mod statement;
#[cfg(test)]
mod tests;
mod words;

use super::Item;
use super::formats::Format;
use crate::ids::{CategorySlug, MerchantId, SellerSlug};
use meaning::{Meaning, Wanted};
use money::Money;
use platform::Database;
use query::Retrieved;
use std::collections::HashMap;
use text_types::words as text_words;

/// The words of a search that count; more are ignored.
const WORDS: usize = 6;
/// Items that are counted of what a search finds: ten pages of them.
pub const COUNTED: u32 = 240;
/// Of what is more than that so many are looked at for what can be chosen.
const SAMPLED: usize = 80;
/// Tags, formats and sellers that are offered of each.
const OFFERED: usize = 12;

text_words! {
    /// In which order.
    pub enum Sort {
        /// What fits best; without words the lead item and then by title.
        Best = "best",
        Newest = "newest",
        Cheapest = "price",
        Dearest = "price-down",
        MostSold = "sold",
        Title = "title",
    }
}

text_words! {
    /// What an item's average comes to at the least.
    pub enum LeastRating {
        Four = "4",
        Three = "3",
        Two = "2",
    }
}

/// What is looked for. All of it must be true of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Criteria {
    pub words: String,
    pub category: Option<CategorySlug>,
    pub tag: Option<String>,
    pub format: Option<Format>,
    pub seller: Option<MerchantId>,
    pub rating: Option<LeastRating>,
    /// At least, and at most.
    pub price: (Option<Money>, Option<Money>),
    pub sort: Sort,
}

impl Criteria {
    pub fn words(words: &str) -> Self {
        Self {
            words: words.to_owned(),
            category: None,
            tag: None,
            format: None,
            seller: None,
            rating: None,
            price: (None, None),
            sort: Sort::Best,
        }
    }

    /// Nothing but the category is asked for, in whichever order.
    pub fn is_whole_category(&self) -> bool {
        let plain = Self { category: self.category.clone(), sort: self.sort, ..Self::words("") };
        *self == plain
    }
}

/// How much a search finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    Exactly(u32),
    /// More than [`COUNTED`].
    Many,
}

/// How the words were understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Understood {
    AsTyped,
    /// Some of them were typos of these.
    As(String),
    /// Nothing has all of the words, and this has some.
    InPart,
    /// They are in nearly everything, so nothing is found.
    NotAtAll,
}

/// How many of what was found have a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facet<T> {
    pub value: T,
    pub items: u32,
}

/// What can be chosen of what was found.
#[derive(Debug, Clone, Default)]
pub struct Facets {
    /// As if none was chosen.
    pub categories: HashMap<CategorySlug, u32>,
    /// Of them only some items were counted: there may be more of each, and further categories.
    pub categories_in_part: bool,
    /// The same of all that follows.
    pub in_part: bool,
    pub tags: Vec<Facet<String>>,
    pub formats: Vec<Facet<Format>>,
    /// Each with its name.
    pub sellers: Vec<Facet<(SellerSlug, String)>>,
    /// The most stars first.
    pub ratings: Vec<Facet<LeastRating>>,
}

#[derive(Debug)]
pub struct Found {
    pub items: Vec<Item>,
    pub count: Count,
    pub understood: Understood,
    pub facets: Facets,
}

/// What is found, and of it `limit` items from `offset` on.
pub async fn search(
    db: &Database,
    criteria: &Criteria,
    (limit, offset): (u32, u32),
) -> Result<Found, sqlx::Error> {
    let meaning = Meaning::of(db, &criteria.words).await?;
    let mut understood = meaning.understood();
    if understood == Understood::NotAtAll {
        return Ok(Found {
            items: Vec::new(),
            count: Count::Exactly(0),
            understood,
            facets: Facets::default(),
        });
    }
    let wanted = Wanted { criteria, words: &meaning.words };
    let mut retrieved = query::retrieve(db, &wanted).await?;
    if retrieved.numbers.is_empty() && meaning.words.len() > 1 {
        retrieved = query::retrieve_some(db, &wanted).await?;
        if !retrieved.numbers.is_empty() {
            understood = Understood::InPart;
        }
    }
    let numbers = if criteria.sort == Sort::Best && !meaning.words.is_empty() {
        retrieved.page(limit, offset)
    } else if retrieved.many {
        query::in_order(db, &wanted, (limit, offset)).await?
    } else {
        query::sorted(db, &retrieved.numbers, criteria.sort, (limit, offset)).await?
    };
    Ok(Found {
        items: query::items(db, &numbers).await?,
        count: retrieved.count(),
        understood,
        facets: facets(db, &wanted, &retrieved).await?,
    })
}

/// The first `limit` of what has all of the words, and no more of it.
pub async fn first(db: &Database, words: &str, limit: u32) -> Result<Vec<Item>, sqlx::Error> {
    first_of(db, words, limit, false).await
}

/// The same, or what has some of the words where nothing has all.
pub async fn nearest(db: &Database, words: &str, limit: u32) -> Result<Vec<Item>, sqlx::Error> {
    first_of(db, words, limit, true).await
}

async fn first_of(db: &Database, words: &str, limit: u32, in_part: bool) -> Result<Vec<Item>, sqlx::Error> {
    let criteria = Criteria::words(words);
    let meaning = Meaning::of(db, words).await?;
    if meaning.words.is_empty() {
        return Ok(Vec::new());
    }
    let wanted = Wanted { criteria: &criteria, words: &meaning.words };
    let mut retrieved = query::retrieve(db, &wanted).await?;
    if retrieved.numbers.is_empty() && in_part {
        retrieved = query::retrieve_some(db, &wanted).await?;
    }
    query::items(db, &retrieved.page(limit, 0)).await
}

/// Everything in the catalogue's order, without a count.
pub async fn everything(db: &Database, page: (u32, u32)) -> Result<Vec<Item>, sqlx::Error> {
    let criteria = Criteria::words("");
    let numbers = query::in_order(db, &Wanted { criteria: &criteria, words: &[] }, page).await?;
    query::items(db, &numbers).await
}

async fn facets(db: &Database, wanted: &Wanted<'_>, found: &Retrieved) -> Result<Facets, sqlx::Error> {
    let sample = found.numbers.len().min(if found.many { SAMPLED } else { usize::MAX });
    let counted = &found.numbers[..sample];
    let (categories, categories_in_part) = match &wanted.criteria.category {
        // The categories know by themselves.
        _ if wanted.criteria.is_whole_category() => (HashMap::new(), false),
        None => (query::categories(db, counted).await?, found.many),
        Some(_) => {
            let criteria = Criteria { category: None, ..wanted.criteria.clone() };
            query::by_category(db, &Wanted { criteria: &criteria, words: wanted.words }).await?
        }
    };
    let values = query::values(db, counted).await?;
    let mut ratings = query::of_facet(&values, index::RATING)?;
    ratings.sort_unstable_by_key(|facet: &Facet<LeastRating>| facet.value);
    Ok(Facets {
        categories,
        categories_in_part,
        in_part: found.many,
        ratings,
        tags: query::of_facet(&values, index::TAG)?,
        formats: query::of_facet(&values, index::FORMAT)?,
        sellers: query::sellers(db, counted).await?,
    })
}
