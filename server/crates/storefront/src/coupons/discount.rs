//! What a coupon makes of a price. A seller's lowers the price that is divided; the market's comes out of its own fee, so
//! that it is never more than that. Neither leaves less than can be paid through FPS, and of an amount only whole cents
//! are taken off: FPS charges no others.

use super::{Bearer, Coupon, Discount, Value};
use crate::fees::{FeeBook, FeeTerms};
use crate::ids::CategorySlug;
use fps_protocol::enums::{ChargeFeeTo, PaymentMethod};
use fps_protocol::fees;
use money::{MICROS_PER_CENT, Money, MoneyError};

/// What the coupon takes off this price, without sending it; `None` where that is nothing.
///
/// It does not depend on what sending costs, so that it is known before that is.
pub fn of(coupon: &Coupon, book: &FeeBook, category: &CategorySlug, price: Money) -> Option<Discount> {
    let asked = match coupon.value {
        Value::Percent(percent) => percent.of(price).ok()?,
        Value::Amount(amount) => amount,
    };
    let bearer = coupon.reach.bearer();
    let most = match bearer {
        Bearer::Seller => price.sub(least_payable(book, category, price)?).ok()?,
        Bearer::Market => taken(&book.terms(Some(category), price), price).ok()?,
    };
    let amount = whole_cents(asked.min(most));
    let discount = Discount { coupon: coupon.id.clone(), code: coupon.code.clone(), bearer, amount };
    let left = price.sub(amount).ok()?;
    let fits = amount.is_positive() && is_payable(&fee(book, category, price, Some(&discount)), left);
    fits.then_some(discount)
}

/// What the market takes of a sale, as FPS is told it: of a discount that the market bears, so much less. `before` is
/// what would be charged without the discount, with what sending costs.
pub fn fee(book: &FeeBook, category: &CategorySlug, before: Money, discount: Option<&Discount>) -> FeeTerms {
    let Some(discount) = discount else { return book.terms(Some(category), before) };
    let left = before.sub(discount.amount).unwrap_or(Money::ZERO);
    match discount.bearer {
        Bearer::Seller => book.terms(Some(category), left),
        Bearer::Market => {
            let usual = taken(&book.terms(Some(category), before), before).unwrap_or(Money::ZERO);
            let rest = usual.sub(discount.amount).unwrap_or(Money::ZERO).max(Money::ZERO);
            book.terms_at_most(Some(category), before, left, rest)
        }
    }
}

/// What these terms take of a price.
fn taken(fee: &FeeTerms, price: Money) -> Result<Money, MoneyError> {
    fees::marketplace_fee(price, fee.fixed, fee.variable)
}

fn whole_cents(amount: Money) -> Money {
    Money::from_micros(amount.micros() - amount.micros().rem_euclid(MICROS_PER_CENT))
}

/// Whether something is left to the seller by card, by which Amazon takes most.
fn is_payable(fee: &FeeTerms, price: Money) -> bool {
    let parts = taken(fee, price).and_then(|marketplace| {
        fees::split(price, fees::fps_fee(PaymentMethod::Cc, price)?, marketplace, ChargeFeeTo::Recipient)
    });
    parts.is_ok()
}

/// The least price, in whole cents up to this one, of which something is left to the seller; `None` where there is none.
/// Fees take less than all of each further cent, so that every higher price is payable, too.
fn least_payable(book: &FeeBook, category: &CategorySlug, price: Money) -> Option<Money> {
    let at = |cents: i64| Money::from_micros(cents * MICROS_PER_CENT);
    let payable = |cents: i64| is_payable(&book.terms(Some(category), at(cents)), at(cents));
    let (mut least, mut highest) = (1, price.micros() / MICROS_PER_CENT);
    if !payable(highest) {
        return None;
    }
    while least < highest {
        let middle = i64::midpoint(least, highest);
        if payable(middle) {
            highest = middle;
        } else {
            least = middle + 1;
        }
    }
    Some(at(highest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coupons::Reach;
    use crate::fees::{Fee, FeeRule, Reach as FeeReach};
    use crate::merchants::FeeCaps;
    use jiff::Timestamp;
    use money::Percent;
    use proptest::prelude::*;

    fn category() -> CategorySlug {
        "music".parse().unwrap()
    }

    fn book(fee: Fee, caps: FeeCaps) -> FeeBook {
        let at = Timestamp::UNIX_EPOCH;
        let id = "rule".parse().unwrap();
        FeeBook::new(vec![FeeRule { id, reach: FeeReach::All, fee, begins_at: at, made_at: at }], Some(caps))
    }

    fn usual() -> FeeBook {
        book(Fee::default(), FeeCaps::default())
    }

    fn coupon(bearer: Bearer, value: Value) -> Coupon {
        let reach = match bearer {
            Bearer::Seller => Reach::Seller("m".parse().unwrap()),
            Bearer::Market => Reach::Market,
        };
        Coupon {
            id: "c".parse().unwrap(),
            code: "SPRING".parse().unwrap(),
            reach,
            value,
            begins_at: Timestamp::UNIX_EPOCH,
            ends_at: None,
            most_uses: None,
            most_each: None,
            made_at: Timestamp::UNIX_EPOCH,
            withdrawn_at: None,
        }
    }

    fn percent(of_hundred: i64) -> Value {
        Value::Percent(Percent::from_ten_thousandths(of_hundred * 10_000))
    }

    fn off(bearer: Bearer, value: Value, cents: i32) -> Option<Money> {
        of(&coupon(bearer, value), &usual(), &category(), Money::from_cents(cents)).map(|off| off.amount)
    }

    #[test]
    fn a_sellers_coupon_leaves_what_can_be_paid() {
        let cents = |cents| Some(Money::from_cents(cents));
        assert_eq!(off(Bearer::Seller, percent(20), 99), cents(19), "whole cents, never more than was said");
        assert_eq!(off(Bearer::Seller, Value::Amount(Money::from_cents(50)), 99), cents(50));
        assert_eq!(
            off(Bearer::Seller, Value::Amount(Money::from_cents(500)), 99),
            cents(87),
            "12 cents are left"
        );
        assert_eq!(off(Bearer::Seller, Value::Amount(Money::from_cents(500)), 12), None);
        assert_eq!(off(Bearer::Seller, percent(1), 50), None, "half a cent is nothing");
    }

    #[test]
    fn the_market_gives_no_more_than_its_fee() {
        let cents = |cents| Some(Money::from_cents(cents));
        assert_eq!(off(Bearer::Market, percent(10), 99), cents(9));
        assert_eq!(off(Bearer::Market, percent(90), 99), cents(14), "its fee is 14.9 cents");
        let of_it = of(&coupon(Bearer::Market, percent(90)), &usual(), &category(), Money::from_cents(99));
        let fee = fee(&usual(), &category(), Money::from_cents(99), of_it.as_ref());
        let left = taken(&fee, Money::from_cents(85)).unwrap();
        assert_eq!(left, Money::from_micros(9_000), "what is left of 14.9 cents");
    }

    fn any_fee() -> impl Strategy<Value = Fee> {
        let cents = |most| (0..most).prop_map(Money::from_cents);
        let variable = (0i64..600_000).prop_map(Percent::from_ten_thousandths);
        (cents(100), variable, prop::option::of(cents(200)), prop::option::of(cents(3_000))).prop_map(
            |(fixed, variable, least, most)| {
                let most = most.map(|most| most.max(least.unwrap_or(Money::ZERO)));
                Fee { fixed, variable, least, most }
            },
        )
    }

    fn any_value() -> impl Strategy<Value = Value> {
        prop_oneof![
            (1i64..=990_000).prop_map(|percent| Value::Percent(Percent::from_ten_thousandths(percent))),
            (1i32..=1_000_000).prop_map(|cents| Value::Amount(Money::from_cents(cents))),
        ]
    }

    proptest! {
        #[test]
        fn the_shares_sum_to_what_is_paid_and_nobody_pays_more_than_they_agreed_to(
            fee_rule in any_fee(),
            tight in any::<bool>(),
            bearer in prop_oneof![Just(Bearer::Seller), Just(Bearer::Market)],
            value in any_value(),
            cents in 1i32..=1_000_000,
            shipping in prop_oneof![Just(0i32), 1i32..=5_000],
        ) {
            let needs = fee_rule.needs();
            let half = Percent::from_ten_thousandths(needs.variable.ten_thousandths() / 2);
            let caps = if tight { FeeCaps { fixed: Money::ZERO, variable: half } } else { needs };
            let (book, price) = (book(fee_rule, caps), Money::from_cents(cents));
            let shipping = Money::from_cents(shipping);
            let Some(discount) = of(&coupon(bearer, value), &book, &category(), price) else { return Ok(()) };
            prop_assert!(discount.amount.is_positive() && discount.amount < price);
            prop_assert_eq!(discount.amount.micros() % MICROS_PER_CENT, 0);
            let before = price.add(shipping).unwrap();
            let total = before.sub(discount.amount).unwrap();
            let terms = fee(&book, &category(), before, Some(&discount));
            prop_assert!(terms.fixed <= caps.fixed && terms.variable <= caps.variable, "{:?}", terms);
            prop_assert!(!terms.fixed.is_negative() && terms.variable >= Percent::ZERO);
            let marketplace = taken(&terms, total).unwrap();
            for method in [PaymentMethod::Cc, PaymentMethod::Ach, PaymentMethod::Abt, PaymentMethod::Prepaid] {
                let amazon = fees::fps_fee(method, total).unwrap();
                let parts = fees::split(total, amazon, marketplace, ChargeFeeTo::Recipient);
                let Ok(parts) = parts else {
                    return Err(TestCaseError::fail(format!("{method:?} {total} {marketplace}")));
                };
                prop_assert_eq!(Money::sum([parts.recipient, parts.caller, parts.amazon]), Ok(total));
                prop_assert!(parts.recipient.is_positive() && !parts.caller.is_negative());
            }
            if bearer == Bearer::Market {
                let usual = taken(&book.terms(Some(&category()), before), before).unwrap();
                let borne = usual.sub(marketplace).unwrap();
                prop_assert!(borne >= discount.amount, "the seller bears nothing of it");
                let more = borne.sub(discount.amount).unwrap();
                prop_assert!(more <= Money::from_cents(2), "no more than a rest that FPS cannot be told");
            }
        }
    }
}
