//! Which side of a transaction an account is on.

use crate::domain::accounts::Account;
use crate::domain::transactions::{Case, Transaction};

/// What an account has to do with a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Sender,
    Recipient,
    /// Neither of them: the one whose program asked for it.
    Caller,
}

/// `None`: nothing, so that it does not exist for this account.
pub fn side(case: &Case, account: &Account) -> Option<Side> {
    let Transaction { sender_account_id, recipient_account_id, .. } = &case.transaction;
    let sides = [
        (sender_account_id, Side::Sender),
        (recipient_account_id, Side::Recipient),
        (&case.parties.caller_account_id, Side::Caller),
    ];
    sides.into_iter().find(|(id, _)| **id == account.id).map(|(_, side)| side)
}
