//! Checkout on one screen: what you buy, what it costs, where it goes, how you pay, one button.

use super::cards::{cover_path, item_path};
use super::item::seller_link;
use super::selling_terms::refund_rule_words;
use super::shell;
use crate::model::{CheckoutPage, Chrome, Quote, RateRow, ShippingOffer};
use app::components::amount::amount;
use app::components::field::{RadioOption, TextField, error_summary, radio_group, text_field};
use app::form::FormState;
use leptos::prelude::*;
use money::Money;

pub fn checkout(chrome: &Chrome, page: &CheckoutPage) -> String {
    shell::page(chrome, shell::form_title("Checkout", &page.form), || {
        let shipping =
            page.shipping.as_ref().map_or_else(|| shown_alone(page), |offer| shipping(page, offer));
        view! {
            <div class="checkout">
                <div class="checkout-form">
                    <h1>"Checkout"</h1>
                    {error_summary(&page.form)}
                    {owned(page)}
                    <form method="post" action=format!("/checkout/{}", page.card.slug) novalidate>
                        {page.shipping.is_some().then(by_enter)}
                        {page.owned_order.clone().map(|order| view! { <input type="hidden" name=BOUGHT value=order /> })}
                        {shipping}
                        {payment(&page.form)}
                        {submit(page)}
                    </form>
                </div>
                {basket(page)}
            </div>
        }
        .into_any()
    })
}

/// Names the order by which the buyer has the item: who sends it knows of that order.
pub const BOUGHT: &str = "bought";

/// The names of the fields that say what was shown begin with it.
pub const SHOWN: &str = "shown";

/// The Enter key presses a form's first button: that must not be the one that only updates the total.
fn by_enter() -> AnyView {
    view! { <button class="visually-hidden" type="submit" tabindex="-1" aria-hidden="true"></button> }
        .into_any()
}

fn shown_alone(page: &CheckoutPage) -> AnyView {
    let quote = Quote { price: page.card.price, shipping: Money::ZERO };
    view! { <input type="hidden" name=SHOWN value=quote.to_string() /> }.into_any()
}

fn owned(page: &CheckoutPage) -> Option<AnyView> {
    let order = page.owned_order.as_ref()?;
    let view = view! {
        <p class="panel">
            "You have bought this already. " <a href=format!("/orders/{order}")>"Open your order"</a>
            ", or go on to buy it once more at the same price."
        </p>
    };
    Some(view.into_any())
}

fn basket(page: &CheckoutPage) -> AnyView {
    let card = &page.card;
    view! {
        <section class="basket panel" aria-labelledby="basket">
            <h2 id="basket">"What you buy"</h2>
            <div class="basket-item">
                <img src=cover_path(&card.slug) alt="" width="120" height="120" />
                <div>
                    <p><a href=item_path(&card.slug)>{card.title.clone()}</a></p>
                    <p class="muted">{format!("by {}", card.creator)}</p>
                    <p class="muted">"sold by " {seller_link(&card.seller, &page.seller)}</p>
                </div>
            </div>
            {sums(page)}
            <p class="basket-rule">
                <strong>"If you want your money back: "</strong>
                {refund_rule_words(page.seller.refund_rule, card.physical)}
            </p>
        </section>
    }
    .into_any()
}

/// What is charged: of a parcel for each speed, since the choice is made beside it.
fn sums(page: &CheckoutPage) -> AnyView {
    let price = page.card.price;
    let line = |class: &'static str, term: String, money| {
        view! { <div class=class><dt>{term}</dt><dd>{amount(money)}</dd></div> }
    };
    let Some(offer) = &page.shipping else {
        return view! {
            <dl class="sum">{line("total", "You pay".to_owned(), price)}</dl>
            <p class="muted">"Nothing is added: no tax, no postage."</p>
        }
        .into_any();
    };
    let priced: Vec<_> =
        speeds(offer).into_iter().filter_map(|speed| Some((speed.value, speed.rate?))).collect();
    let rates: Vec<_> =
        priced.iter().map(|(speed, rate)| line("", format!("Shipping, {speed}"), *rate)).collect();
    let totals: Vec<_> = priced
        .iter()
        .map(|(speed, shipping)| {
            let total = Quote { price, shipping: *shipping }.total();
            line("total", format!("You pay, sent {speed}"), total)
        })
        .collect();
    view! { <dl class="sum">{line("", "Price".to_owned(), price)} {rates} {totals}</dl> }.into_any()
}

/// Where the prices are for, and the way to those for elsewhere.
fn destination(page: &CheckoutPage, offer: &ShippingOffer) -> AnyView {
    let words = match &offer.rates {
        Some(RateRow { region, standard: None, express: None }) => {
            format!("{} does not send to this country ({region}).", page.card.seller)
        }
        Some(rates) => format!(
            "What follows is for sending it to: {}. If you change the country, update the total.",
            rates.region
        ),
        None => {
            "Choose the country it goes to and update the total, to see what sending it costs.".to_owned()
        }
    };
    view! {
        <div class="destination">
            <p class="hint">{words}</p>
            <button class="button button-quiet" type="submit" name="update" value="total">"Update total"</button>
        </div>
    }
    .into_any()
}

/// A speed that can be chosen, with what it costs where that is known.
#[derive(Debug, Clone, Copy)]
struct Speed {
    value: &'static str,
    label: &'static str,
    words: &'static str,
    rate: Option<Money>,
}

/// Those that the seller offers to where it goes.
fn speeds(offer: &ShippingOffer) -> Vec<Speed> {
    let speed = |value, label, words, rate| Speed { value, label, words, rate };
    let (standard, express) =
        offer.rates.as_ref().map_or((None, None), |rates| (rates.standard, rates.express));
    let all = [
        speed("standard", "Standard", "Sent by ordinary post.", standard),
        speed("express", "Express", "Sent by the fastest post the seller has.", express),
    ];
    all.into_iter().filter(|speed| offer.rates.is_none() || speed.rate.is_some()).collect()
}

fn shipping(page: &CheckoutPage, offer: &ShippingOffer) -> AnyView {
    let form = &page.form;
    view! {
        <fieldset class="group">
            <legend><h2>"Where it goes"</h2></legend>
            {text_field(form, TextField { autocomplete: Some("name"), ..TextField::new("ship_name", "Full name") })}
            {text_field(form, TextField { autocomplete: Some("address-line1"), ..TextField::new("ship_line1", "Address line 1") })}
            {text_field(form, TextField { autocomplete: Some("address-line2"), optional: true, ..TextField::new("ship_line2", "Address line 2") })}
            <div class="row">
                {text_field(form, TextField { autocomplete: Some("address-level2"), ..TextField::new("ship_city", "City") })}
                {text_field(form, TextField { autocomplete: Some("address-level1"), optional: true, ..TextField::new("ship_state", "State or region") })}
            </div>
            <div class="row">
                {text_field(form, TextField { autocomplete: Some("postal-code"), ..TextField::new("ship_zip", "ZIP or postal code") })}
                {text_field(form, TextField { autocomplete: Some("country-name"), list: Some("countries"), ..TextField::new("ship_country", "Country") })}
            </div>
            {countries(offer)}
            {destination(page, offer)}
            {how_fast(page, offer)}
        </fieldset>
    }
    .into_any()
}

/// What the field for the country offers while it is typed in.
fn countries(offer: &ShippingOffer) -> AnyView {
    let options: Vec<_> =
        offer.countries.iter().map(|name| view! { <option value=*name></option> }).collect();
    view! { <datalist id="countries">{options}</datalist> }.into_any()
}

/// Each speed says what it costs, and the form says what was shown.
fn how_fast(page: &CheckoutPage, offer: &ShippingOffer) -> Option<AnyView> {
    let price = page.card.price;
    let speeds = speeds(offer);
    let first = speeds.first()?.value;
    let options: Vec<_> = speeds
        .iter()
        .map(|speed| {
            let cost = speed.rate.map_or(String::new(), |shipping| {
                let total = Quote { price, shipping }.total();
                format!(
                    " {} for sending it, {total} in all.",
                    if shipping == Money::ZERO { "Nothing".to_owned() } else { shipping.to_string() }
                )
            });
            RadioOption::new(speed.value, speed.label, format!("{}{cost}", speed.words))
        })
        .collect();
    let shown: Vec<_> = speeds
        .iter()
        .map(|speed| {
            let quote = speed.rate.map(|shipping| Quote { price, shipping }.to_string()).unwrap_or_default();
            view! { <input type="hidden" name=format!("{SHOWN}_{}", speed.value) value=quote /> }
        })
        .collect();
    let choice = radio_group(&page.form, "ship_speed", "How fast", Some(first), &options);
    Some(view! { {shown} {choice} }.into_any())
}

fn payment(form: &FormState) -> AnyView {
    let methods = [RadioOption::new(
        "amazon-payments",
        "Amazon Payments",
        "You sign in at Amazon Payments and pick a card, a bank account or your balance there. We never see it.",
    )];
    view! {
        <div class="group">
            {radio_group(form, "payment_method", "How you pay", Some("amazon-payments"), &methods)}
        </div>
    }
    .into_any()
}

fn submit(page: &CheckoutPage) -> AnyView {
    let seller = &page.card.seller;
    // A parcel's total is beside each speed.
    let price = if page.card.physical { "the total".to_owned() } else { page.card.price.to_string() };
    let label = if page.instant { "Download Now" } else { "Continue to Amazon Payments" };
    let last = if page.card.physical {
        format!("Back here, {price} is held for {seller} and charged when the parcel is ready to be sent.")
    } else if page.instant {
        format!("Back here, {price} is charged and your download is ready.")
    } else {
        format!("Back here, {price} is held and charged when {seller} has made your download ready.")
    };
    let once_more = if page.card.physical { price } else { format!("the {price}") };
    view! {
        <button class="button button-large" type="submit" aria-describedby="next">{label}</button>
        <div class="next" id="next">
            <p>"What happens next:"</p>
            <ol>
                <li>"You sign in at Amazon Payments and choose what to pay with."</li>
                <li>{format!("You see {once_more} once more and confirm, or leave: then nothing is charged.")}</li>
                <li>{last}</li>
            </ol>
        </div>
    }
    .into_any()
}
