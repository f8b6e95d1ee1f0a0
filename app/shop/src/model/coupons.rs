//! Coupons, and what they took off.

use super::Paging;
use app::form::FormState;
use jiff::Timestamp;
use money::Money;

/// Out of whose share of the price a discount comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bearer {
    Seller,
    Market,
}

/// What a coupon takes off the price of one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiscountView {
    pub code: String,
    pub amount: Money,
    pub bearer: Bearer,
}

/// What coupons took off sales of a time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CouponSums {
    pub orders: u32,
    pub by_sellers: Money,
    pub by_market: Money,
}

/// `/sell/coupons` and `/operator/coupons`, posted to the same address. Fields: `code`, `kind` (`percent`, `amount`),
/// `off`; optional `item` (a slug, of a seller alone), `from` and `until` (days), `uses`, `each`. One is withdrawn by posting
/// to `…/{id}/withdraw`.
#[derive(Debug, Clone)]
pub struct CouponsPage {
    pub owner: Bearer,
    /// The newest first.
    pub coupons: Vec<CouponRow>,
    /// Those that one can be for alone: (slug, title).
    pub items: Vec<(String, String)>,
    pub paging: Paging,
    pub form: FormState,
}

#[derive(Debug, Clone)]
pub struct CouponRow {
    pub id: String,
    pub code: String,
    /// "20 %", "$1.00".
    pub value: String,
    /// The one thing that it is for.
    pub item: Option<String>,
    pub begins_at: Timestamp,
    pub ends_at: Option<Timestamp>,
    pub most_uses: Option<u32>,
    pub most_each: Option<u32>,
    /// Orders whose payment was allowed, and what it took off them.
    pub used: u32,
    pub off: Money,
    pub standing: CouponStanding,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CouponStanding {
    Good,
    ToCome,
    Over,
    UsedUp,
    Withdrawn,
}
