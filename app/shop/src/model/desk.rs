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
    /// Since when, and why, the operator holds the shop: nothing can be bought.
    pub held: Option<super::HoldView>,
    pub to_fulfil: Vec<OrderSummary>,
    pub refund_requests: Vec<RefundRequestRow>,
    pub notices: Vec<MerchantNotice>,
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
