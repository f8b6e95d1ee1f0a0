//! The decoded names and values of a query string or a form body, in the order of the wire.

use crate::encoding::push_encoded;
use std::collections::HashSet;
use text_types::form;
pub use text_types::form::DecodeError;

/// More than any FPS request has; bounds the work that one request can ask for.
const MAX_PARAMETERS: usize = 500;

/// Ordered, decoded parameters. Names are case-sensitive and may repeat until somebody refuses it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Parameters {
    pairs: Vec<(String, String)>,
}

impl Parameters {
    pub fn new() -> Self {
        Self::default()
    }

    /// A query string, without the question mark.
    pub fn from_query(query: &str) -> Result<Self, DecodeError> {
        Self::from_form(query.as_bytes())
    }

    /// An `application/x-www-form-urlencoded` body.
    pub fn from_form(body: &[u8]) -> Result<Self, DecodeError> {
        Ok(Self { pairs: form::pairs(body, MAX_PARAMETERS)? })
    }

    /// The first value of that name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|(found, _)| *found == name).map(|(_, value)| value)
    }

    /// The values of those of the names that are there and not empty, in the order of the names.
    pub fn all_of(&self, names: &[&str]) -> Vec<String> {
        names.iter().filter_map(|name| self.non_empty(name)).map(str::to_owned).collect()
    }

    /// The first value of that name unless it is empty: FPS takes an empty value as not given.
    pub fn non_empty(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|value| !value.is_empty())
    }

    pub fn contains(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &str)> {
        self.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    pub fn len(&self) -> usize {
        self.pairs.len()
    }

    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// Adds a parameter at the end.
    pub fn push(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.pairs.push((name.into(), value.into()));
    }

    /// Adds a parameter at the end if there is a value.
    pub fn push_some(&mut self, name: &str, value: Option<impl Into<String>>) {
        if let Some(value) = value {
            self.push(name, value);
        }
    }

    /// Replaces all parameters of that name by one.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        match self.pairs.iter().position(|(found, _)| found == name) {
            Some(at) => {
                self.pairs[at].1 = value.into();
                let mut index = 0;
                self.pairs.retain(|(found, _)| {
                    index += 1;
                    index - 1 == at || found != name
                });
            }
            None => self.push(name, value),
        }
    }

    /// All parameters but those of that name.
    #[must_use]
    pub fn without(&self, name: &str) -> Self {
        self.iter().filter(|(found, _)| *found != name).collect()
    }

    /// All parameters of both, these first.
    #[must_use]
    pub fn joined(mut self, more: Self) -> Self {
        self.pairs.extend(more.pairs);
        self
    }

    /// The first name that stands twice. A repeated name is ambiguous (the first or the last?), so signed
    /// requests and notifications that have one are refused.
    pub fn first_repeated(&self) -> Option<&str> {
        let mut seen = HashSet::with_capacity(self.pairs.len());
        self.iter().map(|(name, _)| name).find(|name| !seen.insert(*name))
    }

    /// `name=value&…`, encoded as RFC 3986 says: good as query and as form body.
    pub fn to_query(&self) -> String {
        let mut query = String::with_capacity(self.pairs.len() * 32);
        for (name, value) in self.iter() {
            push_pair(&mut query, name, value);
        }
        query
    }

    /// The canonical query of signature version 2: encoded, sorted by name, without `leave_out`.
    pub(crate) fn canonical_query(&self, leave_out: &str) -> String {
        let mut sorted: Vec<(&str, &str)> = self.iter().filter(|(name, _)| *name != leave_out).collect();
        sorted.sort_unstable();
        let mut query = String::with_capacity(sorted.len() * 32);
        for (name, value) in sorted {
            push_pair(&mut query, name, value);
        }
        query
    }

    /// Sorted for signature version 1: by name, ignoring ASCII case; equal names stay in order.
    pub(crate) fn sorted_ignoring_case(&self, leave_out: &str) -> Vec<(&str, &str)> {
        let mut sorted: Vec<(&str, &str)> = self.iter().filter(|(name, _)| *name != leave_out).collect();
        let lower = |name: &str| name.bytes().map(|byte| byte.to_ascii_lowercase()).collect::<Vec<u8>>();
        sorted.sort_by_cached_key(|(name, _)| lower(name));
        sorted
    }
}

fn push_pair(to: &mut String, name: &str, value: &str) {
    if !to.is_empty() {
        to.push('&');
    }
    push_encoded(to, name);
    to.push('=');
    push_encoded(to, value);
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Parameters {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        Self { pairs: pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_queries_as_clients_send_them() {
        let read = Parameters::from_query("a=1&&b=x+y%20z&c&d=&=e&a=2=3").unwrap();
        let expected = [("a", "1"), ("b", "x y z"), ("c", ""), ("d", ""), ("", "e"), ("a", "2=3")];
        assert_eq!(read, expected.into_iter().collect());
        assert_eq!(read.first_repeated(), Some("a"));
        assert_eq!(read.get("a"), Some("1"));
        assert_eq!(read.non_empty("d"), None);
    }

    #[test]
    fn set_leaves_one() {
        let mut parameters = Parameters::from_query("a=1&b=2&a=3&c=4").unwrap();
        parameters.set("a", "9");
        parameters.set("d", "5");
        assert_eq!(parameters.to_query(), "a=9&b=2&c=4&d=5");
        assert_eq!(parameters.without("b").to_query(), "a=9&c=4&d=5");
    }

    #[test]
    fn a_flood_of_parameters_is_refused() {
        let flood = "a=1&".repeat(MAX_PARAMETERS + 1);
        assert_eq!(Parameters::from_query(&flood), Err(DecodeError::TooManyParameters));
    }

    #[test]
    fn version_1_sorts_without_regard_to_case() {
        let parameters = Parameters::from_query("b=1&AWS=2&Action=3&a=4").unwrap();
        let names: Vec<&str> =
            parameters.sorted_ignoring_case("").into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["a", "Action", "AWS", "b"]);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(
            pairs in prop::collection::vec(("[^\u{0}]{1,12}", "[^\u{0}]{0,24}"), 0..20),
        ) {
            let parameters: Parameters = pairs.into_iter().collect();
            prop_assert_eq!(Parameters::from_query(&parameters.to_query()), Ok(parameters));
        }

        #[test]
        fn reading_and_canonicalising_never_panic(raw in prop::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(parameters) = Parameters::from_form(&raw) {
                let _ = parameters.canonical_query("Signature");
                let _ = parameters.sorted_ignoring_case("Signature");
                let _ = parameters.first_repeated();
            }
        }
    }
}
