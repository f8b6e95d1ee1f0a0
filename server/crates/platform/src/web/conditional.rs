//! What a browser has already need not be sent again.
//!
//! Not by the crate `headers`: of a tag with a space in it, which anybody can send, a debug build of it panics.

use http::header::{IF_NONE_MATCH, IF_RANGE};
use http::{HeaderMap, HeaderValue};

/// Whether the sender has this version already (`If-None-Match`). `etag` is in quotes, as in the header `ETag`.
/// Weak or strong does not matter here: compression on the way weakens the tag.
pub fn is_known(request: &HeaderMap, etag: &str) -> bool {
    let named = request.get_all(IF_NONE_MATCH).iter().map(HeaderValue::as_bytes);
    named.flat_map(|value| value.split(|byte| *byte == b',')).map(<[u8]>::trim_ascii).any(|tag| {
        let strong = tag.strip_prefix(b"W/").unwrap_or(tag);
        tag == b"*" || strong == etag.as_bytes()
    })
}

/// Whether a part of this version may be sent: the sender has other parts of it, or of none (`If-Range`). Of a
/// weak tag or a date nobody knows that it is the same to the byte.
pub fn fits_other_parts(request: &HeaderMap, etag: &str) -> bool {
    request.get(IF_RANGE).is_none_or(|had| had.as_bytes() == etag.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_known_by_its_tag() {
        let known = |value: &'static str| {
            is_known(&HeaderMap::from_iter([(IF_NONE_MATCH, HeaderValue::from_static(value))]), "\"a\"")
        };
        for value in ["\"a\"", "W/\"a\"", "\"b\", \"a\"", "\"b\",W/\"a\"", "*", "\"b c\" , \"a\" "] {
            assert!(known(value), "{value}");
        }
        for value in ["", "\"b\"", "a", "\"a", "\"b, a\"", "\"*\"", "W/W/\"a\"", "w/\"a\"", "W/*", ","] {
            assert!(!known(value), "{value}");
        }
        assert!(!is_known(&HeaderMap::new(), "\"a\""));
        let mut twice = HeaderMap::from_iter([(IF_NONE_MATCH, HeaderValue::from_static("\"b\""))]);
        twice.append(IF_NONE_MATCH, HeaderValue::from_static("\"a\""));
        assert!(is_known(&twice, "\"a\""));
    }

    #[test]
    fn parts_of_two_versions_are_not_mixed() {
        let fits = |value: &'static str| {
            fits_other_parts(&HeaderMap::from_iter([(IF_RANGE, HeaderValue::from_static(value))]), "\"a\"")
        };
        assert!(fits("\"a\"") && fits_other_parts(&HeaderMap::new(), "\"a\""));
        for value in ["\"b\"", "W/\"a\"", "Wed, 21 Oct 2015 07:28:00 GMT", "", "nonsense"] {
            assert!(!fits(value), "{value}");
        }
    }
}
