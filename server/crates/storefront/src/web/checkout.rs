//! `/checkout/{slug}`: where it goes, how it is paid, and on to Amazon Payments.

use super::catalogue::find;
use super::errors::CONFIRMED_BEFORE;
use super::{InAddress, SignedIn, address, catalogue_pages, page};
use crate::baskets::BasketId;
use crate::catalogue::{Delivery, Item};
use crate::ids::{ItemSlug, OrderId};
use crate::merchants::countries::{self, Country};
use crate::merchants::{self, Merchant, ShippingSpeed, profile_store};
use crate::orders::view;
use crate::orders::{self, Shipping};
use crate::purchase::basket::{self, BasketError, PaidWith, Wanted};
use crate::purchase::place::{self, PlaceError, Shown};
use crate::purchase::{credit, recovery};
use crate::{Shop, input};
use app::form::FormState;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use http::Method;
use money::Money;
use platform::web::{FormFields, Refusal, see_other};
use shop_pages::model::{Availability, CheckoutPage, CreditOffer, Quote, RateRow, ShippingOffer};
use shop_pages::pages;
use shop_pages::pages::{AMAZON_PAYMENTS, ATTEMPT, BOUGHT, CREDIT, SHOWN};

pub(super) const USUAL_COUNTRY: &str = "United States";
const LONGEST_LINE: usize = 100;
pub(super) const FIELDS: [&str; 9] = [
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
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let item = find(&shop, &slug).await?;
    let merchant = merchants::store::by_id(shop.db.readers(), &item.merchant_id).await?;
    if merchant.user_id == visitor.user.id || !is_for_sale(&shop, &item, &merchant).await? {
        // The item's page says that it is their own, or why it cannot be bought at present.
        return Ok(see_other(&format!("/items/{slug}")));
    }
    if method == Method::GET {
        recovery::confirmed_before(&shop, &visitor.user.id, &item.id).await?;
    }
    let mut form = FormState::default();
    if item.physical {
        fill_address(&shop, &visitor, &mut form, query.as_deref()).await?;
    }
    prefer(&mut form, query.as_deref());
    let bought = orders::purchase_of(&shop.db, &visitor.user.id, &item.id).await?;
    show(&shop, &visitor, &item, form, bought).await
}

/// Places the order. What is sold, for how much and by whom is looked up, never taken from the form: that only says what
/// the buyer was shown, and nothing is placed at another price.
pub async fn place(
    State(shop): State<Shop>,
    visitor: SignedIn,
    InAddress(slug): InAddress<ItemSlug>,
    fields: FormFields,
) -> Result<Response, Refusal> {
    let item = find(&shop, &slug).await?;
    if let Some(answer) = not_for_sale(&shop, &item).await? {
        return answer;
    }
    let mut form = FormState::typed_only(fields.clone().into_map(), &FIELDS);
    let bought = orders::purchase_of(&shop.db, &visitor.user.id, &item.id).await?;
    if fields.get("update").is_some() {
        if item.physical {
            read_country(&mut form);
        }
        return show(&shop, &visitor, &item, form, bought).await;
    }
    let with = read_payment(&mut form);
    let shipping = if item.physical { read_shipping(&mut form) } else { None };
    // A page from before the purchase, as the Back button shows it, does not mean a second one.
    if let Some(order) = &bought
        && fields.get(BOUGHT) != Some(order.as_str())
    {
        form.refuse("", "You have bought this already. Press the button again to buy it once more.");
    }
    if !form.is_valid() {
        return show(&shop, &visitor, &item, form, bought).await;
    }
    if let Some(order) = recovery::confirmed_before(&shop, &visitor.user.id, &item.id).await? {
        visitor.tell(CONFIRMED_BEFORE).await?;
        return Ok(see_other(&format!("/orders/{order}/thank-you")));
    }
    let shown = shown(&fields, shipping.as_ref());
    if with == PaidWith::Credit {
        let id = attempt(&shop, &fields);
        let (buyer, items) = (visitor.user.id.clone(), vec![slug.clone()]);
        let wanted = Wanted { id, buyer, items, shipping, shown, with };
        return match basket::place(&shop, wanted).await {
            Ok(placed) => {
                let order = placed.orders.first().ok_or_else(Refusal::not_found)?;
                Ok(see_other(&format!("/orders/{order}/thank-you")))
            }
            Err(error) => {
                refuse(&mut form, shown, error)?;
                show(&shop, &visitor, &item, form, bought).await
            }
        };
    }
    match place::place(&shop, &visitor.user.id, &slug, shipping, shown).await {
        Ok(placed) => {
            tracing::info!(order = %placed.order, "an order was placed");
            Ok(see_other(placed.authorize_at.as_str()))
        }
        Err(PlaceError::NotAsShown(now)) => {
            form.refuse("", changed(shown, now));
            show(&shop, &visitor, &item, form, bought).await
        }
        Err(PlaceError::NotSentThere) => {
            form.refuse("ship_country", NOT_SENT_THERE);
            show(&shop, &visitor, &item, form, bought).await
        }
        Err(error) => Err(error.into()),
    }
}

/// As many addresses from before are offered.
const MOST_KNOWN: i64 = 5;

/// The address that was used last, or the one that the query names; of who gave none, the name.
pub(super) async fn fill_address(
    shop: &Shop,
    visitor: &SignedIn,
    form: &mut FormState,
    query: Option<&str>,
) -> Result<(), sqlx::Error> {
    let asked = address::asked(query, "address").and_then(|number| number.parse::<usize>().ok());
    let known = orders::addresses(&shop.db, &visitor.user.id, MOST_KNOWN).await?;
    let number = asked.unwrap_or(1).saturating_sub(1);
    let Some(to) = known.into_iter().nth(number) else {
        form.set("ship_name", &visitor.user.name);
        form.set("ship_country", USUAL_COUNTRY);
        return Ok(());
    };
    for (field, value) in [
        ("ship_name", to.name),
        ("ship_line1", to.line1),
        ("ship_line2", to.line2),
        ("ship_city", to.city),
        ("ship_state", to.state),
        ("ship_zip", to.zip),
        ("ship_country", to.country),
    ] {
        form.set(field, value);
    }
    Ok(())
}

/// The ways to a checkout with each of the buyer's addresses filled in.
pub(super) async fn known_addresses(
    shop: &Shop,
    visitor: &SignedIn,
    path: &str,
) -> Result<Vec<(String, String)>, sqlx::Error> {
    let known = orders::addresses(&shop.db, &visitor.user.id, MOST_KNOWN).await?;
    let way =
        |(number, to): (usize, Shipping)| (view::address(&to).join(", "), format!("{path}?address={number}"));
    Ok((1..).zip(known).map(way).collect())
}

/// How the visitor said on the page before that they would pay.
pub(super) fn prefer(form: &mut FormState, query: Option<&str>) {
    if address::asked(query, "payment_method").is_some_and(|way| way == CREDIT) {
        form.set("payment_method", CREDIT);
    }
}

pub(super) fn read_payment(form: &mut FormState) -> PaidWith {
    match form.value("payment_method") {
        CREDIT => PaidWith::Credit,
        AMAZON_PAYMENTS => PaidWith::AmazonPayments,
        _ => {
            form.refuse("payment_method", "Choose how you pay.");
            PaidWith::AmazonPayments
        }
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

const NOT_SENT_THERE: &str = "The seller does not send it there, or not that fast. Choose again.";

/// What the viewer has to spend, asked of Amazon where there is any.
pub(super) async fn credit_offer(shop: &Shop, visitor: &SignedIn) -> Result<CreditOffer, sqlx::Error> {
    Ok(super::credit::offer(&credit::spendable(shop, &visitor.user.id).await?))
}

/// What somebody gets who sends the form of what cannot be bought any more: the item's page where that says why, else the
/// reason that placing it would have.
async fn not_for_sale(shop: &Shop, item: &Item) -> Result<Option<Result<Response, Refusal>>, sqlx::Error> {
    let seller = merchants::store::by_id(shop.db.readers(), &item.merchant_id).await?;
    let (availability, _) = catalogue_pages::availability(&shop.db, item, &seller).await?;
    Ok(match availability {
        Availability::ForSale => None,
        Availability::Held | Availability::SellerHeld | Availability::SellerNotRegistered => {
            Some(Ok(see_other(&format!("/items/{}", item.slug))))
        }
        availability => Some(Err(PlaceError::NotForSale { seller: seller.name, availability }.into())),
    })
}

async fn is_for_sale(shop: &Shop, item: &Item, seller: &Merchant) -> Result<bool, sqlx::Error> {
    Ok(catalogue_pages::availability(&shop.db, item, seller).await?.0 == Availability::ForSale)
}

/// What the page showed for the speed that was chosen. What no page of ours says is taken for nothing.
pub(super) fn shown(fields: &FormFields, shipping: Option<&Shipping>) -> Shown {
    let name = shipping.map_or(SHOWN.to_owned(), |to| format!("{SHOWN}_{}", to.speed));
    fields.get(&name).map_or(Shown::Anything, |quote| Shown::Terms(quote.parse().ok()))
}

/// Old and new, in words.
fn changed(shown: Shown, now: Quote) -> String {
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

async fn show(
    shop: &Shop,
    visitor: &SignedIn,
    item: &Item,
    form: FormState,
    bought: Option<OrderId>,
) -> Result<Response, Refusal> {
    let merchant = merchants::store::by_id(shop.db.readers(), &item.merchant_id).await?;
    let shipping = if item.physical {
        let known = known_addresses(shop, visitor, &format!("/checkout/{}", item.slug)).await?;
        Some(ShippingOffer { known, ..offer(shop, &merchant, form.value("ship_country")).await? })
    } else {
        None
    };
    let rates = shipping.as_ref().and_then(|offer| offer.rates);
    let sending = rates.and_then(|rates| rates.standard.or(rates.express)).unwrap_or(Money::ZERO);
    let total = Quote { price: item.price, shipping: sending }.total();
    let valid = form.is_valid();
    let data = CheckoutPage {
        card: item.card(),
        instant: item.delivery == Delivery::Instant,
        seller: merchant.seller(),
        shipping,
        splits: catalogue_pages::splits(shop, item, &merchant, total).await?,
        owned_order: bought.map(|order| order.to_string()),
        credit: credit_offer(shop, visitor).await?,
        attempt: shop.new_id::<BasketId>().to_string(),
        form,
    };
    Ok(page(valid, pages::checkout(&visitor.chrome, &data)))
}

/// What sending costs to the country that was typed.
async fn offer(shop: &Shop, merchant: &Merchant, country: &str) -> Result<ShippingOffer, Refusal> {
    let rates = profile_store::rates_of(shop.db.readers(), &merchant.id).await?;
    let rates = countries::named(country).map(|country| RateRow {
        region: country.region.words(),
        standard: rates.price(country.region, ShippingSpeed::Standard),
        express: rates.price(country.region, ShippingSpeed::Express),
    });
    Ok(ShippingOffer { countries: countries::names().collect(), rates, known: Vec::new() })
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
