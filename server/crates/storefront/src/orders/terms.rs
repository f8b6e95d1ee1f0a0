//! What the operator charges, in one place, and how a price is divided.

use fps_protocol::enums::{ChargeFeeTo, PaymentMethod};
use fps_protocol::fees;
use money::{Money, MoneyError, Percent};
use shop_pages::model::PriceSplit;

/// The marketplace's fee: so much for each sale, and so much of its price.
pub const FIXED_FEE: Money = Money::from_cents(5);
pub const VARIABLE_FEE: Percent = Percent::from_ten_thousandths(100_000);

/// The fees would eat up the whole price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the price is less than the fees")]
pub struct TooCheap;

/// What the operator charges, in words.
pub fn fee_words() -> String {
    format!("{FIXED_FEE} and {VARIABLE_FEE} % of the price")
}

/// How a price is divided when the buyer pays by card, the dearest way for the merchant, at today's terms.
pub fn split_by_card(price: Money) -> Result<PriceSplit, TooCheap> {
    split(price, FIXED_FEE, VARIABLE_FEE, PaymentMethod::Cc).map_err(|_| TooCheap)
}

/// How a payment by `method` is divided: the merchant takes the remainder.
pub fn split(
    price: Money,
    fixed: Money,
    variable: Percent,
    method: PaymentMethod,
) -> Result<PriceSplit, MoneyError> {
    let marketplace = fees::marketplace_fee(price, fixed, variable)?;
    let parts = fees::split(price, fees::fps_fee(method, price)?, marketplace, ChargeFeeTo::Recipient)?;
    Ok(PriceSplit {
        total: price,
        merchant: parts.recipient,
        marketplace: parts.caller,
        amazon: parts.amazon,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_is_divided_without_rest() {
        let split = split_by_card(Money::from_cents(99)).unwrap();
        assert_eq!(split.marketplace, Money::from_micros(149_000), "0.05 + 10 % of 0.99");
        assert_eq!(split.amazon, Money::from_micros(99_500), "5 % + 0.05 below ten dollars");
        assert_eq!(Money::sum([split.merchant, split.marketplace, split.amazon]), Ok(split.total));
        assert_eq!(fee_words(), "$0.05 and 10 % of the price");
    }

    #[test]
    fn what_the_fees_would_eat_up_is_too_cheap() {
        assert_eq!(split_by_card(Money::from_cents(11)).unwrap_err(), TooCheap);
        assert!(split_by_card(Money::from_cents(12)).is_ok());
    }
}
