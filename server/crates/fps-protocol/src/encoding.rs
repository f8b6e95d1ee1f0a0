//! Percent encoding as RFC 3986 says. Reading is [`text_types::form`].

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use url::Url;

/// Everything but the unreserved characters of RFC 3986 (fps.md §8).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
const RESERVED_IN_PATH: &AsciiSet = &RESERVED.remove(b'/');

/// Unreserved characters stay, everything else becomes `%XX` in upper case; a space is `%20`.
pub fn percent_encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    push_encoded(&mut encoded, text);
    encoded
}

/// Like [`percent_encode`], onto the end of `to`.
pub fn push_encoded(to: &mut String, text: &str) {
    to.extend(utf8_percent_encode(text, RESERVED));
}

/// A path as it is signed: decoded, then encoded again with its slashes kept; `/` when empty.
pub(crate) fn canonical_path(path: &str) -> String {
    if path.is_empty() {
        return "/".to_owned();
    }
    let decoded = percent_decode_str(path).decode_utf8_lossy();
    utf8_percent_encode(&decoded, RESERVED_IN_PATH).collect()
}

/// An address that a browser or a notification can be sent to.
pub(crate) fn web_url(text: &str) -> Option<Url> {
    Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use text_types::form::decode;

    #[test]
    fn the_same_value_in_three_spellings_is_signed_alike() {
        for wire in ["c+1%7E%2A%2F", "c+1%7E*%2F", "c%201~%2A%2F", "c%201~%2a%2f"] {
            let value = decode(wire.as_bytes()).unwrap();
            assert_eq!(value, "c 1~*/");
            assert_eq!(percent_encode(&value), "c%201~%2A%2F");
        }
    }

    #[test]
    fn a_path_keeps_its_slashes() {
        assert_eq!(canonical_path(""), "/");
        assert_eq!(canonical_path("/a b/%7Ec/é*"), "/a%20b/~c/%C3%A9%2A");
    }

    proptest! {
        #[test]
        fn encoding_is_undone_by_decoding(text in "[^\u{0}]{0,60}") {
            prop_assert_eq!(decode(percent_encode(&text).as_bytes()), Ok(text));
        }

        #[test]
        fn decoding_never_panics(raw in prop::collection::vec(any::<u8>(), 0..80)) {
            let _ = decode(&raw);
            let _ = canonical_path(&String::from_utf8_lossy(&raw));
        }
    }
}
