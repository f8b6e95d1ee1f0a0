//! Postings that one of two states of the database has and the other has not, in words.

use super::books::{self, Owners};
use crate::domain::transactions;
use ledger::Origin;
use money::Money;
use platform::Database;
use platform::db::snapshots::{SnapshotDiff, TableDiff};
use platform::lab::PostingDiff;
use serde_json::{Map, Value};

/// Of the rows that the comparison has. What the live database does not know is looked for among what differs.
pub async fn postings(db: &Database, diff: &SnapshotDiff) -> Result<Vec<PostingDiff>, sqlx::Error> {
    let found = rows(diff, "ledger_postings");
    let mut owners = Owners::new(db);
    let mut postings = Vec::with_capacity(found.len());
    for (added, row) in found {
        let number = |column: &str| row.get(column).and_then(Value::as_i64).unwrap_or_default();
        let (what, transaction_id) = origin(db, diff, number("transaction_number")).await?;
        let (account, whose) = account(db, diff, &mut owners, number("account_number")).await?;
        let amount = Money::from_micros(number("amount")).to_six_decimals();
        postings.push(PostingDiff { added, what, transaction_id, account, whose, amount });
    }
    Ok(postings)
}

/// Whole rows of a table: whether it was added, and its columns.
fn rows<'d>(diff: &'d SnapshotDiff, table: &str) -> Vec<(bool, &'d Map<String, Value>)> {
    let rows = diff.tables.iter().filter(|diff| diff.table == table).flat_map(|TableDiff { rows, .. }| rows);
    rows.filter_map(|row| match (&row.before, &row.after) {
        (None, Some(columns)) => Some((true, columns)),
        (Some(columns), None) => Some((false, columns)),
        _ => None,
    })
    .collect()
}

/// The text of a column in the row of this number.
fn named(diff: &SnapshotDiff, table: &str, number: i64) -> Option<String> {
    let rows = rows(diff, table);
    let of_number = |row: &&Map<String, Value>| row.get("number").and_then(Value::as_i64) == Some(number);
    let row = rows.into_iter().map(|(_, row)| row).find(of_number)?;
    row.get("id")?.as_str().map(str::to_owned)
}

async fn origin(
    db: &Database,
    diff: &SnapshotDiff,
    transaction_number: i64,
) -> Result<(String, Option<String>), sqlx::Error> {
    Ok(match ledger::origin_numbered(db.readers(), transaction_number).await? {
        Origin::Words(words) => (words, None),
        // Only words have no role: these are not in the live books.
        Origin::Numbered { number, role: 0 } => {
            (named(diff, "ledger_names", number).unwrap_or_else(|| format!("{number} by words")), None)
        }
        Origin::Numbered { number, role } => {
            let live = transactions::find_numbered(db, number).await?;
            let id = named(diff, "transactions", number).or_else(|| live.map(|live| live.id.into_string()));
            (books::what(role).to_owned(), id)
        }
    })
}

async fn account(
    db: &Database,
    diff: &SnapshotDiff,
    owners: &mut Owners<'_>,
    number: i64,
) -> Result<(String, String), sqlx::Error> {
    if let Some(account) = ledger::account_numbered(db.readers(), number).await? {
        let owned = owners.of(&account).await?;
        return Ok((owned.account, owned.whose));
    }
    let name = named(diff, "ledger_accounts", number).unwrap_or_else(|| format!("account {number}"));
    Ok((name.clone(), name))
}
