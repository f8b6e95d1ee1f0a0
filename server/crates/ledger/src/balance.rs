use crate::{Account, Kind};
use money::Money;
use sqlx::AnyPool;

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

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    kind: String,
    balance: i64,
    held: i64,
}

impl From<Row> for Balance {
    fn from(row: Row) -> Self {
        let account = match Kind::from_column(&row.kind) {
            Kind::Stored => Account::stored(row.id),
            Kind::Summed => Account::summed(row.id),
        };
        Self { account, total: Money::from_micros(row.balance), held: Money::from_micros(row.held) }
    }
}

/// One account; `None` when there is none of that name.
pub async fn balance(readers: &AnyPool, id: &str) -> Result<Option<Balance>, sqlx::Error> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT a.id, a.kind, a.held, \
             CASE a.kind WHEN 'Stored' THEN a.balance ELSE \
                 (SELECT CAST(COALESCE(SUM(p.amount), 0) AS BIGINT) FROM ledger_postings p WHERE p.account_id = a.id) \
             END AS balance \
         FROM ledger_accounts a WHERE a.id = $1",
    )
    .bind(id)
    .fetch_optional(readers)
    .await?;
    Ok(row.map(Balance::from))
}

/// All accounts, by name.
pub async fn balances(readers: &AnyPool) -> Result<Vec<Balance>, sqlx::Error> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT a.id, a.kind, a.held, \
             CASE a.kind WHEN 'Stored' THEN a.balance ELSE \
                 (SELECT CAST(COALESCE(SUM(p.amount), 0) AS BIGINT) FROM ledger_postings p WHERE p.account_id = a.id) \
             END AS balance \
         FROM ledger_accounts a ORDER BY a.id",
    )
    .fetch_all(readers)
    .await?;
    Ok(rows.into_iter().map(Balance::from).collect())
}

/// How many transactions are in the books.
pub async fn transaction_count(readers: &AnyPool) -> Result<i64, sqlx::Error> {
    let (count,): (i64,) =
        sqlx::query_as("SELECT COUNT(*) FROM ledger_transactions").fetch_one(readers).await?;
    Ok(count)
}
