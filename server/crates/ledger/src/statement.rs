use crate::Account;
use crate::rows::time;
use jiff::Timestamp;
use money::Money;
use sqlx::AnyExecutor;

/// What one transaction did to an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementLine {
    pub reference: String,
    pub description: String,
    pub posted_at: Timestamp,
    pub amount: Money,
    /// The balance after it.
    pub balance: Money,
}

/// The account's movements, the newest first: `limit` of them at the most, after the first `offset`.
pub async fn statement<'c>(
    reader: impl AnyExecutor<'c>,
    account: &Account,
    limit: i64,
    offset: i64,
) -> Result<Vec<StatementLine>, sqlx::Error> {
    let rows: Vec<(String, String, i64, i64, i64)> = sqlx::query_as(
        "SELECT t.reference, t.description, t.posted_at, CAST(SUM(p.amount) AS BIGINT), \
             CAST(SUM(SUM(p.amount)) OVER (ORDER BY t.posted_at, t.id) AS BIGINT) \
         FROM ledger_postings p JOIN ledger_transactions t ON t.id = p.transaction_id \
         WHERE p.account_id = $1 GROUP BY t.id, t.reference, t.description, t.posted_at \
         ORDER BY t.posted_at DESC, t.id DESC LIMIT $2 OFFSET $3",
    )
    .bind(account.id())
    .bind(limit)
    .bind(offset)
    .fetch_all(reader)
    .await?;
    let line = |(reference, description, posted_at, amount, balance)| {
        Ok(StatementLine {
            reference,
            description,
            posted_at: time("posted_at", posted_at)?,
            amount: Money::from_micros(amount),
            balance: Money::from_micros(balance),
        })
    };
    rows.into_iter().map(line).collect()
}

/// How many movements the account has had.
pub async fn movements<'c>(reader: impl AnyExecutor<'c>, account: &Account) -> Result<i64, sqlx::Error> {
    let (count,): (i64,) =
        sqlx::query_as("SELECT COUNT(DISTINCT transaction_id) FROM ledger_postings WHERE account_id = $1")
            .bind(account.id())
            .fetch_one(reader)
            .await?;
    Ok(count)
}
