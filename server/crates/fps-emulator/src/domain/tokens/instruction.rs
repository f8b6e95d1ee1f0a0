//! Payment instructions: the statements of 2007 in which an account said what its own tokens allow. Of
//! that language this understands what every program that is known to have used it said:
//!
//! ```text
//! MyRole == 'Recipient' orSay 'Role does not match';
//! PaymentMethod in 'abt, ach, cc';
//! ```

use crate::domain::tokens::TokenRole;
use fps_protocol::FpsError;
use fps_protocol::enums::PaymentMethod;

/// What an instruction says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instruction {
    pub role: TokenRole,
    /// Empty: all.
    pub payment_methods: Vec<PaymentMethod>,
}

impl Instruction {
    /// Refuses, with the reason, what is not understood.
    pub fn parse(text: &str) -> Result<Self, FpsError> {
        let words = words(text)?;
        let (mut role, mut methods) = (None, None);
        for statement in words.split(|word| *word == Word::End).filter(|statement| !statement.is_empty()) {
            // What is said to those who do not agree changes nothing.
            let statement = match statement {
                [condition @ .., Word::Name("orSay"), Word::Text(_)] => condition,
                whole => whole,
            };
            let again = match statement {
                [Word::Name("MyRole"), Word::Is, Word::Text(name)] => role.replace(role_of(name)?).is_some(),
                [Word::Name("PaymentMethod"), Word::Name("in"), Word::Text(list)] => {
                    methods.replace(methods_of(list)?).is_some()
                }
                [Word::Name(name), ..] => {
                    return Err(not_understood(&format!("the statement about {name}")));
                }
                _ => return Err(not_understood("a statement that does not begin with a name")),
            };
            if again {
                return Err(not_understood("two statements about the same"));
            }
        }
        let role = role.ok_or_else(|| not_understood("an instruction without MyRole"))?;
        let methods: Vec<PaymentMethod> = methods.unwrap_or_default();
        if role == TokenRole::Caller && !methods.is_empty() {
            return Err(not_understood("PaymentMethod of a caller, who neither pays nor is paid"));
        }
        Ok(Self { role, payment_methods: methods })
    }
}

fn not_understood(what: &str) -> FpsError {
    FpsError::invalid("PaymentInstruction", &format!("cannot be installed here: {what} is not understood"))
}

fn role_of(name: &str) -> Result<TokenRole, FpsError> {
    match name {
        "Caller" => Ok(TokenRole::Caller),
        "Recipient" => Ok(TokenRole::Recipient),
        // A sender has to be asked.
        "Sender" => Err(not_understood("a sender's role (the Co-Branded UI makes sender tokens), which")),
        _ => Err(not_understood("the role")),
    }
}

fn methods_of(list: &str) -> Result<Vec<PaymentMethod>, FpsError> {
    let method = |word: &str| word.trim().to_ascii_uppercase().parse().ok();
    let methods: Option<Vec<PaymentMethod>> = list.split(',').map(method).collect();
    let taken = |method: &PaymentMethod| {
        matches!(method, PaymentMethod::Abt | PaymentMethod::Ach | PaymentMethod::Cc)
    };
    methods
        .filter(|methods| methods.iter().all(taken))
        .ok_or_else(|| not_understood("the list of payment methods"))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word<'a> {
    Name(&'a str),
    /// In single or double quotes.
    Text(&'a str),
    /// `==`
    Is,
    /// `;`
    End,
}

fn words(text: &str) -> Result<Vec<Word<'_>>, FpsError> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (word, after) = match first {
            ';' => (Word::End, &rest[1..]),
            '\'' | '"' => {
                let (text, after) =
                    rest[1..].split_once(first).ok_or_else(|| not_understood("a quote that does not end"))?;
                (Word::Text(text), after)
            }
            _ if rest.starts_with("==") => (Word::Is, &rest[2..]),
            _ => {
                let end = rest.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap_or(rest.len());
                if end == 0 {
                    return Err(not_understood(&format!("the sign {first:?}")));
                }
                (Word::Name(&rest[..end]), &rest[end..])
            }
        };
        words.push(word);
        rest = after.trim_start();
    }
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use fps_protocol::ErrorCode;
    use proptest::prelude::*;

    #[test]
    fn what_programs_said_is_understood() {
        use PaymentMethod::{Abt, Ach, Cc};
        let table = [
            ("MyRole == 'Caller' orSay 'Role does not match';", TokenRole::Caller, vec![]),
            ("MyRole == 'Recipient' orSay 'Roles do not match';", TokenRole::Recipient, vec![]),
            ("MyRole == 'Caller';", TokenRole::Caller, vec![]),
            (" MyRole=='Recipient'", TokenRole::Recipient, vec![]),
            (
                "MyRole=='Recipient' orSay \"Roles don't match; sorry\";\r\nPaymentMethod in 'abt, ach, CC';",
                TokenRole::Recipient,
                vec![Abt, Ach, Cc],
            ),
            (
                "PaymentMethod in 'CC' orSay 'Cards only'; MyRole == 'Recipient';",
                TokenRole::Recipient,
                vec![Cc],
            ),
        ];
        for (text, role, payment_methods) in table {
            assert_eq!(Instruction::parse(text), Ok(Instruction { role, payment_methods }), "{text}");
        }
    }

    #[test]
    fn everything_else_is_refused_with_the_reason() {
        let table = [
            ("", "without MyRole"),
            ("PaymentMethod in 'CC';", "without MyRole"),
            ("MyRole == 'Sender';", "Co-Branded UI"),
            ("MyRole == 'caller';", "the role"),
            ("MyRole = 'Caller';", "the sign '='"),
            ("MyRole == Caller;", "the statement about MyRole"),
            ("MyRole == 'Caller;", "a quote that does not end"),
            ("MyRole == 'Caller'; MyRole == 'Caller';", "two statements"),
            ("MyRole == 'Caller' orSay;", "the statement about MyRole"),
            ("MyRole == 'Caller'; TransactionAmount <= 'USD 10';", "the sign '<'"),
            ("MyRole == 'Recipient'; PaymentMethod in 'cash';", "the list of payment methods"),
            ("MyRole == 'Recipient'; PaymentMethod in 'Prepaid';", "the list of payment methods"),
            ("MyRole == 'Caller'; PaymentMethod in 'CC';", "PaymentMethod of a caller"),
            ("MyRole == 'Recipient'; TokenUsage == 'Once';", "the statement about TokenUsage"),
            ("'Caller' == MyRole;", "does not begin with a name"),
            ("MyRole == 'Caller'; é", "the sign 'é'"),
        ];
        for (text, reason) in table {
            let error = Instruction::parse(text).unwrap_err();
            assert_eq!(error.code, ErrorCode::InvalidParams, "{text}");
            assert!(error.message.contains(reason), "{text}: {error}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "[MyRole=';\" \\n]{0,40}|\\PC{0,40}") {
            if let Err(error) = Instruction::parse(&text) {
                prop_assert_eq!(error.code, ErrorCode::InvalidParams);
            }
        }
    }
}
