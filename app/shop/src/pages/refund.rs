//! Before money goes back: what happens, who decides, who gives what. One page for the buyer, one for the merchant.

use super::shell;
use crate::model::{
    Chrome, GiveRefundPage, OrderStatus, PriceSplit, RefundBasis, RefundDecision, RefundPage,
};
use crate::refund_rule;
use app::assets;
use app::components::action::Weight;
use app::components::field::{RadioOption, TextField, error_summary, radio_group, select_field, text_field};
use leptos::prelude::*;
use money::Money;

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
                {select_field(&page.form, "reason", "Why do you want it back?", false, &page.reasons)}
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
            {error_summary(form)}
            {changed}
            <form class="panel refund-form" method="post" action=format!("{path}/refund") novalidate>
                <p class="lead">{lead(page)}</p>
                {numbers(page)}
                {text_field(form, AMOUNT)}
                {radio_group(form, "policy", "Who bears it", Some("shared"), &policies())}
                {text_field(form, REASON)}
                <input type="hidden" name="shown_amount" value=page.amount.to_six_decimals() />
                <input type="hidden" name="shown_policy" value=chosen(page) />
                <button class=Weight::Danger.class() type="submit" aria-describedby="refund-effect">"Refund"</button>
                <p class="effect" id="refund-effect">
                    "Sends back what the numbers above are for. Nothing moves before you have seen them: where they are not shown while you type, they are shown first."
                </p>
            </form>
            <p><a href=path>"Back to the order, without a refund"</a></p>
            <script src=assets::address("/public/desk.js") defer></script>
        </div>
    }
    .into_any()
}

/// With what the script says of another amount.
fn lead(page: &GiveRefundPage) -> AnyView {
    let download = |words: &'static str| if page.physical { "" } else { words };
    let buyer = &page.order.buyer;
    let all = format!(
        "goes back to {buyer}, all that is left of the payment.{}",
        download(" The download stops working.")
    );
    let some =
        format!("goes back to {buyer}, a part of the payment.{}", download(" The download goes on working."));
    let none = format!("Type how much goes back, at most {}.", page.left);
    let words = format!("{} {}", page.amount, if page.amount == page.left { &all } else { &some });
    view! {
        <output for="field-amount" role="note" aria-live="polite" data-all=all data-some=some data-none=none>{words}</output>
    }
    .into_any()
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
    shares(parts, &numbers.basis, page.left)
}

/// With what the script needs to reckon them anew, in millionths of a dollar.
fn shares(parts: &PriceSplit, basis: &RefundBasis, left: Money) -> AnyView {
    let parts = parts.in_cents();
    let line = |term: &'static str, part: &'static str, money: Money| {
        view! { <div><dt>{term}</dt><dd><span class="amount" data-part=part>{money.to_string()}</span></dd></div> }
    };
    view! {
        <h2>"Who gives back how much"</h2>
        <dl
            class="sum shares"
            data-left=left.micros().to_string()
            data-charged=basis.charged.micros().to_string()
            data-before=basis.before.micros().to_string()
            data-marketplace=basis.marketplace.micros().to_string()
            data-amazon=basis.amazon.micros().to_string()
            data-taken=basis.taken.micros().to_string()
        >
            {line("You give back", "you", parts.merchant)}
            {line("The marketplace gives back", "marketplace", parts.marketplace)}
            {line("Amazon Payments gives back", "amazon", parts.amazon)}
            <div class="total">
                <dt>"The buyer gets"</dt>
                <dd><span class="amount" data-part="buyer">{parts.total.to_string()}</span></dd>
            </div>
        </dl>
    }
    .into_any()
}
