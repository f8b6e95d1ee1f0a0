//! Credit: what was paid ahead, and paying ahead.

use super::shell;
use crate::model::{Chrome, CreditPage, CreditRow, CreditStatus};
use app::components::amount::amount;
use app::components::field::{TextField, error_summary, text_field};
use app::components::time;
use leptos::prelude::*;

pub fn credit(chrome: &Chrome, page: &CreditPage) -> String {
    shell::page(chrome, shell::form_title("Your credit", &page.form), || {
        view! {
            <div class="narrow">
                <h1>"Your credit"</h1>
                <p class="lead">{lead(page)}</p>
                {error_summary(&page.form)}
                {charge(page)}
                {history(&page.credits)}
            </div>
        }
        .into_any()
    })
}

fn lead(page: &CreditPage) -> String {
    let (total, largest) = (page.offer.total, page.offer.largest);
    if total.is_zero() {
        "You have none. Pay ahead once at Amazon Payments, then buy here with one press and no visit there."
            .to_owned()
    } else if total == largest {
        format!("You have {total} to spend.")
    } else {
        format!(
            "You have {total} to spend. One payment takes all of its money of one charge, so it can be {largest} at the most."
        )
    }
}

fn charge(page: &CreditPage) -> AnyView {
    let form = &page.form;
    let next = form.value("next").to_owned();
    view! {
        <section class="panel" aria-labelledby="charge">
            <h2 id="charge">"Charge it"</h2>
            <ul class="plain-list">
                <li><strong>"Credit cannot be paid back."</strong> " It can be spent at DigitalDownload, with every seller, and nowhere else."</li>
                <li>"Money that goes back for something you bought with credit goes back to your credit."</li>
                <li>"Amazon\u{2019}s fee for charging it is ours to pay. Of what you buy with it Amazon takes nothing more, so its seller gets more."</li>
            </ul>
            <form method="post" action="/credit" novalidate>
                <input type="hidden" name="next" value=next />
                {text_field(form, TextField {
                    hint: Some("In dollars, from 5.00 to 500.00."),
                    input_mode: Some("decimal"),
                    width: Some("short"),
                    ..TextField::new("amount", "How much")
                })}
                <button class="button" type="submit" aria-describedby="charge-next">"Continue to Amazon Payments"</button>
                <p class="hint" id="charge-next">"You sign in there, choose what to pay with, and confirm. Back here it is charged."</p>
            </form>
        </section>
    }
    .into_any()
}

fn history(credits: &[CreditRow]) -> Option<AnyView> {
    if credits.is_empty() {
        return None;
    }
    let rows: Vec<_> = credits.iter().map(row).collect();
    let view = view! {
        <section aria-labelledby="charged">
            <h2 id="charged">"What you charged"</h2>
            <ul class="rows" role="list">{rows}</ul>
        </section>
    };
    Some(view.into_any())
}

fn row(credit: &CreditRow) -> AnyView {
    let state = match &credit.status {
        CreditStatus::Ready => view! { {credit.left.to_string()} " left of " {credit.amount.to_string()} }.into_any(),
        CreditStatus::Pending => {
            view! { {credit.amount.to_string()} ", being charged: Amazon Payments has not said the last word" }.into_any()
        }
        CreditStatus::Failed { why } => view! { {credit.amount.to_string()} ", not charged. " {why.clone()} }.into_any(),
        CreditStatus::Cancelled => {
            view! { "Taken back at Amazon Payments: it pays no more. " {credit.left.to_string()} " was left." }.into_any()
        }
    };
    let left = (credit.status == CreditStatus::Ready).then(|| amount(credit.left));
    view! {
        <li class="credit-row">
            <p>{time::date_time(credit.at)} <br /> <span class="muted">{state}</span></p>
            <p class="row-amount">{left}</p>
        </li>
    }
    .into_any()
}
