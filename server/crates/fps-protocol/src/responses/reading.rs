//! A client's side of an answer: the success it asked for, or why there is none.

use super::ActionResult;
use crate::actions::Action;
use crate::errors::ErrorCode;
use crate::timeliness::timestamp;
use crate::xml::{Element, XmlError};
use jiff::Timestamp;
use money::Money;

/// The API said no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiRefusal {
    /// As sent: FPS may have codes that are not in [`ErrorCode`].
    pub code: String,
    pub message: String,
    pub request_id: Option<String>,
}

impl ApiRefusal {
    /// `None` for a code that is not in the table of errors.
    pub fn known_code(&self) -> Option<ErrorCode> {
        self.code.parse().ok()
    }
}

/// What a client makes of an answer that is not the success it asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ApiFailure {
    #[error("refused with {}: {}", .0.code, .0.message)]
    Refused(ApiRefusal),
    /// Neither the answer nor an error of FPS: what became of the request is unknown.
    #[error("the answer cannot be read: {0}")]
    Unreadable(String),
}

impl From<XmlError> for ApiFailure {
    fn from(error: XmlError) -> Self {
        Self::Unreadable(error.to_string())
    }
}

/// A success answer with its request id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer<T> {
    pub result: T,
    pub request_id: String,
}

/// Reads the answer to `action`: a success, or any of the three error shapes (fps.md §6.1).
pub fn parse<T: ActionResult>(action: Action, xml: &str) -> Result<Answer<T>, ApiFailure> {
    let root = Element::parse(xml)?;
    let names = action.element_names();
    match root.name.as_str() {
        name if name == names.response => {
            let result = match root.child(names.result) {
                Some(result) => T::read(result)?,
                None => T::read(&Element::default())?,
            };
            let metadata = root.child("ResponseMetadata").ok_or_else(|| lacks("ResponseMetadata"))?;
            Ok(Answer { result, request_id: required(metadata, "RequestId")?.to_owned() })
        }
        "Response" => Err(refusal(&root, root.child("Errors"))),
        "ErrorResponse" => Err(refusal(&root, Some(&root))),
        other => Err(ApiFailure::Unreadable(format!("the root element is {other}, not {}", names.response))),
    }
}

fn refusal(root: &Element, errors: Option<&Element>) -> ApiFailure {
    let Some(error) = errors.and_then(|errors| errors.child("Error")) else { return lacks("Error") };
    let Some(code) = error.child_text("Code") else { return lacks("Code") };
    ApiFailure::Refused(ApiRefusal {
        code: code.to_owned(),
        message: error.child_text("Message").unwrap_or_default().to_owned(),
        request_id: root.child_text("RequestID").or_else(|| root.child_text("RequestId")).map(str::to_owned),
    })
}

fn lacks(name: &str) -> ApiFailure {
    ApiFailure::Unreadable(format!("it has no {name}"))
}

pub(super) fn required<'a>(element: &'a Element, name: &str) -> Result<&'a str, ApiFailure> {
    element.child_text(name).ok_or_else(|| lacks(name))
}

pub(super) fn optional(element: &Element, name: &str) -> Option<String> {
    element.child_text(name).map(str::to_owned)
}

pub(super) fn parsed<T: std::str::FromStr>(element: &Element, name: &str) -> Result<T, ApiFailure> {
    value(name, required(element, name)?)
}

pub(super) fn optional_parsed<T: std::str::FromStr>(
    element: &Element,
    name: &str,
) -> Result<Option<T>, ApiFailure> {
    element.child_text(name).map(|text| value(name, text)).transpose()
}

/// An element that must be there, with elements of its own.
pub(super) fn child<'a>(element: &'a Element, name: &str) -> Result<&'a Element, ApiFailure> {
    element.child(name).ok_or_else(|| lacks(name))
}

/// All elements of that name, read alike.
pub(super) fn each<T>(
    element: &Element,
    name: &str,
    read: impl Fn(&Element) -> Result<T, ApiFailure>,
) -> Result<Vec<T>, ApiFailure> {
    element.children.iter().filter(|child| child.name == name).map(read).collect()
}

pub(super) fn amount(element: &Element, name: &str) -> Result<Money, ApiFailure> {
    let amount = child(element, name)?;
    let currency = required(amount, "CurrencyCode")?;
    let text = required(amount, "Value")?;
    match Money::parse_six_decimals(text) {
        Ok(amount) if currency == "USD" => Ok(amount),
        _ => Err(unusable(name, &format!("{currency} {text}"))),
    }
}

pub(super) fn optional_amount(element: &Element, name: &str) -> Result<Option<Money>, ApiFailure> {
    element.child(name).map(|_| amount(element, name)).transpose()
}

pub(super) fn date(element: &Element, name: &str) -> Result<Timestamp, ApiFailure> {
    let text = required(element, name)?;
    timestamp(text).ok_or_else(|| unusable(name, text))
}

pub(super) fn optional_date(element: &Element, name: &str) -> Result<Option<Timestamp>, ApiFailure> {
    element.child(name).map(|_| date(element, name)).transpose()
}

fn value<T: std::str::FromStr>(name: &str, text: &str) -> Result<T, ApiFailure> {
    text.parse().map_err(|_| unusable(name, text))
}

fn unusable(name: &str, text: &str) -> ApiFailure {
    ApiFailure::Unreadable(format!("{name} is {text:?}"))
}
