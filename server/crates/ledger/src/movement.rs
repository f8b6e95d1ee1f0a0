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
        "SELECT CAST(SUM(p.amount) AS BIGINT) FROM ledger_transactions t \
             JOIN ledger_postings p ON p.transaction_number = t.number \
             JOIN ledger_accounts a ON a.number = p.account_number \
         WHERE t.id = $1 AND a.id = $2",
    )
    .bind(transaction_id)
    .bind(account.id())
    .fetch_one(reader)
    .await?;
    Ok(moved.map(Money::from_micros))
}
