//! Percent encoding: strict when reading, RFC 3986 when writing.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use url::Url;

/// Everything but the unreserved characters of RFC 3986 (REFERENCE §8).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
const RESERVED_IN_PATH: &AsciiSet = &RESERVED.remove(b'/');

/// Why a query or form body cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    #[error("a percent sign must be followed by two hexadecimal digits")]
    BadEscape,
    #[error("the text is not UTF-8")]
    NotUtf8,
    /// PostgreSQL cannot store it and XML cannot show it, so it stops at the door.
    #[error("the text contains a NUL character")]
    NulCharacter,
    #[error("there are too many parameters")]
    TooManyParameters,
}

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

/// One name or value of a query or form: `+` is a space, `%XX` a byte.
pub(crate) fn decode_component(raw: &[u8]) -> Result<String, DecodeError> {
    let mut decoded = Vec::with_capacity(raw.len());
    let mut rest = raw.iter();
    while let Some(byte) = rest.next() {
        decoded.push(match byte {
            b'+' => b' ',
            b'%' => {
                let high = rest.next().copied().and_then(hex_digit).ok_or(DecodeError::BadEscape)?;
                let low = rest.next().copied().and_then(hex_digit).ok_or(DecodeError::BadEscape)?;
                high << 4 | low
            }
            byte => *byte,
        });
    }
    if decoded.contains(&0) {
        return Err(DecodeError::NulCharacter);
    }
    String::from_utf8(decoded).map_err(|_| DecodeError::NotUtf8)
}

fn hex_digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_same_value_in_three_spellings_is_signed_alike() {
        for wire in ["c+1%7E%2A%2F", "c+1%7E*%2F", "c%201~%2A%2F", "c%201~%2a%2f"] {
            let value = decode_component(wire.as_bytes()).unwrap();
            assert_eq!(value, "c 1~*/");
            assert_eq!(percent_encode(&value), "c%201~%2A%2F");
        }
    }

    #[test]
    fn broken_escapes_and_bytes_are_refused() {
        for wire in ["%", "a%2", "%zz", "%+1", "%é0"] {
            assert_eq!(decode_component(wire.as_bytes()), Err(DecodeError::BadEscape), "{wire}");
        }
        for wire in ["%ff", "%C3", "%ed%a0%80", "%f4%90%80%80"] {
            assert_eq!(decode_component(wire.as_bytes()), Err(DecodeError::NotUtf8), "{wire}");
        }
        assert_eq!(decode_component(b"\xff"), Err(DecodeError::NotUtf8));
        assert_eq!(decode_component(b"a%00b"), Err(DecodeError::NulCharacter));
    }

    #[test]
    fn a_path_keeps_its_slashes() {
        assert_eq!(canonical_path(""), "/");
        assert_eq!(canonical_path("/a b/%7Ec/é*"), "/a%20b/~c/%C3%A9%2A");
    }

    proptest! {
        #[test]
        fn encoding_is_undone_by_decoding(text in "[^\u{0}]{0,60}") {
            prop_assert_eq!(decode_component(percent_encode(&text).as_bytes()), Ok(text));
        }

        #[test]
        fn decoding_never_panics(raw in prop::collection::vec(any::<u8>(), 0..80)) {
            let _ = decode_component(&raw);
            let _ = canonical_path(&String::from_utf8_lossy(&raw));
        }
    }
}
