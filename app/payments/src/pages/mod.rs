//! Amazon Payments' pages: each a function from its data to a whole HTML document.

mod account;
mod account_shell;
mod activity_filter;
mod authorization;
mod balance;
mod cbui_address;
mod cbui_confirm;
mod cbui_instrument;
mod cbui_new_instrument;
mod cbui_over;
mod cbui_sign_in;
mod cbui_terms;
mod create_account;
mod credentials;
mod developer;
mod error;
mod front;
mod instruments;
mod profile;
mod security;
mod shell;
mod sign_in;
#[cfg(test)]
mod tests;
mod tokens;
mod transaction;
mod transaction_action;

pub use account::account;
pub use balance::balance;
pub use cbui_address::cbui_address;
pub use cbui_confirm::cbui_confirm;
pub use cbui_instrument::cbui_instrument;
pub use cbui_new_instrument::cbui_new_instrument;
pub use cbui_over::{cbui_another, cbui_over};
pub use cbui_sign_in::cbui_sign_in;
pub use create_account::create_account;
pub use developer::developer;
pub use error::error;
pub use front::front;
pub use instruments::{instruments, new_instrument};
pub use profile::profile;
pub use security::security;
pub use sign_in::sign_in;
pub use tokens::tokens;
pub use transaction::transaction;
