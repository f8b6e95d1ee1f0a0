//! A buyer's request for a refund, made at Amazon Payments or in the shop: on the order, and among what waits for an answer.

use crate::model::{OrderPage, RefundRequestRow, RefundRequestView};
use app::components::action::{Weight, post_button};
use app::components::time;
use leptos::prelude::*;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// On the order's page: to answer for those who may, to know for the others.
pub(super) fn on_order(page: &OrderPage) -> Option<AnyView> {
    let request = page.refund_request.as_ref()?;
    let reason = request.reason.clone();
    let answer = request.may_answer.then(|| answer(&page.order.id, request, page.physical));
    let class = if request.may_answer && request.open { "panel" } else { "refund-request" };
    let view = view! {
        <section class=class aria-labelledby="refund-request">
            <h2 id="refund-request">"Refund asked for"</h2>
            <p>{sentence(page, request)}</p>
            <blockquote class="quoted">{reason}</blockquote>
            <p class="muted">{time::date_time(request.at)}</p>
            {answer}
        </section>
    };
    Some(view.into_any())
}

fn sentence(page: &OrderPage, request: &RefundRequestView) -> String {
    let (amount, order) = (request.amount, &page.order);
    // The split is shown to those who sell and operate, never to the buyer.
    match (page.split.is_some(), request.open) {
        (true, true) => {
            format!("{}{} asks to get {amount} back.", place(request, "At Amazon Payments "), order.buyer)
        }
        (true, false) if request.may_answer => format!(
            "{} asked to get {amount} back, and it was declined. Nobody but you can change that.",
            order.buyer
        ),
        (true, false) => format!("{} asked to get {amount} back, and it was declined.", order.buyer),
        (false, true) => {
            format!(
                "You asked for {amount} back{}. {} has to answer.",
                place(request, " at Amazon Payments"),
                order.seller
            )
        }
        (false, false) => format!(
            "You asked for {amount} back. {0} declined, so it cannot be sent back from here: only {0} can change that.",
            order.seller
        ),
    }
}

/// Where it was asked for, unless that was here.
fn place<'a>(request: &RefundRequestView, words: &'a str) -> &'a str {
    if request.at_amazon { words } else { "" }
}

fn answer(order: &str, request: &RefundRequestView, physical: bool) -> AnyView {
    let id = utf8_percent_encode(&request.id, NON_ALPHANUMERIC);
    let path = |answer: &str| format!("/orders/{order}/refund-requests/{id}/{answer}");
    let download = if physical { "" } else { " If that is all of the price, the download stops working." };
    let refund = format!("Pays {} back to the buyer.{download}", request.amount);
    let decline = "Nothing is paid back. The buyer sees here that you declined.".to_owned();
    let weight = if request.open { Weight::Primary } else { Weight::Quiet };
    let decline = request.open.then(|| {
        post_button(path("decline"), "Decline", Weight::Quiet, "decline-effect".to_owned(), decline)
    });
    view! {
        <div class="actions">
            {post_button(path("grant"), "Refund", weight, "grant-effect".to_owned(), refund)}
            {decline}
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
