//! Identifiers, each its own type.

use std::fmt;
use std::str::FromStr;

/// Not a possible identifier of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the value is not a valid identifier")]
pub struct InvalidId;

macro_rules! id {
    ($(#[$meta:meta])* $name:ident, $valid:expr) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            pub fn new(text: impl Into<String>) -> Result<Self, InvalidId> {
                let text = text.into();
                let valid: fn(&str) -> bool = $valid;
                if valid(&text) { Ok(Self(text)) } else { Err(InvalidId) }
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }

            pub fn into_string(self) -> String {
                self.0
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Self::new(text)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

fn alphanumeric_up_to(text: &str, longest: usize) -> bool {
    (1..=longest).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

id!(
    /// FPS makes 35 characters `[0-9A-Z]`; shorter ones are only unknown, not malformed.
    TransactionId,
    |text| alphanumeric_up_to(text, 64)
);

id!(
    /// FPS makes 64 characters `[0-9A-Z]`; documents say at most 65.
    TokenId,
    |text| alphanumeric_up_to(text, 65)
);

id!(
    /// A prepaid balance or a credit, named to the caller.
    InstrumentId,
    |text| alphanumeric_up_to(text, 64)
);

id!(
    /// The caller's own id of a request: at most 128 characters, none of them a control character (XML
    /// could not show it again).
    CallerReference,
    |text| !text.is_empty() && text.chars().count() <= 128 && !text.chars().any(char::is_control)
);

id!(
    /// Names a caller; not a secret.
    AccessKey,
    |text| alphanumeric_up_to(text, 128)
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits() {
        assert!(CallerReference::new("é".repeat(128)).is_ok());
        assert!(CallerReference::new("x".repeat(129)).is_err());
        assert!(CallerReference::new("a\u{1}b").is_err());
        assert!(CallerReference::new("").is_err());
        assert!(TokenId::new("X".repeat(65)).is_ok());
        assert!(TokenId::new("X".repeat(66)).is_err());
        assert!(TransactionId::new("T-1").is_err());
    }
}
