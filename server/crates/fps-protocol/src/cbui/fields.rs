//! Reads a pipeline's parameters and collects the names of those that are not well formed.

use super::{CbuiRequest, CeError, VERSION};
use crate::actions::LARGEST_AMOUNT;
use crate::enums::PaymentMethod;
use crate::ids::{CallerReference, TokenId};
use crate::parameters::Parameters;
use jiff::Timestamp;
use money::Money;
use std::cell::RefCell;

/// Of a text that people see.
pub const LONGEST_TEXT: usize = 160;

pub struct Fields<'a> {
    parameters: &'a Parameters,
    bad: RefCell<Vec<&'static str>>,
}

impl<'a> Fields<'a> {
    /// The fields of a request, of a version that there is and in the one currency.
    pub fn new(request: &'a CbuiRequest) -> Self {
        let fields = Self { parameters: &request.parameters, bad: RefCell::default() };
        fields.read("version", |text| (text == VERSION).then_some(()));
        fields.read("currencyCode", |text| (text == "USD").then_some(()));
        fields
    }

    pub fn refuse(&self, name: &'static str) {
        self.bad.borrow_mut().push(name);
    }

    /// What was read, unless something was refused.
    pub fn finish<T>(self, read: Option<T>) -> Result<T, CeError> {
        let fields = self.bad.into_inner();
        read.filter(|_| fields.is_empty()).ok_or(CeError { fields })
    }

    pub fn has(&self, name: &str) -> bool {
        self.parameters.non_empty(name).is_some()
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
        if !self.has(name) {
            self.refuse(name);
        }
        self.read(name, parse)
    }

    /// `longest` counts characters. `None` if it is not there, or refused.
    pub fn text(&self, name: &'static str, longest: usize) -> Option<String> {
        self.read(name, |text| (text.chars().count() <= longest).then(|| text.to_owned()))
    }

    pub fn flag(&self, name: &'static str) -> bool {
        self.read(name, flag).unwrap_or(false)
    }

    /// The reference that most pipelines have; it may be spelled in two ways.
    pub fn caller_reference(&self, request: &CbuiRequest) -> Option<CallerReference> {
        let reference = request.caller_reference().and_then(|text| CallerReference::new(text).ok());
        if reference.is_none() {
            self.refuse("callerReference");
        }
        reference
    }

    /// Two references of one request; they name two tokens, so they differ.
    pub fn two_references(
        &self,
        first: &'static str,
        second: &'static str,
    ) -> Option<(CallerReference, CallerReference)> {
        let reference = |name| self.require(name, |text| CallerReference::new(text).ok());
        let (one, other) = reference(first).zip(reference(second))?;
        if one == other {
            self.refuse(second);
            return None;
        }
        Some((one, other))
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

/// Comma-separated.
pub fn token_ids(text: &str) -> Option<Vec<TokenId>> {
    text.split(',').map(|word| TokenId::new(word.trim()).ok()).collect()
}

/// Seconds since the epoch.
pub fn epoch_seconds(text: &str) -> Option<Timestamp> {
    text.parse().ok().and_then(|seconds| Timestamp::from_second(seconds).ok())
}

pub fn amount(text: &str) -> Option<Money> {
    Money::parse_dollars(text).ok().filter(|amount| *amount <= LARGEST_AMOUNT)
}

/// To a millionth of a dollar: a fee.
pub fn exact_amount(text: &str) -> Option<Money> {
    Money::parse_exact_dollars(text).ok().filter(|amount| *amount <= LARGEST_AMOUNT)
}

pub fn positive_amount(text: &str) -> Option<Money> {
    amount(text).filter(|amount| amount.is_positive())
}
