//! `/checkout/{slug}`: where it goes, how it is paid, and on to Amazon Payments.

use super::catalogue::find;
use super::errors::CONFIRMED_BEFORE;
use super::{InAddress, SignedIn, catalogue_pages, page};
use crate::catalogue::{Delivery, Item};
use crate::ids::{ItemSlug, OrderId};
use crate::orders::{self, Shipping, ShippingSpeed};
use crate::purchase::place::{self, PlaceError};
use crate::purchase::recovery;
use crate::{Shop, input, merchants};
use app::form::FormState;
use axum::extract::State;
use axum::response::Response;
use http::Method;
use platform::web::{FormFields, Refusal, see_other};
use shop_pages::model::{Availability, CheckoutPage};
use shop_pages::pages;
use shop_pages::pages::{BOUGHT, SEEN_PRICE};

const AMAZON_PAYMENTS: &str = "amazon-payments";
const USUAL_COUNTRY: &str = "United States";
const LONGEST_LINE: usize = 100;
const FIELDS: [&str; 9] = [
    "ship_name",
    "ship_line1",
    "ship_line2",
    "ship_city",
    "ship_state",
    "ship_zip",
    "ship_country",
    "ship_speed",
    "payment_method",
];

pub async fn form(
    State(shop): State<Shop>,
    visitor: SignedIn,
    method: Method,
    InAddress(slug): InAddress<ItemSlug>,
) -> Result<Response, Refusal> {
    let item = find(&shop, &slug).await?;
    let merchant = merchants::store::by_user(&shop.db, &visitor.user.id).await?;
    let own = merchant.is_some_and(|merchant| merchant.id == item.merchant_id);
    if own || catalogue_pages::availability(&shop.db, &item).await? != Availability::ForSale {
        // The item's page says that it is their own, or why it cannot be bought; of a draft there is none.
        return Ok(see_other(&format!("/items/{slug}")));
    }
    if method == Method::GET {
        recovery::confirmed_before(&shop, &visitor.user.id, &item.id).await?;
    }
    let mut form = FormState::default();
    form.set("ship_name", &visitor.user.name);
    form.set("ship_country", USUAL_COUNTRY);
    let bought = orders::purchase_of(&shop.db, &visitor.user.id, &item.id).await?;
    Ok(show(&visitor, &item, form, bought))
}

/// Places the order. What is sold, for how much and by whom is looked up, never taken from the form.
pub async fn place(
    State(shop): State<Shop>,
    visitor: SignedIn,
    InAddress(slug): InAddress<ItemSlug>,
    fields: FormFields,
) -> Result<Response, Refusal> {
    let item = find(&shop, &slug).await?;
    match catalogue_pages::availability(&shop.db, &item).await? {
        Availability::ForSale => {}
        Availability::SellerNotRegistered => return Ok(see_other(&format!("/items/{slug}"))),
        Availability::SoldOut => return Err(PlaceError::SoldOut.into()),
        Availability::Draft | Availability::Archived => return Err(PlaceError::NotForSale.into()),
    }
    let mut form = FormState::default();
    for name in FIELDS {
        if let Some(value) = fields.get(name) {
            form.set(name, value);
        }
    }
    if form.value("payment_method") != AMAZON_PAYMENTS {
        form.refuse("payment_method", "Choose how you pay.");
    }
    let shipping = if item.physical { read_shipping(&mut form) } else { None };
    let bought = orders::purchase_of(&shop.db, &visitor.user.id, &item.id).await?;
    // A page from before the purchase, as the Back button shows it, does not mean a second one.
    if let Some(order) = &bought
        && fields.get(BOUGHT) != Some(order.as_str())
    {
        form.refuse("", "You have bought this already. Press the button again to buy it once more.");
    }
    if fields.get(SEEN_PRICE).is_some_and(|seen| seen != item.price.to_two_decimals()) {
        let price = item.price;
        form.refuse(
            "",
            format!("The price was changed: it is {price} now. Press the button again to buy it for that."),
        );
    }
    if !form.is_valid() {
        return Ok(show(&visitor, &item, form, bought));
    }
    if let Some(order) = recovery::confirmed_before(&shop, &visitor.user.id, &item.id).await? {
        visitor.tell(CONFIRMED_BEFORE).await?;
        return Ok(see_other(&format!("/orders/{order}/thank-you")));
    }
    let placed = place::place(&shop, &visitor.user.id, &slug, shipping).await?;
    tracing::info!(order = %placed.order, "an order was placed");
    Ok(see_other(placed.authorize_at.as_str()))
}

fn show(visitor: &SignedIn, item: &Item, form: FormState, bought: Option<OrderId>) -> Response {
    let valid = form.is_valid();
    let data = CheckoutPage {
        card: item.card(),
        instant: item.delivery == Delivery::Instant,
        owned_order: bought.map(|order| order.to_string()),
        form,
    };
    page(valid, pages::checkout(&visitor.chrome, &data))
}

/// The address, or the errors at its fields.
fn read_shipping(form: &mut FormState) -> Option<Shipping> {
    if !form.values.contains_key("ship_country") {
        form.set("ship_country", USUAL_COUNTRY);
    }
    if form.value("ship_speed").is_empty() {
        form.set("ship_speed", ShippingSpeed::Standard.as_str());
    }
    let speed = form.value("ship_speed").parse();
    let shipping = Shipping {
        name: line(form, "ship_name", "the name of who gets it"),
        line1: line(form, "ship_line1", "street and number"),
        line2: optional_line(form, "ship_line2"),
        city: line(form, "ship_city", "the city"),
        state: optional_line(form, "ship_state"),
        zip: line(form, "ship_zip", "the ZIP or postal code"),
        country: line(form, "ship_country", "the country"),
        speed: speed.unwrap_or(ShippingSpeed::Standard),
    };
    if speed.is_err() {
        form.refuse("ship_speed", "Choose how fast it is sent.");
    }
    form.is_valid().then_some(shipping)
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
