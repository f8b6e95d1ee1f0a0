use crate::{Money, MoneyError, ParseError, round_half_up, text};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A percentage as an integer of 1/10,000 of a percent (so that `2.9 %` is `29_000`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Percent {
    ten_thousandths: i64,
}

impl Percent {
    const SCALE: i64 = 10_000;
    pub const ZERO: Self = Self { ten_thousandths: 0 };

    /// 10,000 are one percent.
    pub const fn from_ten_thousandths(ten_thousandths: i64) -> Self {
        Self { ten_thousandths }
    }

    pub const fn ten_thousandths(self) -> i64 {
        self.ten_thousandths
    }

    /// A plain decimal from 0 to 100 with at most four decimals, such as `5` or `0.1`.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let value = text::parse_decimal(text, 4, Self::SCALE)?;
        if value > 100 * Self::SCALE {
            Err(ParseError::OutOfRange)
        } else {
            Ok(Self { ten_thousandths: value })
        }
    }

    /// This share of an amount, rounded half up to a micro.
    pub fn of(self, amount: Money) -> Result<Money, MoneyError> {
        round_half_up(
            i128::from(amount.micros()) * i128::from(self.ten_thousandths),
            i128::from(100 * Self::SCALE),
        )
    }
}

/// The shortest decimal: `5`, `2.9`, `0.1`.
impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.ten_thousandths / Self::SCALE, self.ten_thousandths.abs() % Self::SCALE);
        if rest == 0 {
            return write!(f, "{whole}");
        }
        let digits = format!("{rest:04}");
        write!(f, "{whole}.{}", digits.trim_end_matches('0'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_read_and_print() {
        for text in ["0", "5", "2.9", "0.1", "12.3456", "100"] {
            assert_eq!(Percent::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Percent::parse("5.000000"), Percent::parse("5"));
        assert!(Percent::parse("100.0001").is_err());
        assert!(Percent::parse("1.23456").is_err());
    }

    #[test]
    fn a_share_is_rounded_half_up_to_a_micro() {
        let share = Percent::parse("2.9").unwrap().of(Money::from_micros(500)).unwrap();
        assert_eq!(share, Money::from_micros(15), "14.5 micros round up");
    }
}
