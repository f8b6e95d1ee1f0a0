use crate::guard::Guard;
use crate::name::numbered_rows;
use crate::{Account, Kind, LedgerError, Transaction};
use platform::db::{Batch, Statement};
use std::collections::BTreeMap;

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

/// A row of `ledger_movements`, as far as it does not depend on what was in the account before.
struct Movement<'t> {
    account: Account,
    /// How many movements of the account come after it.
    later: i64,
    transaction: &'t Transaction,
    amount: i64,
    /// What those after it change the balance by.
    still_to_move: i64,
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
    pub(crate) fn apply<G: From<Guard>>(self, batch: &mut Batch<G>) -> Result<(), LedgerError> {
        let mut movements = Vec::new();
        for (account, change) in self.0 {
            // No balance can be that large, so nothing is lost by refusing.
            let too_much = || LedgerError::InsufficientFunds { account: account.clone() };
            let (balance, held) = change.totals().ok_or_else(too_much)?;
            let count = i64::try_from(change.moved.len()).map_err(|_| too_much())?;
            let update = "UPDATE ledger_accounts SET balance = balance + $1, held = held + $2, movements = movements + $3 \
                          WHERE id = $4 AND kind = 'Stored' AND balance + $1 >= held + $2";
            let update = Statement::new(update).bind(balance).bind(held).bind(count).bind(account.id());
            batch.guard(
                update.changing("ledger_accounts", "number, id, balance, movements"),
                Guard::Account(account.clone()).into(),
            );
            let (mut later, mut still_to_move) = (count, i128::from(balance));
            for (transaction, amount) in change.moved {
                later -= 1;
                still_to_move -= amount;
                let (Ok(amount), Ok(still_to_move)) = (i64::try_from(amount), i64::try_from(still_to_move))
                else {
                    return Err(too_much());
                };
                movements.push(Movement {
                    account: account.clone(),
                    later,
                    transaction,
                    amount,
                    still_to_move,
                });
            }
        }
        write(batch, &movements);
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

/// Numbered from the end: the accounts' rows have the number of the last of these movements, and the balance after it.
fn write<G>(batch: &mut Batch<G>, movements: &[Movement<'_>]) {
    if movements.is_empty() {
        return;
    }
    let mut statement = Statement::new(format!(
        "WITH moved (transaction_number, account_id, later, posted_at, amount, still_to_move) AS (VALUES {}) \
         INSERT INTO ledger_movements \
             (account_number, sequence, transaction_number, posted_at, amount, balance) \
         SELECT after.number, after.movements - moved.later, moved.transaction_number, moved.posted_at, \
             moved.amount, after.balance - moved.still_to_move \
         FROM moved JOIN {{ledger_accounts}} after ON after.id = moved.account_id",
        numbered_rows(movements.iter().map(|movement| movement.transaction.name()), 5)
    ));
    for movement in movements {
        statement = statement
            .bind(movement.transaction.name().id())
            .bind(movement.account.id())
            .bind(movement.later)
            .bind(movement.transaction.posted_at().as_microsecond())
            .bind(movement.amount)
            .bind(movement.still_to_move);
    }
    batch.push(statement);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Entry;
    use jiff::Timestamp;
    use money::Money;
    use proptest::prelude::*;

    fn transaction(entries: Vec<Entry>) -> Transaction {
        Transaction::new("t", Timestamp::UNIX_EPOCH, entries).unwrap()
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
