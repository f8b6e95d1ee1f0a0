//! `/operator/disputes`: refunds that buyers ask for and did not get yet.

use super::frame;
use crate::model::{Chrome, DisputePage, DisputeRow, DisputesPage};
use crate::pages::message_thread;
use app::components::action::Weight;
use app::components::amount::amount;
use app::components::field::{error_summary, text_area};
use app::components::table::{Column, table};
use app::components::time;
use leptos::prelude::*;

const PATH: &str = "/operator/disputes";

pub fn disputes(chrome: &Chrome, page: &DisputesPage) -> String {
    frame(chrome, "Refunds asked for", PATH, || {
        view! {
            {list("waiting", "Waiting for an answer", &page.waiting, "Nobody waits for an answer.")}
            {list("declined", "Declined by the seller", &page.declined, "None is declined.")}
        }
        .into_any()
    })
}

fn list(id: &'static str, heading: &'static str, rows: &[DisputeRow], none: &'static str) -> AnyView {
    const COLUMNS: [Column; 6] = [
        Column::words("Item"),
        Column::words("Buyer"),
        Column::words("Seller"),
        Column::words("Why"),
        Column::words("Asked"),
        Column::numbers("Amount"),
    ];
    let content = if rows.is_empty() {
        view! { <p class="muted">{none}</p> }.into_any()
    } else {
        let cells = rows.iter().map(|row| {
            let request = &row.request;
            vec![
                view! { <a href=format!("{PATH}/{}", request.order_id)>{request.title.clone()}</a> }
                    .into_any(),
                request.buyer.clone().into_any(),
                row.seller.clone().into_any(),
                request.reason.clone().into_any(),
                time::date_time(request.at),
                amount(request.amount),
            ]
        });
        table(heading, &COLUMNS, cells.collect())
    };
    view! { <section aria-labelledby=id><h2 id=id>{heading}</h2> {content}</section> }.into_any()
}

pub fn dispute(chrome: &Chrome, page: &DisputePage) -> String {
    let request = &page.row.request;
    frame(chrome, request.title.clone(), PATH, || {
        let sentence = format!(
            "{} asks {} for {} of {} back.",
            request.buyer, page.row.seller, request.amount, page.price
        );
        let decide = if page.may_decide {
            decide(page)
        } else {
            view! { <p class="panel">"The seller declined it, and only the seller can change that."</p> }
                .into_any()
        };
        view! {
            {error_summary(&page.form)}
            <p class="lead">{sentence}</p>
            <blockquote class="quoted">{request.reason.clone()}</blockquote>
            <p class="muted">"Asked " {time::date_time(request.at)}</p>
            <p><a href=format!("/orders/{}", request.order_id)>"The order and what happened to it"</a></p>
            {decide}
            {message_thread::thread(&request.order_id, &page.messages)}
        }
        .into_any()
    })
}

fn decide(page: &DisputePage) -> AnyView {
    let (request, hint) = (&page.row.request, "Kept in the audit log with your decision.");
    let button = |weight: Weight, value: &'static str, label: &'static str, effect: String| {
        let id = format!("{value}-effect");
        view! {
            <div class="action">
                <button class=weight.class() type="submit" name="decision" value=value aria-describedby=id.clone()>
                    {label}
                </button>
                <p class="effect" id=id>{effect}</p>
            </div>
        }
    };
    view! {
        <section class="panel" aria-labelledby="decide">
            <h2 id="decide">"Decide"</h2>
            <form method="post" action=format!("{PATH}/{}", request.order_id) novalidate>
                <input type="hidden" name="request" value=page.request_id.clone() />
                {text_area(&page.form, "reason", "Reason", 2, Some(hint))}
                <div class="actions">
                    {button(Weight::Primary, "grant", "Refund", format!("Pays {} back to the buyer; the seller and the fees give it up.", request.amount))}
                    {button(Weight::Quiet, "decline", "Decline", "Nothing is paid back. The buyer sees on the order that it was declined.".to_owned())}
                </div>
            </form>
        </section>
    }
    .into_any()
}
