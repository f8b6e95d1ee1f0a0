//! What callers read: their transactions and accounts, and who can be paid. Nothing here changes anything.

mod balance;
mod detail;
mod listing;
mod recipient;
mod subscriptions;
#[cfg(test)]
mod tests;

pub use balance::account_balance;
pub use detail::transaction_detail;
pub use listing::account_activity;
pub use recipient::recipient_verification;
pub use subscriptions::{subscription, subscription_details, subscription_transactions};

use crate::domain::transactions::Transaction;
use fps_protocol::enums::{ChargeFeeTo, FpsOperation, TransactionalRole};
use money::{Money, MoneyError};

/// Fees as answers show them: those that a refund gave back are below zero.
fn shown_fee(transaction: &Transaction, fee: Money) -> Result<Money, MoneyError> {
    if transaction.operation() == FpsOperation::Refund { fee.neg() } else { Ok(fee) }
}

/// Who pays the FPS fee, or gets it back. The sender of a refund is who was paid.
fn fee_payer(transaction: &Transaction) -> TransactionalRole {
    match (transaction.fee_payer, transaction.operation()) {
        (ChargeFeeTo::Caller, _) => TransactionalRole::Caller,
        (ChargeFeeTo::Recipient, FpsOperation::Refund) => TransactionalRole::Sender,
        (ChargeFeeTo::Recipient, _) => TransactionalRole::Recipient,
    }
}
