//! Money and percentages as checked integers. No float anywhere.
//!
//! FPS fees go below a cent, so the unit is one millionth of a US dollar ("micro"); pages show cents.

#![cfg_attr(not(test), warn(unused_crate_dependencies))]

mod percent;
mod text;

pub use percent::Percent;
pub use text::ParseError;

use serde::{Deserialize, Serialize};

/// Micros in one US dollar.
pub const MICROS_PER_DOLLAR: i64 = 1_000_000;
/// Micros in one cent.
pub const MICROS_PER_CENT: i64 = 10_000;

/// FPS knew only US dollars (fps.md §3.4); a second currency starts here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Currency {
    #[serde(rename = "USD")]
    Usd,
}

impl Currency {
    /// The ISO 4217 code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Usd => "USD",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    #[error("the amount is too large to represent")]
    Overflow,
    #[error("the parts are more than the whole")]
    PartsExceedWhole,
}

/// An amount of US dollars in micros (1/1,000,000 USD). May be negative: postings and refunds are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Money {
    micros: i64,
}

#[expect(clippy::should_implement_trait, reason = "std's operators have no place for an error")]
impl Money {
    pub const ZERO: Self = Self { micros: 0 };

    pub const fn from_micros(micros: i64) -> Self {
        Self { micros }
    }

    /// Whole cents, as a constant or a price.
    pub const fn from_cents(cents: i32) -> Self {
        Self { micros: cents as i64 * MICROS_PER_CENT }
    }

    pub const fn micros(self) -> i64 {
        self.micros
    }

    pub const fn currency(self) -> Currency {
        Currency::Usd
    }

    pub const fn is_positive(self) -> bool {
        self.micros > 0
    }

    pub const fn is_negative(self) -> bool {
        self.micros < 0
    }

    pub const fn is_zero(self) -> bool {
        self.micros == 0
    }

    pub fn add(self, other: Self) -> Result<Self, MoneyError> {
        self.micros.checked_add(other.micros).map(Self::from_micros).ok_or(MoneyError::Overflow)
    }

    pub fn sub(self, other: Self) -> Result<Self, MoneyError> {
        self.micros.checked_sub(other.micros).map(Self::from_micros).ok_or(MoneyError::Overflow)
    }

    pub fn neg(self) -> Result<Self, MoneyError> {
        self.micros.checked_neg().map(Self::from_micros).ok_or(MoneyError::Overflow)
    }

    pub fn sum(amounts: impl IntoIterator<Item = Self>) -> Result<Self, MoneyError> {
        amounts.into_iter().try_fold(Self::ZERO, Self::add)
    }

    /// The one function that splits an amount: takes `parts` off the whole and returns what is left,
    /// which goes to the named party that takes the remainder. Parts and remainder always sum to the
    /// whole; a part below zero or a remainder below zero is refused.
    pub fn split_off(self, parts: &[Self]) -> Result<Self, MoneyError> {
        if parts.iter().any(|part| part.is_negative()) {
            return Err(MoneyError::PartsExceedWhole);
        }
        let rest = self.sub(Self::sum(parts.iter().copied())?)?;
        if rest.is_negative() { Err(MoneyError::PartsExceedWhole) } else { Ok(rest) }
    }

    /// To a whole cent, half up: as pages show it.
    #[must_use]
    pub fn to_cent(self) -> Self {
        let half = MICROS_PER_CENT / 2;
        let up = |micros: i64| micros.saturating_add(half) / MICROS_PER_CENT * MICROS_PER_CENT;
        Self::from_micros(if self.micros < 0 { -up(self.micros.saturating_neg()) } else { up(self.micros) })
    }

    /// The three parts of an amount of whole cents as pages show them, so that they sum to it: the first as it would be
    /// shown alone, the second too unless that is more than is left, and the third what is left.
    #[must_use]
    pub fn parts_in_cents(self, [first, second, _]: [Self; 3]) -> [Self; 3] {
        let first = first.to_cent();
        let rest = Self::from_micros(self.micros.saturating_sub(first.micros));
        let second = second.to_cent().min(rest);
        [first, second, Self::from_micros(rest.micros.saturating_sub(second.micros))]
    }

    /// `self × numerator / denominator`, rounded half up (away from zero for negative amounts): a fee's
    /// share of a partial refund. `denominator` must be positive.
    pub fn proportion(self, numerator: Self, denominator: Self) -> Result<Self, MoneyError> {
        if !denominator.is_positive() {
            return Err(MoneyError::Overflow);
        }
        let product = i128::from(self.micros) * i128::from(numerator.micros);
        round_half_up(product, i128::from(denominator.micros))
    }
}

/// `value / divisor` rounded half away from zero, as money.
fn round_half_up(value: i128, divisor: i128) -> Result<Money, MoneyError> {
    let half = divisor / 2;
    let rounded = if value >= 0 { (value + half) / divisor } else { (value - half) / divisor };
    i64::try_from(rounded).map(Money::from_micros).map_err(|_| MoneyError::Overflow)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn split_parts_and_remainder_sum_to_the_whole(whole in 0i64..1_000_000_000_000, cuts in prop::collection::vec(0i64..1_000_000_000, 0..5)) {
            let whole = Money::from_micros(whole);
            let parts: Vec<Money> = cuts.into_iter().map(Money::from_micros).collect();
            if let Ok(rest) = whole.split_off(&parts) {
                prop_assert!(!rest.is_negative());
                prop_assert_eq!(Money::sum(parts).unwrap().add(rest).unwrap(), whole);
            }
        }

        #[test]
        fn parts_in_cents_sum_to_the_whole(cents in 0i64..100_000, first in 0i64..=1_000_000, second in 0i64..=1_000_000) {
            let whole = Money::from_micros(cents * MICROS_PER_CENT);
            let first = Money::from_micros(whole.micros() * first / 1_000_000);
            let rest = whole.sub(first).unwrap();
            let second = Money::from_micros(rest.micros() * second / 1_000_000);
            let parts = [first, second, rest.sub(second).unwrap()];
            let shown = whole.parts_in_cents(parts);
            prop_assert_eq!(Money::sum(shown).unwrap(), whole);
            prop_assert_eq!(shown[0].to_two_decimals(), parts[0].to_two_decimals());
            for (shown, part) in shown.into_iter().zip(parts) {
                prop_assert!(!shown.is_negative() && shown.micros() % MICROS_PER_CENT == 0);
                prop_assert!((shown.micros() - part.micros()).abs() <= MICROS_PER_CENT);
            }
        }

        #[test]
        fn proportion_of_the_whole_is_the_fee(fee in 0i64..1_000_000_000, whole in 1i64..1_000_000_000_000) {
            let (fee, whole) = (Money::from_micros(fee), Money::from_micros(whole));
            prop_assert_eq!(fee.proportion(whole, whole).unwrap(), fee);
        }
    }

    #[test]
    fn arithmetic_refuses_overflow() {
        let max = Money::from_micros(i64::MAX);
        assert_eq!(max.add(Money::from_micros(1)), Err(MoneyError::Overflow));
        assert_eq!(Money::from_micros(i64::MIN).neg(), Err(MoneyError::Overflow));
    }

    #[test]
    fn a_split_never_goes_below_zero() {
        let dollar = Money::from_cents(100);
        assert_eq!(dollar.split_off(&[Money::from_cents(101)]), Err(MoneyError::PartsExceedWhole));
        assert_eq!(dollar.split_off(&[Money::from_cents(-1)]), Err(MoneyError::PartsExceedWhole));
    }
}
