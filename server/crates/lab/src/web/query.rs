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

/// A path with a name at its end, whatever is in it.
pub fn below(path: &str, name: &str) -> String {
    format!("{path}/{}", percent_encode(name))
}

/// As a segment of a path: what a form calls a space is a plus sign there.
fn percent_encode(name: &str) -> String {
    form_urlencoded::byte_serialize(name.as_bytes()).collect::<String>().replace('+', "%20")
}

/// `no such account` → `No such account.`
pub fn as_sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str().trim_end_matches('.'))
}

/// So many characters of it at the most.
pub fn at_most(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_one_segment_and_reasons_are_sentences() {
        assert_eq!(below("/a", "x:y/z w"), "/a/x%3Ay%2Fz%20w");
        assert_eq!(as_sentence("no such thing"), "No such thing.");
        assert_eq!(as_sentence(""), ".");
        assert_eq!((at_most("äbc", 3), at_most("äbcd", 3)), ("äbc".to_owned(), "äbc…".to_owned()));
    }
}
