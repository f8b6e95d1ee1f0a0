//! What FPS and the marketplace take, and who gets what (fps.md §4).

use crate::enums::{ChargeFeeTo, PaymentMethod};
use money::{Money, MoneyError, Percent};

/// What FPS takes of amounts below a bound: a share of them and so much, but no less than the least.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeeRule {
    /// `None`: of all others.
    pub below: Option<Money>,
    pub percent: Percent,
    pub fixed: Money,
    pub least: Money,
}

const fn rule(below: Option<Money>, ten_thousandths: i64, fixed: Money) -> FeeRule {
    FeeRule { below, percent: Percent::from_ten_thousandths(ten_thousandths), fixed, least: Money::ZERO }
}

/// Small payments by card cost relatively more.
const CARD: [FeeRule; 2] = [
    rule(Some(Money::from_cents(1000)), 50_000, Money::from_cents(5)),
    rule(None, 29_000, Money::from_cents(30)),
];
const BANK_ACCOUNT: [FeeRule; 1] = [rule(None, 20_000, Money::from_cents(5))];
/// Tiny balance transfers cost a share alone.
const BALANCE: [FeeRule; 2] = [
    FeeRule { least: Money::from_micros(2_500), ..rule(Some(Money::from_cents(5)), 200_000, Money::ZERO) },
    rule(None, 15_000, Money::from_cents(1)),
];

/// What FPS takes by a payment method: the first rule that the amount is below counts.
pub const fn fps_fee_rules(method: PaymentMethod) -> &'static [FeeRule] {
    match method {
        PaymentMethod::Cc => &CARD,
        PaymentMethod::Ach => &BANK_ACCOUNT,
        PaymentMethod::Abt => &BALANCE,
        // Their fee falls on FundPrepaid and SettleDebt.
        PaymentMethod::Debt | PaymentMethod::Prepaid => &[],
    }
}

/// The FPS fee on an amount, rounded half up to a micro.
pub fn fps_fee(method: PaymentMethod, amount: Money) -> Result<Money, MoneyError> {
    let fits = |rule: &&FeeRule| rule.below.is_none_or(|bound| amount < bound);
    match fps_fee_rules(method).iter().find(fits) {
        Some(rule) => Ok(rule.percent.of(amount)?.add(rule.fixed)?.max(rule.least)),
        None => Ok(Money::ZERO),
    }
}

/// The marketplace's fee: dollars plus a percentage of the amount.
pub fn marketplace_fee(amount: Money, fixed: Money, percent: Percent) -> Result<Money, MoneyError> {
    percent.of(amount)?.add(fixed)
}

/// Who gets what of an amount; the three sum to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Split {
    /// The recipient takes what the others leave.
    pub recipient: Money,
    /// The caller's fee, less the FPS fee where the caller pays that: then it may be negative.
    pub caller: Money,
    pub amazon: Money,
}

/// Splits an amount. Fees at or above the amount are refused: nothing would be left for the recipient.
pub fn split(
    amount: Money,
    fps_fee: Money,
    marketplace_fee: Money,
    payer: ChargeFeeTo,
) -> Result<Split, MoneyError> {
    let (recipient, caller) = match payer {
        ChargeFeeTo::Recipient => (amount.split_off(&[marketplace_fee, fps_fee])?, marketplace_fee),
        ChargeFeeTo::Caller => (amount.split_off(&[marketplace_fee])?, marketplace_fee.sub(fps_fee)?),
    };
    if recipient.is_zero() {
        return Err(MoneyError::PartsExceedWhole);
    }
    Ok(Split { recipient, caller, amazon: fps_fee })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fee(method: PaymentMethod, dollars: &str) -> String {
        fps_fee(method, Money::parse_dollars(dollars).unwrap()).unwrap().to_six_decimals()
    }

    #[test]
    fn the_schedule() {
        let table = [
            (PaymentMethod::Cc, "1.00", "0.100000"),
            (PaymentMethod::Cc, "5.00", "0.300000"),
            (PaymentMethod::Cc, "9.99", "0.549500"),
            (PaymentMethod::Cc, "10.00", "0.590000"),
            (PaymentMethod::Ach, "10.00", "0.250000"),
            (PaymentMethod::Abt, "10.00", "0.160000"),
            (PaymentMethod::Abt, "0.05", "0.010750"),
            (PaymentMethod::Abt, "0.04", "0.008000"),
            (PaymentMethod::Abt, "0.01", "0.002500"),
            (PaymentMethod::Prepaid, "4.00", "0.000000"),
            (PaymentMethod::Debt, "4.00", "0.000000"),
        ];
        for (method, amount, expected) in table {
            assert_eq!(fee(method, amount), expected, "{method} {amount}");
        }
    }

    #[test]
    fn the_marketplace_takes_dollars_and_a_share() {
        let amount = Money::from_cents(1000);
        let fee = marketplace_fee(amount, Money::from_cents(50), Percent::parse("5").unwrap()).unwrap();
        assert_eq!(fee, Money::from_cents(100));
    }

    #[test]
    fn fees_that_leave_nothing_are_refused() {
        let one = Money::from_cents(100);
        let ten_cents = Money::from_cents(10);
        assert!(split(one, ten_cents, Money::from_cents(90), ChargeFeeTo::Recipient).is_err());
        assert!(split(one, ten_cents, one, ChargeFeeTo::Caller).is_err());
        let split = split(one, ten_cents, Money::ZERO, ChargeFeeTo::Caller).unwrap();
        assert_eq!(split.caller, Money::from_cents(-10));
    }

    proptest! {
        #[test]
        fn the_parts_sum_to_the_whole(cents in 1i32..1_000_000_000, fixed in 0i32..1000, percent in 0i64..1_000_000) {
            let amount = Money::from_cents(cents);
            let percent = Percent::from_ten_thousandths(percent);
            for method in PaymentMethod::ALL {
                for payer in ChargeFeeTo::ALL {
                    let fps = fps_fee(*method, amount).unwrap();
                    let marketplace = marketplace_fee(amount, Money::from_cents(fixed), percent).unwrap();
                    if let Ok(split) = split(amount, fps, marketplace, *payer) {
                        prop_assert!(split.recipient.is_positive());
                        let sum = Money::sum([split.recipient, split.caller, split.amazon]).unwrap();
                        prop_assert_eq!(sum, amount);
                    }
                }
            }
        }
    }
}
