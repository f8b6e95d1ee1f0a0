//! What a new password must be. Passwords that people have already are not asked again.

use std::collections::HashSet;
use std::fmt;
use std::sync::LazyLock;

/// Characters of a new password at the least (OWASP ASVS 5.0, 6.2.1).
pub const SHORTEST_PASSWORD: usize = 8;
/// At the most; ASVS 5.0 wants 64 to be taken at least (6.2.9). What is longer is refused, never cut.
pub const LONGEST_PASSWORD: usize = 256;

/// In lower case; where it comes from is said beside it.
static COMMON: LazyLock<HashSet<&str>> =
    LazyLock::new(|| include_str!("../common-passwords/list.txt").lines().collect());

/// A password that may be chosen, exactly as it was typed: nothing is cut, trimmed or folded (ASVS 5.0, 6.2.8).
#[derive(Clone, PartialEq, Eq)]
pub struct NewPassword(String);

impl fmt::Debug for NewPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewPassword")
    }
}

/// Why a password cannot be chosen: a sentence for the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordProblem {
    #[error(
        "Use at least {SHORTEST_PASSWORD} characters. Several words with spaces between them are easy to remember."
    )]
    TooShort,
    #[error("Use at most {LONGEST_PASSWORD} characters.")]
    TooLong,
    #[error("Too many people use this password: it is among the first that are tried. Choose another one.")]
    Common,
    #[error("This is your e-mail address, or its first part. Choose a password that nobody knows of you.")]
    EmailAddress,
    #[error("This password is published with the demo data. Choose another one.")]
    Published,
}

impl NewPassword {
    /// Whether a person with this e-mail address may choose the password. Any characters may be in it, in any
    /// composition (ASVS 5.0, 6.2.5); one of the common ones (6.2.4), the person's own address and what the site has
    /// `published` (6.2.11) it must not be, in whatever case.
    pub fn choose(password: String, email: &str, published: &[&str]) -> Result<Self, PasswordProblem> {
        let length = password.chars().count();
        if length < SHORTEST_PASSWORD {
            return Err(PasswordProblem::TooShort);
        }
        if length > LONGEST_PASSWORD {
            return Err(PasswordProblem::TooLong);
        }
        // Space around it hides nothing from who guesses.
        let guess = password.trim().to_lowercase();
        let email = crate::email_key(email);
        if guess == email || email.split_once('@').is_some_and(|(local, _)| guess == local) {
            return Err(PasswordProblem::EmailAddress);
        }
        if published.contains(&guess.as_str()) {
            return Err(PasswordProblem::Published);
        }
        if COMMON.contains(guess.as_str()) {
            return Err(PasswordProblem::Common);
        }
        Ok(Self(password))
    }

    pub fn into_string(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use PasswordProblem::{Common, EmailAddress, Published, TooLong, TooShort};

    fn choose(password: &str) -> Result<String, PasswordProblem> {
        NewPassword::choose(password.to_owned(), "Nadia.Brandt@example.com", &["digitaldownload"])
            .map(NewPassword::into_string)
    }

    #[test]
    fn characters_are_counted_and_none_is_lost() {
        assert_eq!(choose("pässwör"), Err(TooShort));
        for good in ["pä 5wör!", " with space around ", "тише едешь", "🎨🎨🎨🎨🎨🎨🎨🎨"]
        {
            assert_eq!(choose(good).as_deref(), Ok(good));
        }
        let longest = "ü".repeat(LONGEST_PASSWORD);
        assert_eq!(choose(&longest), Ok(longest.clone()));
        assert_eq!(choose(&format!("{longest}ü")), Err(TooLong));
    }

    #[test]
    fn what_others_would_try_first_is_refused() {
        for common in ["password", "PassWord1", "0123456789", "QWERTYUIOP", " iloveyou "] {
            assert_eq!(choose(common), Err(Common), "{common}");
        }
        for own in ["nadia.brandt@example.com", "Nadia.Brandt", "NADIA.BRANDT@EXAMPLE.COM"] {
            assert_eq!(choose(own), Err(EmailAddress), "{own}");
        }
        assert_eq!(choose("DigitalDownload"), Err(Published));
        assert!(choose("amazonpayments").is_ok(), "only what is said to be published here");
    }

    #[test]
    fn the_list_is_long_enough_and_in_order() {
        // ASVS 5.0 wants the first 3,000 at least of those that are long enough.
        assert!(COMMON.len() > 8_000);
        let lines: Vec<&str> = include_str!("../common-passwords/list.txt").lines().collect();
        assert!(lines.is_sorted());
        let fits = |word: &&str| word.chars().count() >= SHORTEST_PASSWORD && word.to_lowercase() == **word;
        assert_eq!(lines.iter().find(|word| !fits(word)), None);
    }

    #[test]
    fn a_password_does_not_print_itself() {
        let password = NewPassword::choose("a long password".to_owned(), "a@b.c", &[]).unwrap();
        assert_eq!(format!("{password:?}"), "NewPassword");
    }
}
