use crate::{Account, Kind, LedgerError};
use money::Money;
use sqlx::{AnyConnection, AnyExecutor, AssertSqlSafe};
use text_types::sql::placeholders;

/// What an account has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Balance {
    pub account: Account,
    pub total: Money,
    /// The part that is held back.
    pub held: Money,
}

impl Balance {
    /// What can be spent.
    pub fn available(&self) -> Money {
        self.total.sub(self.held).unwrap_or_default()
    }
}

/// Name, kind, what is held, total.
type Row = (String, String, i64, i64);

macro_rules! select_balances {
    ($rest:literal) => {
        concat!(
            "SELECT a.id, a.kind, a.held, CASE a.kind WHEN 'Stored' THEN a.balance ELSE \
                 (SELECT CAST(COALESCE(SUM(p.amount), 0) AS BIGINT) FROM ledger_postings p \
                  WHERE p.account_number = a.number AND p.summed = 1) \
             END FROM ledger_accounts a ",
            $rest
        )
    };
}

fn read((id, kind, held, total): Row) -> Result<Balance, sqlx::Error> {
    let account = Account::of_kind(id, Kind::from_column(&kind)?);
    Ok(Balance { account, total: Money::from_micros(total), held: Money::from_micros(held) })
}

/// One account; `None` when it was never opened.
pub async fn balance<'c>(
    reader: impl AnyExecutor<'c>,
    account: &Account,
) -> Result<Option<Balance>, sqlx::Error> {
    let row: Option<Row> =
        sqlx::query_as(select_balances!("WHERE a.id = $1")).bind(account.id()).fetch_optional(reader).await?;
    row.map(read).transpose()
}

/// All accounts, by name.
pub async fn balances<'c>(reader: impl AnyExecutor<'c>) -> Result<Vec<Balance>, sqlx::Error> {
    let rows: Vec<Row> = sqlx::query_as(select_balances!("ORDER BY a.id")).fetch_all(reader).await?;
    rows.into_iter().map(read).collect()
}

/// What several accounts have together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    pub total: Money,
    /// The part that is held back.
    pub held: Money,
}

/// Accounts in one statement: each is a parameter, and databases take so many.
const ACCOUNTS_AT_ONCE: usize = 1_000;

/// The sum of stored accounts; one that was never opened has nothing. It takes several statements when there
/// are many: whoever needs one moment asks within one transaction.
pub async fn totals(c: &mut AnyConnection, accounts: &[Account]) -> Result<Totals, LedgerError> {
    let mut totals = Totals::default();
    for accounts in accounts.chunks(ACCOUNTS_AT_ONCE) {
        let statement = format!(
            "SELECT CAST(COALESCE(SUM(balance), 0) AS BIGINT), CAST(COALESCE(SUM(held), 0) AS BIGINT) \
             FROM ledger_accounts WHERE kind = 'Stored' AND id IN ({})",
            placeholders(1, accounts.len())
        );
        let mut query = sqlx::query_as(AssertSqlSafe(statement));
        for account in accounts {
            query = query.bind(account.id());
        }
        let (total, held): (i64, i64) = query.fetch_one(&mut *c).await?;
        totals.total = totals.total.add(Money::from_micros(total))?;
        totals.held = totals.held.add(Money::from_micros(held))?;
    }
    Ok(totals)
}

/// How many transactions are in the books.
pub async fn transaction_count<'c>(reader: impl AnyExecutor<'c>) -> Result<i64, sqlx::Error> {
    let (count,): (i64,) =
        sqlx::query_as("SELECT COUNT(*) FROM ledger_transactions").fetch_one(reader).await?;
    Ok(count)
}
