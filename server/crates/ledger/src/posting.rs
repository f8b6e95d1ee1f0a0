use crate::{Account, LedgerError, Transaction};
use sqlx::{AnyConnection, AssertSqlSafe};

/// Writes a transaction and moves the stored balances. Nothing may be taken from a stored account that
/// it has not, or that is held.
pub async fn post(c: &mut AnyConnection, transaction: &Transaction) -> Result<(), LedgerError> {
    sqlx::query(
        "INSERT INTO ledger_transactions (id, reference, description, posted_at) VALUES ($1, $2, $3, $4)",
    )
    .bind(transaction.id())
    .bind(transaction.reference())
    .bind(transaction.description())
    .bind(transaction.posted_at().as_microsecond())
    .execute(&mut *c)
    .await?;
    insert_entries(c, transaction).await?;
    for (account, change) in transaction.stored_changes() {
        // No balance can be that large, so nothing is lost by refusing.
        let change =
            i64::try_from(change).map_err(|_| LedgerError::InsufficientFunds { account: account.clone() })?;
        change_balance(c, account, change).await?;
    }
    Ok(())
}

/// All lines in one statement: a sale has four, and each statement costs a round trip.
async fn insert_entries(c: &mut AnyConnection, transaction: &Transaction) -> Result<(), sqlx::Error> {
    let lines = transaction.entries().len();
    let rows: Vec<String> =
        (0..lines).map(|line| format!("($1, {line}, ${}, ${})", 2 * line + 2, 2 * line + 3)).collect();
    // Made of numbers only; one text per number of lines, so prepared statements are used again.
    let statement = format!(
        "INSERT INTO ledger_postings (transaction_id, line, account_id, amount) VALUES {}",
        rows.join(", ")
    );
    let mut query = sqlx::query(AssertSqlSafe(statement)).bind(transaction.id());
    for entry in transaction.entries() {
        query = query.bind(entry.account.id()).bind(entry.amount.micros());
    }
    query.execute(c).await?;
    Ok(())
}

async fn change_balance(c: &mut AnyConnection, account: &Account, change: i64) -> Result<(), LedgerError> {
    let changed = sqlx::query(
        "UPDATE ledger_accounts SET balance = balance + $1 \
         WHERE id = $2 AND kind = 'Stored' AND balance + $1 >= held",
    )
    .bind(change)
    .bind(account.id())
    .execute(&mut *c)
    .await?;
    if changed.rows_affected() == 1 { Ok(()) } else { Err(why_unchanged(c, account).await?) }
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
