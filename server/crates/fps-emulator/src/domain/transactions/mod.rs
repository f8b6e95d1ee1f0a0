//! Transactions: their records, the life that each of them has, and what they move in the books.

pub mod books;
pub mod movements;
pub mod record;
mod state;
pub mod store;

pub use record::{Case, Transaction};
pub use state::{Event, State};
pub(crate) use store::select_cases;
pub use store::{
    ActivityFilter, PastStatus, Row as CaseRow, activity, activity_behind, count_activity, due_for_expiry,
    due_for_processing, fee_id, find, find_of_caller, history, related,
};
