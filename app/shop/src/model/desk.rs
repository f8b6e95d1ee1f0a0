//! What the pages of a merchant's desk show.

use super::{
    Category, Description, FileFacts, ItemCard, OrderSummary, Paging, Picture, PriceSplit, RefundRequestRow,
    WaySplit,
};
use app::form::FormState;
use jiff::Timestamp;
use money::{Money, Percent};

/// `/sell`: what a merchant, or somebody who may become one, sees.
#[derive(Debug, Clone)]
pub struct SellPage {
    pub merchant: Option<MerchantDesk>,
    /// The "start selling" form (field `name`), for those who are no merchant yet.
    pub form: FormState,
    /// What the operator charges, in words: "$0.05 and 10 % of the price".
    pub fee_words: String,
}

#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each says something of its own")]
pub struct MerchantDesk {
    pub name: String,
    /// Registered as a recipient at Amazon Payments: only then can items be listed.
    pub registered: bool,
    /// The registration was taken back at Amazon Payments: nothing can be bought until there is a new one.
    pub cancelled: bool,
    /// Since when, and why, the operator holds the shop: nothing can be bought.
    pub held: Option<super::HoldView>,
    pub to_fulfil: WaitingOrders,
    pub refund_requests: Vec<RefundRequestRow>,
    /// The newest few.
    pub notices: Vec<MerchantNotice>,
    /// There are older ones, on a page of their own.
    pub more_notices: bool,
    /// About so many orders there is something to read; more than [`MOST_UNREAD`](super::MOST_UNREAD) are not told apart.
    pub unread_messages: u32,
    pub sales: Vec<OrderSummary>,
    /// The newest of them.
    pub listings: Vec<Listing>,
    /// There are more.
    pub more_listings: bool,
    /// Paid orders' share that went to the merchant.
    pub earned: Money,
}

#[derive(Debug, Clone)]
pub struct MerchantNotice {
    pub order_id: String,
    pub text: String,
    pub at: Timestamp,
    pub unread: bool,
}

/// `/sell/notices`: a page of them, the newest first.
#[derive(Debug, Clone)]
pub struct NoticesPage {
    pub notices: Vec<MerchantNotice>,
    pub paging: Paging,
}

/// `/sell/customers`: a page of them, who bought last first.
#[derive(Debug, Clone)]
pub struct CustomersPage {
    pub customers: Vec<Customer>,
    pub paging: Paging,
}

/// Somebody who bought of the merchant; only what the merchant's own orders tell.
#[derive(Debug, Clone)]
pub struct Customer {
    pub id: String,
    pub name: String,
    pub bought: u32,
    /// What they paid, and what of it went back.
    pub gross: Money,
    pub refunded: Money,
    pub last_at: Timestamp,
}

/// `/sell/customers/{id}`: a page of what they ordered, the newest first.
#[derive(Debug, Clone)]
pub struct CustomerPage {
    pub customer: Customer,
    pub orders: Vec<OrderSummary>,
    pub paging: Paging,
}

/// `/sell/messages`: a page of the orders that were written about, the one that was written about last first.
#[derive(Debug, Clone)]
pub struct MessagesPage {
    pub threads: Vec<ThreadRow>,
    pub paging: Paging,
}

#[derive(Debug, Clone)]
pub struct ThreadRow {
    pub order_id: String,
    pub title: String,
    pub buyer: String,
    pub last_at: Timestamp,
    /// Who wrote last, for people: "You".
    pub last_author: String,
    /// How it begins.
    pub last_text: String,
    pub unread: bool,
}

#[derive(Debug, Clone)]
pub struct Listing {
    pub card: ItemCard,
    pub state: ListingState,
    pub split: PriceSplit,
    pub sold: u32,
    /// Pieces that are left; `None`: they are not counted.
    pub stock: Option<u32>,
}

/// Whether an item is sold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListingState {
    Draft,
    Published,
    Archived,
}

/// `/sell/items`: a page of the merchant's items, the newest first.
#[derive(Debug, Clone)]
pub struct ListingsPage {
    pub name: String,
    /// Only those in one state.
    pub state: Option<ListingState>,
    pub listings: Vec<Listing>,
    pub paging: Paging,
    /// Registered as a recipient at Amazon Payments: only then can items be listed.
    pub registered: bool,
}

/// `/sell/items/new` and `/sell/items/{slug}`. Fields: `title creator category description tags price kind`
/// (`digital`, `physical`) `delivery` (`instant`, `manual`) `licence stock`, of other files `version_notes version_for`
/// (`all`, `new`); files `file` (several), `cover`, `picture` (several), `audio`, `page`. `do` says which button it was.
#[derive(Debug, Clone)]
pub struct ItemEditorPage {
    /// `None`: a new one.
    pub item: Option<EditedItem>,
    pub categories: Vec<Category>,
    pub form: FormState,
    /// Files that came with an earlier try of this form, and wait for it to be saved.
    pub waiting: Vec<WaitingFile>,
    /// The general rule, then those of categories that have their own.
    pub fees: Vec<FeeFacts>,
    /// The same in words: "$0.05 and 10 % of the price".
    pub fee_words: String,
    /// How the price that stands in the form divides, by each way to pay.
    pub splits: Vec<WaySplit>,
    /// The description that stands in the form, as buyers would see it.
    pub preview: Option<Description>,
    /// How much of the seller's room is taken.
    pub room_words: String,
    /// How large a file for sale may be.
    pub largest_file: u64,
}

/// What the marketplace charges of items of a category, or of those of all others.
#[derive(Debug, Clone)]
pub struct FeeFacts {
    pub category: Option<String>,
    pub fixed: Money,
    pub variable: Percent,
    pub least: Option<Money>,
    pub most: Option<Money>,
}

/// An item that is there already, as far as the form does not say it.
#[derive(Debug, Clone)]
pub struct EditedItem {
    pub slug: String,
    pub title: String,
    pub state: ListingState,
    /// It was on sale before: other files are a new version of it.
    pub was_published: bool,
    /// Its version's number.
    pub version: Option<u32>,
    /// What is sold now, by the keys under which they are taken away.
    pub files: Vec<(String, FileFacts)>,
    pub cover: Option<String>,
    pub audio: Option<String>,
    pub page: Option<(String, FileFacts)>,
    pub demo: Option<(String, FileFacts)>,
    pub pictures: Vec<(String, Picture)>,
    /// What is missing before it can be published, in a few words each.
    pub missing: Vec<String>,
}

#[derive(Debug, Clone)]
pub struct WaitingFile {
    /// The field that it came in.
    pub field: &'static str,
    pub key: String,
    pub file: FileFacts,
}

/// A page of the orders that wait for their seller, the longest waiting first.
#[derive(Debug, Clone, Default)]
pub struct WaitingOrders {
    pub orders: Vec<OrderSummary>,
    /// Of all pages.
    pub total: usize,
    /// Since when the first of all waits.
    pub since: Option<Timestamp>,
    pub paging: Paging,
}
