//! The activity as a CSV file, for spreadsheets.

use crate::domain::accounts::Account;
use crate::domain::place::Place;
use crate::domain::transactions::Transaction;
use crate::domain::transactions::lists::{self, Filter, Piece};
use crate::engine::Engine;
use crate::web::account_site::account_holder::AccountHolder;
use crate::web::account_site::transactions::{fee_breakdown, filter, list};
use app::components::time::machine_readable;
use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, future, stream};
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use money::Money;
use payments_pages::model::Outcome;
use platform::Database;
use platform::web::Refusal;
use platform::web::spreadsheet::{Terminator, lines, text};

/// Rows that are read at once; few in tests, which are to have several pieces.
const BATCH: i64 = if cfg!(test) { 10 } else { 500 };
const ENDS: Terminator = Terminator::Any(b'\n');
const HEADINGS: [&str; 12] = [
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
    "Not charged",
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
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"activity.csv\""),
        (CACHE_CONTROL, "private, no-store"),
    ];
    let first = piece(&engine.db, &holder.account, &filter, &Piece::Newest).await?;
    let heading = lines(ENDS, [HEADINGS]).map_err(Refusal::because)?;
    let rest = Rest { db: engine.db, account: holder.account, filter, next: Some(first) };
    let pieces = stream::once(future::ready(Ok(heading))).chain(stream::try_unfold(rest, Rest::write));
    Ok((headers, Body::from_stream(pieces)).into_response())
}

/// What of the file is not written yet. One piece of it is in memory, however long it is.
struct Rest {
    db: Database,
    account: Account,
    filter: Filter,
    /// `None` when the one before was the last.
    next: Option<Vec<Transaction>>,
}

impl Rest {
    /// A piece of the file, and what is left then. Where the database fails, the download breaks off: a file that
    /// looks whole and is not would be worse.
    async fn write(mut self) -> Result<Option<(Vec<u8>, Self)>, Failed> {
        let Some(found) = self.next.take() else { return Ok(None) };
        let account = &self.account;
        let text = lines(ENDS, found.iter().map(|transaction| record(transaction, account)))?;
        if let Some(last) =
            found.last().filter(|_| found.len() >= usize::try_from(BATCH).unwrap_or(usize::MAX))
        {
            let behind = Place { at: last.received_at, id: last.id.to_string() };
            self.next = Some(piece(&self.db, account, &self.filter, &Piece::OlderThan(behind)).await?);
        }
        Ok(Some((text, self)))
    }
}

type Failed = Box<dyn std::error::Error + Send + Sync>;

async fn piece(
    db: &Database,
    account: &Account,
    filter: &Filter,
    piece: &Piece,
) -> Result<Vec<Transaction>, sqlx::Error> {
    lists::of_account(db, &account.id, filter, piece, BATCH).await
}

fn record(transaction: &Transaction, account: &Account) -> [String; 12] {
    let row = list::row(transaction, account);
    // What failed or was cancelled moved nothing: a sum over the amounts leaves it out.
    let (moved, not_charged) = match row.outcome {
        Outcome::Undone => (Money::ZERO, decimal(transaction.charged())),
        Outcome::Moved | Outcome::Open => (row.amount, String::new()),
    };
    [
        machine_readable(row.at),
        row.id,
        text(&row.description),
        row.status,
        decimal(moved),
        decimal(fee_breakdown::fees_beside(transaction, account).unwrap_or_default()),
        "USD".to_owned(),
        text(&transaction.parties.sender.name),
        text(&transaction.parties.recipient.name),
        text(transaction.caller_reference.as_str()),
        text(transaction.caller_description.as_deref().unwrap_or_default()),
        not_charged,
    ]
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
    fn amounts_are_exact() {
        assert_eq!(decimal(Money::from_cents(-1050)), "-10.50");
        assert_eq!(decimal(Money::from_micros(2_500)), "0.002500");
    }
}
