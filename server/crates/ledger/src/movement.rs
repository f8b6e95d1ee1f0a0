use crate::Account;
use money::Money;
use sqlx::AnyExecutor;

/// What a transaction did to an account; `None` when the books have no such transaction of it.
pub async fn moved<'c>(
    reader: impl AnyExecutor<'c>,
    transaction_id: &str,
    account: &Account,
) -> Result<Option<Money>, sqlx::Error> {
    let (moved,): (Option<i64>,) = sqlx::query_as(
        "SELECT CAST(SUM(amount) AS BIGINT) FROM ledger_postings WHERE transaction_id = $1 AND account_id = $2",
    )
    .bind(transaction_id)
    .bind(account.id())
    .fetch_one(reader)
    .await?;
    Ok(moved.map(Money::from_micros))
}
