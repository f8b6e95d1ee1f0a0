//! What was posted for something outside of the books, line by line.

use crate::account::Kind;
use crate::name::ROLES;
use crate::rows::time;
use crate::{Account, Origin};
use jiff::Timestamp;
use money::Money;
use sqlx::{AnyExecutor, AssertSqlSafe};
use text_types::sql::placeholders;

/// A transaction of the books as it stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostedTransaction {
    pub origin: Origin,
    pub posted_at: Timestamp,
    pub lines: Vec<Line>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub account: Account,
    pub amount: Money,
    /// Of a stored account: what it had before the whole transaction, and after it.
    pub balances: Option<(Money, Money)>,
}

/// Transaction, when, account, its kind, amount, what the transaction did to the account and what it had then.
type Row = (i64, i64, String, String, i64, Option<i64>, Option<i64>);

/// All transactions that belong to what has these numbers outside, in the order in which they were posted; ask for some
/// hundreds at once, at the most.
pub async fn posted_for<'c>(
    reader: impl AnyExecutor<'c>,
    numbers: &[i64],
) -> Result<Vec<PostedTransaction>, sqlx::Error> {
    if numbers.is_empty() {
        return Ok(Vec::new());
    }
    let statement = format!(
        "SELECT t.number, t.posted_at, a.id, a.kind, p.amount, m.amount, m.balance FROM ledger_transactions t \
             JOIN ledger_postings p ON p.transaction_number = t.number \
             JOIN ledger_accounts a ON a.number = p.account_number \
             LEFT JOIN ledger_movements m ON m.account_number = a.number AND m.transaction_number = t.number \
         WHERE t.number IN ({}) ORDER BY t.posted_at, t.number, p.line",
        placeholders(1, numbers.len() * usize::from(ROLES - 1))
    );
    let mut query = sqlx::query_as(AssertSqlSafe(statement));
    for number in numbers {
        for role in 1..ROLES {
            query = query.bind(i64::from(ROLES) * number + i64::from(role));
        }
    }
    let rows: Vec<Row> = query.fetch_all(reader).await?;
    let mut posted: Vec<(i64, PostedTransaction)> = Vec::new();
    for (number, posted_at, id, kind, amount, moved, balance) in rows {
        if posted.last().is_none_or(|(last, _)| *last != number) {
            let (origin, posted_at) = (Origin::of(number, None), time("posted_at", posted_at)?);
            posted.push((number, PostedTransaction { origin, posted_at, lines: Vec::new() }));
        }
        let balances = moved.zip(balance).map(|(moved, after)| (after.saturating_sub(moved), after));
        let line = Line {
            account: Account::of_kind(id, Kind::from_column(&kind)?),
            amount: Money::from_micros(amount),
            balances: balances.map(|(before, after)| (Money::from_micros(before), Money::from_micros(after))),
        };
        if let Some((_, last)) = posted.last_mut() {
            last.lines.push(line);
        }
    }
    Ok(posted.into_iter().map(|(_, posted)| posted).collect())
}

/// As a condition: the books have something for what has the number in this column.
pub fn is_posted(column: &str) -> String {
    let last = ROLES - 1;
    format!(
        "EXISTS (SELECT 1 FROM ledger_transactions posted \
         WHERE posted.number BETWEEN {ROLES} * {column} + 1 AND {ROLES} * {column} + {last})"
    )
}
