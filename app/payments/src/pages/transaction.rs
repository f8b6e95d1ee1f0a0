use super::account::{row_amount, status, transaction_address};
use super::account_shell;
use super::authorization::{fact, money_line, plain_text};
use super::transaction_action::action;
use crate::model::{Chrome, FeeBreakdown, HistoryEntry, TransactionPage, TransactionRow};
use app::components::amount::amount;
use app::components::time::{date, date_time};
use leptos::prelude::*;

/// One transaction: what it is, what became of it, and what can be done with it now.
pub fn transaction(chrome: &Chrome, data: &TransactionPage) -> String {
    let (chrome, data) = (chrome.clone(), data.clone());
    app::render::document(move || {
        let title = data.row.description.clone();
        let main = view! {
            <p class="transaction-amount">{row_amount(&data.row)}</p>
            {facts(&data)}
            {data.fees.as_ref().map(fee_breakdown)}
            {action(&data)}
            {history(data.history)}
            {related(data.related)}
        };
        account_shell::page(&chrome, &title, main.into_any())
    })
}

fn facts(data: &TransactionPage) -> AnyView {
    let instrument = data.instrument.clone().map(|instrument| fact("Paid with", instrument));
    let reason = data.reason.as_deref().map(|reason| fact("For", plain_text(reason)));
    let refunded = data.refunded.map(|refunded| fact("Refunded", amount(refunded)));
    let ahead = data.ahead.clone().map(|ahead| view! { <span class="fact-note">{ahead}</span> });
    let reference = data.caller_reference.clone();
    let reference = reference.map(|text| fact("Reference", view! { <code class="reference">{text}</code> }));
    let id = data.row.id.clone();
    view! {
        <dl class="facts">
            {fact("Status", view! { {status(data.row.status.clone())} {ahead} })}
            {fact("Date", date_time(data.row.at))}
            {fact("From", data.sender.clone())}
            {fact("To", data.recipient.clone())}
            {fact("Asked for by", data.caller.clone())}
            {instrument}
            {reason}
            {refunded}
            {fact("Number", view! { <code class="reference">{id}</code> })}
            {reference}
        </dl>
    }
    .into_any()
}

fn fee_breakdown(fees: &FeeBreakdown) -> AnyView {
    let lines: Vec<_> = fees.lines.iter().map(|(name, line)| money_line(name, *line)).collect();
    let (total, left) = fees.total.clone();
    view! {
        <section aria-labelledby="fees">
            <h2 id="fees">{fees.title.clone()}</h2>
            <dl class="sum">
                {lines} <div class="total"><dt>{total}</dt><dd>{amount(left)}</dd></div>
            </dl>
        </section>
    }
    .into_any()
}

fn history(entries: Vec<HistoryEntry>) -> AnyView {
    let entries: Vec<_> = entries
        .into_iter()
        .map(|entry| {
            view! {
                <li>
                    {status(entry.status)}
                    {date_time(entry.at)}
                    {entry.amount.map(amount)}
                </li>
            }
        })
        .collect();
    view! {
        <section aria-labelledby="history">
            <h2 id="history">"What happened"</h2>
            <ol class="history">{entries}</ol>
        </section>
    }
    .into_any()
}

fn related(rows: Vec<TransactionRow>) -> Option<AnyView> {
    if rows.is_empty() {
        return None;
    }
    let rows: Vec<_> = rows
        .into_iter()
        .map(|row| {
            view! {
                <li>
                    <a href=transaction_address(&row.id)>{row.description.clone()}</a>
                    " "
                    {date(row.at)}
                    " "
                    {row_amount(&row)}
                </li>
            }
        })
        .collect();
    let view = view! {
        <section aria-labelledby="related">
            <h2 id="related">"Belongs to it"</h2>
            <ul class="related">{rows}</ul>
        </section>
    };
    Some(view.into_any())
}
