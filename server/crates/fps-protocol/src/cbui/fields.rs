//! Reads a pipeline's parameters and collects the names of those that are not well formed.

use crate::enums::PaymentMethod;
use crate::parameters::Parameters;
use jiff::Timestamp;
use std::cell::RefCell;

pub struct Fields<'a> {
    parameters: &'a Parameters,
    bad: RefCell<Vec<&'static str>>,
}

impl<'a> Fields<'a> {
    pub fn new(parameters: &'a Parameters) -> Self {
        Self { parameters, bad: RefCell::default() }
    }

    pub fn refuse(&self, name: &'static str) {
        self.bad.borrow_mut().push(name);
    }

    /// The names that were refused, in the order of reading.
    pub fn into_bad(self) -> Vec<&'static str> {
        self.bad.into_inner()
    }

    /// None if it is not there, or refused.
    pub fn read<T>(&self, name: &'static str, parse: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        let text = self.parameters.non_empty(name)?;
        let value = parse(text);
        if value.is_none() {
            self.refuse(name);
        }
        value
    }

    /// Refused also if it is not there.
    pub fn require<T>(&self, name: &'static str, parse: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        if self.parameters.non_empty(name).is_none() {
            self.refuse(name);
        }
        self.read(name, parse)
    }

    pub fn text(&self, name: &'static str, longest: usize) -> Option<String> {
        self.read(name, |text| (text.chars().count() <= longest).then(|| text.to_owned()))
    }

    pub fn flag(&self, name: &'static str) -> bool {
        self.read(name, flag).unwrap_or(false)
    }
}

/// Documents say `True` and `False`; one client sends small letters.
pub fn flag(text: &str) -> Option<bool> {
    match text {
        "True" | "true" => Some(true),
        "False" | "false" => Some(false),
        _ => None,
    }
}

/// A comma-separated choice of CC, ACH and ABT.
pub fn payment_methods(text: &str) -> Option<Vec<PaymentMethod>> {
    let method = |word: &str| match word.trim().parse() {
        Ok(method @ (PaymentMethod::Abt | PaymentMethod::Ach | PaymentMethod::Cc)) => Some(method),
        _ => None,
    };
    text.split(',').map(method).collect()
}

/// Seconds since the epoch.
pub fn epoch_seconds(text: &str) -> Option<Timestamp> {
    text.parse().ok().and_then(|seconds| Timestamp::from_second(seconds).ok())
}
