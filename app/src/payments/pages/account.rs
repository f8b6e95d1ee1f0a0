use super::shell::{self, Place};
use crate::components::amount::amount;
use crate::components::table::{Column, table};
use crate::components::time::date;
use crate::payments::model::{AccountPage, Chrome, TransactionRow};
use leptos::prelude::*;
use money::Money;

/// The balance, what is held of it, and the latest transactions.
pub fn account(chrome: &Chrome, data: &AccountPage) -> String {
    let (chrome, data) = (chrome.clone(), data.clone());
    crate::render::document(move || {
        let who = chrome.viewer.as_ref().map(|viewer| format!("{}, {}", viewer.name, viewer.email));
        let main = view! {
            <h1>"Your account"</h1>
            {who.map(|who| view! { <p class="address">{who}</p> })}
            {balance(data.balance, data.held)}
            <section aria-labelledby="transactions">
                <h2 id="transactions">"Transactions"</h2>
                {transactions(data.transactions)}
            </section>
        };
        shell::page(&chrome, Place::Site, "Your account", main.into_any())
    })
}

fn balance(balance: Money, held: Money) -> AnyView {
    let held = held.is_positive().then(|| {
        view! {
            <div class="balance-held">
                <dt>"Held for payments that are not finished"</dt>
                <dd>{amount(held)}</dd>
            </div>
        }
    });
    view! {
        <dl class="balance">
            <div><dt>"Balance"</dt><dd>{amount(balance)}</dd></div>
            {held}
        </dl>
    }
    .into_any()
}

fn transactions(rows: Vec<TransactionRow>) -> AnyView {
    if rows.is_empty() {
        return view! {
            <p class="empty">
                "Nothing here yet. Buy something in a shop that takes Amazon Payments, and the payment shows up "
                "here."
            </p>
        }
        .into_any();
    }
    let columns = [
        Column::words("Transaction"),
        Column::words("Date"),
        Column::words("Status"),
        Column::numbers("Amount"),
    ];
    let rows = rows.into_iter().map(cells).collect();
    view! { <div class="statement">{table("Transactions", &columns, rows)}</div> }.into_any()
}

fn cells(row: TransactionRow) -> Vec<AnyView> {
    vec![
        view! { <a href=transaction_address(&row.id)>{row.description}</a> }.into_any(),
        date(row.at),
        status(row.status),
        signed(row.amount),
    ]
}

pub(super) fn transaction_address(id: &str) -> String {
    format!("/account/transactions/{id}")
}

/// A status in its words; its colour only repeats them.
pub(super) fn status(words: String) -> AnyView {
    let tone = match words.as_str() {
        "Failure" | "Failed" => "status status-failed",
        "Cancelled" | "Pending" | "Reserved" => "status status-open",
        _ => "status",
    };
    view! { <span class=tone>{words}</span> }.into_any()
}

/// From the account's side: money in has a plus.
pub(super) fn signed(money: Money) -> AnyView {
    let plus = money.is_positive().then_some("+");
    view! { <span class="nowrap">{plus} {amount(money)}</span> }.into_any()
}
