use crate::{Account, Name};
use jiff::Timestamp;
use money::Money;

/// One line: what an account gets (positive) or gives (negative).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub account: Account,
    pub amount: Money,
}

impl Entry {
    pub fn new(account: Account, amount: Money) -> Self {
        Self { account, amount }
    }
}

/// Why lines are not a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unbalanced {
    #[error("a ledger transaction has two lines or more")]
    TooFewLines,
    #[error("a line moves nothing")]
    ZeroLine,
    #[error("the lines do not sum to zero")]
    NotZero,
}

/// Lines that sum to zero; there is no other way to make one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transaction {
    name: Name,
    posted_at: Timestamp,
    entries: Vec<Entry>,
}

impl Transaction {
    pub fn new(name: impl Into<Name>, posted_at: Timestamp, entries: Vec<Entry>) -> Result<Self, Unbalanced> {
        if entries.len() < 2 {
            return Err(Unbalanced::TooFewLines);
        }
        if entries.iter().any(|entry| entry.amount.is_zero()) {
            return Err(Unbalanced::ZeroLine);
        }
        // In i128 so that the order of the lines cannot make a sum overflow that is zero in the end.
        let sum: i128 = entries.iter().map(|entry| i128::from(entry.amount.micros())).sum();
        if sum != 0 {
            return Err(Unbalanced::NotZero);
        }
        Ok(Self { name: name.into(), posted_at, entries })
    }

    pub fn name(&self) -> &Name {
        &self.name
    }

    pub fn posted_at(&self) -> Timestamp {
        self.posted_at
    }

    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn transaction(lines: &[(&str, i64)]) -> Result<Transaction, Unbalanced> {
        let entry =
            |(id, micros): &(&str, i64)| Entry::new(Account::stored(*id), Money::from_micros(*micros));
        Transaction::new("t", Timestamp::UNIX_EPOCH, lines.iter().map(entry).collect())
    }

    #[test]
    fn refuses_what_is_not_double_entry() {
        assert_eq!(transaction(&[]), Err(Unbalanced::TooFewLines));
        assert_eq!(transaction(&[("a", 0)]), Err(Unbalanced::TooFewLines));
        assert_eq!(transaction(&[("a", 5), ("b", -5), ("c", 0)]), Err(Unbalanced::ZeroLine));
        assert_eq!(transaction(&[("a", 5), ("b", -4)]), Err(Unbalanced::NotZero));
        assert_eq!(transaction(&[("a", i64::MAX), ("b", i64::MAX), ("c", 2)]), Err(Unbalanced::NotZero));
    }

    proptest! {
        /// The constructor takes exactly those lists of lines that sum to zero, have two lines or more
        /// and no empty one.
        #[test]
        fn only_balanced_lines_are_a_transaction(
            mut amounts in prop::collection::vec(-1_000_000_000i64..1_000_000_000, 0..6),
            balance in any::<bool>(),
        ) {
            if balance {
                amounts.push(-amounts.iter().sum::<i64>());
            }
            let balanced = amounts.iter().sum::<i64>() == 0 && amounts.len() >= 2 && !amounts.contains(&0);
            let entries = amounts.iter().map(|m| Entry::new(Account::summed("a"), Money::from_micros(*m))).collect();
            let made = Transaction::new("t", Timestamp::UNIX_EPOCH, entries);
            prop_assert_eq!(made.is_ok(), balanced);
        }
    }
}
