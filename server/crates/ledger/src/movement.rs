use crate::Account;
use money::Money;
use sqlx::AnyExecutor;

/// What the transaction of these words did to an account; `None` when the books have no such transaction of it.
pub async fn moved<'c>(
    reader: impl AnyExecutor<'c>,
    words: &str,
    account: &Account,
) -> Result<Option<Money>, sqlx::Error> {
    let (moved,): (Option<i64>,) = sqlx::query_as(
        "SELECT CAST(SUM(p.amount) AS BIGINT) FROM ledger_names named \
             JOIN ledger_postings p ON p.transaction_number = 8 * named.number \
             JOIN ledger_accounts a ON a.number = p.account_number \
         WHERE named.id = $1 AND a.id = $2",
    )
    .bind(words)
    .bind(account.id())
    .fetch_one(reader)
    .await?;
    Ok(moved.map(Money::from_micros))
}
