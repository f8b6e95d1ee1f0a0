//! The accounts of the books for stored value.

use crate::domain::ledger_accounts::LedgerAccount;
use ledger::Account;

/// What is left of a prepaid balance.
pub fn prepaid(instrument_id: &str) -> Account {
    LedgerAccount::Prepaid(instrument_id.to_owned()).book()
}

/// What is owed. What is being settled is held in it.
pub fn debt(instrument_id: &str) -> Account {
    LedgerAccount::Debt(instrument_id.to_owned()).book()
}

/// What may still be owed: the limit less the debt.
pub fn credit(instrument_id: &str) -> Account {
    LedgerAccount::Credit(instrument_id.to_owned()).book()
}

/// The other side of the credits that a caller gives.
pub fn credit_given(access_key: &str) -> Account {
    LedgerAccount::CreditGiven(access_key.to_owned()).book()
}
