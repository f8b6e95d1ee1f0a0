//! What an account has, in the books.

use crate::domain::accounts::AccountId;
use crate::domain::ledger_accounts;
use crate::domain::ledger_accounts::LedgerAccount;
use crate::domain::ledger_transactions::InWords;
use jiff::Timestamp;
use ledger::{Balance, Entry, LedgerError, Transaction};
use money::Money;
use platform::Database;
use sqlx::AnyConnection;

/// The ledger account of an Amazon Payments account: stored and guarded.
pub fn ledger_account(account_id: &AccountId) -> ledger::Account {
    LedgerAccount::Holder(account_id.clone()).account()
}

/// What the account has and how much of it is held; zero for an unknown account.
pub async fn balance(db: &Database, account_id: &AccountId) -> Result<Balance, sqlx::Error> {
    ledger_accounts::balance(db.readers(), ledger_account(account_id)).await
}

/// Money from outside, by a `name` that no other deposit has: `amount` must be more than zero. Opens the books' outside
/// accounts if needed. Answers what was posted.
pub async fn deposit(
    c: &mut AnyConnection,
    name: &str,
    account_id: &AccountId,
    amount: Money,
    at: Timestamp,
) -> Result<Transaction, LedgerError> {
    ledger_accounts::open_shared(c).await?;
    let name = InWords::Deposit(name.to_owned());
    post(c, name, ledger_accounts::world_deposits(), account_id, amount, at).await
}

/// Posts what comes from an account outside, or goes there.
async fn post(
    c: &mut AnyConnection,
    name: InWords,
    outside: ledger::Account,
    account_id: &AccountId,
    amount: Money,
    at: Timestamp,
) -> Result<Transaction, LedgerError> {
    let entries = vec![
        Entry::new(outside, Money::from_micros(-amount.micros())),
        Entry::new(ledger_account(account_id), amount),
    ];
    let transaction =
        Transaction::new(name, at, entries).expect("two lines of the same amount, one against the other");
    ledger::post(c, &transaction).await?;
    Ok(transaction)
}

/// Money between an account and the bank account of its owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transfer {
    Deposit,
    Withdrawal,
}

impl Transfer {
    /// What it does to the balance.
    const fn moves(self, amount: Money) -> Money {
        match self {
            Self::Deposit => amount,
            Self::Withdrawal => Money::from_micros(-amount.micros()),
        }
    }
}

/// Moves `amount`, more than zero, to or from the bank account. `reference` names the request: the books
/// refuse the same one a second time (see [`was_transferred`]). Nothing can be withdrawn that is held or
/// not there. Answers what was posted.
pub async fn transfer(
    c: &mut AnyConnection,
    transfer: Transfer,
    account_id: &AccountId,
    reference: &str,
    amount: Money,
    at: Timestamp,
) -> Result<Transaction, LedgerError> {
    let name = transfer_name(account_id, reference);
    post(c, name, ledger_accounts::world_banks(), account_id, transfer.moves(amount), at).await
}

/// Whether the wish of this name moved just that: the same way, and as much.
pub async fn was_transferred(
    db: &Database,
    transfer: Transfer,
    account_id: &AccountId,
    reference: &str,
    amount: Money,
) -> Result<bool, sqlx::Error> {
    let (words, book) = (transfer_name(account_id, reference).to_string(), ledger_account(account_id));
    let moved = ledger::moved(db.readers(), &words, &book).await?;
    Ok(moved == Some(transfer.moves(amount)))
}

fn transfer_name(account_id: &AccountId, reference: &str) -> InWords {
    InWords::Transfer(account_id.clone(), reference.to_owned())
}
