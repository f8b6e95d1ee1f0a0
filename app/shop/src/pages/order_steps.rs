//! Of one order, for its merchant: the forms that fulfil or cancel it, and what Amazon was asked about it.

use super::shell;
use crate::model::{ChargeLessPage, Chrome, OrderCall, OrderPage};
use app::components::action::Weight;
use app::components::field::{TextField, error_summary, text_field};
use app::components::time;
use app::form::FormState;
use leptos::prelude::*;

/// Fulfils the order, with what the buyer reads about it; `amount` charges less.
pub(super) fn fulfil(page: &OrderPage) -> AnyView {
    const TRACKING: TextField = TextField {
        optional: true,
        hint: Some("The buyer sees it here, and can follow the parcel."),
        width: Some("medium"),
        ..TextField::new("tracking", "Tracking number")
    };
    const MESSAGE: TextField =
        TextField { optional: true, ..TextField::new("message", "Message for the buyer") };
    const AMOUNT: TextField = TextField {
        optional: true,
        hint: Some(
            "If you cannot send all of it: what the buyer pays instead. The rest is released. Empty: everything.",
        ),
        input_mode: Some("decimal"),
        width: Some("short"),
        ..TextField::new("amount", "Charge less")
    };
    let form = &page.form;
    view! {
        <form class="saying" method="post" action=format!("/orders/{}/fulfil", page.order.id) novalidate>
            {error_summary(form)}
            {page.physical.then(|| text_field(form, TRACKING))}
            {text_field(form, MESSAGE)}
            {text_field(form, AMOUNT)}
            <button class=Weight::Primary.class() type="submit" aria-describedby="fulfil-effect">"Fulfil"</button>
            <p class="effect" id="fulfil-effect">{fulfil_effect(page)}</p>
        </form>
    }
    .into_any()
}

fn fulfil_effect(page: &OrderPage) -> String {
    let share = page
        .split
        .as_ref()
        .map_or(String::new(), |parts| format!(" Your share is {}.", parts.in_cents().merchant));
    let price = page.order.price;
    if page.physical {
        format!(
            "Press this when the parcel is packed: the buyer is charged {price}. Send it once this page says that it \
             is paid.{share}"
        )
    } else {
        format!("Charges the buyer {price} and gives them the download.{share}")
    }
}

/// The merchant cancels, with a reason if they like.
pub(super) fn seller_cancel(page: &OrderPage, effect: String) -> AnyView {
    const REASON: TextField = TextField {
        optional: true,
        hint: Some("The buyer reads it."),
        ..TextField::new("cancel_reason", "Why you cancel")
    };
    view! {
        <form class="saying" method="post" action=format!("/orders/{}/cancel", page.order.id) novalidate>
            {text_field(&page.form, REASON)}
            <button class=Weight::Danger.class() type="submit" aria-describedby="cancel-effect">"Cancel"</button>
            <p class="effect" id="cancel-effect">{effect}</p>
        </form>
    }
    .into_any()
}

/// Before less is charged than was ordered.
pub fn charge_less(chrome: &Chrome, page: &ChargeLessPage) -> String {
    shell::page(chrome, "Charge less", || charge_less_main(page))
}

fn charge_less_main(page: &ChargeLessPage) -> AnyView {
    let order = &page.order;
    let path = format!("/orders/{}", order.id);
    let share = page.share.map(|share| format!(" Your share of it is {share}."));
    view! {
        <div class="narrow">
            <p class="overline">{order.title.clone()}</p>
            <h1>{format!("Charge {} instead of {}?", page.amount, order.price)}</h1>
            <p class="lead">
                {format!("{} is charged {}, and the other {} that are held are released.", order.buyer, page.amount, page.rest)}
                {share}
            </p>
            <p>"It is charged once: what is released cannot be charged later. The buyer reads the amount on the order."</p>
            <form class="actions" method="post" action=format!("{path}/fulfil")>
                {hidden(&page.form, &["tracking", "message", "amount"])}
                <input type="hidden" name="confirmed" value=page.amount.to_six_decimals() />
                <button class=Weight::Primary.class() type="submit">{format!("Fulfil and charge {}", page.amount)}</button>
            </form>
            <p><a href=path>"Back to the order, without charging anything"</a></p>
        </div>
    }
    .into_any()
}

/// What was typed, to be sent along.
pub(super) fn hidden(form: &FormState, fields: &[&'static str]) -> AnyView {
    let inputs: Vec<_> = fields
        .iter()
        .map(|name| view! { <input type="hidden" name=*name value=form.value(name).to_owned() /> })
        .collect();
    inputs.into_any()
}

/// What became of the money, with Amazon's own answers.
pub(super) fn steps(calls: &[OrderCall]) -> Option<AnyView> {
    if calls.is_empty() {
        return None;
    }
    let rows: Vec<_> = calls.iter().map(step).collect();
    let view = view! {
        <section aria-labelledby="steps">
            <h2 id="steps">"What Amazon was asked"</h2>
            <p class="muted">"What became of the money, step by step, with each answer as Amazon Payments gave it."</p>
            <ol class="timeline steps" role="list">{rows}</ol>
        </section>
    };
    Some(view.into_any())
}

fn step(call: &OrderCall) -> AnyView {
    let times = (call.times > 1).then(|| format!(" Asked {} times, the last time then.", call.times));
    let label = format!("The answer to {} in XML", call.action);
    let answer = call.answer.clone().map(|href| {
        view! { <a href=href aria-label=label>"Answer in XML"</a> }
    });
    view! {
        <li>
            <h3>{format!("{} \u{2192} {}", call.action, call.outcome)}</h3>
            <p class="timeline-time">{time::date_time(call.at)}</p>
            <p>{format!("{}.", call.asked.trim_end_matches('?'))} {times} " " {answer}</p>
        </li>
    }
    .into_any()
}
