//! Answers of the API: written by the server, read by a client (REFERENCE §2, §3, §6).

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

use crate::actions::Action;
use crate::version::ApiVersion;
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

/// The success answer of any action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Response {
    Pay(TransactionResult),
    Reserve(TransactionResult),
    Settle(TransactionResult),
    Cancel(TransactionResult),
    Refund(TransactionResult),
    GetTransactionStatus(TransactionStatusResult),
    GetTransaction(Box<TransactionDetail>),
    GetRecipientVerificationStatus(RecipientVerificationResult),
    GetAccountActivity(AccountActivityResult),
    GetAccountBalance(AccountBalanceResult),
    CancelSubscriptionAndRefund(SubscriptionCancelled),
    GetSubscriptionDetails(Box<SubscriptionDetails>),
    GetTransactionsForSubscription(SubscriptionTransactions),
    FundPrepaid(TransactionResult),
    SettleDebt(TransactionResult),
    WriteOffDebt(TransactionResult),
    GetPrepaidBalance(PrepaidBalanceResult),
    GetTotalPrepaidLiability(PrepaidLiabilityResult),
    GetDebtBalance(DebtBalanceResult),
    GetOutstandingDebtBalance(OutstandingDebtResult),
    GetOutStandingDebtBalance(OutstandingDebtResult),
    CancelToken(TokenCancelled),
    GetTokenByCaller(TokenResult),
    GetTokenUsage(TokenUsageResult),
    GetTokens(TokensResult),
    GetPaymentInstruction(PaymentInstructionResult),
    InstallPaymentInstruction(InstalledTokenResult),
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
            Self::GetTransaction(_) => Action::GetTransaction,
            Self::GetRecipientVerificationStatus(_) => Action::GetRecipientVerificationStatus,
            Self::GetAccountActivity(_) => Action::GetAccountActivity,
            Self::GetAccountBalance(_) => Action::GetAccountBalance,
            Self::CancelSubscriptionAndRefund(_) => Action::CancelSubscriptionAndRefund,
            Self::GetSubscriptionDetails(_) => Action::GetSubscriptionDetails,
            Self::GetTransactionsForSubscription(_) => Action::GetTransactionsForSubscription,
            Self::FundPrepaid(_) => Action::FundPrepaid,
            Self::SettleDebt(_) => Action::SettleDebt,
            Self::WriteOffDebt(_) => Action::WriteOffDebt,
            Self::GetPrepaidBalance(_) => Action::GetPrepaidBalance,
            Self::GetTotalPrepaidLiability(_) => Action::GetTotalPrepaidLiability,
            Self::GetDebtBalance(_) => Action::GetDebtBalance,
            Self::GetOutstandingDebtBalance(_) => Action::GetOutstandingDebtBalance,
            Self::GetOutStandingDebtBalance(_) => Action::GetOutStandingDebtBalance,
            Self::CancelToken(_) => Action::CancelToken,
            Self::GetTokenByCaller(_) => Action::GetTokenByCaller,
            Self::GetTokenUsage(_) => Action::GetTokenUsage,
            Self::GetTokens(_) => Action::GetTokens,
            Self::GetPaymentInstruction(_) => Action::GetPaymentInstruction,
            Self::InstallPaymentInstruction(_) => Action::InstallPaymentInstruction,
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
            | Self::Refund(result)
            | Self::FundPrepaid(result)
            | Self::SettleDebt(result)
            | Self::WriteOffDebt(result) => to_xml(self.action(), result, version, request_id),
            Self::GetTransactionStatus(result) => to_xml(self.action(), result, version, request_id),
            Self::GetTransaction(result) => to_xml(self.action(), &**result, version, request_id),
            Self::GetRecipientVerificationStatus(result) => {
                to_xml(self.action(), result, version, request_id)
            }
            Self::GetAccountActivity(result) => to_xml(self.action(), result, version, request_id),
            Self::GetAccountBalance(result) => to_xml(self.action(), result, version, request_id),
            Self::CancelSubscriptionAndRefund(result) => to_xml(self.action(), result, version, request_id),
            Self::GetSubscriptionDetails(result) => to_xml(self.action(), &**result, version, request_id),
            Self::GetTransactionsForSubscription(result) => {
                to_xml(self.action(), result, version, request_id)
            }
            Self::GetPrepaidBalance(result) => to_xml(self.action(), result, version, request_id),
            Self::GetTotalPrepaidLiability(result) => to_xml(self.action(), result, version, request_id),
            Self::GetDebtBalance(result) => to_xml(self.action(), result, version, request_id),
            Self::GetOutstandingDebtBalance(result) | Self::GetOutStandingDebtBalance(result) => {
                to_xml(self.action(), result, version, request_id)
            }
            Self::CancelToken(result) => to_xml(self.action(), result, version, request_id),
            Self::GetTokenByCaller(result) => to_xml(self.action(), result, version, request_id),
            Self::GetTokenUsage(result) => to_xml(self.action(), result, version, request_id),
            Self::GetTokens(result) => to_xml(self.action(), result, version, request_id),
            Self::GetPaymentInstruction(result) => to_xml(self.action(), result, version, request_id),
            Self::InstallPaymentInstruction(result) => to_xml(self.action(), result, version, request_id),
            Self::VerifySignature(result) => to_xml(self.action(), result, version, request_id),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::enums::TransactionStatus;
    use crate::errors::ErrorCode;
    use crate::ids::TransactionId;

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
