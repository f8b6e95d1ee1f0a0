//! E-mail addresses, as people sign up and in with them.

use crate::characters::is_hidden;

/// An address that can be one, trimmed, in lower case. Whether it exists only a letter would tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmailAddress(String);

/// Why an address is not taken: a sentence for the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EmailProblem {
    #[error("Enter an e-mail address like name@example.com.")]
    Malformed,
    #[error("This has characters that cannot be seen. Type the address by hand instead of pasting it.")]
    Hidden,
    #[error("This is too long: an address can have at most {0} characters.")]
    TooLong(usize),
}

impl EmailAddress {
    /// Something before and after one `@`, and a dot after it, in at most `longest` bytes. Two addresses that look
    /// alike because of characters that nobody sees would be two accounts, so those are refused.
    pub fn parse(text: &str, longest: usize) -> Result<Self, EmailProblem> {
        let address = email_key(text);
        if address.len() > longest {
            return Err(EmailProblem::TooLong(longest));
        }
        if address.chars().any(is_hidden) {
            return Err(EmailProblem::Hidden);
        }
        let looks_right = address.split_once('@').is_some_and(|(local, domain)| {
            let has_dot = domain.contains('.') && domain.split('.').all(|label| !label.is_empty());
            !local.is_empty() && has_dot && !domain.contains('@')
        });
        if looks_right && !address.contains(char::is_whitespace) {
            Ok(Self(address))
        } else {
            Err(EmailProblem::Malformed)
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn into_string(self) -> String {
        self.0
    }
}

/// The text as addresses are kept and compared: without space around it, in lower case.
pub fn email_key(text: &str) -> String {
    text.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::characters::HIDDEN;

    fn parse(text: &str) -> Result<String, EmailProblem> {
        EmailAddress::parse(text, 65).map(EmailAddress::into_string)
    }

    #[test]
    fn an_address_has_one_at_and_a_domain() {
        assert_eq!(parse(" John@Example.COM "), Ok("john@example.com".to_owned()));
        for good in ["a@b.c", "first.last+tag@sub.example.com", "jörg@münchen.example"] {
            assert_eq!(parse(good).as_deref(), Ok(good));
        }
        for slip in ["", "a", "a@b", "@b.c", "a@.c", "a@b..c", "a@b.", "a b@c.d", "a@b@c.d", "a\u{a0}b@c.d"] {
            assert_eq!(parse(slip), Err(EmailProblem::Malformed), "{slip:?}");
        }
        assert_eq!(parse(&format!("{}@b.c", "x".repeat(62))), Err(EmailProblem::TooLong(65)));
        assert!(parse(&format!("{}@b.c", "x".repeat(61))).is_ok());
    }

    #[test]
    fn nothing_in_an_address_is_hidden() {
        for hidden in HIDDEN {
            for text in [format!("jo{hidden}hn@example.com"), format!("john@example{hidden}.com")] {
                assert_eq!(parse(&text), Err(EmailProblem::Hidden), "{text:?}");
            }
        }
        // Around it too: what is not space is not trimmed.
        assert_eq!(parse("\u{feff}john@example.com"), Err(EmailProblem::Hidden));
    }
}
