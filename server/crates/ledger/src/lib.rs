//! Double-entry books: accounts, transactions of postings, holds. Knows no FPS, no HTTP, no order.
//!
//! All functions that write add to the batch of the caller's action, or take the connection of its transaction, so that
//! the books and whatever else the action changes are committed together or not at all. After an error the caller must
//! roll back: some of the accounts may be changed already.

#![cfg_attr(not(test), warn(unused_crate_dependencies))]

mod account;
mod audit;
mod balance;
mod changes;
mod error;
mod guard;
mod history;
mod hold;
mod movement;
mod name;
mod numbers;
mod posted;
mod posting;
mod prepared;
mod rows;
mod statement;
mod transaction;

pub use account::{Account, Kind, open_account};
pub use audit::{Audit, Finding, audit};
pub use balance::{Balance, Totals, balance, balances, totals, transaction_count};
pub use error::LedgerError;
pub use guard::Guard;
pub use history::balances_at;
pub use hold::{Hold, HoldId, active_holds, capture, place_hold, release};
pub use movement::moved;
pub use name::{Name, Origin};
pub use numbers::{account_numbered, origin_numbered};
pub use posted::{Line, PostedTransaction, is_posted, posted_for};
pub use posting::{post, post_all};
pub use prepared::PREPARED;
pub use statement::{Part, StatementLine, statement, summed_statement};
pub use transaction::{Entry, Transaction, Unbalanced};
