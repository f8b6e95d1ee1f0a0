//! Checkout on one screen: what you buy, what it costs, where it goes, how you pay, one button.

mod address;
mod cart;
mod payment;
mod sums;

pub use cart::cart_checkout;
pub use payment::{AMAZON_PAYMENTS, CREDIT};

use super::cards::{cover_path, item_path};
use super::discounts::{self, coupon_field};
use super::gifts;
use super::guests::email_field;
use super::item::{WITH_SHIPPING, seller_link};
use super::selling_terms::{delivery_words, refund_rule_words};
use super::shell;
use super::split_bar;
use crate::model::{CheckoutPage, Chrome, Quote};
use address::where_it_goes;
use app::components::field::error_summary;
use leptos::prelude::*;
use money::Money;
use payment::{is_credit, payment};
use sums::sums;

pub fn checkout(chrome: &Chrome, page: &CheckoutPage) -> String {
    shell::page(chrome, shell::form_title("Checkout", &page.form), || {
        let price = page.price();
        let shipping = page.shipping.as_ref().map_or_else(
            || shown_alone(price),
            |offer| where_it_goes(&page.form, price, offer, &format!("{} does not send", page.card.seller)),
        );
        view! {
            <h1>"Checkout"</h1>
            {error_summary(&page.form)}
            {owned(page)}
            <div class="checkout">
                <div class="checkout-form">
                    <form method="post" action=page_path(page) novalidate>
                        {by_enter()}
                        {page.owned_order.clone().map(|order| view! { <input type="hidden" name=BOUGHT value=order /> })}
                        <input type="hidden" name=ATTEMPT value=page.attempt.clone() />
                        {page.guest.then(|| email_field(&page.form, &page_path(page)))}
                        {shipping}
                        {(!page.card.physical).then(|| gifts::fields(&page.form))}
                        {coupon_field(&page.form)}
                        {payment(&page.form, price, (!page.guest).then_some(page.credit), &page_path(page))}
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

/// Names what the form places, so that the same form sent twice places one.
pub const ATTEMPT: &str = "attempt";

/// The names of the fields that say what was shown begin with it.
pub const SHOWN: &str = "shown";

/// The Enter key presses a form's first button: that must not be the one that only updates the total.
fn by_enter() -> AnyView {
    view! { <button class="visually-hidden" type="submit" tabindex="-1" aria-hidden="true"></button> }
        .into_any()
}

fn page_path(page: &CheckoutPage) -> String {
    format!("/checkout/{}", page.card.slug)
}

fn shown_alone(price: Money) -> AnyView {
    let quote = Quote { price, shipping: Money::ZERO };
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
    let before = || discounts::lines(card.price, page.discount.as_ref());
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
            {sums(page.price(), page.shipping.as_ref(), page.discount.is_some(), before)}
            {discounts::note(page.discount.as_ref(), &page.card.seller)}
            {split_bar::ways(&page.splits, split_note(page))}
            <p class="basket-rule"><strong>"When you have it: "</strong> {delivery_words(card, page.instant)}</p>
            <p class="basket-rule">
                <strong>"If you want your money back: "</strong>
                {refund_rule_words(page.seller.refund_rule, card.physical)}
            </p>
        </section>
    }
    .into_any()
}

/// Of a parcel: with which speed the parts are reckoned.
fn split_note(page: &CheckoutPage) -> Option<&'static str> {
    let rates = page.shipping.as_ref()?.rates.as_ref();
    Some(match rates.map(|rates| (rates.standard, rates.express)) {
        Some((Some(_), _)) => "With standard shipping, which divides the same way as the price.",
        Some((None, Some(_))) => "With express shipping, which divides the same way as the price.",
        _ => WITH_SHIPPING,
    })
}

fn submit(page: &CheckoutPage) -> AnyView {
    let seller = &page.card.seller;
    if is_credit(&page.form) {
        return submit_with_credit(page);
    }
    // A parcel's total is beside each speed.
    let price = if page.card.physical { "the total".to_owned() } else { page.price().to_string() };
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

/// Credit was chosen before the page was asked for: nothing leads to Amazon Payments.
fn submit_with_credit(page: &CheckoutPage) -> AnyView {
    let seller = &page.card.seller;
    let label = if page.instant { "Download Now" } else { "Pay with credit" };
    let next = if page.card.physical {
        format!(
            "The total is held of your credit at once, and charged when {seller} is ready to send the parcel."
        )
    } else if page.instant {
        format!("{} is taken of your credit at once, and your download is ready.", page.price())
    } else {
        format!(
            "{} is held of your credit at once, and charged when {seller} has made your download ready.",
            page.price()
        )
    };
    view! {
        <button class="button button-large" type="submit" aria-describedby="next">{label}</button>
        <div class="next" id="next"><p>{next}</p></div>
    }
    .into_any()
}
