//! An item, in a grid and on its page.

use super::{RateRow, Rating, ReviewView, Seller, WaySplit};
use money::Money;

#[derive(Debug, Clone)]
pub struct Category {
    pub slug: String,
    pub name: String,
    pub items: u32,
}

/// An item as it stands in a grid.
#[derive(Debug, Clone)]
pub struct ItemCard {
    pub slug: String,
    pub title: String,
    pub creator: String,
    pub seller: String,
    pub category: String,
    pub price: Money,
    pub physical: bool,
    /// Within how many days of an order it is sent or ready, where its seller says so and it is not delivered at once.
    pub handling_days: Option<u8>,
    pub rating: Rating,
}

#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each says something of the item, whatever the others say")]
pub struct ItemPage {
    pub card: ItemCard,
    pub category_name: String,
    pub description: Description,
    pub licence: String,
    pub instant: bool,
    pub files: Vec<FileFacts>,
    pub tags: Vec<String>,
    pub has_preview: bool,
    /// How long it is, once somebody has looked at its waveform.
    pub preview_seconds: Option<u64>,
    /// It has fonts that visitors can set their words in.
    pub type_tester: bool,
    /// What its pictures show.
    pub shown: Shown,
    /// Beside the cover.
    pub pictures: Vec<Picture>,
    /// Where a page of it can be read.
    pub sample: Option<String>,
    /// What runs in a frame, to be tried.
    pub demo: Option<String>,
    /// What is new in the version that is sold now; empty where nothing is.
    pub news: String,
    pub more_by_seller: Vec<ItemCard>,
    /// The newest of them.
    pub reviews: Vec<ReviewView>,
    /// The viewer has paid for it, and can review it.
    pub may_review: bool,
    /// The viewer has it already: link to the order instead of a second purchase by mistake.
    pub owned_order: Option<String>,
    /// The viewer sells it.
    pub own_item: bool,
    /// It is on the viewer's wish list.
    pub wished: bool,
    pub availability: Availability,
    pub seller: Seller,
    /// What sending it costs; empty for what is downloaded.
    pub rates: Vec<RateRow>,
    /// How the price divides by each way to pay.
    pub splits: Vec<WaySplit>,
    /// Why the operator holds the item or the shop; its seller alone is told.
    pub hold_reason: Option<String>,
}

/// `/items/{slug}/type`. Query: `try`, the words.
#[derive(Debug, Clone)]
pub struct TypeTesterPage {
    pub card: ItemCard,
    pub words: String,
    /// The names of the files that they are set in.
    pub fonts: Vec<String>,
}

/// What a seller wrote, in Markdown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Description {
    /// As HTML in which nothing is left that could do harm: it is put into the page as it is.
    pub html: String,
    /// As plain text, on one line.
    pub text: String,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Shown {
    /// Of a book, to be read.
    Pages,
    /// Of a game or a program while it runs.
    Screens,
    #[default]
    Pictures,
}

/// A picture of an item, beside its cover.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    pub src: String,
    pub alt: String,
}

/// Whether an item can be bought at present.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Availability {
    ForSale,
    /// It was never on sale, or was taken off for a while: its seller sees it, and who has bought it.
    Draft,
    /// Its seller sells it no more.
    Archived,
    /// No piece of it is left.
    SoldOut,
    /// Its seller cannot be paid: it took its registration with Amazon Payments back.
    SellerNotRegistered,
    /// Its seller is away; the words are the seller's own, and can be empty.
    OnVacation {
        words: String,
    },
    /// The operator holds the shop that it is of.
    SellerHeld,
    /// The operator holds it.
    Held,
}

#[derive(Debug, Clone)]
pub struct FileFacts {
    pub name: String,
    /// What a person calls the type: "MP3 audio".
    pub format: String,
    pub bytes: u64,
    /// Of its content, in hexadecimal digits, where it is known.
    pub sha256: Option<String>,
}
