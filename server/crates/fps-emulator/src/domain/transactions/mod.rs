//! Transactions: their records, the life that each of them has, and what they move in the books.

mod in_books;
mod life;
pub mod lists;
pub mod movements;
pub mod record;
mod roles;
mod row;
mod state;
pub mod store;
pub mod sums;
mod token_payments;

pub use in_books::{holding, numbers_of_family, unposted};
pub use life::{Kind, Life};
pub use record::{NewTransaction, Parties, Party, Transaction};
pub use state::{Event, State};
pub use store::{
    PastStatus, due_for_expiry, due_for_processing, fee_id, find, find_all, find_numbered, find_of_caller,
    history, next_expiry, related,
};
pub use token_payments::{count_payments_of_token, payments_of_token};
