//! People with an account at the shop: signing up and signing in.

mod accounts;
pub mod records;

pub use accounts::{SignInError, SignUp, SignUpError, sign_in, sign_up};

/// A person with an account. Anybody may buy; who sells has a [`Merchant`](crate::merchants::Merchant)
/// beside it; the operator runs the shop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    pub id: String,
    /// In lower case, as it is kept and looked up.
    pub email: String,
    pub name: String,
    pub operator: bool,
}
