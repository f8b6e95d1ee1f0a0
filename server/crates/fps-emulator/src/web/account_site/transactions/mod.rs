//! The account's transactions: listed, filtered, as a file, one by one, and what its holder does with them.

pub mod csv_file;
pub mod detail;
pub mod fee_breakdown;
mod filter;
pub mod forms;
pub mod list;
