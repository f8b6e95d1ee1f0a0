//! People with an account at the shop.

pub mod email_changes;
pub mod guests;
mod hold;
mod mailed;
pub mod resets;
pub mod second_factors;
pub mod sign_ups;
pub mod store;

pub use hold::Hold;
pub(crate) use hold::hold_statements;

use crate::ids::UserId;

/// A person with an account. Anybody may buy; who sells has a shop
/// beside it; the operator runs the marketplace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    pub id: UserId,
    /// In lower case, as it is kept and looked up.
    pub email: String,
    pub name: String,
    pub operator: bool,
}
