//! The accounts of the books for stored value.

use crate::domain::ledger_accounts::LedgerAccount;
use fps_protocol::ids::{AccessKey, InstrumentId};
use ledger::Account;

/// What is left of a prepaid balance.
pub fn prepaid(instrument_id: &InstrumentId) -> Account {
    LedgerAccount::Prepaid(instrument_id.clone()).book()
}

/// What is owed. What is being settled is held in it.
pub fn debt(instrument_id: &InstrumentId) -> Account {
    LedgerAccount::Debt(instrument_id.clone()).book()
}

/// What may still be owed: the limit less the debt.
pub fn credit(instrument_id: &InstrumentId) -> Account {
    LedgerAccount::Credit(instrument_id.clone()).book()
}

/// The other side of the credits that a caller gives.
pub fn credit_given(access_key: &AccessKey) -> Account {
    LedgerAccount::CreditGiven(access_key.clone()).book()
}
