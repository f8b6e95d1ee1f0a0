//! Prices as people type them.

use money::Money;

pub const HIGHEST_PRICE: Money = Money::from_cents(1_000_000);

const LIKE_THIS: &str = "Enter a price like 4.50.";

/// `$1,234.50`, `1234.5` and ` 1,234.50 ` are prices; what could be meant in two ways is none.
pub fn parse(text: &str) -> Result<Money, String> {
    let text = text.trim();
    let text = text.strip_prefix('$').or_else(|| text.strip_suffix('$')).unwrap_or(text).trim();
    let digits = without_commas(text)?;
    let price = Money::parse_dollars(&digits).map_err(|_| LIKE_THIS.to_owned())?;
    if price > HIGHEST_PRICE { Err(format!("The price can be at most {HIGHEST_PRICE}.")) } else { Ok(price) }
}

/// Commas may stand between thousands, before the point, and nowhere else.
fn without_commas(text: &str) -> Result<String, String> {
    let (dollars, cents) = text.split_once('.').unwrap_or((text, ""));
    if !text.contains(',') {
        return Ok(text.to_owned());
    }
    let in_threes = |(index, group): (usize, &str)| match index {
        0 => (1..=3).contains(&group.len()),
        _ => group.len() == 3,
    };
    if cents.contains(',') || !dollars.split(',').enumerate().all(in_threes) {
        return Err("Write cents behind a point, and commas only between thousands: 1,234.50.".to_owned());
    }
    Ok(text.replace(',', ""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_people_type_is_a_price() {
        for (text, cents) in [
            ("4.50", 450),
            ("$1,234.50", 123_450),
            ("1234.5", 123_450),
            (" 1,234.50 ", 123_450),
            ("$ 7", 700),
            ("12$", 1_200),
            ("10,000", 1_000_000),
            ("0.12", 12),
        ] {
            assert_eq!(parse(text), Ok(Money::from_cents(cents)), "{text:?}");
        }
    }

    #[test]
    fn what_could_be_meant_in_two_ways_is_refused_and_says_how() {
        for text in ["1.234,50", "4,50", "12,34", "1,2345", ",500", "1,234,5", "1,,234", "1.000,00"] {
            assert!(parse(text).unwrap_err().contains("1,234.50"), "{text:?}");
        }
        for text in ["", "free", "-1", "1e3", "4.505", "1 000", "$$4", "٤"] {
            assert_eq!(parse(text), Err(LIKE_THIS.to_owned()), "{text:?}");
        }
        assert!(parse("10,000.01").unwrap_err().contains("at most $10,000.00"));
    }

    proptest! {
        #[test]
        fn what_a_page_shows_is_a_price(cents in 0i32..=1_000_000) {
            let price = Money::from_cents(cents);
            prop_assert_eq!(parse(&price.to_string()), Ok(price));
            prop_assert_eq!(parse(&price.to_two_decimals()), Ok(price));
        }

        #[test]
        fn whatever_is_typed_is_taken_or_refused(text in "\\PC{0,20}") {
            let _ = parse(&text);
        }
    }
}
