//! What has been checked and what has not, as types: a handler that takes a [`Verified`] cannot be
//! reached by anything forged.

use std::ops::Deref;

/// Arrived from outside; nothing in it is known to be true.
#[derive(Debug, Clone)]
pub struct Unverified<T>(T);

impl<T> Unverified<T> {
    pub fn new(claim: T) -> Self {
        Self(claim)
    }

    /// What it says of itself: good for looking up a key or rendering an error, for nothing else.
    pub fn claimed(&self) -> &T {
        &self.0
    }

    pub(crate) fn into_verified(self) -> Verified<T> {
        Verified(self.0)
    }
}

/// Its signature was checked. Only this crate's verification makes one.
#[derive(Debug, Clone)]
pub struct Verified<T>(T);

impl<T> Verified<T> {
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Deref for Verified<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}
