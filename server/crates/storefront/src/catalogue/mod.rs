//! What is for sale.

pub mod holds;
pub mod search;
pub mod store;
#[cfg(test)]
mod tests;
mod view;

use crate::ids::{CategorySlug, ItemId, ItemSlug, MerchantId};
use jiff::Timestamp;
use money::Money;
use text_types::words;

words! {
    /// How an item is delivered, and with it how the money is taken.
    pub enum Delivery {
        /// At once: paid with `Pay`.
        Instant = "Instant",
        /// By the merchant, who is paid then: `Reserve`, later `Settle`.
        Manual = "Manual",
    }
}

/// The file that a buyer gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFile {
    /// Where it stands among the [`Files`](crate::files::Files).
    pub key: String,
    /// The name it is downloaded under.
    pub name: String,
    /// Its media type: `audio/mpeg`.
    pub media_type: String,
    pub bytes: u64,
}

/// An item for sale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    pub id: ItemId,
    pub slug: ItemSlug,
    pub merchant_id: MerchantId,
    /// The merchant's name.
    pub seller: String,
    pub category: CategorySlug,
    pub title: String,
    pub creator: String,
    pub description: String,
    pub price: Money,
    pub delivery: Delivery,
    pub physical: bool,
    pub licence: String,
    /// `None`: the cover is drawn from the title.
    pub cover_key: Option<String>,
    pub preview_key: Option<String>,
    pub file: Option<StoredFile>,
    /// The editors' picks, 1 first.
    pub featured_rank: Option<i64>,
    pub created_at: Timestamp,
}

impl Item {
    /// What a search looks through.
    fn search_text(&self) -> String {
        [&self.title, &self.creator, &self.seller, &self.description]
            .map(|text| text.to_lowercase())
            .join("\n")
    }
}

/// A category with the number of its items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CategoryCount {
    pub slug: CategorySlug,
    pub name: String,
    pub items: u32,
}
