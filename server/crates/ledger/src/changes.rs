use crate::posting::why_unchanged;
use crate::{Account, Kind, LedgerError, Transaction};
use sqlx::{AnyConnection, AssertSqlSafe};
use std::collections::BTreeMap;
use text_types::sql::rows_of_placeholders;

/// What changes in the stored accounts, one line per account, in the order in which everybody locks them:
/// two that meet wait for each other instead of deadlocking.
#[derive(Debug, Default)]
pub(crate) struct Changes<'t>(BTreeMap<Account, Change<'t>>);

/// In i128 so that no sum on the way can overflow.
#[derive(Debug, Default)]
struct Change<'t> {
    /// By each of the transactions that have lines of the account.
    moved: Vec<(&'t Transaction, i128)>,
    held: i128,
}

/// A row of `ledger_movements`.
struct Movement<'t> {
    account: Account,
    sequence: i64,
    transaction: &'t Transaction,
    amount: i64,
    /// After it.
    balance: i64,
}

impl<'t> Changes<'t> {
    /// All of the transactions together: what one of them gives another may take.
    pub(crate) fn of(transactions: &'t [Transaction]) -> Self {
        let mut changes = Self::default();
        for transaction in transactions {
            let stored = |entry: &&crate::Entry| entry.account.kind() == Kind::Stored;
            for entry in transaction.entries().iter().filter(stored) {
                let micros = i128::from(entry.amount.micros());
                let moved = &mut changes.line(&entry.account).moved;
                match moved.last_mut() {
                    Some((last, amount)) if std::ptr::eq(*last, transaction) => *amount += micros,
                    _ => moved.push((transaction, micros)),
                }
            }
        }
        changes
    }

    /// What was held of the account is free again.
    pub(crate) fn free(&mut self, account: &Account, micros: i64) {
        self.line(account).held -= i128::from(micros);
    }

    fn line(&mut self, account: &Account) -> &mut Change<'t> {
        self.0.entry(account.clone()).or_default()
    }

    /// One guarded statement per account: nothing may be taken that is not there, or that is held. Then what
    /// each transaction did to each account, in one statement.
    pub(crate) async fn apply(self, c: &mut AnyConnection) -> Result<(), LedgerError> {
        let mut movements = Vec::new();
        for (account, change) in self.0 {
            // No balance can be that large, so nothing is lost by refusing.
            let Some((balance, held)) = change.totals() else {
                return Err(LedgerError::InsufficientFunds { account });
            };
            let count = i64::try_from(change.moved.len()).unwrap_or(i64::MAX);
            let changed: Option<(i64, i64)> = sqlx::query_as(
                "UPDATE ledger_accounts SET balance = balance + $1, held = held + $2, movements = movements + $3 \
                 WHERE id = $4 AND kind = 'Stored' AND balance + $1 >= held + $2 \
                 RETURNING balance, movements",
            )
            .bind(balance)
            .bind(held)
            .bind(count)
            .bind(account.id())
            .fetch_optional(&mut *c)
            .await?;
            let Some((after, last)) = changed else { return Err(why_unchanged(c, &account).await?) };
            let (mut balance, mut sequence) = (i128::from(after) - i128::from(balance), last - count);
            for (transaction, amount) in change.moved {
                balance += amount;
                sequence += 1;
                let (Ok(amount), Ok(balance)) = (i64::try_from(amount), i64::try_from(balance)) else {
                    return Err(LedgerError::InsufficientFunds { account });
                };
                movements.push(Movement { account: account.clone(), sequence, transaction, amount, balance });
            }
        }
        write(c, &movements).await?;
        Ok(())
    }
}

impl Change<'_> {
    /// What the balance and what is held change by in all; `None` when that is out of range.
    fn totals(&self) -> Option<(i64, i64)> {
        let balance: i128 = self.moved.iter().map(|(_, amount)| amount).sum();
        Some((i64::try_from(balance).ok()?, i64::try_from(self.held).ok()?))
    }
}

async fn write(c: &mut AnyConnection, movements: &[Movement<'_>]) -> Result<(), sqlx::Error> {
    if movements.is_empty() {
        return Ok(());
    }
    let statement = format!(
        "INSERT INTO ledger_movements (account_id, sequence, transaction_id, posted_at, amount, balance) VALUES {}",
        rows_of_placeholders(movements.len(), 6)
    );
    let mut query = sqlx::query(AssertSqlSafe(statement));
    for movement in movements {
        query = query
            .bind(movement.account.id())
            .bind(movement.sequence)
            .bind(movement.transaction.id())
            .bind(movement.transaction.posted_at().as_microsecond())
            .bind(movement.amount)
            .bind(movement.balance);
    }
    query.execute(c).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Entry;
    use jiff::Timestamp;
    use money::Money;
    use proptest::prelude::*;

    fn transaction(entries: Vec<Entry>) -> Transaction {
        Transaction::new("t", "r", "d", Timestamp::UNIX_EPOCH, entries).unwrap()
    }

    fn entry(account: &str, micros: i64) -> Entry {
        Entry::new(Account::stored(account), Money::from_micros(micros))
    }

    /// Account, change of the balance, change of what is held.
    fn lines<'c>(changes: &'c Changes<'_>) -> Vec<(&'c str, i128, i128)> {
        let balance = |change: &Change| change.moved.iter().map(|(_, amount)| amount).sum();
        changes.0.iter().map(|(account, change)| (account.id(), balance(change), change.held)).collect()
    }

    #[test]
    fn an_account_that_stands_twice_is_changed_once() {
        let paid = transaction(vec![entry("b", 5), entry("a", -7), entry("b", 2)]);
        let fee = transaction(vec![entry("b", -3), entry("c", 3)]);
        let transactions = [paid, fee];
        let mut changes = Changes::of(&transactions);
        let of_b: Vec<i128> = changes.line(&Account::stored("b")).moved.iter().map(|moved| moved.1).collect();
        assert_eq!(of_b, [7, -3], "one movement for each transaction");
        changes.free(&Account::stored("a"), 9);
        changes.free(&Account::stored("d"), 1);
        assert_eq!(lines(&changes), [("a", -7, -9), ("b", 4, 0), ("c", 3, 0), ("d", 0, -1)]);
    }

    proptest! {
        #[test]
        fn changes_sum_to_the_entries(
            amounts in prop::collection::vec((0u8..4, 1i64..1_000_000_000), 1..6),
        ) {
            let mut entries: Vec<Entry> =
                amounts.iter().map(|(account, micros)| entry(&account.to_string(), *micros)).collect();
            let total: i64 = amounts.iter().map(|(_, micros)| micros).sum();
            entries.push(Entry::new(Account::summed("world"), Money::from_micros(-total)));
            let transactions = [transaction(entries)];
            let changes = Changes::of(&transactions);
            let lines = lines(&changes);
            prop_assert_eq!(lines.iter().map(|(_, balance, _)| balance).sum::<i128>(), i128::from(total));
            prop_assert!(lines.is_sorted_by(|a, b| a.0 < b.0));
        }
    }
}
