//! Amazon Payments' pages: each a function from its data to a whole HTML document.

mod account;
mod authorization;
mod cbui_confirm;
mod cbui_instrument;
mod cbui_sign_in;
mod credentials;
mod error;
mod front;
mod shell;
mod sign_in;
#[cfg(test)]
mod tests;
mod transaction;

pub use account::account;
pub use cbui_confirm::cbui_confirm;
pub use cbui_instrument::cbui_instrument;
pub use cbui_sign_in::cbui_sign_in;
pub use error::error;
pub use front::front;
pub use sign_in::sign_in;
pub use transaction::transaction;
