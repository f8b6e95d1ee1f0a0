//! A buyer's request for a refund, made at Amazon Payments or in the shop: on the order, and among what waits for an answer.

use super::shell;
use crate::model::{
    Chrome, EscalatePage, OrderPage, RefundAnswer, RefundRequestRow, RefundRequestView, RequestStep,
};
use app::components::action::{Weight, post_button, way_button};
use app::components::field::{error_summary, text_area};
use app::components::time;
use leptos::prelude::*;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// On the order's page: to answer for those who may, to know for the others.
pub(super) fn on_order(page: &OrderPage) -> Option<AnyView> {
    let request = page.refund_request.as_ref()?;
    let reason = request.reason.clone();
    let waits = matches!(request.step, RequestStep::Answer | RequestStep::Decide)
        || request.step == RequestStep::GrantAfterAll && is_escalated(request);
    let class = if waits { "panel" } else { "refund-request" };
    let view = view! {
        <section class=class aria-labelledby="refund-request">
            <h2 id="refund-request">"Refund asked for"</h2>
            <p>{sentence(page, request)}</p>
            <blockquote class="quoted">{reason}</blockquote>
            <p class="muted">{time::date_time(request.at)}</p>
            {before_marketplace(page, request)}
            {step(page, request)}
        </section>
    };
    Some(view.into_any())
}

fn is_escalated(request: &RefundRequestView) -> bool {
    matches!(request.answer, RefundAnswer::Escalated { .. })
}

fn sentence(page: &OrderPage, request: &RefundRequestView) -> String {
    // The split is shown to those who sell and operate, never to the buyer.
    if page.split.is_some() { to_seller(page, request) } else { to_buyer(page, request) }
}

fn to_seller(page: &OrderPage, request: &RefundRequestView) -> String {
    let (amount, buyer, seller) = (request.amount, &page.order.buyer, &page.order.seller);
    match &request.answer {
        RefundAnswer::Open => {
            format!("{}{buyer} asks to get {amount} back.", place(request, "At Amazon Payments "))
        }
        RefundAnswer::Declined { .. } if request.step == RequestStep::GrantAfterAll => format!(
            "{buyer} asked to get {amount} back, and it was declined. You can change that; so can the marketplace, if \
             {buyer} asks it."
        ),
        RefundAnswer::Declined { .. } => {
            format!("{buyer} asked to get {amount} back, and it was declined.")
        }
        RefundAnswer::Escalated { declined_at: Some(_), .. } => format!(
            "{buyer} asked to get {amount} back, {seller} declined, and {buyer} asked the marketplace to decide."
        ),
        RefundAnswer::Escalated { declined_at: None, .. } => {
            format!("{buyer} asked to get {amount} back, got no answer, and asked the marketplace to decide.")
        }
        RefundAnswer::Refused { .. } => {
            format!("{buyer} asked to get {amount} back, and the marketplace decided that nothing goes back.")
        }
    }
}

fn to_buyer(page: &OrderPage, request: &RefundRequestView) -> String {
    let (amount, seller) = (request.amount, &page.order.seller);
    match &request.answer {
        RefundAnswer::Open => {
            let there = place(request, " at Amazon Payments");
            format!("You asked for {amount} back{there}. {seller} has to answer.")
        }
        RefundAnswer::Declined { .. } if request.step == RequestStep::Escalate => {
            format!("You asked for {amount} back. {seller} declined.")
        }
        RefundAnswer::Declined { .. } => format!(
            "You asked for {amount} back. {seller} declined, so it cannot be sent back from here: only {seller} can \
             change that."
        ),
        RefundAnswer::Escalated { .. } => format!(
            "You asked for {amount} back, and the marketplace to decide. You read its decision here; until then \
             {seller} can still send the money back."
        ),
        RefundAnswer::Refused { .. } => format!(
            "You asked for {amount} back. The marketplace decided that nothing goes back, and that is the last word."
        ),
    }
}

/// Where it was asked for, unless that was here.
fn place<'a>(request: &RefundRequestView, words: &'a str) -> &'a str {
    if request.at_amazon { words } else { "" }
}

/// What the buyer told the marketplace, or the marketplace both.
fn before_marketplace(page: &OrderPage, request: &RefundRequestView) -> Option<AnyView> {
    let (who, said) = match &request.answer {
        RefundAnswer::Open | RefundAnswer::Declined { .. } => return None,
        RefundAnswer::Escalated { said, .. } if page.split.is_none() => {
            ("You to the marketplace:".to_owned(), said)
        }
        RefundAnswer::Escalated { said, .. } => (format!("{} to the marketplace:", page.order.buyer), said),
        RefundAnswer::Refused { ruling } => ("The marketplace:".to_owned(), ruling),
    };
    let view = view! {
        <p>{who}</p>
        <blockquote class="quoted">{said.words.clone()}</blockquote>
        <p class="muted">{time::date_time(said.at)}</p>
    };
    Some(view.into_any())
}

fn path(order: &str, request: &RefundRequestView, step: &str) -> String {
    let id = utf8_percent_encode(&request.id, NON_ALPHANUMERIC);
    format!("/orders/{order}/refund-requests/{id}/{step}")
}

fn step(page: &OrderPage, request: &RefundRequestView) -> Option<AnyView> {
    let (order, seller) = (&page.order.id, &page.order.seller);
    Some(match request.step {
        RequestStep::Nothing => return None,
        RequestStep::Answer | RequestStep::GrantAfterAll => answer(order, request, page.physical),
        RequestStep::Decide => view! {
            <p><a href=format!("/operator/disputes/{order}")>"Read the whole story and decide"</a></p>
        }
        .into_any(),
        RequestStep::Escalate => {
            let effect = format!(
                "If you and {seller} do not agree, the marketplace reads both sides and decides, once. The next page \
                 asks what it should know."
            );
            let path = path(order, request, "escalate");
            let id = "escalate-effect".to_owned();
            view! { <div class="actions">{way_button(path, "Ask the marketplace", Weight::Quiet, id, effect)}</div> }
                .into_any()
        }
        RequestStep::EscalateFrom(from) => view! {
            <p>
                {format!("If {seller} has not answered by ")} {time::date_time(from)}
                ", you can ask the marketplace to decide."
            </p>
        }
        .into_any(),
    })
}

fn answer(order: &str, request: &RefundRequestView, physical: bool) -> AnyView {
    let open = request.step == RequestStep::Answer;
    let download = if physical { "" } else { " If that is all of the price, the download stops working." };
    let refund = format!("Pays {} back to the buyer.{download}", request.amount);
    let decline = "Nothing is paid back. The buyer sees here that you declined.".to_owned();
    let weight = if open || is_escalated(request) { Weight::Primary } else { Weight::Quiet };
    let decline = open.then(|| {
        let path = path(order, request, "decline");
        post_button(path, "Decline", Weight::Quiet, "decline-effect".to_owned(), decline)
    });
    view! {
        <div class="actions">
            {post_button(path(order, request, "grant"), "Refund", weight, "grant-effect".to_owned(), refund)}
            {decline}
        </div>
    }
    .into_any()
}

/// Before the buyer asks the marketplace.
pub fn escalate(chrome: &Chrome, page: &EscalatePage) -> String {
    shell::page(chrome, "Ask the marketplace", || escalate_main(page))
}

fn escalate_main(page: &EscalatePage) -> AnyView {
    const HINT: &str = "What went wrong, and what you think is fair. At most 1000 characters.";
    let (order, request) = (&page.order, &page.asked);
    let seller = &order.seller;
    let answered = match request.answer {
        RefundAnswer::Declined { at } => {
            view! { {format!("{seller} declined, ")} {time::date_time(at)} "." }.into_any()
        }
        _ => format!("{seller} has not answered.").into_any(),
    };
    view! {
        <div class="narrow">
            <p class="overline">{order.title.clone()}</p>
            <h1>"Ask the marketplace to decide?"</h1>
            <p class="lead">
                {format!("The marketplace reads what you and {seller} wrote about this order, and decides whether {} goes back, or a part of it. Its decision is the last word: it cannot be asked again.", request.amount)}
            </p>
            <p>"You asked for a refund, " {time::date_time(request.at)} ". " {answered}</p>
            <blockquote class="quoted">{request.reason.clone()}</blockquote>
            <form class="panel" method="post" action=path(&order.id, request, "escalate") novalidate>
                {error_summary(&page.form)}
                {text_area(&page.form, "words", "What should the marketplace know?", 5, Some(HINT))}
                <button class=Weight::Primary.class() type="submit" aria-describedby="escalate-effect">
                    "Ask the marketplace"
                </button>
                <p class="effect" id="escalate-effect">
                    {format!("{seller} is told, reads your words, and can still send the money back. No money moves yet.")}
                </p>
            </form>
            <p><a href=format!("/orders/{}", order.id)>"Back to the order, and leave it as it is"</a></p>
        </div>
    }
    .into_any()
}

/// Those that wait for an answer, for the merchant's desk and the operator. Nothing if none does.
pub(super) fn waiting(requests: &[RefundRequestRow]) -> Option<AnyView> {
    if requests.is_empty() {
        return None;
    }
    let rows: Vec<_> = requests.iter().map(row).collect();
    let view = view! {
        <section class="panel" aria-labelledby="refund-requests">
            <h2 id="refund-requests">
                "Refunds asked for " <span class="count">{requests.len().to_string()}</span>
            </h2>
            <p>"Open an order to refund it or to decline."</p>
            <ul class="waiting" role="list">{rows}</ul>
        </section>
    };
    Some(view.into_any())
}

fn row(request: &RefundRequestRow) -> AnyView {
    let path = format!("/orders/{}", request.order_id);
    view! {
        <li>
            <p class="waiting-title"><a href=path>{request.title.clone()}</a></p>
            <p class="muted">
                {format!("{} asks for {} back, ", request.buyer, request.amount)} {time::date_time(request.at)}
            </p>
            <blockquote class="quoted">{request.reason.clone()}</blockquote>
        </li>
    }
    .into_any()
}
