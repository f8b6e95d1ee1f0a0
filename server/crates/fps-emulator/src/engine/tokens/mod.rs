//! What callers do with tokens, and what they are told of them.

mod answers;
mod cancel;
mod own;
#[cfg(test)]
mod tests;

pub use answers::{cancel_for_caller, own_tokens, token_by_caller, usage};
pub use cancel::{Cancellation, Cancelling, cancel, prepare_cancellation, write_cancellation};
pub use own::{install_instruction, payment_instruction};
