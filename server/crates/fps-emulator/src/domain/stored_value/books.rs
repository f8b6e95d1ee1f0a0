//! The accounts of the books for stored value. All but one are stored and guarded: a prepaid balance
//! cannot be overdrawn, a debt cannot be settled twice, and a credit limit cannot be exceeded, however
//! many ask at once.

use ledger::Account;

/// What is left of a prepaid balance.
pub fn prepaid(instrument_id: &str) -> Account {
    Account::stored(format!("prepaid:{instrument_id}"))
}

/// What is owed. What is being settled is held in it.
pub fn debt(instrument_id: &str) -> Account {
    Account::stored(format!("debt:{instrument_id}"))
}

/// What may still be owed: the limit less the debt.
pub fn credit(instrument_id: &str) -> Account {
    Account::stored(format!("credit:{instrument_id}"))
}

/// The other side of the credits that a caller gives: minus the sum of their limits. A memo, as debts and
/// credits are: no money is behind it.
pub fn credit_given(access_key: &str) -> Account {
    Account::summed(format!("credit-given:{access_key}"))
}

/// Whether it is what is owed for some instrument.
pub fn is_debt(account: &Account) -> bool {
    account.id().starts_with("debt:")
}
