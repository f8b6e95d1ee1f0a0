//! A fee, and what it means for a price.

use crate::ids::FeeRuleId;
use crate::merchants::FeeCaps;
use money::{Money, Percent};
use std::fmt;

/// So much for each sale and so much of its price, though never less or more of both together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fee {
    pub fixed: Money,
    pub variable: Percent,
    pub least: Option<Money>,
    pub most: Option<Money>,
}

impl Default for Fee {
    /// Before there were rules.
    fn default() -> Self {
        let FeeCaps { fixed, variable } = FeeCaps::default();
        Self { fixed, variable, least: None, most: None }
    }
}

/// What FPS is told for one sale, and the rule that it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeeTerms {
    pub rule: Option<FeeRuleId>,
    pub fixed: Money,
    pub variable: Percent,
}

/// What is left over by the smallest step of a percentage, for prices of up to $10,000.
const A_CENT: Money = Money::from_cents(1);

impl Fee {
    /// What is taken of this price; all of it where it cannot be reckoned.
    pub fn of(self, price: Money) -> Money {
        let whole = self.variable.of(price).and_then(|share| share.add(self.fixed)).unwrap_or(price);
        let whole = self.least.map_or(whole, |least| whole.max(least));
        self.most.map_or(whole, |most| whole.min(most))
    }

    /// The fixed and the variable fee that come to just that: FPS knows neither least nor most, but the price is known
    /// when an order is placed. The least is a fixed fee. The most is said as a share of the price as far as it goes, and
    /// the rest as a fixed fee: so it never needs a larger fixed fee than sellers agreed to.
    pub fn at(self, price: Money) -> (Money, Percent) {
        let whole = self.variable.of(price).and_then(|share| share.add(self.fixed)).unwrap_or(price);
        if self.least.is_some_and(|least| whole < least) {
            return (self.of(price), Percent::ZERO);
        }
        if self.most.is_none_or(|most| whole <= most) || !price.is_positive() {
            return (self.fixed, self.variable);
        }
        let most = self.of(price);
        let share = i128::from(most.micros()) * 1_000_000 / i128::from(price.micros());
        // What is rounded up is taken back by a step.
        let steps = i64::try_from(share).unwrap_or(0).min(self.variable.ten_thousandths());
        for steps in [steps, steps - 1] {
            let variable = Percent::from_ten_thousandths(steps.max(0));
            if let Ok(rest) = variable.of(price).and_then(|share| most.sub(share))
                && !rest.is_negative()
            {
                return (rest.min(self.fixed.max(A_CENT)), variable);
            }
        }
        (Money::ZERO, Percent::ZERO)
    }

    /// What a seller must have agreed to for this fee.
    pub fn needs(self) -> FeeCaps {
        let fixed = self.least.map_or(self.fixed, |least| self.fixed.max(least));
        let fixed = if self.most.is_some() { fixed.max(A_CENT) } else { fixed };
        FeeCaps { fixed, variable: self.variable }
    }
}

/// "$0.05 and 10 % of the price, at least $0.20".
impl fmt::Display for Fee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.fixed.is_zero(), self.variable == Percent::ZERO) {
            (false, true) => write!(f, "{}", self.fixed)?,
            (true, false) => write!(f, "{} % of the price", self.variable)?,
            (false, false) => write!(f, "{} and {} % of the price", self.fixed, self.variable)?,
            (true, true) => f.write_str("nothing")?,
        }
        if let Some(least) = self.least {
            write!(f, ", at least {least}")?;
        }
        if let Some(most) = self.most {
            write!(f, ", at most {most}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fps_protocol::fees::marketplace_fee;

    fn fee(fixed: i32, percent: i64, least: Option<i32>, most: Option<i32>) -> Fee {
        Fee {
            fixed: Money::from_cents(fixed),
            variable: Percent::from_ten_thousandths(percent * 10_000),
            least: least.map(Money::from_cents),
            most: most.map(Money::from_cents),
        }
    }

    #[test]
    fn what_fps_is_told_comes_to_the_fee_to_the_micro_and_within_what_sellers_agreed_to() {
        let fees = [
            fee(5, 10, None, None),
            fee(5, 10, Some(50), Some(300)),
            fee(0, 10, None, Some(299)),
            fee(0, 3, Some(1), Some(7)),
            fee(30, 0, None, Some(20)),
        ];
        for fee in fees {
            for cents in [1, 7, 99, 100, 333, 1000, 2999, 3001, 9_999, 33_333, 99_999, 1_000_000] {
                let price = Money::from_cents(cents);
                let (fixed, variable) = fee.at(price);
                assert_eq!(marketplace_fee(price, fixed, variable), Ok(fee.of(price)), "{fee} of {price}");
                let FeeCaps { fixed: most_fixed, variable: most_variable } = fee.needs();
                assert!(fixed <= most_fixed && variable <= most_variable, "{fee} of {price}");
            }
        }
    }

    #[test]
    fn the_bounds_hold() {
        let fee = fee(5, 10, Some(50), Some(300));
        let of = |cents| fee.of(Money::from_cents(cents));
        assert_eq!([of(100), of(1000), of(10_000)], [50, 105, 300].map(Money::from_cents));
    }

    #[test]
    fn a_fee_in_words() {
        assert_eq!(Fee::default().to_string(), "$0.05 and 10 % of the price");
        let bound = fee(0, 3, Some(20), Some(500));
        assert_eq!(bound.to_string(), "3 % of the price, at least $0.20, at most $5.00");
        assert_eq!(
            [fee(0, 0, None, None), fee(30, 0, None, None)].map(|fee| fee.to_string()),
            ["nothing", "$0.30"]
        );
    }
}
