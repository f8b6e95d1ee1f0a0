//! What is for sale.

pub mod bulk;
pub mod extras;
pub mod formats;
pub mod holds;
mod rows;
pub mod search;
pub mod sounds;
pub mod storage;
pub mod store;
pub mod versions;
mod view;

use crate::ids::{CategorySlug, ItemId, ItemSlug, MerchantId};
use jiff::Timestamp;
use money::Money;
use shop_pages::model::Rating;
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

words! {
    /// Whether an item is sold.
    pub enum ItemState {
        /// Only its seller sees it.
        Draft = "Draft",
        Published = "Published",
        /// It stays at its address, for those who have it, and is sold no more.
        Archived = "Archived",
    }
}

impl ItemState {
    pub const fn words(self) -> &'static str {
        match self {
            Self::Draft => "a draft",
            Self::Published => "on sale",
            Self::Archived => "archived",
        }
    }
}

/// A file that a seller sent, whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFile {
    /// Where it stands among the [`Files`](crate::files::Files).
    pub key: String,
    /// The name it is downloaded under.
    pub name: String,
    /// Its media type: `audio/mpeg`.
    pub media_type: String,
    pub bytes: u64,
    /// Of its content, in hexadecimal digits; `None` for what was stored before checksums were.
    pub sha256: Option<String>,
}

/// What is sold, or is to be.
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
    /// Zero in a draft that has none.
    pub price: Money,
    pub delivery: Delivery,
    pub physical: bool,
    /// Within how many days of an order the seller sends it or makes it ready, 1 to 7; `None`: nothing is said, or it is
    /// delivered at once.
    pub handling_days: Option<u8>,
    pub licence: String,
    /// `None`: the cover is drawn from the title.
    pub cover_key: Option<String>,
    pub preview_key: Option<String>,
    pub state: ItemState,
    /// Pieces that are left; `None`: they are not counted.
    pub stock: Option<u32>,
    /// Which of its versions is sold; `None`: it has no files.
    pub version: Option<i64>,
    /// The editors' picks, 1 first.
    pub featured_rank: Option<i64>,
    pub created_at: Timestamp,
    /// When it was first on sale: from then on its address stays.
    pub published_at: Option<Timestamp>,
    pub updated_at: Timestamp,
    /// What buyers say of it; it is kept with the reviews.
    pub rating: Rating,
}

impl Item {
    /// All of its pieces are sold.
    pub fn is_sold_out(&self) -> bool {
        self.stock == Some(0)
    }
}

/// A category with the number of its items that are on sale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CategoryCount {
    pub slug: CategorySlug,
    pub name: String,
    pub items: u32,
}
