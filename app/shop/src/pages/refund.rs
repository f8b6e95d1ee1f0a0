//! Before money goes back: what happens, who decides, who gives what. One page for the buyer, one for the merchant.

use super::order_steps::line;
use super::shell;
use crate::model::{Chrome, GiveRefundPage, OrderStatus, PriceSplit, RefundDecision, RefundPage};
use crate::refund_rule;
use app::components::action::Weight;
use app::components::field::{RadioOption, TextField, error_summary, radio_group, select_field, text_field};
use leptos::prelude::*;

/// For the buyer.
pub fn refund(chrome: &Chrome, page: &RefundPage) -> String {
    shell::page(chrome, "Refund", || buyers(page))
}

fn buyers(page: &RefundPage) -> AnyView {
    const DETAILS: TextField = TextField {
        optional: true,
        hint: Some("The seller reads it."),
        ..TextField::new("details", "In your own words")
    };
    let order = &page.order;
    let path = format!("/orders/{}", order.id);
    let (label, effect) = match page.decision {
        RefundDecision::AtOnce => ("Refund", at_once(page)),
        RefundDecision::BySeller(_) => ("Ask for a refund", asked(page)),
    };
    let rule = refund_rule::decision_words(page.rule, page.decision, &order.seller);
    view! {
        <div class="narrow">
            <p class="overline">{order.title.clone()}</p>
            <h1>{format!("Get {} back?", page.amount)}</h1>
            <p class="lead">{effect}</p>
            <p>{rule}</p>
            <form class="panel" method="post" action=format!("{path}/refund") novalidate>
                {error_summary(&page.form)}
                {select_field(&page.form, "reason", "Why do you want it back?", &page.reasons)}
                {text_field(&page.form, DETAILS)}
                <button class=Weight::Danger.class() type="submit">{label}</button>
            </form>
            <p><a href=path>"Back to the order, and leave it as it is"</a></p>
        </div>
    }
    .into_any()
}

fn at_once(page: &RefundPage) -> String {
    let first = match page.order.status {
        OrderStatus::Paid => "",
        _ => "The payment is completed first, because only then can it be paid back. ",
    };
    let download = if page.physical { "" } else { " The download stops working." };
    format!("{first}{} goes back to what you paid with, at once.{download}", page.amount)
}

fn asked(page: &RefundPage) -> String {
    let (amount, seller) = (page.amount, &page.order.seller);
    let download = if page.physical { "" } else { " Until then the download goes on working." };
    format!("{seller} is asked to pay {amount} back. You read the answer on the order.{download}")
}

/// For the merchant.
pub fn give_refund(chrome: &Chrome, page: &GiveRefundPage) -> String {
    shell::page(chrome, "Refund", || merchants(page))
}

fn merchants(page: &GiveRefundPage) -> AnyView {
    const REASON: TextField =
        TextField { optional: true, hint: Some("The buyer reads it."), ..TextField::new("reason", "Why") };
    const AMOUNT: TextField = TextField {
        input_mode: Some("decimal"),
        width: Some("short"),
        ..TextField::new("amount", "How much goes back")
    };
    let (order, form) = (&page.order, &page.form);
    let path = format!("/orders/{}", order.id);
    let changed = page.changed.then(|| {
        view! { <p class="note" role="status">"These are the numbers for what you chose. Nothing has moved yet."</p> }
    });
    view! {
        <div class="narrow">
            <p class="overline">{order.title.clone()}</p>
            <h1>{format!("Refund {}", order.buyer)}</h1>
            <p class="lead">{lead(page)}</p>
            {error_summary(form)}
            {changed}
            <form class="panel" method="post" action=format!("{path}/refund") novalidate>
                {numbers(page)}
                {text_field(form, AMOUNT)}
                {radio_group(form, "policy", "Who bears it", Some("shared"), &policies())}
                {text_field(form, REASON)}
                <input type="hidden" name="shown_amount" value=page.amount.to_six_decimals() />
                <input type="hidden" name="shown_policy" value=chosen(page) />
                <button class=Weight::Danger.class() type="submit" aria-describedby="refund-effect">"Refund"</button>
                <p class="effect" id="refund-effect">
                    "If you change the amount or who bears it, the new numbers are shown first; nothing moves before you have seen them."
                </p>
            </form>
            <p><a href=path>"Back to the order, without a refund"</a></p>
        </div>
    }
    .into_any()
}

fn lead(page: &GiveRefundPage) -> String {
    let all = page.amount == page.left;
    let download = match (page.physical, all) {
        (true, _) => "",
        (false, true) => " The download stops working.",
        (false, false) => " The download goes on working.",
    };
    let rest = if all { "all that is left of the payment" } else { "a part of the payment" };
    format!("{} goes back to {}, {rest}.{download}", page.amount, page.order.buyer)
}

fn chosen(page: &GiveRefundPage) -> String {
    let chosen = page.form.value("policy");
    if chosen.is_empty() { "shared".to_owned() } else { chosen.to_owned() }
}

fn policies() -> [RadioOption; 2] {
    [
        RadioOption::new(
            "shared",
            "Each gives back their share",
            "You, the marketplace and Amazon Payments, each what they got of it.",
        ),
        RadioOption::new(
            "seller_alone",
            "The marketplace keeps its fee",
            "You give back the marketplace's share, too; Amazon Payments gives back its own.",
        ),
    ]
}

fn numbers(page: &GiveRefundPage) -> AnyView {
    let Some(numbers) = &page.numbers else {
        return view! {
            <p>"Who gives back how much is known once Amazon Payments has said how it was paid. The amount is the same either way."</p>
        }
        .into_any();
    };
    let parts = if chosen(page) == "seller_alone" { &numbers.seller_alone } else { &numbers.shared };
    shares(parts)
}

fn shares(parts: &PriceSplit) -> AnyView {
    let parts = parts.in_cents();
    view! {
        <h2>"Who gives back how much"</h2>
        <dl class="sum">
            {line("You give back", parts.merchant)}
            {line("The marketplace gives back", parts.marketplace)}
            {line("Amazon Payments gives back", parts.amazon)}
            <div class="total"><dt>"The buyer gets"</dt><dd>{app::components::amount::amount(parts.total)}</dd></div>
        </dl>
    }
    .into_any()
}
