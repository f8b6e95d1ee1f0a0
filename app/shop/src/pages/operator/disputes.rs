//! `/operator/disputes`: refunds that buyers ask for and did not get yet.

use super::frame;
use crate::model::{Chrome, DisputePage, DisputeRow, DisputesPage, RefundAnswer};
use crate::pages::message_thread;
use app::components::action::Weight;
use app::components::amount::amount;
use app::components::field::{TextField, error_summary, text_area, text_field};
use app::components::table::{Column, table};
use app::components::time;
use jiff::Timestamp;
use leptos::prelude::*;

const PATH: &str = "/operator/disputes";

pub fn disputes(chrome: &Chrome, page: &DisputesPage) -> String {
    frame(chrome, "Refunds asked for", PATH, || {
        view! {
            {list("escalated", "Waiting for your decision", &page.escalated, "Nobody asked the marketplace to decide.")}
            {list("waiting", "Waiting for the seller", &page.waiting, "Nobody waits for an answer.")}
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
        view! {
            {error_summary(&page.form)}
            <p class="lead">{sentence}</p>
            {story(page)}
            <p><a href=format!("/orders/{}", request.order_id)>"The order and what happened to it"</a></p>
            {if page.may_decide { decide(page) } else { closed(page) }}
            {message_thread::thread(&request.order_id, &page.messages)}
        }
        .into_any()
    })
}

/// What each side said about it, first things first.
fn story(page: &DisputePage) -> AnyView {
    let (request, seller) = (&page.row.request, &page.row.seller);
    let asked = (format!("{} asked", request.buyer), Some(request.at), Some(request.reason.clone()));
    let declined = |at| (format!("{seller} declined"), Some(at), None);
    let silent = || (format!("{seller} has not answered"), None, None);
    let mut steps = vec![asked];
    match &page.answer {
        RefundAnswer::Open => steps.push(silent()),
        RefundAnswer::Declined { at } => steps.push(declined(*at)),
        RefundAnswer::Escalated { declined_at, said } => {
            steps.push(declined_at.map_or_else(silent, declined));
            let words = Some(said.words.clone());
            steps.push((format!("{} asked the marketplace", request.buyer), Some(said.at), words));
        }
        RefundAnswer::Refused { ruling } => {
            let words = Some(ruling.words.clone());
            steps.push(("The marketplace declined".to_owned(), Some(ruling.at), words));
        }
    }
    let steps: Vec<_> = steps.into_iter().map(step).collect();
    view! {
        <section aria-labelledby="story">
            <h2 id="story">"What was said"</h2>
            <ol class="timeline" role="list">{steps}</ol>
        </section>
    }
    .into_any()
}

fn step((title, at, words): (String, Option<Timestamp>, Option<String>)) -> AnyView {
    let at = at.map(|at| view! { <p class="timeline-time">{time::date_time(at)}</p> });
    let words = words.map(|words| view! { <blockquote class="quoted">{words}</blockquote> });
    view! { <li><h3>{title}</h3> {at} {words}</li> }.into_any()
}

/// Why there is nothing to decide.
fn closed(page: &DisputePage) -> AnyView {
    let words = match page.answer {
        RefundAnswer::Open | RefundAnswer::Escalated { .. } => {
            "You asked for this yourself: another operator has to decide."
        }
        RefundAnswer::Declined { .. } => {
            "The seller declined it, and only the seller can change that, unless the buyer asks you to decide."
        }
        RefundAnswer::Refused { .. } => "This is decided, and only the seller can change that.",
    };
    view! { <p class="panel">{words}</p> }.into_any()
}

fn decide(page: &DisputePage) -> AnyView {
    const AMOUNT: TextField = TextField {
        input_mode: Some("decimal"),
        width: Some("short"),
        ..TextField::new("amount", "How much goes back, if anything does")
    };
    let (request, hint) =
        (&page.row.request, "Buyer and seller read it; it is kept in the audit log with your decision.");
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
                {text_field(&page.form, AMOUNT)}
                {text_area(&page.form, "reason", "Reason", 3, Some(hint))}
                <div class="actions">
                    {button(Weight::Primary, "grant", "Refund", format!("Pays that much, at most {}, back to the buyer; seller, marketplace and Amazon each give up their share.", request.amount))}
                    {button(Weight::Quiet, "decline", "Decline", "Nothing is paid back, and the buyer cannot ask again. Only the seller can still send money.".to_owned())}
                </div>
            </form>
        </section>
    }
    .into_any()
}
