//! What an account can do with a transaction, each with what it does to the money.

use super::account::transaction_address;
use crate::model::{TransactionAction, TransactionPage};
use app::components::action::{Weight, post_button};
use app::components::field::{TextField, error_summary, text_area, text_field};
use app::components::time::date_time;
use app::form::FormState;
use jiff::Timestamp;
use leptos::prelude::*;
use money::Money;

pub(super) fn action(data: &TransactionPage) -> Option<AnyView> {
    let address = |action: &str| format!("{}/{action}", transaction_address(&data.row.id));
    match &data.action {
        TransactionAction::Nothing => None,
        TransactionAction::Cancel => Some(cancel(address("cancel"), data)),
        TransactionAction::Refund { left, reference } => {
            Some(refund(address("refund"), &data.form, &data.sender, *left, reference.clone()))
        }
        TransactionAction::AskForRefund { left } => {
            Some(ask(address("refund-request"), &data.form, &data.caller, *left))
        }
        TransactionAction::Asked { amount, reason, at } => Some(asked(&data.caller, *amount, reason, *at)),
        TransactionAction::AskElsewhere => Some(ask_elsewhere(&data.caller)),
    }
}

fn cancel(path: String, data: &TransactionPage) -> AnyView {
    let effect = format!(
        "Nothing is charged, and what is held is free again. {} hears of it and will not deliver.",
        data.caller
    );
    let button = post_button(path, "Cancel this payment", Weight::Danger, "cancel-effect".to_owned(), effect);
    view! {
        <section aria-labelledby="cancel">
            <h2 id="cancel">"Changed your mind?"</h2>
            {error_summary(&data.form)}
            {button}
        </section>
    }
    .into_any()
}

fn amount_field(form: &FormState, left: Money, hint: &'static str) -> AnyView {
    let mut form = form.clone();
    if form.value("amount").is_empty() && form.is_valid() {
        form.set("amount", left.to_two_decimals());
    }
    let field = TextField {
        input_mode: Some("decimal"),
        width: Some("short"),
        hint: Some(hint),
        ..TextField::new("amount", "Amount in US dollars")
    };
    text_field(&form, field)
}

fn refund(path: String, form: &FormState, buyer: &str, left: Money, reference: String) -> AnyView {
    let lead = format!(
        "Up to {left} can go back to {buyer}, from your balance. Amazon Payments returns its fee in proportion; \
         the marketplace keeps its own."
    );
    let note = TextField {
        optional: true,
        hint: Some("The buyer reads it with the refund."),
        ..TextField::new("note", "Note")
    };
    view! {
        <section aria-labelledby="refund">
            <h2 id="refund">"Give a refund"</h2>
            <p>{lead}</p>
            {error_summary(form)}
            <form method="post" action=path novalidate>
                <input type="hidden" name="reference" value=reference />
                {amount_field(form, left, "All of it, or a part.")}
                {text_field(form, note)}
                <button class="button" type="submit">"Refund"</button>
            </form>
        </section>
    }
    .into_any()
}

fn ask(path: String, form: &FormState, caller: &str, left: Money) -> AnyView {
    let lead =
        format!("{caller} decides, and gets your name, the amount and your reason. No money moves yet.");
    view! {
        <section aria-labelledby="refund">
            <h2 id="refund">"Ask for a refund"</h2>
            <p>{lead}</p>
            {error_summary(form)}
            <form method="post" action=path novalidate>
                {amount_field(form, left, "All of it, or a part.")}
                {text_area(form, "reason", "Reason", 3, Some("What was wrong, in a sentence or two."))}
                <button class="button" type="submit">"Ask for a refund"</button>
            </form>
        </section>
    }
    .into_any()
}

fn asked(caller: &str, amount: Money, reason: &str, at: Timestamp) -> AnyView {
    let reason = reason.to_owned();
    let caller = caller.to_owned();
    let next = format!(
        "{caller} answers. What comes back shows up here; if it declines, it says so at its own site. After 14 days \
         without money back you can ask again."
    );
    view! {
        <section aria-labelledby="refund">
            <h2 id="refund">"You asked for a refund"</h2>
            <p>
                {format!("You asked {caller} for {amount} on ")} {date_time(at)}
                ". No money moved by it."
            </p>
            <p>{next}</p>
            <blockquote class="quoted">{reason}</blockquote>
        </section>
    }
    .into_any()
}

fn ask_elsewhere(caller: &str) -> AnyView {
    let text = format!("{caller} does not take requests from here: ask for a refund at its own site.");
    view! {
        <section aria-labelledby="refund">
            <h2 id="refund">"Refunds"</h2>
            <p>{text}</p>
        </section>
    }
    .into_any()
}
