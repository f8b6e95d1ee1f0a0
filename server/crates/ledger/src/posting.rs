use crate::changes::Changes;
use crate::guard::{Guard, told};
use crate::{LedgerError, Transaction};
use platform::db::{Batch, Statement};
use sqlx::AnyConnection;
use text_types::sql::rows_of_placeholders;

/// Writes a transaction and moves the stored balances. Nothing may be taken from a stored account that
/// it has not, or that is held.
pub async fn post(c: &mut AnyConnection, transaction: &Transaction) -> Result<(), LedgerError> {
    let mut batch = Batch::<Guard>::default();
    post_all(&mut batch, std::slice::from_ref(transaction))?;
    told(batch.run_on(c).await, c).await
}

/// Adds transactions that belong together. What one of them gives an account another may take.
pub fn post_all<G: From<Guard>>(
    batch: &mut Batch<G>,
    transactions: &[Transaction],
) -> Result<(), LedgerError> {
    write(batch, transactions);
    Changes::of(transactions).apply(batch)
}

/// All transactions in one statement, and all their lines in another.
pub(crate) fn write<G>(batch: &mut Batch<G>, transactions: &[Transaction]) {
    if transactions.is_empty() {
        return;
    }
    let mut statement = Statement::new(format!(
        "INSERT INTO ledger_transactions (id, posted_at) VALUES {}",
        rows_of_placeholders(transactions.len(), 2)
    ));
    for transaction in transactions {
        statement = statement.bind(transaction.id()).bind(transaction.posted_at().as_microsecond());
    }
    batch.push(statement.changing("ledger_transactions", "number, id"));
    let lines = transactions.iter().map(|transaction| transaction.entries().len()).sum();
    // A line whose account is missing stays without a number and is refused: with an inner join it would be left out.
    let mut statement = Statement::new(format!(
        "WITH lines (transaction_id, line, account_id, amount) AS (VALUES {}) \
         INSERT INTO ledger_postings (transaction_number, line, account_number, amount, summed) \
         SELECT posted.number, lines.line, a.number, lines.amount, CASE a.kind WHEN 'Summed' THEN 1 END \
         FROM lines LEFT JOIN {{ledger_transactions}} posted ON posted.id = lines.transaction_id \
             LEFT JOIN ledger_accounts a ON a.id = lines.account_id",
        rows_of_placeholders(lines, 4)
    ));
    for transaction in transactions {
        for (line, entry) in (0i64..).zip(transaction.entries()) {
            statement = statement
                .bind(transaction.id())
                .bind(line)
                .bind(entry.account.id())
                .bind(entry.amount.micros());
        }
    }
    batch.push(statement);
}
