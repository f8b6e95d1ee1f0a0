//! What is charged, line by line.

use super::address::speeds;
use crate::model::{Quote, ShippingOffer};
use app::components::amount::amount;
use leptos::prelude::*;
use money::Money;

/// Of a parcel for each speed, since the choice is made beside it. `price` is without sending it; what stands `before` it
/// says how it came to that, where a coupon has `lowered` it or more is added.
pub(super) fn sums(
    price: Money,
    shipping: Option<&ShippingOffer>,
    lowered: bool,
    before: impl FnOnce() -> AnyView,
) -> AnyView {
    let Some(offer) = shipping else {
        return view! {
            <dl class="sum">
                {lowered.then(before)}
                {line("total", "You pay".to_owned(), price)}
            </dl>
            <p class="muted">"Nothing is added: no tax, no postage."</p>
        }
        .into_any();
    };
    let priced = speeds(offer).into_iter().filter_map(|speed| Some((speed.value, speed.rate?)));
    let (rates, totals): (Vec<_>, Vec<_>) = priced
        .map(|(speed, shipping)| {
            let total = Quote { price, shipping }.total();
            (
                line("", format!("Shipping, {speed}"), shipping),
                line("total", format!("You pay, sent {speed}"), total),
            )
        })
        .unzip();
    view! { <dl class="sum">{before()} {rates} {totals}</dl> }.into_any()
}

fn line(class: &'static str, term: String, money: Money) -> AnyView {
    view! { <div class=class><dt>{term}</dt><dd>{amount(money)}</dd></div> }.into_any()
}
