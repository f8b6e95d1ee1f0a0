//! Answers of the API: written by the server, read by a client (fps.md §2, §3, §6).

mod account;
mod account_activity;
mod payment;
mod reading;
mod stored_value;
mod subscription;
mod tokens;
mod transaction_detail;
mod verification;
mod writing;

pub use account::{AccountBalanceResult, RecipientVerificationResult};
pub use account_activity::{AccountActivityResult, ActivityTransaction, TransactionPart};
pub use payment::{TransactionResult, TransactionStatusResult};
pub use reading::{Answer, ApiFailure, ApiRefusal, parse};
pub use stored_value::{
    DebtBalanceResult, OutstandingDebtResult, PrepaidBalanceResult, PrepaidLiabilityResult,
};
pub use subscription::{
    Duration, SubscriptionCancelled, SubscriptionDetails, SubscriptionTransaction, SubscriptionTransactions,
};
pub use tokens::{
    InstalledTokenResult, PaymentInstructionResult, TokenCancelled, TokenDetails, TokenResult, TokenUsage,
    TokenUsageResult, TokensResult,
};
pub use transaction_detail::{RelatedTransaction, StatusHistory, TransactionDetail};
pub use verification::VerifySignatureResult;
pub(crate) use writing::PACIFIC;
pub use writing::{ResultWriter, to_xml};

pub use crate::actions::table::Response;

use crate::xml::Element;

/// The content of an action's `…Result`.
pub trait ActionResult: Sized {
    /// Whether there is a `…Result` at all: an answer without one is read from an empty element.
    #[doc(hidden)]
    fn has_element(&self) -> bool {
        true
    }
    #[doc(hidden)]
    fn write(&self, xml: &mut ResultWriter);
    #[doc(hidden)]
    fn read(result: &Element) -> Result<Self, ApiFailure>;
}

/// Large results stand behind a pointer in [`Response`].
impl<T: ActionResult> ActionResult for Box<T> {
    fn has_element(&self) -> bool {
        (**self).has_element()
    }

    fn write(&self, xml: &mut ResultWriter) {
        (**self).write(xml);
    }

    fn read(result: &Element) -> Result<Self, ApiFailure> {
        T::read(result).map(Self::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::Action;
    use crate::enums::TransactionStatus;
    use crate::errors::ErrorCode;
    use crate::ids::TransactionId;
    use crate::version::ApiVersion;

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
