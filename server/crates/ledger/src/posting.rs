use crate::changes::Changes;
use crate::{Account, LedgerError, Transaction};
use sqlx::{AnyConnection, AssertSqlSafe};
use text_types::sql::rows_of_placeholders;

/// Writes a transaction and moves the stored balances. Nothing may be taken from a stored account that
/// it has not, or that is held.
pub async fn post(c: &mut AnyConnection, transaction: &Transaction) -> Result<(), LedgerError> {
    post_all(c, std::slice::from_ref(transaction)).await
}

/// Writes transactions that belong together. What one of them gives an account another may take.
pub async fn post_all(c: &mut AnyConnection, transactions: &[Transaction]) -> Result<(), LedgerError> {
    write(c, transactions).await?;
    Changes::of(transactions).apply(c).await
}

/// All transactions in one statement, and all their lines in another: each statement costs a round trip.
pub(crate) async fn write(c: &mut AnyConnection, transactions: &[Transaction]) -> Result<(), sqlx::Error> {
    if transactions.is_empty() {
        return Ok(());
    }
    let statement = format!(
        "INSERT INTO ledger_transactions (id, reference, description, posted_at) VALUES {}",
        rows_of_placeholders(transactions.len(), 4)
    );
    let mut query = sqlx::query(AssertSqlSafe(statement));
    for transaction in transactions {
        query = query
            .bind(transaction.id())
            .bind(transaction.reference())
            .bind(transaction.description())
            .bind(transaction.posted_at().as_microsecond());
    }
    query.execute(&mut *c).await?;
    let lines = transactions.iter().map(|transaction| transaction.entries().len()).sum();
    let statement = format!(
        "INSERT INTO ledger_postings (transaction_id, line, account_id, amount) VALUES {}",
        rows_of_placeholders(lines, 4)
    );
    let mut query = sqlx::query(AssertSqlSafe(statement));
    for transaction in transactions {
        for (line, entry) in (0i64..).zip(transaction.entries()) {
            query =
                query.bind(transaction.id()).bind(line).bind(entry.account.id()).bind(entry.amount.micros());
        }
    }
    query.execute(c).await?;
    Ok(())
}

/// The guarded update found no row: is there no such account, or not enough in it?
pub(crate) async fn why_unchanged(
    c: &mut AnyConnection,
    account: &Account,
) -> Result<LedgerError, sqlx::Error> {
    let found: Option<(i64,)> =
        sqlx::query_as("SELECT balance FROM ledger_accounts WHERE id = $1 AND kind = $2")
            .bind(account.id())
            .bind(account.kind().as_str())
            .fetch_optional(c)
            .await?;
    let account = account.clone();
    Ok(match found {
        Some(_) => LedgerError::InsufficientFunds { account },
        None => LedgerError::UnknownAccount { account },
    })
}
