//! What callers do with prepaid balances and debts.

pub mod balances;
mod transfer;
mod write_off;

#[cfg(test)]
mod tests;

pub use balances::{debt_balance, outstanding_debt, prepaid_balance, total_prepaid_liability};
pub use transfer::{fund_prepaid, settle_debt};
pub use write_off::write_off_debt;
