//! What an address asks for.

use std::collections::BTreeMap;

/// The fields of a query or of a form, the first of each name; what is empty is not asked for.
pub fn fields(text: &str) -> BTreeMap<String, String> {
    let mut fields = BTreeMap::new();
    for (name, value) in form_urlencoded::parse(text.as_bytes()) {
        let value = value.trim();
        if !value.is_empty() {
            fields.entry(name.into_owned()).or_insert_with(|| value.to_owned());
        }
    }
    fields
}

/// A path with what is asked of it.
pub fn address<'f>(path: &str, fields: impl IntoIterator<Item = (&'f str, &'f str)>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(fields);
    format!("{path}?{}", query.finish())
}
