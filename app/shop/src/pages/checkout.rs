//! Checkout on one screen: what you buy, what it costs, where it goes, how you pay, one button.

use super::cards::{cover_path, item_path};
use super::shell;
use crate::model::{CheckoutPage, Chrome};
use app::components::amount::amount;
use app::components::field::{RadioOption, TextField, error_summary, radio_group, text_field};
use app::form::FormState;
use leptos::prelude::*;

pub fn checkout(chrome: &Chrome, page: &CheckoutPage) -> String {
    shell::page(chrome, shell::form_title("Checkout", &page.form), || {
        let shipping = page.card.physical.then(|| shipping(&page.form));
        view! {
            <div class="checkout">
                <div class="checkout-form">
                    <h1>"Checkout"</h1>
                    {error_summary(&page.form)}
                    {owned(page)}
                    <form method="post" action=format!("/checkout/{}", page.card.slug) novalidate>
                        {page.owned_order.clone().map(|order| view! { <input type="hidden" name=BOUGHT value=order /> })}
                        <input type="hidden" name=SEEN_PRICE value=page.card.price.to_two_decimals() />
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

/// The price that stood on the page: who sends another one has not agreed to the present one.
pub const SEEN_PRICE: &str = "seen_price";

/// Names the order by which the buyer has the item: who sends it knows of that order.
pub const BOUGHT: &str = "bought";

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
                    <p class="muted">{format!("sold by {}", card.seller)}</p>
                </div>
            </div>
            <dl class="sum">
                <div class="total"><dt>"You pay"</dt><dd>{amount(card.price)}</dd></div>
            </dl>
            <p class="muted">"Nothing is added: no tax, no postage."</p>
        </section>
    }
    .into_any()
}

fn shipping(form: &FormState) -> AnyView {
    let speeds = [
        RadioOption::new("standard", "Standard", "Sent by ordinary post."),
        RadioOption::new("express", "Express", "Sent by the fastest post the seller has."),
    ];
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
                {text_field(form, TextField { autocomplete: Some("country-name"), ..TextField::new("ship_country", "Country") })}
            </div>
            {radio_group(form, "ship_speed", "How fast", Some("standard"), &speeds)}
        </fieldset>
    }
    .into_any()
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
    let (price, seller) = (page.card.price, &page.card.seller);
    let label = if page.card.physical { "Continue to Amazon Payments" } else { "Download Now" };
    let last = if page.card.physical {
        format!("Back here, {price} is held for {seller} and charged when the parcel is ready to be sent.")
    } else if page.instant {
        format!("Back here, {price} is charged and your download is ready.")
    } else {
        format!("Back here, {price} is held and charged when {seller} has made your download ready.")
    };
    view! {
        <button class="button button-large" type="submit" aria-describedby="next">{label}</button>
        <div class="next" id="next">
            <p>"What happens next:"</p>
            <ol>
                <li>"You sign in at Amazon Payments and choose what to pay with."</li>
                <li>{format!("You see the {price} once more and confirm, or leave: then nothing is charged.")}</li>
                <li>{last}</li>
            </ol>
        </div>
    }
    .into_any()
}
