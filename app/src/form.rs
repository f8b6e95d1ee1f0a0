//! What a person typed into a form and what was wrong with it, so that nothing typed is lost.

use std::collections::BTreeMap;

/// A form's values by field name, and its errors by field name. An error under `""` is about the form
/// as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FormState {
    pub values: BTreeMap<String, String>,
    pub errors: Vec<FieldError>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    pub field: String,
    /// A sentence that says what is wrong and what to do.
    pub message: String,
}

impl FormState {
    pub fn value(&self, field: &str) -> &str {
        self.values.get(field).map_or("", String::as_str)
    }

    pub fn error(&self, field: &str) -> Option<&str> {
        self.errors.iter().find(|error| error.field == field).map(|error| error.message.as_str())
    }

    pub fn set(&mut self, field: &str, value: impl Into<String>) {
        self.values.insert(field.to_owned(), value.into());
    }

    pub fn refuse(&mut self, field: &str, message: impl Into<String>) {
        self.errors.push(FieldError { field: field.to_owned(), message: message.into() });
    }

    pub fn is_valid(&self) -> bool {
        self.errors.is_empty()
    }
}
