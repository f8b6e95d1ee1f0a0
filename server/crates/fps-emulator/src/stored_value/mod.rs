//! Stored value: prepaid balances, which people fill before they buy, and debts, which they settle
//! afterwards. Each is with one caller, and an instrument of its own (REFERENCE §3: the Aggregated guide).

mod balances;
pub mod books;
mod instruments;
mod rules;
mod transfer;
mod write_off;

#[cfg(test)]
mod tests;

pub use balances::{debt_balance, has_room, outstanding_debt, prepaid_balance, total_prepaid_liability};
pub use instruments::{credit, install, prepaid};
pub use rules::check_payment;
pub use transfer::{fund_prepaid, settle_debt};
pub use write_off::write_off_debt;
