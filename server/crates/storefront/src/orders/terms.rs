//! How a price is divided. What the marketplace takes of it is said by [`fees`](crate::fees).

use crate::fees::FeeTerms;
use fps_protocol::enums::{ChargeFeeTo, PaymentMethod};
use fps_protocol::fees;
use money::{Money, MoneyError, Percent};
use shop_pages::model::{PriceSplit, WaySplit};

/// The fees would eat up the whole price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the price is less than the fees")]
pub struct TooCheap;

/// The ways to pay that a buyer has at Amazon Payments, with what people call them; the dearest for sellers first.
pub const WAYS_TO_PAY: [(PaymentMethod, &str); 4] = [
    (PaymentMethod::Cc, "Card"),
    (PaymentMethod::Ach, "Bank account"),
    (PaymentMethod::Abt, "Balance"),
    (PaymentMethod::Prepaid, "Credit"),
];

/// What people call a way to pay.
pub fn label(method: PaymentMethod) -> &'static str {
    WAYS_TO_PAY.iter().find(|(way, _)| *way == method).map_or(method.as_str(), |(_, label)| label)
}

/// How a price is divided when the buyer pays by card, the dearest way for the merchant.
pub fn split_by_card(price: Money, fee: &FeeTerms) -> Result<PriceSplit, TooCheap> {
    split(price, fee.fixed, fee.variable, PaymentMethod::Cc).map_err(|_| TooCheap)
}

/// How a price is divided by each way to pay; a way by which the fees would eat it up has none.
pub fn splits(price: Option<Money>, fee: &FeeTerms) -> Vec<WaySplit> {
    let way = |(method, label): (PaymentMethod, &'static str)| WaySplit {
        label,
        split: price.and_then(|price| split(price, fee.fixed, fee.variable, method).ok()),
        rules: fees::fps_fee_rules(method)
            .iter()
            .map(|rule| (rule.below, rule.percent, rule.fixed, rule.least))
            .collect(),
    };
    WAYS_TO_PAY.map(way).into()
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

    fn usual() -> FeeTerms {
        FeeTerms { rule: None, fixed: Money::from_cents(5), variable: Percent::from_ten_thousandths(100_000) }
    }

    #[test]
    fn a_price_is_divided_without_rest() {
        let split = split_by_card(Money::from_cents(99), &usual()).unwrap();
        assert_eq!(split.marketplace, Money::from_micros(149_000), "0.05 + 10 % of 0.99");
        assert_eq!(split.amazon, Money::from_micros(99_500), "5 % + 0.05 below ten dollars");
        assert_eq!(Money::sum([split.merchant, split.marketplace, split.amazon]), Ok(split.total));
    }

    #[test]
    fn what_the_fees_would_eat_up_is_too_cheap() {
        assert_eq!(split_by_card(Money::from_cents(11), &usual()).unwrap_err(), TooCheap);
        assert!(split_by_card(Money::from_cents(12), &usual()).is_ok());
    }

    /// What a seller is told of a price is what the account site shows of the payment.
    #[test]
    fn the_parts_in_cents_sum_to_the_price_by_every_way_to_pay() {
        for cents in 12..=5_000 {
            for way in splits(Some(Money::from_cents(cents)), &usual()) {
                let split = way.split.unwrap();
                let shown = split.in_cents();
                let sum = Money::sum([shown.merchant, shown.marketplace, shown.amazon]);
                assert_eq!(sum, Ok(split.total), "{cents} by {}", way.label);
                assert_eq!(
                    shown.merchant.to_string(),
                    split.merchant.to_string(),
                    "{cents} by {}",
                    way.label
                );
                assert!(!shown.amazon.is_negative() && !shown.marketplace.is_negative());
            }
        }
        let shown = split_by_card(Money::from_cents(350), &usual()).unwrap().in_cents();
        assert_eq!([shown.merchant, shown.marketplace, shown.amazon], [288, 40, 22].map(Money::from_cents));
    }
}
