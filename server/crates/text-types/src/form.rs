//! Queries and form bodies (`application/x-www-form-urlencoded`), read strictly: what cannot be meant is refused
//! instead of guessed at.

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

/// The decoded names and values in their order, `most` of them at most. Names may repeat; a name without `=` has
/// an empty value; nothing between two `&` is nothing.
pub fn pairs(body: &[u8], most: usize) -> Result<Vec<(String, String)>, DecodeError> {
    let mut pairs = Vec::with_capacity(most.min(16));
    for raw in body.split(|byte| *byte == b'&').filter(|raw| !raw.is_empty()) {
        if pairs.len() == most {
            return Err(DecodeError::TooManyParameters);
        }
        let equals = raw.iter().position(|byte| *byte == b'=');
        let (name, value) = equals.map_or((raw, &raw[raw.len()..]), |at| (&raw[..at], &raw[at + 1..]));
        pairs.push((decode(name)?, decode(value)?));
    }
    Ok(pairs)
}

/// One name or value: `+` is a space, `%XX` a byte.
pub fn decode(raw: &[u8]) -> Result<String, DecodeError> {
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

    #[test]
    fn broken_escapes_and_bytes_are_refused() {
        for wire in ["%", "a%2", "%zz", "%+1", "%é0"] {
            assert_eq!(decode(wire.as_bytes()), Err(DecodeError::BadEscape), "{wire}");
        }
        for wire in ["%ff", "%C3", "%ed%a0%80", "%f4%90%80%80"] {
            assert_eq!(decode(wire.as_bytes()), Err(DecodeError::NotUtf8), "{wire}");
        }
        assert_eq!(decode(b"\xff"), Err(DecodeError::NotUtf8));
        assert_eq!(decode(b"a%00b"), Err(DecodeError::NulCharacter));
    }

    #[test]
    fn a_limit_holds() {
        assert_eq!(pairs(b"a=1&&b", 2).unwrap().len(), 2);
        assert_eq!(pairs(b"a=1&b&c", 2), Err(DecodeError::TooManyParameters));
    }
}
