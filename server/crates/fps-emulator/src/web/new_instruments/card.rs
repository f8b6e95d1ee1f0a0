//! A card's number and its last month.

use crate::domain::payments::month_is_over;
use crate::engine::instruments::InstrumentDetails;
use crate::web::new_instruments::{digits, last_four};
use app::form::FormState;
use fps_protocol::enums::PaymentMethod;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use platform::web::FormFields;

pub const NUMBER: &str = "card_number";
pub const EXPIRY: &str = "expiry";
/// No card is good for longer.
const LONGEST_VALIDITY_YEARS: i16 = 20;

/// Reads the form; what is wrong goes into `form`.
pub fn read(fields: &FormFields, now: Timestamp, form: &mut FormState) -> Option<InstrumentDetails> {
    let number = read_number(fields.get(NUMBER).unwrap_or_default());
    let expires = read_expiry(fields.get(EXPIRY).unwrap_or_default(), now);
    if let Err(message) = &number {
        form.refuse(NUMBER, *message);
    }
    if let Err(message) = &expires {
        form.refuse(EXPIRY, *message);
    }
    let (number, brand) = number.ok()?;
    let last_four = last_four(&number);
    Some(InstrumentDetails {
        method: PaymentMethod::Cc,
        label: format!("{brand} ending in {last_four}"),
        last_four,
        expires: Some(expires.ok()?),
        number,
    })
}

fn read_number(text: &str) -> Result<(String, &'static str), &'static str> {
    let number = digits(text).ok_or("Give the number on the card: digits, with or without spaces.")?;
    if !(13..=19).contains(&number.len()) || !passes_luhn(&number) {
        return Err("This is not the number of a card: check each digit.");
    }
    let brand = brand(&number).ok_or(
        "Cards of this kind are not taken: only Visa, Mastercard, American Express, Discover, JCB and Diners Club.",
    )?;
    Ok((number, brand))
}

/// From the right every second digit counts twice; the digits of all that add up to tens.
fn passes_luhn(number: &str) -> bool {
    let digits = number.bytes().rev().map(|byte| u32::from(byte - b'0'));
    let sum: u32 = digits
        .enumerate()
        .map(|(index, digit)| match (index % 2, digit) {
            (0, digit) => digit,
            (_, digit @ 0..5) => 2 * digit,
            (_, digit) => 2 * digit - 9,
        })
        .sum();
    sum.is_multiple_of(10)
}

/// By the first digits, and how many there are.
fn brand(number: &str) -> Option<&'static str> {
    let first: u32 = number.get(..4)?.parse().ok()?;
    match (first, number.len()) {
        (4000..=4999, 13 | 16 | 19) => Some("Visa"),
        (5100..=5599 | 2221..=2720, 16) => Some("Mastercard"),
        (3400..=3499 | 3700..=3799, 15) => Some("American Express"),
        (6011 | 6440..=6599, 16..=19) => Some("Discover"),
        (3528..=3589, 16..=19) => Some("JCB"),
        (3000..=3059 | 3600..=3699 | 3800..=3999, 14..=19) => Some("Diners Club"),
        _ => None,
    }
}

/// `08/34`, `8/2034` and the like; as `08/2034`.
fn read_expiry(text: &str, now: Timestamp) -> Result<String, &'static str> {
    const FORMAT: &str = "Give the card's last month as on the card, such as 08/34.";
    let (month, year) = text.trim().split_once(['/', '-', ' ']).ok_or(FORMAT)?;
    let number = |text: &str, lengths: &[usize]| {
        let digits = digits(text).filter(|digits| lengths.contains(&digits.len()));
        digits.and_then(|digits| digits.parse::<i16>().ok())
    };
    let month = number(month, &[1, 2]).filter(|month| (1..=12).contains(month)).ok_or(FORMAT)?;
    let year = number(year, &[2, 4]).ok_or(FORMAT)?;
    let this_year = now.to_zoned_datetime(TimeZone::UTC).year();
    let year = if year < 100 { this_year - this_year % 100 + year } else { year };
    let expires = format!("{month:02}/{year}");
    if month_is_over(&expires, now) {
        return Err("This card has expired.");
    }
    if year > this_year + LONGEST_VALIDITY_YEARS {
        return Err("No card is good for that long: check the year.");
    }
    Ok(expires)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_told_from_its_misprints() {
        for (number, brand) in [
            ("4111 1111 1111 1111", "Visa"),
            ("5555-5555-5555-4444", "Mastercard"),
            ("2223000048400011", "Mastercard"),
            ("3782 822463 10005", "American Express"),
            ("6011111111111117", "Discover"),
            ("3530111333300000", "JCB"),
            ("30569309025904", "Diners Club"),
        ] {
            assert_eq!(read_number(number).map(|(_, brand)| brand), Ok(brand), "{number}");
        }
        for number in
            ["", "4111", "4111 1111 1111 1112", "4111x1111", "1111111111111117", "0".repeat(16).as_str()]
        {
            assert!(read_number(number).is_err(), "{number}");
        }
    }

    #[test]
    fn any_one_digit_that_is_wrong_is_noticed() {
        let good = "4111111111111111";
        for at in 0..good.len() {
            for digit in '0'..='9' {
                let mut number = good.to_owned();
                number.replace_range(at..=at, &digit.to_string());
                assert_eq!(passes_luhn(&number), number == good, "{number}");
            }
        }
    }

    #[test]
    fn a_card_is_good_until_its_month_is_over() {
        let now = "2030-06-30T23:59:59Z".parse().unwrap();
        for text in ["06/30", "6/2030", " 06-30 ", "6 30"] {
            assert_eq!(read_expiry(text, now), Ok("06/2030".to_owned()), "{text}");
        }
        assert_eq!(read_expiry("12/50", now), Ok("12/2050".to_owned()));
        for text in ["05/30", "12/29", "01/51", "13/30", "0/31", "06", "06/3", "06/030", "ab/cd", "+6/30", ""]
        {
            assert!(read_expiry(text, now).is_err(), "{text}");
        }
    }

    #[test]
    fn only_the_last_four_digits_are_shown() {
        let pairs = [(NUMBER, "4111 1111 1111 1111"), (EXPIRY, "08/34")];
        let fields = FormFields(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec());
        let mut form = crate::web::form::typed(&fields);
        let details = read(&fields, "2030-06-03T09:00:00Z".parse().unwrap(), &mut form).unwrap();
        assert_eq!(
            (details.label.as_str(), details.expires.as_deref()),
            ("Visa ending in 1111", Some("08/2034"))
        );
        assert_eq!((form.value(NUMBER), form.value(EXPIRY)), ("", "08/34"));
    }
}
