//! What callers do with tokens, and what becomes of it: paying, reserving, settling, cancelling, refunding,
//! and what the processor and the clock do without anybody's request.

pub mod actor;
pub mod cancel;
pub mod completion;
mod notification;
pub mod pay;
pub mod refund;
pub mod settle;
pub mod status;
pub mod subscription;
#[cfg(test)]
pub mod tests;

pub use actor::Actor;
pub use cancel::cancel;
pub use completion::{DecideError, Verdict, decide, expire, processor_answers};
pub use pay::pay_or_reserve;
pub use refund::refund;
pub use settle::{settle, unknown};
pub use status::status;
pub use subscription::cancel_subscription;
