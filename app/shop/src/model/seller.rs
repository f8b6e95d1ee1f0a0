//! Who sells: the rule for refunds, what sending costs, the seller's own page and the form for it.

use super::{Availability, ItemCard, Paging, Rating};
use app::form::FormState;
use money::Money;
use std::fmt;
use std::str::FromStr;

/// What a seller promises to buyers who want their money back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefundRule {
    /// By the buyer's own button, for so many days after the sale.
    AtOnce { days: u16, unless_downloaded: bool },
    /// The seller is asked.
    OnRequest,
}

/// Who sells an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seller {
    /// Of the seller's own page.
    pub path: Option<String>,
    pub picture: Option<String>,
    pub refund_rule: RefundRule,
    /// Of all that they sell; where a page shows it.
    pub rating: Rating,
}

/// What sending a thing to a region costs; `None`: not sent there so fast.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateRow {
    pub region: &'static str,
    pub standard: Option<Money>,
    pub express: Option<Money>,
}

/// What a buyer is shown and agrees to by the button: the item's price, and what sending it costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quote {
    pub price: Money,
    pub shipping: Money,
}

impl Quote {
    pub fn total(self) -> Money {
        Money::sum([self.price, self.shipping]).unwrap_or(self.price)
    }
}

/// As a form carries it: `42.00+4.50`.
impl fmt::Display for Quote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}+{}", self.price.to_two_decimals(), self.shipping.to_two_decimals())
    }
}

/// The text is no quote of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoQuote;

impl FromStr for Quote {
    type Err = NoQuote;

    fn from_str(text: &str) -> Result<Self, NoQuote> {
        let (price, shipping) = text.split_once('+').ok_or(NoQuote)?;
        let amount = |text| Money::parse_dollars(text).map_err(|_| NoQuote);
        Ok(Self { price: amount(price)?, shipping: amount(shipping)? })
    }
}

/// `/sellers/{slug}`, with a page of what they sell.
#[derive(Debug, Clone)]
pub struct SellerPage {
    pub name: String,
    pub path: String,
    pub picture: Option<String>,
    /// Blank lines part paragraphs.
    pub about: String,
    pub links: Vec<String>,
    pub refund_rule: RefundRule,
    /// None where nothing is sent.
    pub rates: Vec<RateRow>,
    pub availability: Availability,
    /// Of all that they sell.
    pub rating: Rating,
    pub items: Vec<ItemCard>,
    pub paging: Paging,
    /// The viewer's own.
    pub own: bool,
}

/// `/sell/profile`. Fields: `name about links refund` (`at-once`, `on-request`) `refund_days refund_downloads` (`always`,
/// `unless`) `vacation` (`open`, `away`) `vacation_words` and those of [`RATE_FIELDS`]; posted to
/// `/sell/profile/picture`: the file `picture`, or `remove`.
#[derive(Debug, Clone)]
pub struct ProfilePage {
    pub name: String,
    /// Of the public page.
    pub path: Option<String>,
    pub picture: Option<String>,
    pub form: FormState,
    pub picture_form: FormState,
    /// Nothing was set yet: sending is free.
    pub rates_unset: bool,
}

/// The fields of a region's rates.
#[derive(Debug, Clone, Copy)]
pub struct RateFields {
    pub region: &'static str,
    pub label: &'static str,
    pub standard: &'static str,
    pub express: &'static str,
}

pub const RATE_FIELDS: [RateFields; 4] = [
    RateFields {
        region: "united-states",
        label: "United States",
        standard: "rate_united_states_standard",
        express: "rate_united_states_express",
    },
    RateFields {
        region: "canada",
        label: "Canada",
        standard: "rate_canada_standard",
        express: "rate_canada_express",
    },
    RateFields {
        region: "europe",
        label: "Europe",
        standard: "rate_europe_standard",
        express: "rate_europe_express",
    },
    RateFields {
        region: "world",
        label: "Rest of the world",
        standard: "rate_world_standard",
        express: "rate_world_express",
    },
];

/// `/sell/items/new` of somebody whose account at Amazon Payments cannot be paid yet.
#[derive(Debug, Clone)]
pub struct NotReadyPage {
    pub why: NotReady,
    /// The account's own pages at Amazon Payments.
    pub account_url: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotReady {
    /// Amazon Payments has not verified the account, or is looking at it.
    NotVerified,
    Closed,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_is_read_as_it_was_written() {
        let quote = Quote { price: Money::from_cents(4_200), shipping: Money::from_cents(450) };
        assert_eq!((quote.to_string().as_str(), quote.total()), ("42.00+4.50", Money::from_cents(4_650)));
        assert_eq!(quote.to_string().parse(), Ok(quote));
        for text in ["", "42.00", "+", "a+b", "42.00+4.50+1"] {
            assert_eq!(text.parse::<Quote>(), Err(NoQuote), "{text}");
        }
    }
}
