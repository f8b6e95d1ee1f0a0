use jiff::Timestamp;
use money::Money;
use sqlx::AnyPool;

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

/// The account's movements, the newest first, from one to another of them.
pub async fn statement(
    readers: &AnyPool,
    id: &str,
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
    .bind(id)
    .bind(limit)
    .bind(offset)
    .fetch_all(readers)
    .await?;
    let line = |(reference, description, posted_at, amount, balance)| StatementLine {
        reference,
        description,
        posted_at: Timestamp::from_microsecond(posted_at).unwrap_or_default(),
        amount: Money::from_micros(amount),
        balance: Money::from_micros(balance),
    };
    Ok(rows.into_iter().map(line).collect())
}

/// How many movements the account has had.
pub async fn movements(readers: &AnyPool, id: &str) -> Result<i64, sqlx::Error> {
    let (count,): (i64,) =
        sqlx::query_as("SELECT COUNT(DISTINCT transaction_id) FROM ledger_postings WHERE account_id = $1")
            .bind(id)
            .fetch_one(readers)
            .await?;
    Ok(count)
}
