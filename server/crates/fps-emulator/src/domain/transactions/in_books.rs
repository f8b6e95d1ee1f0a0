//! What transactions have in the books.

use fps_protocol::ids::TransactionId;
use platform::Database;
use platform::db::Columns;
use sqlx::AssertSqlSafe;

/// Refunds and what else belongs to one transaction, at the most; more is of no use to anybody who reads it.
const MOST: i64 = 100;
/// That break a rule, at the most.
const MOST_WRONG: i64 = 100;

/// The numbers of a transaction and of all that follows from it (its fee's record, refunds of both), by which the books
/// know them, with their ids; empty where there is no such transaction.
pub async fn numbers_of_family(
    db: &Database,
    id: &TransactionId,
) -> Result<Vec<(i64, TransactionId)>, sqlx::Error> {
    let rows = sqlx::query(
        "WITH RECURSIVE family (number) AS ( \
             SELECT number FROM transactions WHERE id = $1 \
             UNION SELECT t.number FROM transactions t JOIN family ON t.parent = family.number) \
         SELECT t.number, t.id FROM transactions t JOIN family ON family.number = t.number ORDER BY t.number LIMIT $2",
    )
    .bind(id.as_str())
    .bind(MOST)
    .fetch_all(db.readers())
    .await?;
    rows.iter().map(|row| Ok((row.integer("number")?, row.parsed("id")?))).collect()
}

/// The holds that there must be: of what is reserved, and of debts that are being settled.
pub async fn holding(db: &Database) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT hold_id FROM transactions WHERE hold_id IS NOT NULL \
             AND (status = 'Reserved' OR (status = 'Pending' AND settle_amount IS NULL)) ORDER BY hold_id",
    )
    .fetch_all(db.readers())
    .await
}

/// Those that have moved money and are not in the books. The record of a fee stands in them with its payment.
pub async fn unposted(db: &Database) -> Result<Vec<TransactionId>, sqlx::Error> {
    let statement = format!(
        "SELECT t.id FROM transactions t WHERE t.status = 'Success' AND COALESCE(t.settle_amount, t.amount) > 0 \
             AND (t.parent IS NULL OR t.operation = 'Refund') AND NOT {} ORDER BY t.number LIMIT $1",
        ledger::is_posted("t.number")
    );
    let rows = sqlx::query(AssertSqlSafe(statement)).bind(MOST_WRONG).fetch_all(db.readers()).await?;
    rows.iter().map(|row| row.parsed("id")).collect()
}
