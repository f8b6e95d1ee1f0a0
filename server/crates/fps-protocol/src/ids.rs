//! Identifiers, each its own type.

pub use text_types::InvalidId;
use text_types::{alphanumeric_up_to, id};

id!(
    /// FPS makes 35 characters `[0-9A-Z]`; shorter ones are only unknown, not malformed.
    pub TransactionId,
    |text| alphanumeric_up_to(text, 64)
);

id!(
    /// FPS makes 64 characters `[0-9A-Z]`; documents say at most 65.
    pub TokenId,
    |text| alphanumeric_up_to(text, 65)
);

id!(
    /// A prepaid balance or a credit, named to the caller.
    pub InstrumentId,
    |text| alphanumeric_up_to(text, 64)
);

id!(
    /// The caller's own id of a request: at most 128 characters, none of them a control character (XML
    /// could not show it again).
    pub CallerReference,
    |text| !text.is_empty() && text.chars().count() <= 128 && !text.chars().any(char::is_control)
);

id!(
    /// Names a caller; not a secret.
    pub AccessKey,
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
