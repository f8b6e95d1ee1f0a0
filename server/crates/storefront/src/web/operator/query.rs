//! What the operator's lists are filtered by, read from an address.

use app::form::FormState;
use jiff::Timestamp;
use jiff::civil::Date;
use std::str::FromStr;

/// These fields of a query, as they were typed.
pub fn read(query: Option<&str>, fields: &[&str]) -> FormState {
    let mut form = FormState::default();
    for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
        if fields.contains(&name.as_ref()) {
            // What no database takes and no person types.
            let value: String = value.chars().filter(|letter| !letter.is_control()).take(200).collect();
            form.set(&name, value.trim());
        }
    }
    form
}

/// The fields that are filled in, as a query again.
pub fn again(form: &FormState) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in form.values.iter().filter(|(_, value)| !value.is_empty()) {
        query.append_pair(name, value);
    }
    query.finish()
}

/// `None` for nothing, and for what is no word of the list.
pub fn word<T: FromStr>(form: &mut FormState, field: &str) -> Option<T> {
    let text = form.value(field);
    if text.is_empty() {
        return None;
    }
    let word = text.parse().ok();
    if word.is_none() {
        form.refuse(field, "Choose one from the list.");
    }
    word
}

pub fn day(form: &mut FormState, field: &str) -> Option<Date> {
    let text = form.value(field);
    if text.is_empty() {
        return None;
    }
    let day = text.parse().ok();
    if day.is_none() {
        form.refuse(field, "Enter a day like 2030-06-03.");
    }
    day
}

/// When the day after this one begins.
pub fn end_of(day: Date) -> Option<Timestamp> {
    day.tomorrow().ok().and_then(crate::input::midnight)
}

/// What was typed in a field, if anything was.
pub fn text<'a>(form: &'a FormState, field: &str) -> Option<&'a str> {
    Some(form.value(field)).filter(|text| !text.is_empty())
}
