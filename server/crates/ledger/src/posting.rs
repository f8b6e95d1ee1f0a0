use crate::changes::Changes;
use crate::guard::{Guard, told};
use crate::name::numbered_rows;
use crate::{LedgerError, Name, Transaction};
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

/// All transactions in one statement, and all their lines in another. Words come first, which have no number before.
pub(crate) fn write<G>(batch: &mut Batch<G>, transactions: &[Transaction]) {
    if transactions.is_empty() {
        return;
    }
    let in_words: Vec<&Name> =
        transactions.iter().map(Transaction::name).filter(|name| name.is_in_words()).collect();
    if !in_words.is_empty() {
        let rows = rows_of_placeholders(in_words.len(), 1);
        let statement = Statement::new(format!("INSERT INTO ledger_names (id) VALUES {rows}"));
        let statement = in_words.iter().fold(statement, |statement, name| statement.bind(name.id()));
        batch.push(statement.changing("ledger_names", "number, id"));
    }
    let mut statement = Statement::new(format!(
        "INSERT INTO ledger_transactions (number, posted_at) VALUES {}",
        numbered_rows(transactions.iter().map(Transaction::name), 1)
    ));
    for transaction in transactions {
        statement = statement.bind(transaction.name().id()).bind(transaction.posted_at().as_microsecond());
    }
    batch.push(statement);
    let names = transactions.iter().flat_map(|transaction| {
        let name = transaction.name();
        transaction.entries().iter().map(move |_| name)
    });
    // A line whose account is missing stays without a number and is refused: with an inner join it would be left out.
    let mut statement = Statement::new(format!(
        "WITH lines (transaction_number, line, account_id, amount) AS (VALUES {}) \
         INSERT INTO ledger_postings (transaction_number, line, account_number, amount, summed) \
         SELECT lines.transaction_number, lines.line, a.number, lines.amount, CASE a.kind WHEN 'Summed' THEN 1 END \
         FROM lines LEFT JOIN ledger_accounts a ON a.id = lines.account_id",
        numbered_rows(names, 3)
    ));
    for transaction in transactions {
        for (line, entry) in (0i64..).zip(transaction.entries()) {
            statement = statement
                .bind(transaction.name().id())
                .bind(line)
                .bind(entry.account.id())
                .bind(entry.amount.micros());
        }
    }
    batch.push(statement);
}
