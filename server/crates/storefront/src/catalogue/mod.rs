//! What is for sale.

mod browse;
pub mod records;
mod shared_pages;

pub use browse::{Browse, categories, home, item_page, suggestions};
pub use shared_pages::{SharedPage, SharedPages};

use crate::orders::Delivery;
use money::Money;

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
    pub id: String,
    pub slug: String,
    pub merchant_id: String,
    /// The merchant's name.
    pub seller: String,
    /// The category's slug.
    pub category: String,
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
    pub created_at: i64,
}

impl Item {
    /// What a search looks through.
    fn search_text(&self) -> String {
        [&self.title, &self.creator, &self.seller, &self.description]
            .map(|text| text.to_lowercase())
            .join("\n")
    }
}
