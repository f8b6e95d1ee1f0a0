//! The catalogue: all of it, a category, what a search found.

use super::ItemCard;

#[derive(Debug, Clone, Default)]
pub struct HomePage {
    /// The first one leads to everything.
    pub categories: Vec<Way>,
    /// The chosen category's name.
    pub category: Option<String>,
    pub query: String,
    pub reading: Reading,
    /// Of the front page; no item stands on it twice.
    pub new: Vec<ItemCard>,
    pub popular: Vec<ItemCard>,
    pub items: Vec<ItemCard>,
    /// Items found in all; pages count from 1.
    pub total: u32,
    /// There are more than that.
    pub more: bool,
    pub page: u32,
    pub pages: u32,
    /// Addresses of the pages beside this one.
    pub previous: Option<String>,
    pub next: Option<String>,
    /// `None` on the front page.
    pub filters: Option<Filters>,
}

/// How the words of a search were understood.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Reading {
    #[default]
    AsTyped,
    /// As these, for some were typos.
    As(String),
    /// Nothing has all of them; what is shown has some.
    InPart,
    /// As nothing to look for: they are in nearly everything, or no words.
    NotAtAll,
}

/// A way to another page of the catalogue, with how much there is.
#[derive(Debug, Clone, Default)]
pub struct Way {
    pub label: String,
    /// "12", or "12+" where not all was counted.
    pub count: Option<String>,
    pub href: String,
    pub current: bool,
}

/// What can be chosen of what was found. The form's fields: `min`, `max`, `sort`, and `kept`.
#[derive(Debug, Clone, Default)]
pub struct Filters {
    /// What is chosen now, each with the address of the page without it.
    pub chosen: Vec<Way>,
    pub tags: Vec<Way>,
    pub formats: Vec<Way>,
    pub sellers: Vec<Way>,
    /// The most stars first.
    pub ratings: Vec<Way>,
    pub least: String,
    pub most: String,
    /// What is wrong with them.
    pub price_error: Option<&'static str>,
    pub sorts: Vec<SortChoice>,
    /// Name and value of all else that the address asks for.
    pub kept: Vec<(&'static str, String)>,
}

/// What somebody may mean who types into the search field.
#[derive(Debug, Clone)]
pub struct Suggestion {
    pub title: String,
    /// Who made it, or what it is.
    pub detail: String,
    pub href: String,
}

#[derive(Debug, Clone)]
pub struct SortChoice {
    pub value: &'static str,
    pub label: &'static str,
    pub current: bool,
}
