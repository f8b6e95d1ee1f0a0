//! Reads an action's parameters, with one wording for what can be wrong with them.

use super::LARGEST_AMOUNT;
use crate::api_request::refuse_repeated;
use crate::encoding::web_url;
use crate::errors::{ErrorCode, FpsError};
use crate::ids::{CallerReference, InstrumentId, TokenId, TransactionId};
use crate::parameters::Parameters;
use money::{Money, ParseError, Percent};
use std::borrow::Cow;
use std::str::FromStr;
use url::Url;

/// What every request may have beside its action's own (fps.md §2).
const COMMON: [&str; 8] = [
    "Action",
    "AWSAccessKeyId",
    "Expires",
    "Signature",
    "SignatureMethod",
    "SignatureVersion",
    "Timestamp",
    "Version",
];

/// What a client of 2008 sends with what moves money, of the service's first version: it means nothing
/// any more.
pub const LEFT_OVER: [&str; 9] = [
    "CallerTokenId",
    "MetaData",
    "RecipientDescription",
    "RecipientReference",
    "SenderReference",
    "TemporaryDeclinePolicy.ImplicitRetryTimeoutInMins",
    "TemporaryDeclinePolicy.TemporaryDeclinePolicyType",
    "TransactionDate",
    "TransactionIds",
];

/// `CallerDescription` and `SenderDescription` (fps.md §10).
pub const LONGEST_DESCRIPTION: usize = 160;
const LONGEST_URL: usize = 1024;

/// The parameters of one request; reading a value checks it. An empty value counts as not given.
#[derive(Clone, Copy)]
pub struct Fields<'a> {
    parameters: &'a Parameters,
}

impl<'a> Fields<'a> {
    /// Refuses what stands twice, and names that are neither common nor in `own`.
    pub fn new(parameters: &'a Parameters, own: &[&str]) -> Result<Self, FpsError> {
        refuse_repeated(parameters)?;
        match parameters.iter().find(|(name, _)| !own.contains(name) && !COMMON.contains(name)) {
            Some((name, _)) => {
                let message = format!("The request has an unknown parameter \"{}\".", shown(name));
                Err(FpsError::new(ErrorCode::InvalidRequest, message))
            }
            None => Ok(Self { parameters }),
        }
    }

    /// `longest` counts characters. As of everything here, `None`: it is not given.
    pub fn text(self, name: &str, longest: usize) -> Result<Option<String>, FpsError> {
        match self.parameters.non_empty(name) {
            Some(text) if text.chars().count() > longest => {
                Err(FpsError::invalid(name, &format!("must have at most {longest} characters")))
            }
            text => Ok(text.map(str::to_owned)),
        }
    }

    /// A whole number, in digits alone.
    pub fn count(self, name: &str) -> Result<Option<u32>, FpsError> {
        let parse = |text: &str| {
            let number = text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()));
            number.ok_or_else(|| bad_value(name, text))
        };
        self.parameters.non_empty(name).map(parse).transpose()
    }

    /// A value of a closed set, or a date.
    pub fn word<T: FromStr>(self, name: &str) -> Result<Option<T>, FpsError> {
        let parse = |text: &str| text.parse().map_err(|_| bad_value(name, text));
        self.parameters.non_empty(name).map(parse).transpose()
    }

    /// A value that has two names, of which a request may have either, or both if they agree.
    pub fn either<T>(
        self,
        name: &str,
        other_name: &str,
        read: impl Fn(Self, &str) -> Result<Option<T>, FpsError>,
    ) -> Result<Option<T>, FpsError> {
        let text = |name| self.parameters.non_empty(name);
        if let (Some(text), Some(other)) = (text(name), text(other_name))
            && text != other
        {
            return Err(FpsError::invalid(other_name, &format!("differs from \"{name}\"")));
        }
        Ok(read(self, name)?.or(read(self, other_name)?))
    }

    pub fn token(self, name: &str) -> Result<Option<TokenId>, FpsError> {
        let parse = |text: &str| TokenId::new(text).map_err(|_| bad_token(name, text));
        self.parameters.non_empty(name).map(parse).transpose()
    }

    pub fn transaction(self, name: &str) -> Result<Option<TransactionId>, FpsError> {
        let parse = |text: &str| TransactionId::new(text).map_err(|_| bad_transaction(name, text));
        self.parameters.non_empty(name).map(parse).transpose()
    }

    pub fn instrument(self, name: &str) -> Result<Option<InstrumentId>, FpsError> {
        let parse = |text: &str| InstrumentId::new(text).map_err(|_| bad_instrument(name, text));
        self.parameters.non_empty(name).map(parse).transpose()
    }

    pub fn caller_reference(self) -> Result<Option<CallerReference>, FpsError> {
        const NAME: &str = "CallerReference";
        let reason = "must have at most 128 characters and no control characters";
        let parse = |text: &str| CallerReference::new(text).map_err(|_| FpsError::invalid(NAME, reason));
        self.parameters.non_empty(NAME).map(parse).transpose()
    }

    /// An address that notifications can be posted to. A browser's way of writing it can be longer than
    /// what was sent, and is what is kept.
    pub fn url(self, name: &str) -> Result<Option<Url>, FpsError> {
        let parse = |text: &str| {
            let fits = |url: &Url| text.len().max(url.as_str().len()) <= LONGEST_URL;
            let names_nobody = |url: &Url| url.username().is_empty() && url.password().is_none();
            let url = web_url(text).filter(fits).filter(names_nobody);
            url.ok_or_else(|| FpsError::invalid(name, "is an invalid URL"))
        };
        self.parameters.non_empty(name).map(parse).transpose()
    }

    pub fn percent(self, name: &str) -> Result<Option<Percent>, FpsError> {
        let parse =
            |text: &str| Percent::parse(text).map_err(|error| FpsError::invalid(name, &error.to_string()));
        self.parameters.non_empty(name).map(parse).transpose()
    }

    /// `X.CurrencyCode` and `X.Value`: both or none, above zero and in whole cents.
    pub fn amount(self, names: AmountNames) -> Result<Option<Money>, FpsError> {
        above_zero(names, self.amount_as(names, Money::parse_dollars)?)
    }

    /// Like [`Fields::amount`], but to a millionth of a dollar: what goes back, which can be a part of a fee.
    pub fn exact_amount(self, names: AmountNames) -> Result<Option<Money>, FpsError> {
        above_zero(names, self.exact_amount_or_zero(names)?)
    }

    /// The same, and zero is allowed (fees).
    pub fn exact_amount_or_zero(self, names: AmountNames) -> Result<Option<Money>, FpsError> {
        self.amount_as(names, Money::parse_exact_dollars)
    }

    fn amount_as(self, names: AmountNames, parse: ParseAmount) -> Result<Option<Money>, FpsError> {
        let currency = self.parameters.non_empty(names.currency);
        let value = self.parameters.non_empty(names.value);
        match (currency, value) {
            (None, None) => Ok(None),
            (Some("USD"), Some(value)) => parse_amount(names.value, value, parse).map(Some),
            (Some("USD"), None) => Err(FpsError::missing(names.value)),
            (Some(_), _) => Err(FpsError::invalid(names.currency, "must be USD")),
            (None, Some(_)) => Err(FpsError::missing(names.currency)),
        }
    }

    /// An exact amount without its currency, in one parameter.
    pub fn bare_amount(self, name: &str) -> Result<Option<Money>, FpsError> {
        let parse = |text: &str| parse_amount(name, text, Money::parse_exact_dollars);
        self.parameters.non_empty(name).map(parse).transpose()
    }
}

/// The two parameters of an amount.
#[derive(Debug, Clone, Copy)]
pub struct AmountNames {
    pub currency: &'static str,
    pub value: &'static str,
}

impl AmountNames {
    pub fn push(self, to: &mut Parameters, amount: Money) {
        to.push(self.currency, amount.currency().code());
        to.push(self.value, amount.to_dollars());
    }
}

macro_rules! amount_names {
    ($name:literal) => {
        crate::actions::fields::AmountNames {
            currency: concat!($name, ".CurrencyCode"),
            value: concat!($name, ".Value"),
        }
    };
}
pub(super) use amount_names;

/// A required parameter: `required("X", fields.text("X", 10)?)`.
pub fn required<T>(name: &str, value: Option<T>) -> Result<T, FpsError> {
    value.ok_or_else(|| FpsError::missing(name))
}

/// What a client sent, short enough for a message.
pub fn shown(text: &str) -> Cow<'_, str> {
    const LONGEST: usize = 128;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

type ParseAmount = fn(&str) -> Result<Money, ParseError>;

fn above_zero(names: AmountNames, amount: Option<Money>) -> Result<Option<Money>, FpsError> {
    match amount {
        Some(amount) if !amount.is_positive() => Err(out_of_range(names.value, "must be more than zero")),
        amount => Ok(amount),
    }
}

fn parse_amount(name: &str, text: &str, parse: ParseAmount) -> Result<Money, FpsError> {
    match parse(text) {
        Ok(amount) if amount > LARGEST_AMOUNT => Err(out_of_range(name, "is too large")),
        Err(ParseError::OutOfRange) => Err(out_of_range(name, "is too large")),
        Err(error) => Err(FpsError::invalid(name, &error.to_string())),
        Ok(amount) => Ok(amount),
    }
}

pub fn out_of_range(name: &str, reason: &str) -> FpsError {
    FpsError::new(ErrorCode::AmountOutOfRange, format!("\"{name}\" {reason}."))
}

fn bad_value(name: &str, text: &str) -> FpsError {
    FpsError::invalid(name, &format!("has an invalid value \"{}\"", shown(text)))
}

/// The wording was observed (fps.md §4): the name begins with a small letter there.
fn bad_token(name: &str, text: &str) -> FpsError {
    let mut letters = name.chars();
    let first = letters.next().map(|letter| letter.to_ascii_lowercase()).unwrap_or_default();
    let name = format!("{first}{}", letters.as_str());
    let message = format!("\"{name}\" has to be a valid token ID. Specified value: {}", shown(text));
    FpsError::new(ErrorCode::InvalidParams, message)
}

fn bad_instrument(name: &str, text: &str) -> FpsError {
    let message = format!("\"{name}\" is not an instrument ID. Specified value: {}", shown(text));
    FpsError::new(ErrorCode::InvalidPaymentInstrument, message)
}

fn bad_transaction(name: &str, text: &str) -> FpsError {
    let message = format!("\"{name}\" is not a transaction ID. Specified value: {}", shown(text));
    FpsError::new(ErrorCode::InvalidTransactionId, message)
}
