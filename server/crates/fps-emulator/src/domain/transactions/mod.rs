//! Transactions: their records, the life that each of them has, and what they move in the books.

pub mod activity;
pub mod books;
mod life;
pub mod movements;
pub mod record;
mod row;
mod state;
pub mod store;

pub use life::{Kind, Life};
pub use record::{NewTransaction, Parties, Party, Transaction};
pub use state::{Event, State};
pub use store::{
    ActivityFilter, PastStatus, account_activity, account_activity_behind, count_activity, due_for_expiry,
    due_for_processing, fee_id, fees_earned, find, find_of_caller, history, pending_funding,
    pending_funding_with_caller, related,
};
