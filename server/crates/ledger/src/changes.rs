use crate::posting::why_unchanged;
use crate::{Account, Kind, LedgerError, Transaction};
use sqlx::AnyConnection;
use std::collections::BTreeMap;

/// What changes in the stored accounts, one line per account, in the order in which everybody locks them:
/// two that meet wait for each other instead of deadlocking.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Changes(BTreeMap<Account, Change>);

/// In i128 so that no sum on the way can overflow.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Change {
    balance: i128,
    held: i128,
}

impl Changes {
    /// All of the transactions together: what one of them gives another may take.
    pub(crate) fn of(transactions: &[Transaction]) -> Self {
        let mut changes = Self::default();
        let entries = transactions.iter().flat_map(Transaction::entries);
        for entry in entries.filter(|entry| entry.account.kind() == Kind::Stored) {
            changes.line(&entry.account).balance += i128::from(entry.amount.micros());
        }
        changes
    }

    /// What was held of the account is free again.
    pub(crate) fn free(&mut self, account: &Account, micros: i64) {
        self.line(account).held -= i128::from(micros);
    }

    fn line(&mut self, account: &Account) -> &mut Change {
        self.0.entry(account.clone()).or_default()
    }

    /// One guarded statement per account: nothing may be taken that is not there, or that is held.
    pub(crate) async fn apply(self, c: &mut AnyConnection) -> Result<(), LedgerError> {
        for (account, change) in self.0.into_iter().filter(|(_, change)| *change != Change::default()) {
            // No balance can be that large, so nothing is lost by refusing.
            let (Ok(balance), Ok(held)) = (i64::try_from(change.balance), i64::try_from(change.held)) else {
                return Err(LedgerError::InsufficientFunds { account });
            };
            let changed = sqlx::query(
                "UPDATE ledger_accounts SET balance = balance + $1, held = held + $2 \
                 WHERE id = $3 AND kind = 'Stored' AND balance + $1 >= held + $2",
            )
            .bind(balance)
            .bind(held)
            .bind(account.id())
            .execute(&mut *c)
            .await?;
            if changed.rows_affected() != 1 {
                return Err(why_unchanged(c, &account).await?);
            }
        }
        Ok(())
    }
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
    fn lines(changes: &Changes) -> Vec<(&str, i128, i128)> {
        changes.0.iter().map(|(account, change)| (account.id(), change.balance, change.held)).collect()
    }

    #[test]
    fn an_account_that_stands_twice_is_changed_once() {
        let paid = transaction(vec![entry("b", 5), entry("a", -7), entry("b", 2)]);
        let fee = transaction(vec![entry("b", -3), entry("c", 3)]);
        let mut changes = Changes::of(&[paid, fee]);
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
            let changes = Changes::of(&[transaction(entries)]);
            let lines = lines(&changes);
            prop_assert_eq!(lines.iter().map(|(_, balance, _)| balance).sum::<i128>(), i128::from(total));
            prop_assert!(lines.is_sorted_by(|a, b| a.0 < b.0));
        }
    }
}
