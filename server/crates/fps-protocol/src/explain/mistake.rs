//! What clients get wrong when they sign.

use super::recipe::{Algorithm, Encoding, Order, Scheme};
use crate::errors::FpsError;
use jiff::Timestamp;
use std::fmt;

/// A mistake, with what it was about. `Display` says it in a sentence, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mistake {
    /// A name stands twice: nobody knows which of the values was meant.
    Repeated {
        name: String,
    },
    /// They were not there when it was signed.
    Added {
        names: Vec<String>,
    },
    /// It had another value when it was signed.
    Changed {
        name: String,
        received: String,
        signed: String,
    },
    /// All values have had `+` where they have spaces now.
    PlusesBecameSpaces,
    /// Parameters without a value were not signed.
    EmptyLeftOut {
        names: Vec<String>,
    },
    Sorted(Order),
    Encoded(Encoding),
    /// Signed with the one, sent with the other.
    Method {
        expected: String,
        signed: String,
    },
    Host {
        expected: String,
        signed: String,
    },
    Path {
        expected: String,
        signed: String,
    },
    /// Made as the one version while it says that it is of the other.
    Version {
        claimed: Scheme,
        signed: Scheme,
    },
    /// Made with the one while it says the other.
    Algorithm {
        claimed: Algorithm,
        signed: Algorithm,
    },
    /// The right signature, spoiled on its way.
    Signature(Spoiled),
    Secret(SecretSlip),
    /// The signature is right, the time is not.
    Untimely {
        now: Timestamp,
        error: FpsError,
    },
}

/// What became of a signature that was right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spoiled {
    /// Sent as it is: `+` was read as a space.
    PlusBecameSpace,
    /// Encoded twice, so that it still has `%2B` and the like.
    StillEncoded,
    /// Spaces or line breaks in it.
    WhiteSpace,
    /// Without the `=` at its end.
    NoPadding,
    /// `-` and `_` for `+` and `/`.
    UrlAlphabet,
    /// Hexadecimal digits instead of base64.
    Hexadecimal,
}

/// How the secret that was signed with differs from the one that is known here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretSlip {
    /// Spaces or line breaks around it.
    WhiteSpaceAround,
    /// The one known here has spaces or line breaks around it.
    WhiteSpaceMissing,
    /// Used as base64 that is to be decoded.
    DecodedFromBase64,
}

/// Where in the making of a signature something happens, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    Parameters,
    Sorted,
    Encoded,
    StringToSign,
    Algorithm,
    Secret,
    Signature,
    Time,
}

impl Mistake {
    /// The step at which it stops matching.
    pub const fn step(&self) -> Step {
        match self {
            Self::Repeated { .. }
            | Self::Added { .. }
            | Self::Changed { .. }
            | Self::PlusesBecameSpaces
            | Self::EmptyLeftOut { .. } => Step::Parameters,
            Self::Sorted(_) => Step::Sorted,
            Self::Encoded(_) => Step::Encoded,
            Self::Method { .. } | Self::Host { .. } | Self::Path { .. } | Self::Version { .. } => {
                Step::StringToSign
            }
            Self::Algorithm { .. } => Step::Algorithm,
            Self::Secret(_) => Step::Secret,
            Self::Signature(_) => Step::Signature,
            Self::Untimely { .. } => Step::Time,
        }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Repeated { name } => {
                write!(f, "The parameter {name} stands more than once. Send each name once.")
            }
            Self::Added { names } => write!(
                f,
                "{} was added after signing. Sign all parameters that are sent, or do not send this one.",
                names.join(" and ")
            ),
            Self::Changed { name, received, signed } => write!(
                f,
                "{name} is \"{received}\" here but was \"{signed}\" when it was signed. Sign the value that is sent."
            ),
            Self::PlusesBecameSpaces => f.write_str(
                "Values had a + when they were signed and have a space now. Send + as %2B: a bare + means a space.",
            ),
            Self::EmptyLeftOut { names } => write!(
                f,
                "{} has no value and was not signed. Sign it with an empty value, or do not send it.",
                names.join(" and ")
            ),
            Self::Sorted(order) => f.write_str(order.sentence()),
            Self::Encoded(encoding) => f.write_str(encoding.sentence()),
            Self::Method { expected, signed } => write!(
                f,
                "It was signed for {signed} and is to be signed for {expected}. Sign the method in capitals, as it is sent."
            ),
            Self::Host { expected, signed } => write!(
                f,
                "It was signed for the host \"{signed}\" and arrived at \"{expected}\". Sign the host in lower case, as the Host header has it."
            ),
            Self::Path { expected, signed } => write!(
                f,
                "It was signed for the path \"{signed}\" and arrived at \"{expected}\". Sign the path alone; an empty one is /."
            ),
            Self::Version { claimed, signed } => write!(
                f,
                "It says that it is signed as {} and is signed as {}. Let the version parameter say what was done.",
                claimed.words(),
                signed.words()
            ),
            Self::Algorithm { claimed, signed } => write!(
                f,
                "It says {} and was made with {}. Let the method parameter say what was done, before signing.",
                claimed.words(),
                signed.words()
            ),
            Self::Signature(spoiled) => f.write_str(spoiled.sentence()),
            Self::Secret(slip) => f.write_str(slip.sentence()),
            Self::Untimely { error, .. } => {
                write!(f, "The signature is right, but: {}", error.message)
            }
        }
    }
}

impl Scheme {
    pub const fn words(self) -> &'static str {
        match self {
            Self::V2 => "version 2",
            Self::RunTogether => "version 1 (names and values run together)",
            Self::AsUrl => "version 1 (the path with its query)",
        }
    }
}

impl Algorithm {
    pub fn words(self) -> &'static str {
        match self {
            Self::Hmac(algorithm) => algorithm.as_str(),
            Self::RsaSha1 => "RSA-SHA1",
        }
    }
}

impl Order {
    const fn sentence(self) -> &'static str {
        match self {
            Self::Bytes => {
                "Parameters were sorted by their bytes, capitals first. Version 1 sorts without regard to case."
            }
            Self::IgnoringCase => {
                "Parameters were sorted without regard to case. Version 2 sorts by bytes: capitals come first."
            }
            Self::WholePairs => {
                "Parameters were sorted as whole name=value texts. Sort by the name alone: a dot comes before =."
            }
            Self::AsSent => "Parameters were not sorted before signing. Sort them by name.",
        }
    }
}

impl Encoding {
    const fn sentence(self) -> &'static str {
        match self {
            Self::Rfc3986 => {
                "Names and values were encoded before signing. This version signs them as they are."
            }
            Self::PlusForSpace => "A space was signed as +. Encode it as %20 in the string to sign.",
            Self::Form => {
                "Values were encoded as forms are. In the string to sign a space is %20, * is %2A, and ~ stays."
            }
            Self::LowerCaseHex => {
                "Values were encoded with small letters, as %2f. Use capitals in the string to sign: %2F."
            }
            Self::StarKept => "A * was signed as it is. Encode it as %2A.",
            Self::TildeEncoded => "A ~ was signed as %7E. It stays as it is.",
            Self::Component => {
                "Values were encoded by encodeURIComponent or the like. Encode ! ' ( ) * as well."
            }
            Self::SlashKept => "A / in a value was signed as it is. Encode it as %2F.",
            Self::ColonKept => "A : in a value was signed as it is. Encode it as %3A.",
            Self::Twice => "Values were encoded twice before signing. Encode them once.",
            Self::Plain => {
                "Names and values were signed without encoding. Encode each as RFC 3986 says before they are joined."
            }
            Self::Latin1 => {
                "Letters such as é were encoded as one byte, as in Latin-1. Encode text as UTF-8: %C3%A9."
            }
        }
    }
}

impl Spoiled {
    const fn sentence(self) -> &'static str {
        match self {
            Self::PlusBecameSpace => {
                "The signature is right, but its + signs became spaces on the way. Send + as %2B."
            }
            Self::StillEncoded => "The signature is right, but it was percent-encoded twice. Encode it once.",
            Self::WhiteSpace => {
                "The signature is right, but there are spaces or line breaks in it. Take them out."
            }
            Self::NoPadding => "The signature is right, but the = at its end is missing. Send %3D.",
            Self::UrlAlphabet => {
                "The signature is right, but in the base64 alphabet for addresses. Use the one with + and /."
            }
            Self::Hexadecimal => {
                "The signature is right, but written in hexadecimal digits. Write its bytes as base64."
            }
        }
    }
}

impl SecretSlip {
    const fn sentence(self) -> &'static str {
        match self {
            Self::WhiteSpaceAround => {
                "The secret was used with a space or line break at an end. Trim it where you read it."
            }
            Self::WhiteSpaceMissing => {
                "The secret that you gave here has a space or line break at an end; signed was without it."
            }
            Self::DecodedFromBase64 => {
                "The secret was decoded from base64 before use. Its characters are the key as they are."
            }
        }
    }
}
