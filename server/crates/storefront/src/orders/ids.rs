//! One type for each kind of id, so that a token is never taken for a transaction.

use std::fmt;

pub use fps_protocol::ids::{TokenId, TransactionId};

/// An order of the shop: part of its pages' addresses.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct OrderId(String);

impl OrderId {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether an order can have this id. It comes out of addresses, and PostgreSQL takes no NUL in text.
    pub(crate) fn is_possible(&self) -> bool {
        self.0.len() <= 64 && self.0.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    }
}

impl fmt::Display for OrderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
