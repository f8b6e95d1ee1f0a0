//! One order: where it stands, what can be done now, what happened, where it goes, how the price divides.

use super::cards::{cover_path, item_path};
use super::discounts;
use super::facts::{download_links, fact, split};
use super::message_thread;
use super::order_steps::{fulfil, seller_cancel, steps};
use super::refund_request;
use super::reviews;
use super::shell;
use super::split_bar;
use super::thank_you::live;
use super::{gifts, guests};
use crate::model::{Chrome, DownloadLink, OrderPage, OrderStatus, Promise, RefundDecision, TimelineEntry};
use crate::refund_rule;
use crate::status;
use app::components::action::{Weight, post_button, way_button};
use app::components::amount::amount;
use app::components::time;
use leptos::prelude::*;
use money::Money;

pub fn order(chrome: &Chrome, page: &OrderPage) -> String {
    shell::page(chrome, format!("Order: {}", page.order.title), || {
        view! {
            <div class="order narrow">
                {head(page)}
                <div class="live" data-live=live(page)>
                    <p class="order-status">{status::badge(page.order.status)}</p>
                    <p class="lead">{sentence(page)}</p>
                    {promise(page)}
                    {download_links(&page.downloads)}
                    {refresh_hint(page)}
                    {refund_request::on_order(page)}
                    {from_seller(page)}
                    {actions(page)}
                    {timeline(&page.timeline)}
                </div>
                {gift(page)}
                {page.guest.as_ref().map(|guest| guests::note(guest, &page.order.id))}
                {licence_key(page)}
                {links(page)}
                {shell::money_way(chrome, &page.order.id).map(|way| view! { <p>{way}</p> })}
                {page.messages.as_ref().map(|thread| message_thread::thread(&page.order.id, thread))}
                {shipping(page)}
                {price_split(page)}
                {page.divided.as_ref().map(|divided| split_bar::divided(divided, &page.order.seller))}
                {steps(&page.calls)}
                {receipt(page)}
            </div>
        }
        .into_any()
    })
}

/// The viewer is its giver.
fn gift(page: &OrderPage) -> Option<AnyView> {
    let may_send = page.order.status == OrderStatus::Paid;
    page.gift.as_ref().map(|gift| gifts::note(gift, &page.order.id, &page.form, may_send))
}

/// What those who sell and operate see: the buyer is told how it was divided in another way.
pub(super) fn seen_by_seller(page: &OrderPage) -> bool {
    page.split.is_some()
}

fn head(page: &OrderPage) -> AnyView {
    let order = &page.order;
    let who = if seen_by_seller(page) {
        format!("{} bought this from {}", order.buyer, order.seller)
    } else {
        format!("from {}", order.seller)
    };
    view! {
        <div class="order-head">
            <img src=cover_path(&order.item_slug) alt="" width="112" height="112" />
            <div>
                <p class="overline">"Order"</p>
                <h1>{order.title.clone()}</h1>
                <p class="muted">{who}</p>
                {basket(page)}
            </div>
        </div>
    }
    .into_any()
}

fn basket(page: &OrderPage) -> Option<AnyView> {
    let path = format!("/cart/{}", page.basket.as_ref()?);
    Some(view! { <p class="muted"><a href=path>"The whole purchase"</a></p> }.into_any())
}

fn sentence(page: &OrderPage) -> String {
    if !seen_by_seller(page) {
        return status::sentence(page);
    }
    let price = page.order.price;
    match page.order.status {
        OrderStatus::AwaitingAuthorization => {
            "The buyer has not confirmed the payment, as far as the shop knows. Do not deliver.".to_owned()
        }
        OrderStatus::Abandoned => "The buyer left Amazon Payments without confirming.".to_owned(),
        OrderStatus::PaymentPending => format!("Amazon Payments is working on the payment of {price}."),
        OrderStatus::Reserved => format!("{price} is held at Amazon Payments until the order is fulfilled."),
        OrderStatus::SettlePending => {
            format!("Amazon Payments is charging the {price}. Do not send anything before it is paid.")
        }
        OrderStatus::NotCharged => {
            let why = page.failure.as_deref().unwrap_or("Amazon Payments could not charge it.");
            format!("Do not deliver: the {price} that is held was not charged. {why}")
        }
        OrderStatus::Paid => match page.refunded {
            Some(part) => {
                format!("{price} was paid and divided as shown below; {part} went back to the buyer.")
            }
            None => format!("{price} was paid and divided as shown below."),
        },
        OrderStatus::CancelPending => format!("Being cancelled; the {price} is released."),
        OrderStatus::Cancelled => format!("Cancelled. Do not deliver; the {price} was never charged."),
        OrderStatus::RefundPending => {
            format!("{} is being paid back to the buyer.", page.refunding.unwrap_or(price))
        }
        OrderStatus::Refunded => format!("{price} was paid back to the buyer."),
        OrderStatus::Failed => match &page.failure {
            Some(why) => format!("The payment did not go through. {why}"),
            None => "The payment did not go through. Do not deliver.".to_owned(),
        },
    }
}

/// Until when it is sent or ready, and what if not.
pub(super) fn promise(page: &OrderPage) -> Option<AnyView> {
    let Promise { ready_by, held_until } = page.promise?;
    let (seller, done) = (page.order.seller.clone(), if page.physical { "sent" } else { "ready" });
    let said = ready_by.map(|at| {
        let words = format!("{seller} said to have it {done} by ");
        view! { {words} {time::date_time(at)} ". " }
    });
    let end = format!("If it is not {done} by ");
    Some(view! { <p>{said} {end} {time::date_time(held_until)} ", the money is no longer held and nothing is charged."</p> }.into_any())
}

/// Without the script a person asks again; with it the page asks by itself.
pub(super) fn refresh_hint(page: &OrderPage) -> Option<AnyView> {
    if !status::is_open(page.order.status) {
        return None;
    }
    Some(view! { <p class="refresh"><a href="">"See whether it is done"</a></p> }.into_any())
}

fn actions(page: &OrderPage) -> Option<AnyView> {
    let order = &page.order;
    let button = |step: &str, label, weight, effect| {
        post_button(format!("/orders/{}/{step}", order.id), label, weight, format!("{step}-effect"), effect)
    };
    let able = order.actions;
    let fulfil = able.fulfil.then(|| fulfil(page));
    let restart = able.restart.then(|| {
        let effect = format!("Takes you to Amazon Payments again, for the same {}.", order.price);
        button("restart", "Try again", Weight::Primary, effect)
    });
    let cancel = able.cancel.then(|| {
        if seen_by_seller(page) {
            seller_cancel(page, cancel_effect(page))
        } else {
            button("cancel", "Cancel", Weight::Danger, cancel_effect(page))
        }
    });
    let refund = able.refund.then(|| {
        let (label, weight) = if page.refund_request.is_some() {
            ("Refund another amount", Weight::Quiet)
        } else {
            ("Refund", Weight::Danger)
        };
        way_button(
            format!("/orders/{}/refund", order.id),
            label,
            weight,
            "refund-effect".to_owned(),
            refund_effect(page),
        )
    });
    let review = able.review.then(|| {
        way_button(
            reviews::review_path(&order.item_slug),
            "Review it",
            Weight::Quiet,
            "review-effect".to_owned(),
            "Say how you find it: stars, and words if you like. Others read it before they buy.".to_owned(),
        )
    });
    if !(able.fulfil || able.restart || able.cancel || able.refund || able.review) {
        return None;
    }
    let view = view! {
        <section class="actions" aria-labelledby="actions">
            <h2 id="actions">"What you can do now"</h2>
            {restart}
            {fulfil}
            {cancel}
            {review}
            {refund}
        </section>
    };
    Some(view.into_any())
}

fn cancel_effect(page: &OrderPage) -> String {
    let price = page.order.price;
    if page.order.status == OrderStatus::PaymentPending {
        format!(
            "Stops the payment of {price}, if Amazon Payments has not finished it. You are charged nothing."
        )
    } else if seen_by_seller(page) {
        format!("Releases the {price} that is held. The buyer is charged nothing; do not deliver.")
    } else {
        format!(
            "Releases the {price} that is held. You are charged nothing, and {} is told.",
            page.order.seller
        )
    }
}

fn refund_effect(page: &OrderPage) -> String {
    let order = &page.order;
    if seen_by_seller(page) {
        return "You say how much, and see who gives back what, before anything moves.".to_owned();
    }
    let left = left(page);
    let first = match order.status {
        OrderStatus::Paid => "",
        _ => "The payment is completed first, because only then can it be paid back. ",
    };
    let rule = refund_rule::decision_words(page.refund_rule, page.refund_decision, &order.seller);
    match page.refund_decision {
        RefundDecision::AtOnce => {
            format!(
                "{first}{rule} The next page says what happens; then {left} goes back to what you paid with."
            )
        }
        RefundDecision::BySeller(_) => {
            format!(
                "{rule} The next page asks why you want the {left} back, and sends it to {}.",
                order.seller
            )
        }
    }
}

/// What was paid and did not go back.
fn left(page: &OrderPage) -> Money {
    let price = page.order.price;
    page.refunded.map_or(price, |refunded| price.sub(refunded).unwrap_or(price))
}

/// What a program asks its buyer for.
fn licence_key(page: &OrderPage) -> Option<AnyView> {
    let key = page.licence_key.clone()?;
    let view = view! {
        <section aria-labelledby="licence-key">
            <h2 id="licence-key">"Licence key"</h2>
            <p><code class="reference licence-key">{key}</code></p>
            <p class="muted">"For a program that asks for one. It is yours alone, and ends with a refund."</p>
        </section>
    };
    Some(view.into_any())
}

/// For a device on which the buyer is not signed in.
fn links(page: &OrderPage) -> Option<AnyView> {
    if page.downloads.is_empty() {
        return None;
    }
    let several = page.downloads.len() > 1;
    let path = format!("/orders/{}/links", page.order.id);
    let buttons: Vec<_> = (1..)
        .zip(&page.downloads)
        .map(|(number, download): (usize, _)| {
            let label = if several { format!("Make a link to {}", download.file.name) } else { "Make a link".to_owned() };
            view! {
                <button class="button button-quiet" type="submit" name="number" value=number.to_string()>{label}</button>
            }
        })
        .collect();
    let made: Vec<_> = page.links.iter().map(link).collect();
    let made = (!made.is_empty()).then(|| view! { <ul class="download-links" role="list">{made}</ul> });
    let view = view! {
        <details class="links" id="links" open=!page.links.is_empty()>
            <summary>"Download on another device"</summary>
            <p>
                "Make a link that needs no password. It works for 24 hours and begins a download five times; one that broke \
                off goes on where it was. A refund ends it. Whoever has it can use it, so keep it to yourself."
            </p>
            {made}
            <form class="buttons" method="post" action=path>{buttons}</form>
        </details>
    };
    Some(view.into_any())
}

fn link(link: &DownloadLink) -> AnyView {
    let left =
        if link.uses_left == 1 { "once more".to_owned() } else { format!("{} times more", link.uses_left) };
    view! {
        <li>
            <code class="reference"><a href=link.url.clone() rel="nofollow">{link.url.clone()}</a></code>
            <p class="muted">{format!("{}: works {left}, until ", link.name)} {time::date_time(link.expires_at)}</p>
        </li>
    }
    .into_any()
}

/// What the seller said when it was fulfilled.
fn from_seller(page: &OrderPage) -> Option<AnyView> {
    if page.tracking.is_none() && page.seller_message.is_none() {
        return None;
    }
    let tracking = page.tracking.clone().map(|number| {
        view! { <p>"Tracking number: " <code class="reference">{number}</code></p> }
    });
    let message =
        page.seller_message.clone().map(|text| view! { <blockquote class="quoted">{text}</blockquote> });
    let view = view! {
        <section aria-labelledby="from-seller">
            <h2 id="from-seller">{format!("From {}", page.order.seller)}</h2>
            {tracking}
            {message}
        </section>
    };
    Some(view.into_any())
}

fn timeline(entries: &[TimelineEntry]) -> AnyView {
    let entries: Vec<_> = entries
        .iter()
        .map(|entry| {
            let detail = (!entry.detail.is_empty()).then(|| view! { <p>{entry.detail.clone()}</p> });
            view! {
                <li>
                    <h3>{entry.title.clone()}</h3>
                    <p class="timeline-time">{time::date_time(entry.at)}</p>
                    {detail}
                </li>
            }
        })
        .collect();
    view! {
        <section aria-labelledby="timeline">
            <h2 id="timeline">"What happened so far"</h2>
            <ol class="timeline" role="list">{entries}</ol>
        </section>
    }
    .into_any()
}

fn shipping(page: &OrderPage) -> Option<AnyView> {
    if page.shipping.is_empty() {
        return None;
    }
    let lines: Vec<_> = page.shipping.iter().map(|line| view! { <span>{line.clone()}</span> }).collect();
    let speed =
        page.shipping_speed.clone().map(|speed| view! { <p class="muted">{format!("Sent by: {speed}")}</p> });
    let view = view! {
        <section aria-labelledby="shipping">
            <h2 id="shipping">"Where it goes"</h2>
            <address class="postal">{lines}</address>
            {speed}
        </section>
    };
    Some(view.into_any())
}

fn price_split(page: &OrderPage) -> Option<AnyView> {
    let parts = page.split.as_ref().map(|parts| split(parts, "Seller"))?;
    let view = view! {
        <section aria-labelledby="split">
            <h2 id="split">"How the price divides"</h2>
            {parts}
        </section>
    };
    Some(view.into_any())
}

/// What the item cost, what sending it cost, both together, and what was charged where the seller asked for less.
fn prices(page: &OrderPage) -> AnyView {
    let total = page.ordered.unwrap_or(page.order.price);
    let charged = page.ordered.map(|_| fact("Charged", amount(page.order.price)));
    if !page.physical && page.discount.is_none() {
        return view! { {fact("Price", amount(total))} {charged} }.into_any();
    }
    let item = total.sub(page.shipping_price).unwrap_or(total);
    let off = page.discount.as_ref().map_or(Money::ZERO, |discount| discount.amount);
    let discount = page.discount.as_ref().map(|discount| {
        let words = discounts::who_bears_it(discount.bearer, &page.order.seller);
        let off = amount(discounts::minus(discount.amount));
        view! { <div><dt>{discounts::term(discount)}</dt><dd>{off} <p class="muted">{words}</p></dd></div> }
    });
    let shipping = page.physical.then(|| fact("Shipping", amount(page.shipping_price)));
    view! {
        {fact("Price", amount(item.add(off).unwrap_or(item)))}
        {discount}
        {shipping}
        {fact("Total", amount(total))}
        {charged}
    }
    .into_any()
}

pub(super) fn receipt(page: &OrderPage) -> AnyView {
    let order = &page.order;
    let item = view! { <a href=item_path(&order.item_slug)>{order.title.clone()}</a> };
    let refunded = page.refunded.map(|refunded| fact("Refunded", amount(refunded)));
    let transaction = page
        .transaction_id
        .clone()
        .map(|id| fact("Amazon transaction", view! { <code class="reference">{id}</code> }));
    let heading = if page.receipt.is_some() { "Receipt" } else { "The order" };
    let whole = page.receipt.clone().map(|path| {
        view! { <p class="no-print"><a href=path>"Receipt to print or save"</a></p> }
    });
    view! {
        <section aria-labelledby="receipt">
            <h2 id="receipt">{heading}</h2>
            <dl class="facts">
                {fact("Item", item)}
                {prices(page)}
                {refunded}
                {fact("Seller", order.seller.clone())}
                {fact("Ordered", time::date_time(order.placed_at))}
                {fact("Order", view! { <code class="reference">{order.id.clone()}</code> })}
                {transaction}
            </dl>
            {whole}
        </section>
    }
    .into_any()
}
