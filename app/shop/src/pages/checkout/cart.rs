//! The checkout of a cart: several items, one confirmation.

use super::address::where_it_goes;
use super::payment::{is_credit, payment};
use super::sums::sums;
use super::{ATTEMPT, by_enter, shown_alone};
use crate::model::{CartCheckoutPage, CartPart, Chrome, DiscountView};
use crate::pages::cards::{cover_path, item_path};
use crate::pages::discounts::{self, coupon_field};
use crate::pages::guests::email_field;
use crate::pages::shell;
use app::components::amount::amount;
use app::components::field::error_summary;
use leptos::prelude::*;
use money::Money;

const PATH: &str = "/cart/checkout";

pub fn cart_checkout(chrome: &Chrome, page: &CartCheckoutPage) -> String {
    shell::page(chrome, shell::form_title("Checkout", &page.form), || {
        let shipping = page.shipping.as_ref().map_or_else(
            || shown_alone(page.price),
            |offer| where_it_goes(&page.form, page.price, offer, "Not every seller sends"),
        );
        view! {
            <h1>"Checkout"</h1>
            {error_summary(&page.form)}
            <div class="checkout">
                <div class="checkout-form">
                    <form method="post" action=PATH novalidate>
                        {by_enter()}
                        <input type="hidden" name=ATTEMPT value=page.attempt.clone() />
                        {page.guest.then(|| email_field(&page.form, PATH))}
                        {shipping}
                        {coupon_field(&page.form)}
                        {payment(&page.form, page.price, (!page.guest).then_some(page.credit), PATH)}
                        {submit(page)}
                    </form>
                </div>
                {basket(page)}
            </div>
        }
        .into_any()
    })
}

fn basket(page: &CartCheckoutPage) -> AnyView {
    let rows: Vec<_> = page.parts.iter().map(row).collect();
    let lowered = page.parts.iter().any(|part| part.discount.is_some());
    view! {
        <section class="basket panel" aria-labelledby="basket">
            <h2 id="basket">"What you buy"</h2>
            <ul class="basket-items" role="list">{rows}</ul>
            {sums(page.price, page.shipping.as_ref(), lowered, || before(page))}
            <p class="basket-rule">
                "Each item is an order of its own: paid, cancelled and refunded by itself, by its seller\u{2019}s rule."
            </p>
        </section>
    }
    .into_any()
}

fn row(part: &CartPart) -> AnyView {
    let card = &part.card;
    view! {
        <li class="basket-item">
            <img src=cover_path(&card.slug) alt="" width="80" height="80" />
            <div>
                <p><a href=item_path(&card.slug)>{card.title.clone()}</a></p>
                <p class="muted">{format!("sold by {}", card.seller)}</p>
                <p>{amount(card.price)}</p>
                {part.discount.as_ref().map(|discount| off(discount, &card.seller))}
            </div>
        </li>
    }
    .into_any()
}

/// What the coupon takes off one of them, and who bears it.
fn off(discount: &DiscountView, seller: &str) -> AnyView {
    let (term, words) = (discounts::term(discount), discounts::who_bears_it(discount.bearer, seller));
    view! { <p>{term} " " {amount(discounts::minus(discount.amount))}</p> <p class="muted">{words}</p> }
        .into_any()
}

/// What all of it costs, and what the coupon takes off that.
fn before(page: &CartCheckoutPage) -> AnyView {
    let off: Vec<_> = page.parts.iter().filter_map(|part| part.discount.as_ref()).collect();
    let whole = Money::sum(off.iter().map(|discount| discount.amount)).unwrap_or(Money::ZERO);
    let all = off.first().map(|first| DiscountView { amount: whole, ..(*first).clone() });
    discounts::lines(page.price.add(whole).unwrap_or(page.price), all.as_ref())
}

fn submit(page: &CartCheckoutPage) -> AnyView {
    let (label, steps) = if is_credit(&page.form) {
        (
            "Pay with credit",
            vec!["Each order is paid of your credit at once, or held until its seller delivers."],
        )
    } else {
        (
            "Continue to Amazon Payments",
            vec![
                "You sign in at Amazon Payments once and choose what to pay with.",
                "You see the sum and allow these payments, to these sellers, and no others; or leave: then nothing is charged.",
                "Back here, each order is paid, or held until its seller delivers. One that cannot be paid keeps no other back.",
                "Then the allowance is given back: nothing more can be charged with it.",
            ],
        )
    };
    let steps: Vec<_> = steps.into_iter().map(|step| view! { <li>{step}</li> }).collect();
    view! {
        <button class="button button-large" type="submit" aria-describedby="next">{label}</button>
        <div class="next" id="next">
            <p>"What happens next:"</p>
            <ol>{steps}</ol>
        </div>
    }
    .into_any()
}
