//! What the pages of a merchant's desk show.

use super::{Category, ItemCard, OrderSummary, Paging, PriceSplit, RefundRequestRow};
use app::form::FormState;
use jiff::Timestamp;
use money::Money;

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
pub struct MerchantDesk {
    pub name: String,
    /// Registered as a recipient at Amazon Payments: only then can items be listed.
    pub registered: bool,
    /// The registration was taken back at Amazon Payments: nothing can be bought until there is a new one.
    pub cancelled: bool,
    pub to_fulfil: Vec<OrderSummary>,
    pub refund_requests: Vec<RefundRequestRow>,
    /// The newest few.
    pub notices: Vec<MerchantNotice>,
    /// There are older ones, on a page of their own.
    pub more_notices: bool,
    /// About so many orders there is something to read; more than [`MOST_UNREAD`](super::MOST_UNREAD) are not told apart.
    pub unread_messages: u32,
    pub sales: Vec<OrderSummary>,
    /// A page of them, the newest first.
    pub listings: Vec<Listing>,
    pub paging: Paging,
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
    pub split: PriceSplit,
    pub sold: u32,
}

/// `/sell/items/new`. Fields: `title creator category description price delivery` (`instant`, `manual`),
/// `kind` (`digital`, `physical`), `licence`; files `cover` (image, optional) and `file` (digital goods).
#[derive(Debug, Clone)]
pub struct NewItemPage {
    pub categories: Vec<Category>,
    pub form: FormState,
    pub fee_words: String,
    /// How large files may be, and how much of the seller's room is taken.
    pub room_words: String,
}
