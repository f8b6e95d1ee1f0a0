use crate::{MICROS_PER_CENT, MICROS_PER_DOLLAR, Money};
use std::fmt;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    #[error("must be a plain decimal number such as 25.01, without sign, exponent or spaces")]
    NotADecimal,
    #[error("has too many decimals")]
    TooManyDecimals,
    #[error("is out of range")]
    OutOfRange,
}

/// Digits, optionally a point and digits; never a sign, an exponent, a space or another script's digits. Zeros at
/// the end are no decimals: an amount as an answer shows it is the same amount.
/// Returns the value × `scale`, where `scale` = 10^k and `max_decimals` <= k.
pub(crate) fn parse_decimal(text: &str, max_decimals: usize, scale: i64) -> Result<i64, ParseError> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let ends_in_point = text.contains('.') && fraction.is_empty();
    if whole.is_empty() || ends_in_point || !all_digits(whole) || !all_digits(fraction) {
        return Err(ParseError::NotADecimal);
    }
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > max_decimals {
        return Err(ParseError::TooManyDecimals);
    }
    let number =
        |part: &str| part.bytes().try_fold(0i64, |n, b| n.checked_mul(10)?.checked_add(i64::from(b - b'0')));
    let digits = u32::try_from(fraction.len()).map_err(|_| ParseError::TooManyDecimals)?;
    let fraction_scale = scale / 10i64.pow(digits);
    number(whole)
        .and_then(|n| n.checked_mul(scale))
        .and_then(|n| n.checked_add(number(fraction)?.checked_mul(fraction_scale)?))
        .ok_or(ParseError::OutOfRange)
}

impl Money {
    /// Dollars as a plain decimal of whole cents: what people and FPS requests send (`25.01`, `2500`, `1`, and
    /// `25.010000` as in answers; fps.md §10).
    pub fn parse_dollars(text: &str) -> Result<Self, ParseError> {
        parse_decimal(text, 2, MICROS_PER_DOLLAR).map(Self::from_micros)
    }

    /// The same with fractions of a cent, to a millionth of a dollar: fees, and what goes back of them.
    pub fn parse_exact_dollars(text: &str) -> Result<Self, ParseError> {
        parse_decimal(text, 6, MICROS_PER_DOLLAR).map(Self::from_micros)
    }

    /// Dollars as FPS answers show them: up to six decimals, and a minus sign for what was given back.
    pub fn parse_six_decimals(text: &str) -> Result<Self, ParseError> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let amount = Self::parse_exact_dollars(digits)?;
        let micros = amount.micros();
        Ok(if digits.len() < text.len() { Self::from_micros(-micros) } else { amount })
    }

    /// Six decimals, as FPS answers show amounts in XML (`1.000000`; fps.md §10).
    pub fn to_six_decimals(self) -> String {
        let micros = self.micros().unsigned_abs();
        let unit = MICROS_PER_DOLLAR.unsigned_abs();
        format!("{}{}.{:06}", self.sign(), micros / unit, micros % unit)
    }

    /// Two decimals, rounded half up to a cent: notifications (`2.22`) and pages.
    pub fn to_two_decimals(self) -> String {
        let per_cent = MICROS_PER_CENT.unsigned_abs();
        let cents = (self.micros().unsigned_abs() + per_cent / 2) / per_cent;
        let sign = if cents == 0 { "" } else { self.sign() };
        format!("{sign}{}.{:02}", cents / 100, cents % 100)
    }

    /// As requests say it, exactly: in cents, or with six decimals where it is not whole cents.
    pub fn to_dollars(self) -> String {
        if self.micros() % MICROS_PER_CENT == 0 { self.to_two_decimals() } else { self.to_six_decimals() }
    }

    fn sign(self) -> &'static str {
        if self.is_negative() { "-" } else { "" }
    }
}

/// As pages show it: `$1,234.50`, `−$0.10`.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.to_two_decimals();
        let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |rest| ("−", rest));
        let (dollars, cents) = digits.split_once('.').unwrap_or((digits, "00"));
        let mut grouped = String::new();
        for (index, digit) in dollars.chars().enumerate() {
            if index > 0 && (dollars.len() - index).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        write!(f, "{sign}${grouped}.{cents}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn dollars_read_as_people_write_them() {
        assert_eq!(Money::parse_dollars("25.01"), Ok(Money::from_cents(2501)));
        assert_eq!(Money::parse_dollars("1"), Ok(Money::from_cents(100)));
        assert_eq!(Money::parse_dollars("10.0"), Money::parse_dollars("10.00"));
        assert_eq!(Money::parse_dollars("12.300"), Ok(Money::from_cents(1230)));
        assert_eq!(Money::parse_dollars("12.340000000"), Ok(Money::from_cents(1234)));
        assert_eq!(Money::parse_exact_dollars("0.147500"), Ok(Money::from_micros(147_500)));
    }

    #[test]
    fn anything_else_is_refused() {
        for text in
            ["", ".", "1.", ".5", "-1", "+1", "1e3", "NaN", "inf", " 1", "1 ", "1,000", "0x10", "١", "1.2.3"]
        {
            assert_eq!(Money::parse_dollars(text), Err(ParseError::NotADecimal), "{text:?}");
        }
        assert_eq!(Money::parse_dollars("1.005"), Err(ParseError::TooManyDecimals));
        assert_eq!(Money::parse_dollars("1.0050"), Err(ParseError::TooManyDecimals));
        assert_eq!(Money::parse_exact_dollars("1.00000010"), Err(ParseError::TooManyDecimals));
        assert_eq!(Money::parse_exact_dollars("-1"), Err(ParseError::NotADecimal));
        assert_eq!(Money::parse_dollars("99999999999999999999"), Err(ParseError::OutOfRange));
        assert_eq!(Money::parse_dollars("9223372036855"), Err(ParseError::OutOfRange));
    }

    #[test]
    fn money_prints_one_way() {
        assert_eq!(Money::from_cents(123_456_789).to_string(), "$1,234,567.89");
        assert_eq!(Money::from_cents(-10).to_string(), "−$0.10");
        assert_eq!(Money::from_micros(-4).to_string(), "$0.00");
        assert_eq!(Money::from_micros(-100_000).to_six_decimals(), "-0.100000");
        assert_eq!(Money::parse_six_decimals("-0.100000"), Ok(Money::from_micros(-100_000)));
        assert_eq!(Money::parse_six_decimals("--1"), Err(ParseError::NotADecimal));
        assert_eq!(Money::parse_six_decimals("0.0000001"), Err(ParseError::TooManyDecimals));
        assert_eq!(Money::from_micros(24_850).to_two_decimals(), "0.02");
    }

    proptest! {
        #[test]
        fn cents_survive_a_round_trip(cents in 0i32..i32::MAX) {
            let money = Money::from_cents(cents);
            prop_assert_eq!(Money::parse_dollars(&money.to_two_decimals()), Ok(money));
        }

        /// Whatever an answer shows is taken as it is, with more zeros and without.
        #[test]
        fn what_we_write_we_read(micros in 0i64..i64::MAX, zeros in 0usize..9) {
            let money = Money::from_micros(micros);
            for text in [money.to_six_decimals(), money.to_dollars()] {
                prop_assert_eq!(Money::parse_exact_dollars(&text), Ok(money), "{}", text);
                let longer = format!("{text}{}", "0".repeat(zeros));
                prop_assert_eq!(Money::parse_exact_dollars(&longer), Ok(money), "{}", longer);
                let in_cents = Money::parse_dollars(&longer);
                if micros % MICROS_PER_CENT == 0 {
                    prop_assert_eq!(in_cents, Ok(money), "{}", longer);
                } else {
                    prop_assert_eq!(in_cents, Err(ParseError::TooManyDecimals), "{}", longer);
                }
            }
            prop_assert_eq!(Money::parse_six_decimals(&Money::from_micros(-micros).to_six_decimals()), Ok(Money::from_micros(-micros)));
        }

        #[test]
        fn parsing_never_panics(text in ".{0,40}") {
            let _ = (Money::parse_dollars(&text), Money::parse_exact_dollars(&text));
        }
    }
}
