//! Amounts of requests, against arithmetic of its own: a plain decimal is read to the cent, a fee to the millionth
//! of a dollar, whatever zeros follow; anything else is refused with a code that says what is wrong, and what was read is written again as the same amount.

use fps_protocol::actions::{LARGEST_AMOUNT, Request};
use fps_protocol::{ErrorCode, Parameters};
use money::Money;
use proptest::prelude::*;

fn pay(name: &str, value: &str) -> Parameters {
    let mut parameters = Parameters::from_query(
        "Action=Pay&SenderTokenId=S&RecipientTokenId=R&CallerReference=c\
         &TransactionAmount.CurrencyCode=USD&TransactionAmount.Value=1",
    )
    .unwrap();
    if name == "MarketplaceFixedFee.Value" {
        parameters.set("MarketplaceFixedFee.CurrencyCode", "USD");
    }
    parameters.set(name, value);
    parameters
}

/// The micros of a dollar amount as `Pay` understands it.
fn micros(name: &str, value: &str) -> Result<i64, ErrorCode> {
    match Request::parse(&pay(name, value)) {
        Ok(Request::Pay(pay)) if name.starts_with("Marketplace") => {
            Ok(pay.marketplace_fixed_fee.map_or(0, Money::micros))
        }
        Ok(Request::Pay(pay)) => Ok(pay.transaction_amount.micros()),
        Ok(other) => panic!("{other:?}"),
        Err(error) => Err(error.code),
    }
}

/// What the text says by the rules of the API reference, in wide arithmetic; zero and fractions of a cent are for
/// fees.
fn oracle(text: &str, is_fee: bool) -> Result<i64, ErrorCode> {
    let (whole, rest) = text.split_once('.').map_or((text, None), |(whole, rest)| (whole, Some(rest)));
    let digits = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
    if !digits(whole) || rest.is_some_and(|rest| !digits(rest)) {
        return Err(ErrorCode::InvalidParams);
    }
    let decimals = rest.unwrap_or_default().trim_end_matches('0');
    if decimals.len() > if is_fee { 6 } else { 2 } {
        return Err(ErrorCode::InvalidParams);
    }
    let millionths: i128 = format!("{decimals:0<6}").parse().unwrap();
    let dollars: i128 = whole.parse().unwrap();
    let micros = dollars * 1_000_000 + millionths;
    if micros > i128::from(LARGEST_AMOUNT.micros()) || (micros == 0 && !is_fee) {
        return Err(ErrorCode::AmountOutOfRange);
    }
    Ok(i64::try_from(micros).unwrap())
}

fn numbers() -> impl Strategy<Value = String> {
    prop_oneof![
        "[0-9]{1,9}",
        "[0-9]{1,9}\\.[0-9]{1,8}",
        "[0-9]{1,9}\\.[0-9]{1,6}0{0,6}",
        "0{0,3}[0-9]{1,25}(\\.[0-9]{0,2})?",
        "[-+ ]?[0-9]{1,4}[.,eE_ ]?[0-9]{0,3}[fF% ]?",
        "(NaN|nan|inf|Infinity|0x[0-9a-f]{1,4}|١٢|1e309|\\.|\\.5|5\\.)",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn are_read_as_written_or_refused(text in numbers()) {
        prop_assert_eq!(micros("TransactionAmount.Value", &text), oracle(&text, false), "{}", text);
        for fee in ["MarketplaceFixedFee.Value", "MarketplaceFixedFee"] {
            prop_assert_eq!(micros(fee, &text), oracle(&text, true), "{} {}", fee, text);
        }
    }

    #[test]
    fn other_text_is_never_an_amount(text in "[^0-9.\u{0}][^\u{0}]{0,20}") {
        prop_assert_eq!(micros("TransactionAmount.Value", &text), Err(ErrorCode::InvalidParams));
    }

    /// Whatever an answer shows of a fee can be sent as one, and is another request than its neighbour.
    #[test]
    fn fees_are_written_as_they_were_read(micros in 1i64..=100_000_000_000) {
        let text = Money::from_micros(micros).to_six_decimals();
        let request = Request::parse(&pay("MarketplaceFixedFee.Value", &text)).unwrap();
        let again = request.to_parameters();
        prop_assert_eq!(self::micros("MarketplaceFixedFee.Value", again.get("MarketplaceFixedFee.Value").unwrap()), Ok(micros));
        let neighbour = Money::from_micros(micros - 1).to_six_decimals();
        let neighbour = Request::parse(&pay("MarketplaceFixedFee.Value", &neighbour)).unwrap();
        prop_assert_ne!(request.canonical_digest_input(), neighbour.canonical_digest_input());
    }

    #[test]
    fn are_written_as_they_were_read(cents in 1i64..=10_000_000_000) {
        let text = format!("{}.{:02}", cents / 100, cents % 100);
        let request = Request::parse(&pay("TransactionAmount.Value", &text)).unwrap();
        let again = request.to_parameters();
        prop_assert_eq!(again.get("TransactionAmount.Value"), Some(text.as_str()));
        prop_assert_eq!(again.get("TransactionAmount.CurrencyCode"), Some("USD"));
    }

    /// The same request is the same one however its amount is spelt, and no other amount is.
    #[test]
    fn make_a_request_the_same_or_another(cents in 1i64..1_000_000, other in 1i64..1_000_000) {
        let canonical = |text: String| {
            Request::parse(&pay("TransactionAmount.Value", &text)).unwrap().canonical_digest_input()
        };
        let full = |cents: i64| canonical(format!("{}.{:02}", cents / 100, cents % 100));
        prop_assert_eq!(full(cents), canonical(format!("00{}.{:02}", cents / 100, cents % 100)));
        prop_assert_eq!(full(cents), canonical(format!("{}.{:02}0000", cents / 100, cents % 100)));
        if cents % 100 == 0 {
            prop_assert_eq!(full(cents), canonical((cents / 100).to_string()));
        }
        if cents % 10 == 0 {
            prop_assert_eq!(full(cents), canonical(format!("{}.{}", cents / 100, cents % 100 / 10)));
        }
        prop_assert_eq!(full(cents) == full(other), cents == other);
    }
}

#[test]
fn other_currencies_are_refused() {
    for currency in ["EUR", "usd", "US", "USDX", "£", "JPY"] {
        let mut parameters = pay("TransactionAmount.Value", "1");
        parameters.set("TransactionAmount.CurrencyCode", currency);
        assert_eq!(Request::parse(&parameters).unwrap_err().code, ErrorCode::InvalidParams, "{currency}");
    }
}
