//! Names that others trust: of shops and of callers. Two that look alike are one (Unicode Technical Standard #39).

use crate::characters::is_hidden;
use std::collections::BTreeSet;
use unicode_normalization::UnicodeNormalization;
use unicode_security::confusable_detection::skeleton;

/// What nobody else may be called, or have in their name.
pub const MARKET_NAMES: [&str; 2] = ["DigitalDownload", "Amazon Payments"];

/// A name that may be shown to others: one line, no space around it or doubled in it, everything to be seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicName(String);

/// Why a name is not taken: a sentence for the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NameProblem {
    #[error("Enter a name.")]
    Empty,
    #[error("This is too long: use at most {0} characters.")]
    TooLong(usize),
    #[error(
        "This has characters that cannot be seen or that turn the direction of writing; some emoji have them too. \
         Leave them out."
    )]
    Hidden,
    #[error("Use letters or digits: a name of signs alone cannot be told from others.")]
    NoLetters,
    #[error(
        "The name must not be or contain \u{201c}{0}\u{201d}, or look like it: people would take you for it."
    )]
    Reserved(&'static str),
    #[error("There is this name already, or one that looks like it. Choose another one.")]
    Taken,
}

impl PublicName {
    /// Reads a name of at most `longest` characters. Whether another looks like it is for the database to say, which
    /// keeps its [`looks`].
    pub fn parse(text: &str, longest: usize) -> Result<Self, NameProblem> {
        if text.trim().chars().any(is_hidden) {
            return Err(NameProblem::Hidden);
        }
        let name: String = text.split_whitespace().collect::<Vec<_>>().join(" ").nfc().collect();
        if name.is_empty() {
            return Err(NameProblem::Empty);
        }
        if name.chars().count() > longest {
            return Err(NameProblem::TooLong(longest));
        }
        let own = looks(&name);
        if own.is_empty() {
            return Err(NameProblem::NoLetters);
        }
        let imitates =
            |market: &str| looks(market).iter().any(|look| own.iter().any(|name| name.contains(look)));
        match MARKET_NAMES.into_iter().find(|market| imitates(market)) {
            Some(market) => Err(NameProblem::Reserved(market)),
            None => Ok(Self(name)),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn into_string(self) -> String {
        self.0
    }
}

/// How a name looks, as it stands and in capitals: two names are one if they have a look in common. Letters that are
/// drawn alike have one skeleton; case, spaces, accents and signs make no difference. Empty where nothing is a letter
/// or digit.
pub fn looks(name: &str) -> BTreeSet<String> {
    // Capitals as well, since l and I are alike, and DIGITAL and digital too.
    [look(name), look(&name.to_uppercase())].into_iter().filter(|look| !look.is_empty()).collect()
}

fn look(text: &str) -> String {
    let letters: String = skeleton(text).collect::<String>().to_lowercase();
    skeleton(&letters).filter(|character| character.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::characters::HIDDEN;

    fn alike(one: &str, other: &str) -> bool {
        looks(one).intersection(&looks(other)).next().is_some()
    }

    #[test]
    fn names_that_look_alike_are_one() {
        for (name, imitation) in [
            ("Brandt Prints", "brandt  prints"),
            ("Brandt Prints", "BRANDTPRINTS"),
            ("Brandt Prints", "Brandt-Prints."),
            // Cyrillic а, then Greek capitals, then Cyrillic alone.
            ("Brandt Prints", "Br\u{430}ndt Prints"),
            ("Tomato", "ΤΟΜΑΤΟ"),
            ("chop", "\u{441}\u{4bb}\u{43e}\u{440}"),
            ("PayPal", "PayPaI"),
            ("paypal", "PAYPA1"),
            ("Modern Records", "Modem Records"),
            ("Roof O", "R00f 0"),
            ("Café", "Cafe\u{301}"),
            ("Café", "Cafe"),
            ("жук", "ЖУК"),
            ("Straße", "STRASSE"),
            ("Brandt", "𝐁𝐫𝐚𝐧𝐝𝐭"),
            ("Brandt", "Ｂｒａｎｄｔ"),
        ] {
            assert!(
                alike(name, imitation),
                "{name:?} {:?} {imitation:?} {:?}",
                looks(name),
                looks(imitation)
            );
        }
        for (one, other) in
            [("Brandt Prints", "Brandt Paints"), ("Maple", "Marble"), ("株式会社", "有限会社")]
        {
            assert!(!alike(one, other), "{one} {other}");
        }
    }

    #[test]
    fn nothing_in_a_name_is_hidden_and_something_is_a_letter() {
        for hidden in HIDDEN {
            assert_eq!(PublicName::parse(&format!("Br{hidden}andt"), 60), Err(NameProblem::Hidden));
        }
        assert_eq!(PublicName::parse("a\nb", 60), Err(NameProblem::Hidden));
        assert_eq!(PublicName::parse("  ", 60), Err(NameProblem::Empty));
        assert_eq!(PublicName::parse("★ !!", 60), Err(NameProblem::NoLetters));
        assert_eq!(PublicName::parse("Ünders", 5), Err(NameProblem::TooLong(5)));
        let name = PublicName::parse("  Cafe\u{301}  \u{a0} Müller & Söhne ", 60).unwrap();
        assert_eq!(name.as_str(), "Café Müller & Söhne");
    }

    #[test]
    fn nobody_is_called_like_the_market() {
        for (name, market) in [
            ("DigitalDownload", "DigitalDownload"),
            ("digital download", "DigitalDownload"),
            ("Official DIGITALDOWNLOAD support", "DigitalDownload"),
            ("DigitaIDown1oad", "DigitalDownload"),
            ("Digit\u{430}lDownload", "DigitalDownload"),
            ("Amazon-Payments", "Amazon Payments"),
            ("AMAZON PAYMENTS refunds", "Amazon Payments"),
            ("\u{391}\u{39c}\u{391}\u{396}\u{39f}\u{39d} Payments", "Amazon Payments"),
        ] {
            assert_eq!(PublicName::parse(name, 60), Err(NameProblem::Reserved(market)), "{name}");
        }
        for name in ["Digital Prints", "Amazon River Records", "John's shop", "Second Demo Caller"] {
            assert!(PublicName::parse(name, 60).is_ok(), "{name}");
        }
    }
}
