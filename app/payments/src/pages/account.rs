use super::account_shell::{self, balance};
use super::activity_filter::filter;
use super::authorization::plain_text;
use crate::model::{AccountPage, ActivityRow, Chrome, FeeBreakdown, Outcome, Paging, TransactionRow};
use app::components::amount::amount;
use app::components::table::{Column, table};
use app::components::time::{date, date_time};
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
    // What a page has may all be parts of rows on the next one.
    if data.activity.is_empty() && data.paging == Paging::default() {
        return nothing(data);
    }
    let found = data.total.map(|total| match total {
        1 => "1 transaction · ".to_owned(),
        total => format!("{total} transactions · "),
    });
    let file = format!("/account/activity.csv{}", question(&data.query));
    view! {
        <p class="found">{found} <a href=file>"Download as CSV"</a></p>
        {transactions(data.activity.clone())}
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

fn transactions(rows: Vec<ActivityRow>) -> AnyView {
    let columns = [
        Column::words("Transaction"),
        Column::words("Date"),
        Column::words("Status"),
        Column::numbers("Amount"),
    ];
    let rows = rows.into_iter().map(cells).collect();
    view! { <div class="statement activity">{table("Transactions", &columns, rows)}</div> }.into_any()
}

fn cells(entry: ActivityRow) -> Vec<AnyView> {
    let ActivityRow { row, bought, fees, payment } = entry;
    let bought = bought.map(|words| view! { <span class="row-note row-bought">{plain_text(&words)}</span> });
    let payment = payment.map(|(id, at)| {
        view! {
            <span class="row-note">
                <a href=transaction_address(&id)>"The payment of " {date(at)}</a>
            </span>
        }
    });
    let name = view! {
        <a href=transaction_address(&row.id)>{row.description.clone()}</a>
        {bought}
        {payment}
        {fees.as_ref().map(parts)}
    };
    vec![name.into_any(), date_time(row.at), status(row.status.clone()), row_amount(&row)]
}

/// A payment's fees, and what they leave, in its own row.
fn parts(fees: &FeeBreakdown) -> AnyView {
    let part = |(name, money): &(String, Money)| {
        view! { <span class="row-part">{name.clone()} " " <span class="nowrap">{amount(*money)}</span></span> " " }
    };
    let lines: Vec<_> = fees.lines.iter().chain([&fees.total]).map(part).collect();
    view! { <span class="row-note row-parts">{lines}</span> }.into_any()
}

/// Signed where it is the account's own. What came to nothing is struck, and neither plus nor minus.
pub(super) fn row_amount(row: &TransactionRow) -> AnyView {
    match row.outcome {
        Outcome::Undone => {
            let plain = if row.amount.is_negative() { row.amount.neg().ok() } else { None };
            let plain = plain.unwrap_or(row.amount);
            view! {
                <span class="nowrap undone"><s>{amount(plain)}</s></span>
                <span class="visually-hidden">" not charged"</span>
            }
            .into_any()
        }
        Outcome::Moved | Outcome::Open if row.between_others => amount(row.amount).into_any(),
        Outcome::Open => view! { <span class="amount-open">{signed(row.amount)}</span> }.into_any(),
        Outcome::Moved => signed(row.amount),
    }
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
