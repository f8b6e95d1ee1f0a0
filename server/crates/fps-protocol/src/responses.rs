//! Answers of the API: written by the server, read by a client (REFERENCE §2, §3, §6).

use crate::actions::Action;
use crate::enums::{TransactionStatus, VerificationStatus};
use crate::errors::ErrorCode;
use crate::ids::TransactionId;
use crate::version::ApiVersion;
use crate::xml::{Element, XmlError, XmlWriter};

/// The content of an action's `…Result`.
pub trait ActionResult: Sized {
    #[doc(hidden)]
    fn write(&self, xml: &mut ResultWriter);
    #[doc(hidden)]
    fn read(result: &Element) -> Result<Self, ApiFailure>;
}

/// Writes the elements of a result; only this crate can use it.
pub struct ResultWriter(XmlWriter);

/// Pay, Reserve, Settle, Refund and Cancel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransactionResult {
    pub transaction_id: TransactionId,
    pub transaction_status: TransactionStatus,
}

/// `GetTransactionStatus`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransactionStatusResult {
    pub transaction_id: TransactionId,
    pub transaction_status: TransactionStatus,
    pub caller_reference: String,
    /// Text, since FPS may have codes that are not in [`crate::enums::StatusCode`].
    pub status_code: Option<String>,
    pub status_message: Option<String>,
}

/// `VerifySignature`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VerifySignatureResult {
    pub verification_status: VerificationStatus,
}

impl ActionResult for TransactionResult {
    fn write(&self, xml: &mut ResultWriter) {
        xml.0.leaf("TransactionId", self.transaction_id.as_str());
        xml.0.leaf("TransactionStatus", self.transaction_status.as_str());
    }

    fn read(result: &Element) -> Result<Self, ApiFailure> {
        Ok(Self {
            transaction_id: parsed(result, "TransactionId")?,
            transaction_status: parsed(result, "TransactionStatus")?,
        })
    }
}

impl ActionResult for TransactionStatusResult {
    fn write(&self, xml: &mut ResultWriter) {
        xml.0.leaf("TransactionId", self.transaction_id.as_str());
        xml.0.leaf("TransactionStatus", self.transaction_status.as_str());
        xml.0.leaf("CallerReference", &self.caller_reference);
        xml.0.optional_leaf("StatusCode", self.status_code.as_deref());
        xml.0.optional_leaf("StatusMessage", self.status_message.as_deref());
    }

    fn read(result: &Element) -> Result<Self, ApiFailure> {
        Ok(Self {
            transaction_id: parsed(result, "TransactionId")?,
            transaction_status: parsed(result, "TransactionStatus")?,
            caller_reference: required(result, "CallerReference")?.to_owned(),
            status_code: result.child_text("StatusCode").map(str::to_owned),
            status_message: result.child_text("StatusMessage").map(str::to_owned),
        })
    }
}

impl ActionResult for VerifySignatureResult {
    fn write(&self, xml: &mut ResultWriter) {
        xml.0.leaf("VerificationStatus", self.verification_status.as_str());
    }

    fn read(result: &Element) -> Result<Self, ApiFailure> {
        Ok(Self { verification_status: parsed(result, "VerificationStatus")? })
    }
}

/// The success answer of any of the built actions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Response {
    Pay(TransactionResult),
    Reserve(TransactionResult),
    Settle(TransactionResult),
    Cancel(TransactionResult),
    Refund(TransactionResult),
    GetTransactionStatus(TransactionStatusResult),
    VerifySignature(VerifySignatureResult),
}

impl Response {
    pub const fn action(&self) -> Action {
        match self {
            Self::Pay(_) => Action::Pay,
            Self::Reserve(_) => Action::Reserve,
            Self::Settle(_) => Action::Settle,
            Self::Cancel(_) => Action::Cancel,
            Self::Refund(_) => Action::Refund,
            Self::GetTransactionStatus(_) => Action::GetTransactionStatus,
            Self::VerifySignature(_) => Action::VerifySignature,
        }
    }

    /// `request_id` is a UUID and `:0` in successes (REFERENCE §2).
    pub fn to_xml(&self, version: ApiVersion, request_id: &str) -> String {
        match self {
            Self::Pay(result)
            | Self::Reserve(result)
            | Self::Settle(result)
            | Self::Cancel(result)
            | Self::Refund(result) => to_xml(self.action(), result, version, request_id),
            Self::GetTransactionStatus(result) => to_xml(self.action(), result, version, request_id),
            Self::VerifySignature(result) => to_xml(self.action(), result, version, request_id),
        }
    }
}

/// The envelope of a success: `<ActionResponse><ActionResult>…</ActionResult><ResponseMetadata>…`.
pub fn to_xml(action: Action, result: &impl ActionResult, version: ApiVersion, request_id: &str) -> String {
    let names = action.element_names();
    let mut xml = XmlWriter::new();
    xml.open(names.response, Some(version.namespace()));
    xml.open(names.result, None);
    let mut writer = ResultWriter(xml);
    result.write(&mut writer);
    let mut xml = writer.0;
    xml.close(names.result);
    xml.open("ResponseMetadata", None);
    xml.leaf("RequestId", request_id);
    xml.close("ResponseMetadata");
    xml.close(names.response);
    xml.finish()
}

/// The API said no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiRefusal {
    /// As sent: FPS may have codes that are not in [`ErrorCode`].
    pub code: String,
    pub message: String,
    pub request_id: Option<String>,
}

impl ApiRefusal {
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

/// Reads the answer to `action`: a success, or any of the three error shapes (REFERENCE §6.1).
pub fn parse<T: ActionResult>(action: Action, xml: &str) -> Result<Answer<T>, ApiFailure> {
    let root = Element::parse(xml)?;
    let names = action.element_names();
    match root.name.as_str() {
        name if name == names.response => {
            let result = root.child(names.result).ok_or_else(|| lacks(names.result))?;
            let metadata = root.child("ResponseMetadata").ok_or_else(|| lacks("ResponseMetadata"))?;
            let request_id = required(metadata, "RequestId")?.to_owned();
            Ok(Answer { result: T::read(result)?, request_id })
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

fn required<'a>(element: &'a Element, name: &str) -> Result<&'a str, ApiFailure> {
    element.child_text(name).ok_or_else(|| lacks(name))
}

fn parsed<T: std::str::FromStr>(element: &Element, name: &str) -> Result<T, ApiFailure> {
    let text = required(element, name)?;
    text.parse().map_err(|_| ApiFailure::Unreadable(format!("{name} is {text:?}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reserved() -> TransactionResult {
        TransactionResult {
            transaction_id: TransactionId::new("14GKD9GE66FAA63E6O6B2JDPZKN53LZ7F22").unwrap(),
            transaction_status: TransactionStatus::Reserved,
        }
    }

    #[test]
    fn the_envelope() {
        assert_eq!(
            Response::Reserve(reserved()).to_xml(ApiVersion::V2008, "id:0"),
            "<?xml version=\"1.0\"?>\n<ReserveResponse xmlns=\"http://fps.amazonaws.com/doc/2008-09-17/\">\
             <ReserveResult><TransactionId>14GKD9GE66FAA63E6O6B2JDPZKN53LZ7F22</TransactionId>\
             <TransactionStatus>Reserved</TransactionStatus></ReserveResult>\
             <ResponseMetadata><RequestId>id:0</RequestId></ResponseMetadata></ReserveResponse>"
        );
    }

    #[test]
    fn a_client_reads_what_a_server_writes() {
        let xml = Response::Pay(reserved()).to_xml(ApiVersion::V2010, "id:0");
        let answer = parse::<TransactionResult>(Action::Pay, &xml).unwrap();
        assert_eq!(answer, Answer { result: reserved(), request_id: "id:0".to_owned() });
        let wrong_action = parse::<TransactionResult>(Action::Reserve, &xml);
        assert!(matches!(wrong_action, Err(ApiFailure::Unreadable(_))), "{wrong_action:?}");
    }

    #[test]
    fn all_error_shapes_are_read() {
        let ours = crate::FpsError::new(ErrorCode::DuplicateRequest, "m & m").to_xml("r");
        let schema = "<ErrorResponse xmlns='u'><Error><Type>Sender</Type><Code>DuplicateRequest</Code>\
                      <Message>m &amp; m</Message></Error><RequestId>r</RequestId></ErrorResponse>";
        let first = "<Response><RequestId>r</RequestId><Errors>\n<Error><Code>DuplicateRequest</Code>\
                     <Message>m &amp; m</Message></Error></Errors></Response>";
        for xml in [ours.as_str(), schema, first] {
            let Err(ApiFailure::Refused(refusal)) = parse::<TransactionResult>(Action::Pay, xml) else {
                panic!("{xml}");
            };
            assert_eq!(refusal.known_code(), Some(ErrorCode::DuplicateRequest));
            assert_eq!((refusal.message.as_str(), refusal.request_id.as_deref()), ("m & m", Some("r")));
        }
    }

    #[test]
    fn nonsense_is_unreadable() {
        for xml in
            ["", "<html></html>", "<PayResponse/>", "<Response/>", "<PayResponse><PayResult/></PayResponse>"]
        {
            let answer = parse::<TransactionResult>(Action::Pay, xml);
            assert!(matches!(answer, Err(ApiFailure::Unreadable(_))), "{xml}");
        }
    }
}
