//! Stored value: prepaid balances, which people fill before they buy, and debts, which they settle
//! afterwards. Each is with one caller, and an instrument of its own (fps.md §3: the Aggregated guide).

pub mod balances;
mod instruments;
pub mod rules;

pub use instruments::{credit, install, prepaid};
pub use rules::check_payment;
