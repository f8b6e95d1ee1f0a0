use super::account_shell::{self, balance};
use super::activity_filter::filter;
use crate::model::{AccountPage, Chrome, TransactionRow};
use app::components::amount::amount;
use app::components::table::{Column, table};
use app::components::time::date;
use leptos::prelude::*;
use money::Money;

/// The balance, what is held of it, and what happened, to be filtered.
pub fn account(chrome: &Chrome, data: &AccountPage) -> String {
    let (chrome, data) = (chrome.clone(), data.clone());
    app::render::document(move || {
        let who = chrome.viewer.as_ref().map(|viewer| format!("{}, {}", viewer.name, viewer.email));
        let main = view! {
            {who.map(|who| view! { <p class="address">{who}</p> })}
            {balance(data.balance, data.held)}
            <section aria-labelledby="transactions">
                <h2 id="transactions">"Activity"</h2>
                {filter(&data)}
                {activity(&data)}
            </section>
        };
        account_shell::page(&chrome, "Your account", main.into_any())
    })
}

fn activity(data: &AccountPage) -> Option<AnyView> {
    // What is wrong with the filter stands above it.
    data.filter.is_valid().then(|| found(data))
}

fn found(data: &AccountPage) -> AnyView {
    if data.transactions.is_empty() {
        return nothing(data);
    }
    let found = data.total.map(|total| match total {
        1 => "1 transaction · ".to_owned(),
        total => format!("{total} transactions · "),
    });
    let file = format!("/account/activity.csv{}", question(&data.query));
    view! {
        <p class="found">{found} <a href=file>"Download as CSV"</a></p>
        {transactions(data.transactions.clone())}
        {account_shell::pages(data.paging.clone(), "/account", &data.query, "transactions")}
    }
    .into_any()
}

fn nothing(data: &AccountPage) -> AnyView {
    if data.query.is_empty() {
        return view! {
            <p class="empty">
                "Nothing here yet. Buy something in a shop that takes Amazon Payments, and the payment shows up "
                "here."
            </p>
        }
        .into_any();
    }
    view! {
        <p class="empty">
            "No transaction fits these filters. " <a href="/account">"Show all"</a>
        </p>
    }
    .into_any()
}

fn question(query: &str) -> String {
    if query.is_empty() { String::new() } else { format!("?{query}") }
}

fn transactions(rows: Vec<TransactionRow>) -> AnyView {
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
