//! How a string to sign is made, each choice by itself: so that one of them can be made wrongly on purpose.

use crate::encoding::percent_encode;
use crate::signature::HmacAlgorithm;
use std::fmt::Write as _;

/// What the pieces are put together to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// Version 2: method, host, path and query, one under the other.
    V2,
    /// Version 1: names and values run together.
    RunTogether,
    /// Version 1 of the CBUI's other form: the path with its query.
    AsUrl,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    Hmac(HmacAlgorithm),
    /// Amazon's own signature on returns and notifications.
    RsaSha1,
}

/// The order that parameters are signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// By the bytes of the name: version 2.
    Bytes,
    /// By the name without regard to case: version 1.
    IgnoringCase,
    /// By `name=value` as one text.
    WholePairs,
    AsSent,
}

/// How names and values are written. All but the first are mistakes in version 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// As RFC 3986 says.
    Rfc3986,
    /// A space as `+`.
    PlusForSpace,
    /// As HTML forms are sent: a space as `+`, `*` kept, `~` encoded.
    Form,
    /// `%2f` for `%2F`.
    LowerCaseHex,
    StarKept,
    TildeEncoded,
    /// As `encodeURIComponent` of JavaScript: `!'()*` kept.
    Component,
    SlashKept,
    ColonKept,
    Twice,
    /// Not at all.
    Plain,
    /// One byte for a letter such as é, instead of the two of UTF-8.
    Latin1,
}

/// Everything that a string to sign is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Recipe {
    pub scheme: Scheme,
    pub algorithm: Algorithm,
    pub method: String,
    /// As it stands in the string.
    pub host: String,
    /// As it stands in the string.
    pub path: String,
    /// Decoded, without the signature.
    pub parameters: Vec<(String, String)>,
    pub order: Order,
    pub encoding: Encoding,
}

impl Recipe {
    pub fn sorted(&self) -> Vec<&(String, String)> {
        let mut sorted: Vec<&(String, String)> = self.parameters.iter().collect();
        match self.order {
            Order::Bytes => sorted.sort_unstable(),
            Order::IgnoringCase => sorted.sort_by_cached_key(|(name, _)| name.to_ascii_lowercase()),
            Order::WholePairs => sorted.sort_by_cached_key(|(name, value)| format!("{name}={value}")),
            Order::AsSent => {}
        }
        sorted
    }

    /// The parameters in the order and spelling in which they are signed.
    pub fn encoded(&self) -> Vec<(String, String)> {
        let written = |text: &str| match self.scheme {
            Scheme::RunTogether => text.to_owned(),
            Scheme::V2 | Scheme::AsUrl => self.encoding.write(text),
        };
        self.sorted().into_iter().map(|(name, value)| (written(name), written(value))).collect()
    }

    /// The part of the string that is made of the parameters.
    pub fn query(&self) -> String {
        let (equals, and) = if self.scheme == Scheme::RunTogether { ("", "") } else { ("=", "&") };
        let pairs = self.encoded().into_iter().map(|(name, value)| format!("{name}{equals}{value}"));
        pairs.collect::<Vec<_>>().join(and)
    }

    pub fn text(&self) -> String {
        let Self { method, host, path, .. } = self;
        match self.scheme {
            Scheme::V2 => format!("{method}\n{host}\n{path}\n{}", self.query()),
            Scheme::RunTogether => self.query(),
            Scheme::AsUrl => format!("{path}?{}", self.query()),
        }
    }
}

impl Encoding {
    pub(super) fn write(self, text: &str) -> String {
        let right = || percent_encode(text);
        match self {
            Self::Rfc3986 => right(),
            Self::PlusForSpace => right().replace("%20", "+"),
            Self::Form => right().replace("%20", "+").replace("%2A", "*").replace('~', "%7E"),
            Self::LowerCaseHex => with_lower_case_hex(&right()),
            Self::StarKept => right().replace("%2A", "*"),
            Self::TildeEncoded => right().replace('~', "%7E"),
            Self::Component => {
                let kept = [("%21", "!"), ("%27", "'"), ("%28", "("), ("%29", ")"), ("%2A", "*")];
                kept.iter().fold(right(), |text, (encoded, plain)| text.replace(encoded, plain))
            }
            Self::SlashKept => right().replace("%2F", "/"),
            Self::ColonKept => right().replace("%3A", ":"),
            Self::Twice => percent_encode(&right()),
            Self::Plain => text.to_owned(),
            Self::Latin1 => latin_1(text).unwrap_or_else(right),
        }
    }
}

fn with_lower_case_hex(encoded: &str) -> String {
    let mut digits = 0;
    let lower = |c: char| {
        let is_digit = digits > 0;
        digits = if c == '%' { 2 } else { digits.max(1) - 1 };
        if is_digit { c.to_ascii_lowercase() } else { c }
    };
    encoded.chars().map(lower).collect()
}

/// `None`: it has letters that Latin-1 has not.
fn latin_1(text: &str) -> Option<String> {
    let mut encoded = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii() {
            encoded.push_str(&percent_encode(c.encode_utf8(&mut [0; 4])));
        } else {
            let byte = u8::try_from(u32::from(c)).ok()?;
            // Writing to a String cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    Some(encoded)
}
