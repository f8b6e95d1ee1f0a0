use crate::name::join_names;
use crate::rows::time;
use crate::{Account, Origin};
use jiff::Timestamp;
use money::Money;
use sqlx::AnyExecutor;

/// What one transaction did to an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementLine {
    /// Its number among the account's movements, from 1 in the order in which they were posted.
    pub sequence: i64,
    pub origin: Origin,
    pub posted_at: Timestamp,
    pub amount: Money,
    /// The balance after it.
    pub balance: Money,
}

/// Which part of a statement is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Newest,
    /// Behind the movement of this number.
    OlderThan(i64),
    /// Those right before the movement of this number.
    NewerThan(i64),
}

macro_rules! select_movements {
    ($rest:literal) => {
        concat!(
            "SELECT m.sequence, m.transaction_number, named.id, m.posted_at, m.amount, m.balance \
             FROM ledger_movements m ",
            join_names!("m.transaction_number"),
            "WHERE m.account_number = (SELECT number FROM ledger_accounts WHERE id = $1) AND ",
            $rest
        )
    };
}

const OLDER: &str = select_movements!("m.sequence < $2 ORDER BY m.sequence DESC LIMIT $3");
const NEWER: &str = select_movements!("m.sequence > $2 ORDER BY m.sequence LIMIT $3");

/// A stored account's movements, the last posted first: up to `limit` of a part of them.
pub async fn statement<'c>(
    reader: impl AnyExecutor<'c>,
    account: &Account,
    part: Part,
    limit: i64,
) -> Result<Vec<StatementLine>, sqlx::Error> {
    let (sql, beyond) = match part {
        Part::Newest => (OLDER, i64::MAX),
        Part::OlderThan(sequence) => (OLDER, sequence),
        Part::NewerThan(sequence) => (NEWER, sequence),
    };
    let rows: Vec<(i64, i64, Option<String>, i64, i64, i64)> =
        sqlx::query_as(sql).bind(account.id()).bind(beyond).bind(limit).fetch_all(reader).await?;
    let mut lines: Vec<StatementLine> = rows.into_iter().map(line).collect::<Result<_, sqlx::Error>>()?;
    if matches!(part, Part::NewerThan(_)) {
        lines.reverse();
    }
    Ok(lines)
}

/// A summed account's lines in the same way, up to `limit` behind the line of a number: numbers and balances are reckoned
/// from all that was ever posted, so it takes as long as the account's past.
pub async fn summed_statement<'c>(
    reader: impl AnyExecutor<'c>,
    account: &Account,
    older_than: i64,
    limit: i64,
) -> Result<Vec<StatementLine>, sqlx::Error> {
    let rows: Vec<(i64, i64, Option<String>, i64, i64, i64)> =
        sqlx::query_as(SUMMED).bind(account.id()).bind(older_than).bind(limit).fetch_all(reader).await?;
    rows.into_iter().map(line).collect()
}

const SUMMED: &str = concat!(
    "SELECT m.sequence, m.transaction_number, named.id, m.posted_at, m.amount, m.balance FROM \
         (SELECT ROW_NUMBER() OVER (ORDER BY t.posted_at, t.number, p.line) AS sequence, \
              t.number AS transaction_number, t.posted_at, p.amount, \
              CAST(SUM(p.amount) OVER (ORDER BY t.posted_at, t.number, p.line) AS BIGINT) AS balance \
          FROM ledger_postings p JOIN ledger_transactions t ON t.number = p.transaction_number \
          WHERE p.account_number = (SELECT number FROM ledger_accounts WHERE id = $1) AND p.summed = 1) m ",
    join_names!("m.transaction_number"),
    "WHERE m.sequence < $2 ORDER BY m.sequence DESC LIMIT $3"
);

fn line(
    (sequence, transaction_number, words, posted_at, amount, balance): (
        i64,
        i64,
        Option<String>,
        i64,
        i64,
        i64,
    ),
) -> Result<StatementLine, sqlx::Error> {
    Ok(StatementLine {
        sequence,
        origin: Origin::of(transaction_number, words),
        posted_at: time("posted_at", posted_at)?,
        amount: Money::from_micros(amount),
        balance: Money::from_micros(balance),
    })
}

#[cfg(test)]
#[path = "../tests/support/databases.rs"]
mod databases;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::BALANCE_AT;
    use platform::db::{Backend, Migrations};
    use rust_embed::RustEmbed;
    use sqlx::AssertSqlSafe;

    #[derive(RustEmbed)]
    #[folder = "../../../migrations/payments"]
    struct Schema;

    static MIGRATIONS: Migrations = Migrations::embedded(&Schema);

    /// A page costs what it shows, however long the account's past is: everything is found by an index, and
    /// nothing is sorted.
    #[tokio::test]
    async fn pages_are_found_by_indexes() {
        let databases = databases::each(&MIGRATIONS).await;
        let sqlite = databases.iter().find(|test| test.db.backend() == Backend::Sqlite).unwrap();
        for query in [OLDER, NEWER, &BALANCE_AT.replace("moments.at", "$2")] {
            let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {query}"));
            let plan: Vec<(i64, i64, i64, String)> =
                sqlx::query_as(explain).fetch_all(sqlite.db.readers()).await.unwrap();
            let found = |step: &str| step.starts_with("SEARCH ") || step.starts_with("SCALAR SUBQUERY");
            assert!(plan.iter().all(|step| found(&step.3)), "{query}: {plan:?}");
        }
    }
}
