//! What the checkouts of one item and of a cart have in common: the fields, what they mean, and what is said at them.

use super::{Shopper, address};
use crate::baskets::BasketId;
use crate::catalogue::Item;
use crate::coupons::uses::CouponError;
use crate::coupons::{Code, Discount, Problem};
use crate::ids::UserId;
use crate::merchants::countries::{self, Country};
use crate::merchants::{Merchant, ShippingSpeed};
use crate::orders::view;
use crate::orders::{self, Shipping};
use crate::purchase::basket::{BasketError, PaidWith};
use crate::purchase::place::{PlaceError, Shown};
use crate::purchase::{coupons, credit};
use crate::{Shop, input};
use app::form::FormState;
use money::Money;
use platform::web::{FormFields, Refusal};
use shop_pages::model::{CreditOffer, Quote};
use shop_pages::pages::{AMAZON_PAYMENTS, ATTEMPT, CREDIT, SHOWN};

const USUAL_COUNTRY: &str = "United States";
const LONGEST_LINE: usize = 100;
pub(super) const FIELDS: [&str; 14] = [
    "ship_name",
    "ship_line1",
    "ship_line2",
    "ship_city",
    "ship_state",
    "ship_zip",
    "ship_country",
    "ship_speed",
    "payment_method",
    COUPON,
    "email",
    "gift_email",
    "gift_name",
    "gift_message",
];
/// The coupon's field.
pub(super) const COUPON: &str = "coupon";

/// As many addresses from before are offered.
const MOST_KNOWN: i64 = 5;

/// Where a buyer had things sent before, the latest first.
#[derive(Debug, Default)]
pub(super) struct Addresses(Vec<Shipping>);

impl Addresses {
    /// None of somebody who has not bought anything yet.
    pub(super) async fn of(shop: &Shop, buyer: Option<&UserId>) -> Result<Self, sqlx::Error> {
        Ok(match buyer {
            Some(buyer) => Self(orders::addresses(&shop.db, buyer, MOST_KNOWN).await?),
            None => Self::default(),
        })
    }

    /// Fills in the one that was used last, or the one that the query names; of who gave none, the name.
    pub(super) fn fill(&self, form: &mut FormState, name: &str, query: Option<&str>) {
        let asked = address::asked(query, "address").and_then(|number| number.parse::<usize>().ok());
        let number = asked.unwrap_or(1).saturating_sub(1);
        let Some(to) = self.0.get(number) else {
            form.set("ship_name", name);
            form.set("ship_country", USUAL_COUNTRY);
            return;
        };
        for (field, value) in [
            ("ship_name", &to.name),
            ("ship_line1", &to.line1),
            ("ship_line2", &to.line2),
            ("ship_city", &to.city),
            ("ship_state", &to.state),
            ("ship_zip", &to.zip),
            ("ship_country", &to.country),
        ] {
            form.set(field, value);
        }
    }

    /// The ways to a checkout with each of them filled in: in words, and the page's address.
    pub(super) fn ways(&self, path: &str) -> Vec<(String, String)> {
        let way = |(number, to): (usize, &Shipping)| {
            (view::address(to).join(", "), format!("{path}?address={number}"))
        };
        (1..).zip(&self.0).map(way).collect()
    }
}

/// How the visitor said on the page before that they would pay, and the coupon that an address names.
pub(super) fn prefer(form: &mut FormState, query: Option<&str>) {
    if let Some(code) = address::asked(query, COUPON) {
        form.set(COUPON, code);
    }
    if address::asked(query, "payment_method").is_some_and(|way| way == CREDIT) {
        form.set("payment_method", CREDIT);
    }
}

pub(super) fn read_payment(form: &mut FormState, shopper: &Shopper) -> PaidWith {
    match form.value("payment_method") {
        CREDIT if !shopper.is_guest() => PaidWith::Credit,
        AMAZON_PAYMENTS => PaidWith::AmazonPayments,
        _ => {
            form.refuse("payment_method", "Choose how you pay.");
            PaidWith::AmazonPayments
        }
    }
}

/// The code that was typed, if one was; what can be none is refused at its field.
pub(super) fn read_coupon(form: &mut FormState) -> Option<Code> {
    let typed = form.value(COUPON).trim();
    if typed.is_empty() {
        return None;
    }
    let code = typed.parse().ok();
    if code.is_none() {
        form.refuse(COUPON, Problem::Unknown.to_string());
    }
    code
}

/// What the coupon that was typed takes off each of these; where it takes nothing off any, its field says why.
pub(super) async fn discounts(
    shop: &Shop,
    shopper: &Shopper,
    form: &mut FormState,
    wanted: &[(&Item, &Merchant)],
) -> Result<Vec<Option<Discount>>, sqlx::Error> {
    let none = vec![None; wanted.len()];
    if form.error(COUPON).is_some() {
        return Ok(none);
    }
    let Some(code) = read_coupon(form) else { return Ok(none) };
    match coupons::offered(shop, &code, shopper.id(), wanted).await {
        Ok(discounts) => Ok(discounts),
        Err(CouponError::Problem(problem)) => {
            form.refuse(COUPON, problem.to_string());
            Ok(none)
        }
        Err(CouponError::Database(error)) => Err(error),
    }
}

/// The name that the form gives to what it places; a new one where it gives none that is as long as ours.
pub(super) fn attempt(shop: &Shop, fields: &FormFields) -> BasketId {
    const LENGTH: usize = 36;
    let named = fields.get(ATTEMPT).filter(|text| text.len() == LENGTH);
    named.and_then(|text| text.parse().ok()).unwrap_or_else(|| shop.new_id())
}

/// Says at its field why a purchase was not placed; what no field is to blame for is refused.
pub(super) fn refuse(form: &mut FormState, shown: Shown, error: BasketError) -> Result<(), Refusal> {
    match error {
        BasketError::NotAsShown(now) => form.refuse("", changed(shown, now)),
        BasketError::CreditTooSmall => form.refuse(
            "payment_method",
            "Your credit is too small for this. Charge it, or choose Amazon Payments. Nothing was ordered.",
        ),
        BasketError::Coupon(problem) => form.refuse(COUPON, problem.to_string()),
        BasketError::Part { why: PlaceError::NotSentThere, .. } => {
            form.refuse("ship_country", NOT_SENT_THERE);
        }
        BasketError::Part { why, .. } => return Err(why.into()),
        BasketError::Order(error) => return Err(error.into()),
        BasketError::Database(error) => return Err(error.into()),
        BasketError::Empty | BasketError::Unknown => return Err(Refusal::not_found()),
    }
    Ok(())
}

pub(super) const NOT_SENT_THERE: &str = "The seller does not send it there, or not that fast. Choose again.";

/// What the viewer has to spend, asked of Amazon where there is any; a guest has nothing.
pub(super) async fn credit_offer(shop: &Shop, shopper: &Shopper) -> Result<CreditOffer, sqlx::Error> {
    match shopper.id().filter(|_| !shopper.is_guest()) {
        Some(user) => Ok(super::credit::offer(&credit::spendable(shop, user).await?)),
        None => Ok(CreditOffer::default()),
    }
}

/// What the page showed for the speed that was chosen. What no page of ours says is taken for nothing.
pub(super) fn shown(fields: &FormFields, shipping: Option<&Shipping>) -> Shown {
    let name = shipping.map_or(SHOWN.to_owned(), |to| format!("{SHOWN}_{}", to.speed));
    fields.get(&name).map_or(Shown::Anything, |quote| Shown::Terms(quote.parse().ok()))
}

/// Old and new, in words.
pub(super) fn changed(shown: Shown, now: Quote) -> String {
    let in_words = |quote: Quote| match quote.shipping {
        Money::ZERO => quote.total().to_string(),
        shipping => format!("{} ({} and {shipping} for sending it)", quote.total(), quote.price),
    };
    let before = match shown {
        Shown::Terms(Some(before)) => format!("You were shown {} in all, and", in_words(before)),
        Shown::Terms(None) | Shown::Anything => "For where it goes".to_owned(),
    };
    format!("{before} it is {} now. Nothing was ordered: press the button again if you agree.", in_words(now))
}

/// The address, or the errors at its fields.
pub(super) fn read_shipping(form: &mut FormState) -> Option<Shipping> {
    if !form.values.contains_key("ship_country") {
        form.set("ship_country", USUAL_COUNTRY);
    }
    if form.value("ship_speed").is_empty() {
        form.set("ship_speed", ShippingSpeed::Standard.as_str());
    }
    let speed = form.value("ship_speed").parse();
    let country = read_country(form);
    let shipping = Shipping {
        name: line(form, "ship_name", "the name of who gets it"),
        line1: line(form, "ship_line1", "street and number"),
        line2: optional_line(form, "ship_line2"),
        city: line(form, "ship_city", "the city"),
        state: optional_line(form, "ship_state"),
        zip: line(form, "ship_zip", "the ZIP or postal code"),
        country: country.map_or_else(String::new, |country| country.name.to_owned()),
        speed: speed.unwrap_or(ShippingSpeed::Standard),
    };
    if speed.is_err() {
        form.refuse("ship_speed", "Choose how fast it is sent.");
    }
    form.is_valid().then_some(shipping)
}

/// The country, under the name that the shop has for it.
pub(super) fn read_country(form: &mut FormState) -> Option<Country> {
    let country = countries::named(form.value("ship_country"));
    match &country {
        Some(country) => form.set("ship_country", country.name),
        None => form.refuse("ship_country", "Choose the country from the list, or write its English name."),
    }
    country
}

fn line(form: &mut FormState, field: &str, what: &str) -> String {
    input::single_line(form.value(field), what, LONGEST_LINE).unwrap_or_else(|problem| {
        form.refuse(field, problem);
        String::new()
    })
}

fn optional_line(form: &mut FormState, field: &str) -> String {
    if form.value(field).trim().is_empty() {
        String::new()
    } else {
        line(form, field, "a line of the address")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(changes: &[(&str, &str)]) -> FormState {
        let mut form = FormState::default();
        let usual = [
            ("ship_name", "Jane Doe"),
            ("ship_line1", "12 Elm Street"),
            ("ship_city", "Portland"),
            ("ship_zip", "97201"),
        ];
        for (name, value) in usual.iter().chain(changes) {
            form.set(name, *value);
        }
        form
    }

    #[test]
    fn an_address_has_a_country_and_a_speed() {
        let shipping = read_shipping(&mut address(&[])).unwrap();
        assert_eq!((shipping.country.as_str(), shipping.speed.as_str()), (USUAL_COUNTRY, "standard"));
    }

    #[test]
    fn what_is_missing_is_said_at_its_field() {
        for (field, value) in [
            ("ship_name", " "),
            ("ship_line1", ""),
            ("ship_city", ""),
            ("ship_zip", ""),
            ("ship_country", ""),
            ("ship_speed", "rocket"),
            ("ship_line2", "a\u{7}b"),
        ] {
            let mut form = address(&[(field, value)]);
            assert!(read_shipping(&mut form).is_none(), "{field}");
            assert!(form.error(field).is_some() && form.errors.len() == 1, "{field}: {:?}", form.errors);
        }
    }
}
