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

/// The names of passwords' fields: what is typed there is never sent back.
const PASSWORDS: [&str; 3] = ["password", "current_password", "new_password"];

impl FormState {
    /// What was typed, to be shown again; never the password.
    pub fn typed(mut values: BTreeMap<String, String>) -> Self {
        values.retain(|field, _| !PASSWORDS.contains(&field.as_str()));
        Self { values, errors: Vec::new() }
    }

    /// The same of these fields alone, where others must not be sent back: numbers of cards, for example.
    pub fn typed_only(mut values: BTreeMap<String, String>, shown: &[&str]) -> Self {
        values.retain(|field, _| shown.contains(&field.as_str()));
        Self::typed(values)
    }

    pub fn value(&self, field: &str) -> &str {
        self.values.get(field).map_or("", String::as_str)
    }

    /// What is wrong with a field, if anything is.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_secret_is_not_shown_again() {
        let values: BTreeMap<_, _> =
            ["email", "password", "number"].map(|field| (field.to_owned(), "typed".to_owned())).into();
        let form = FormState::typed(values.clone());
        assert_eq!(
            (form.value("email"), form.value("number"), form.value("password")),
            ("typed", "typed", "")
        );
        let form = FormState::typed_only(values, &["email", "password", "expiry"]);
        assert_eq!(form.values.keys().collect::<Vec<_>>(), ["email"]);
    }
}
