//! What is done with mail that is written: it is read, and where a mail server is set it is sent as well.

mod reading;
pub mod sending;
#[cfg(test)]
mod tests;

pub use reading::{letter, mark_all_read, not_sent, open, page};
