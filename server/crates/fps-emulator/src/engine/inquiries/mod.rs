//! What callers ask for: their transactions and accounts, and who can be paid. Nothing here changes anything.

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
