//! How much and how often a multi-use token can pay.

use super::Period;
use super::fields::{Fields, positive_amount};
use money::Money;
use text_types::words;

/// A count above this limits nothing.
const LARGEST_COUNT: u32 = 1_000_000;

words! {
    /// What a limit is of.
    pub enum LimitType {
        Amount = "Amount",
        Count = "Count",
    }
}

/// In each period, counted from the token's start; without one, in the token's whole life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UsageLimit {
    Amount { most: Money, period: Option<Period> },
    Count { most: u32, period: Option<Period> },
}

/// The names of the two limits that a request can add to `globalAmountLimit`.
const NAMED: [[&str; 3]; 2] = [
    ["usageLimitType1", "usageLimitValue1", "usageLimitPeriod1"],
    ["usageLimitType2", "usageLimitValue2", "usageLimitPeriod2"],
];
/// Three limits are the most; `globalAmountLimit` is one of them (fps.md §7.2).
const ONE_TOO_MANY: &str = "usageLimitType3";

impl UsageLimit {
    /// The limit on all that the token ever pays stands first; without it there is none.
    pub(super) fn read_all(fields: &Fields<'_>) -> Vec<Self> {
        let global = fields.require("globalAmountLimit", positive_amount);
        let global = global.map(|most| Self::Amount { most, period: None });
        fields.read(ONE_TOO_MANY, |_| None::<()>);
        global.into_iter().chain(NAMED.into_iter().filter_map(|names| Self::read(fields, names))).collect()
    }

    fn read(fields: &Fields<'_>, [kind_name, value_name, period_name]: [&'static str; 3]) -> Option<Self> {
        let has_parts = fields.has(value_name) || fields.has(period_name);
        if has_parts && !fields.has(kind_name) {
            fields.refuse(kind_name);
        }
        let kind = fields.read(kind_name, |text| text.parse().ok())?;
        let period = fields.read(period_name, |text| text.parse().ok());
        match kind {
            LimitType::Amount => {
                let most = fields.require(value_name, positive_amount)?;
                Some(Self::Amount { most, period })
            }
            LimitType::Count => {
                let most = fields.require(value_name, count)?;
                Some(Self::Count { most, period })
            }
        }
    }
}

fn count(text: &str) -> Option<u32> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|count| digits && (1..=LARGEST_COUNT).contains(count))
}
