//! Coupons: what takes something off a price, of whom, for what, and how often. What one makes of a price is in
//! [`discount`], which purchases use it in [`uses`].

pub mod discount;
pub mod store;
pub mod uses;

use crate::ids::{CouponId, ItemId, MerchantId};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use money::{Money, Percent};
use platform::paging::Place;
use std::fmt;
use std::str::FromStr;
use text_types::words;

/// What a buyer types: letters, digits and hyphens, which mean the same in capitals and in small letters.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Code(String);

const SHORTEST_CODE: usize = 3;
const LONGEST_CODE: usize = 32;

/// The text cannot be a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a code has 3 to 32 letters, digits and hyphens")]
pub struct NotACode;

impl FromStr for Code {
    type Err = NotACode;

    fn from_str(text: &str) -> Result<Self, NotACode> {
        let text = text.trim();
        let fits = (SHORTEST_CODE..=LONGEST_CODE).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && text.bytes().any(|byte| byte != b'-');
        if fits { Ok(Self(text.to_ascii_uppercase())) } else { Err(NotACode) }
    }
}

impl Code {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

words! {
    /// Out of whose share of a price a discount comes; the schema lists the same words.
    pub enum Bearer {
        /// The price that is divided is lower.
        Seller = "Seller",
        /// The market's own fee is lower.
        Market = "Market",
    }
}

/// How much is taken off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value {
    /// Of the item's price, without sending it.
    Percent(Percent),
    Amount(Money),
}

/// "20 %", "$1.00".
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Percent(percent) => write!(f, "{percent} %"),
            Self::Amount(amount) => write!(f, "{amount}"),
        }
    }
}

/// Whose a coupon is and what it is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// The market's, for everything.
    Market,
    /// A seller's, for all that they sell.
    Seller(MerchantId),
    Item(MerchantId, ItemId),
}

impl Reach {
    pub const fn bearer(&self) -> Bearer {
        match self {
            Self::Market => Bearer::Market,
            Self::Seller(_) | Self::Item(..) => Bearer::Seller,
        }
    }

    pub const fn merchant(&self) -> Option<&MerchantId> {
        match self {
            Self::Market => None,
            Self::Seller(merchant) | Self::Item(merchant, _) => Some(merchant),
        }
    }

    pub const fn item(&self) -> Option<&ItemId> {
        match self {
            Self::Market | Self::Seller(_) => None,
            Self::Item(_, item) => Some(item),
        }
    }

    fn covers(&self, item: &ItemId, merchant: &MerchantId) -> bool {
        self.merchant().is_none_or(|of| of == merchant) && self.item().is_none_or(|only| only == item)
    }
}

/// A coupon as it was made. It does not change; it can be withdrawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coupon {
    pub id: CouponId,
    pub code: Code,
    pub reach: Reach,
    pub value: Value,
    pub begins_at: Timestamp,
    /// From then on it is over.
    pub ends_at: Option<Timestamp>,
    /// How many orders it lowers.
    pub most_uses: Option<u32>,
    /// How many of one buyer's.
    pub most_each: Option<u32>,
    pub made_at: Timestamp,
    pub withdrawn_at: Option<Timestamp>,
}

impl Coupon {
    pub fn place(&self) -> Place<CouponId> {
        Place { at: self.made_at, id: self.id.clone() }
    }

    /// Why it takes nothing off this item now, however often it was used.
    fn misfit(&self, item: &ItemId, merchant: &MerchantId, now: Timestamp) -> Option<Problem> {
        if self.withdrawn_at.is_some() {
            Some(Problem::Withdrawn)
        } else if self.ends_at.is_some_and(|end| now >= end) {
            Some(Problem::Ended)
        } else if now < self.begins_at {
            Some(Problem::NotBegun(self.begins_at))
        } else if self.reach.covers(item, merchant) {
            None
        } else {
            Some(Problem::OtherItem)
        }
    }
}

/// Why a code takes nothing off what somebody means to buy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// No seller of what is bought has such a coupon, nor has the market.
    #[error("There is no such coupon for this. Check how it is written, or leave the field empty.")]
    Unknown,
    #[error("This coupon is for something else that the seller has.")]
    OtherItem,
    #[error("This coupon is not good yet: it begins on {}.", day(*.0))]
    NotBegun(Timestamp),
    #[error("This coupon is over.")]
    Ended,
    #[error("This coupon was withdrawn.")]
    Withdrawn,
    #[error("This coupon has been used as often as it can be.")]
    UsedUp,
    #[error("You have used this coupon as often as you can.")]
    UsedByYou,
    /// It comes to no cent, the price is the least that can be paid, or nothing is left of the fee that the market could do
    /// without.
    #[error(
        "This coupon takes nothing off: it comes to less than a cent, or this price is as low as a payment through Amazon \
         Payments can be."
    )]
    NothingOff,
}

fn day(at: Timestamp) -> String {
    at.to_zoned_datetime(TimeZone::UTC).date().to_string()
}

/// What a coupon took off an order when it was placed. Later changes of the coupon change none of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Discount {
    pub coupon: CouponId,
    pub code: Code,
    pub bearer: Bearer,
    /// Of the item's price, without sending it.
    pub amount: Money,
}
