//! The activity as a CSV file, for spreadsheets.

use crate::domain::accounts::Account;
use crate::domain::transactions::Transaction;
use crate::domain::transactions::lists::{self, Filter};
use crate::engine::Engine;
use crate::web::account_site::account_holder::AccountHolder;
use crate::web::account_site::transactions::{fee_breakdown, filter, list};
use app::components::time::machine_readable;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use money::Money;
use platform::Database;
use platform::web::Refusal;

/// Rows that are read at once.
const BATCH: i64 = 1000;
const HEADINGS: [&str; 11] = [
    "Date",
    "Transaction",
    "Description",
    "Status",
    "Amount",
    "Fees",
    "Currency",
    "From",
    "To",
    "Reference",
    "For",
];

pub async fn download(
    State(engine): State<Engine>,
    holder: AccountHolder,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let asked = filter::read(&query.unwrap_or_default());
    let Some(filter) = asked.filter else {
        return Err(Refusal::bad_request("The filter of this address cannot be understood."));
    };
    let file = file(&engine.db, &holder.account, &filter).await?;
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"activity.csv\""),
        (CACHE_CONTROL, "private, no-store"),
    ];
    Ok((headers, file).into_response())
}

async fn file(db: &Database, account: &Account, filter: &Filter) -> Result<Vec<u8>, Refusal> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record(HEADINGS).map_err(Refusal::because)?;
    let mut last = (filter.received.before, String::new());
    loop {
        let found = lists::of_account_behind(db, &account.id, filter, BATCH, (last.0, &last.1)).await?;
        for transaction in &found {
            csv.write_record(record(transaction, account)).map_err(Refusal::because)?;
        }
        match found.last() {
            Some(transaction) if found.len() >= usize::try_from(BATCH).unwrap_or(usize::MAX) => {
                last = (transaction.received_at, transaction.id.to_string());
            }
            _ => return csv.into_inner().map_err(Refusal::because),
        }
    }
}

fn record(transaction: &Transaction, account: &Account) -> [String; 11] {
    let row = list::row(transaction, account);
    [
        machine_readable(row.at),
        row.id,
        text(&row.description),
        row.status,
        decimal(row.amount),
        decimal(fee_breakdown::fees_beside(transaction, account).unwrap_or_default()),
        "USD".to_owned(),
        text(&transaction.parties.sender.name),
        text(&transaction.parties.recipient.name),
        text(transaction.caller_reference.as_str()),
        text(transaction.caller_description.as_deref().unwrap_or_default()),
    ]
}

/// Words of others: a spreadsheet must not take them for a formula.
fn text(words: &str) -> String {
    let is_formula = words.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    if is_formula { format!("'{words}") } else { words.to_owned() }
}

/// Cents, and what is below them where there is any.
fn decimal(amount: Money) -> String {
    let exact = amount.to_six_decimals();
    exact.strip_suffix("0000").map_or(exact.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spreadsheet_finds_no_formula() {
        for evil in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"] {
            assert_eq!(text(evil), format!("'{evil}"));
        }
        assert_eq!(text("Now and Forever = 1"), "Now and Forever = 1");
    }

    #[test]
    fn amounts_are_exact() {
        assert_eq!(decimal(Money::from_cents(-1050)), "-10.50");
        assert_eq!(decimal(Money::from_micros(2_500)), "0.002500");
    }
}
