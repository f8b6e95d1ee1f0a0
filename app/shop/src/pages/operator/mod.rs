//! The operator's pages. The first has orders, fees earned, what waits, and the notifications that came from Amazon.

mod audit;
mod disputes;
mod fees;
mod filter;
mod health;
mod hold;
mod items;
mod orders;
mod people;
mod reviews;
#[cfg(test)]
pub mod tests;

pub use audit::audit;
pub use disputes::{dispute, disputes};
pub use fees::fees;
pub use health::health;
pub use items::{item_oversight, items};
pub use orders::all_orders;
pub use people::{people, person};
pub use reviews::{all_reviews, review_oversight};

use super::refund_request;
use super::sections::{OPERATOR, sections};
use super::shell;
use crate::model::{Chrome, OperatorPage, OrderDifference, OrderStatus, OrderSummary, ReceivedNotification};
use crate::status;
use app::components::amount::amount;
use app::components::table::{Column, table};
use app::components::time;
use leptos::prelude::*;

/// A page of the operator's, below the way to the others.
fn frame(
    chrome: &Chrome,
    title: impl Into<String>,
    section: &'static str,
    content: impl FnOnce() -> AnyView,
) -> String {
    let title = title.into();
    let heading = title.clone();
    shell::page(chrome, format!("{title}: operator"), || {
        view! {
            <div class="desk">
                <p class="overline"><a href="/operator">"Operator"</a></p>
                <h1>{heading}</h1>
                {sections("Operator", OPERATOR, section)}
                {content()}
            </div>
        }
        .into_any()
    })
}

pub fn operator(chrome: &Chrome, page: &OperatorPage) -> String {
    shell::page(chrome, "Operator", || {
        view! {
            <div class="desk">
                <h1>"Operator"</h1>
                {sections("Operator", OPERATOR, "/operator")}
                <dl class="figures">
                    <div><dt>"Fees earned"</dt><dd>{amount(page.fees_earned)}</dd></div>
                    <div><dt>"Orders in all"</dt><dd>{page.orders_total.to_string()}</dd></div>
                    {page.credit.map(|credit| view! { <div><dt>"Credit not spent"</dt><dd>{amount(credit)}</dd></div> })}
                </dl>
                {to_decide(page)}
                {differences(page)}
                {refund_request::waiting(&page.refund_requests)}
                {by_status(&page.by_status)}
                {latest(&page.orders)}
                {notifications(&page.notifications)}
            </div>
        }
        .into_any()
    })
}

/// Refunds that nobody else decides on; nothing where there is none.
fn to_decide(page: &OperatorPage) -> Option<AnyView> {
    let words = match page.to_decide {
        0 => return None,
        1 => "1 refund waits for your decision".to_owned(),
        several => format!("{several} refunds wait for your decision"),
    };
    Some(view! { <p class="panel"><a href="/operator/disputes">{words}</a></p> }.into_any())
}

/// What somebody has to look into; nothing where both sides agree.
fn differences(page: &OperatorPage) -> Option<AnyView> {
    const COLUMNS: [Column; 4] = [
        Column::words("Order"),
        Column::words("The shop says"),
        Column::words("Amazon Payments says"),
        Column::words("Since"),
    ];
    if page.differences.is_empty() {
        return None;
    }
    let rows = page.differences.iter().map(difference).collect();
    let more =
        page.differences_total.saturating_sub(u32::try_from(page.differences.len()).unwrap_or(u32::MAX));
    let more = (more > 0).then(|| view! { <p>{format!("And {more} more.")}</p> });
    let view = view! {
        <section class="panel" aria-labelledby="differences">
            <h2 id="differences">
                "Amazon Payments disagrees " <span class="count">{page.differences_total.to_string()}</span>
            </h2>
            <p>"Open an order to see what happened. No money is moved for this; a row goes when both sides agree."</p>
            {table("Orders of which Amazon Payments says something else", &COLUMNS, rows)}
            {more}
        </section>
    };
    Some(view.into_any())
}

fn difference(difference: &OrderDifference) -> Vec<AnyView> {
    let path = format!("/orders/{}", difference.order_id);
    vec![
        view! { <a href=path>{difference.title.clone()}</a> }.into_any(),
        difference.believed.clone().into_any(),
        difference.found.clone().into_any(),
        time::date_time(difference.since),
    ]
}

fn by_status(counts: &[(OrderStatus, u32)]) -> Option<AnyView> {
    let most = counts.iter().map(|(_, count)| *count).max()?.max(1);
    let rows: Vec<_> = counts
        .iter()
        .map(|(order_status, count)| {
            let width = format!("{}%", u64::from(*count) * 100 / u64::from(most));
            view! {
                <div>
                    <dt>{status::label(*order_status)}</dt>
                    <dd>
                        <span class="bar-count">{count.to_string()}</span>
                        <svg class="bar" aria-hidden="true" focusable="false">
                            <rect width=width height="100%"></rect>
                        </svg>
                    </dd>
                </div>
            }
        })
        .collect();
    let view = view! {
        <section aria-labelledby="by-status">
            <h2 id="by-status">"Where orders stand"</h2>
            <dl class="bars">{rows}</dl>
        </section>
    };
    Some(view.into_any())
}

fn latest(orders: &[OrderSummary]) -> AnyView {
    let content = if orders.is_empty() {
        view! { <p class="muted">"No orders yet. They are listed here from the first one on."</p> }.into_any()
    } else {
        view! {
            {orders::orders_table("Latest orders", orders)}
            <p><a href="/operator/orders">"All orders"</a></p>
        }
        .into_any()
    };
    view! { <section aria-labelledby="orders"><h2 id="orders">"Latest orders"</h2> {content}</section> }
        .into_any()
}

fn notifications(notifications: &[ReceivedNotification]) -> AnyView {
    const COLUMNS: [Column; 4] = [
        Column::words("Said"),
        Column::words("Received"),
        Column::words("Transaction"),
        Column::words("What came of it"),
    ];
    let content = if notifications.is_empty() {
        view! { <p class="muted">"None received yet. Amazon Payments sends one for every change of a transaction."</p> }
            .into_any()
    } else {
        table(
            "Notifications from Amazon Payments",
            &COLUMNS,
            notifications.iter().map(notification).collect(),
        )
    };
    view! {
        <section aria-labelledby="notifications">
            <h2 id="notifications">"Notifications from Amazon Payments"</h2>
            {content}
        </section>
    }
    .into_any()
}

fn notification(notification: &ReceivedNotification) -> Vec<AnyView> {
    let outcome = notification.outcome.clone();
    let outcome = match &notification.order_id {
        Some(id) => {
            view! { <span>{outcome} " " <a href=format!("/orders/{id}")>"Order"</a></span> }.into_any()
        }
        None => outcome.into_any(),
    };
    vec![
        notification.summary.clone().into_any(),
        time::date_time(notification.at),
        view! { <code class="reference">{notification.transaction_id.clone()}</code> }.into_any(),
        outcome,
    ]
}
