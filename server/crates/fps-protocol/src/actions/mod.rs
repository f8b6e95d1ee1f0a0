//! The actions of the Query API: their names and their typed requests.

mod account;
mod account_activity;
mod fields;
mod payment;
mod stored_value;
mod subscription;
mod tokens;
mod transaction;
mod verify_signature;

pub use account::{GetAccountBalance, GetRecipientVerificationStatus};
pub use account_activity::{ActivityDate, GetAccountActivity};
pub use payment::{DescriptorPolicy, PaymentRequest};
pub use stored_value::{
    GetDebtBalance, GetOutstandingDebtBalance, GetPrepaidBalance, GetTotalPrepaidLiability, StoredValueNames,
    StoredValueRequest, WriteOffDebt,
};
pub use subscription::{
    CancelSubscriptionAndRefund, GetSubscriptionDetails, GetTransactionsForSubscription,
    ReferencedCancellation,
};
pub use tokens::{
    CancelToken, GetPaymentInstruction, GetTokenByCaller, GetTokenUsage, GetTokens, InstallPaymentInstruction,
};
pub use transaction::{Cancel, GetTransaction, GetTransactionStatus, Refund, Settle};
pub use verify_signature::VerifySignature;

use crate::errors::{ErrorCode, FpsError};
use crate::parameters::Parameters;
use money::Money;
use text_types::words;

/// FPS named no maximum; this one keeps every sum of amounts far from the limits of an integer.
pub const LARGEST_AMOUNT: Money = Money::from_micros(100_000_000_000_000);

words! {
    /// Every action that the client libraries know (REFERENCE §3), one of them also as a client misspells it.
    pub enum Action {
        Pay = "Pay",
        Reserve = "Reserve",
        Settle = "Settle",
        Cancel = "Cancel",
        Refund = "Refund",
        GetTransactionStatus = "GetTransactionStatus",
        GetTransaction = "GetTransaction",
        GetRecipientVerificationStatus = "GetRecipientVerificationStatus",
        GetAccountActivity = "GetAccountActivity",
        GetAccountBalance = "GetAccountBalance",
        CancelSubscriptionAndRefund = "CancelSubscriptionAndRefund",
        GetSubscriptionDetails = "GetSubscriptionDetails",
        GetTransactionsForSubscription = "GetTransactionsForSubscription",
        FundPrepaid = "FundPrepaid",
        SettleDebt = "SettleDebt",
        WriteOffDebt = "WriteOffDebt",
        GetPrepaidBalance = "GetPrepaidBalance",
        GetTotalPrepaidLiability = "GetTotalPrepaidLiability",
        GetDebtBalance = "GetDebtBalance",
        GetOutstandingDebtBalance = "GetOutstandingDebtBalance",
        /// As the client of 2008 spells it.
        GetOutStandingDebtBalance = "GetOutStandingDebtBalance",
        CancelToken = "CancelToken",
        GetTokenByCaller = "GetTokenByCaller",
        GetTokenUsage = "GetTokenUsage",
        GetTokens = "GetTokens",
        GetPaymentInstruction = "GetPaymentInstruction",
        InstallPaymentInstruction = "InstallPaymentInstruction",
        VerifySignature = "VerifySignature",
    }
}

/// The names of an answer's root element and of its content.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ElementNames {
    pub response: &'static str,
    pub result: &'static str,
}

macro_rules! element_names {
    ($action:literal) => {
        ElementNames { response: concat!($action, "Response"), result: concat!($action, "Result") }
    };
}

impl Action {
    pub fn from_name(name: &str) -> Result<Self, FpsError> {
        name.parse().map_err(|_| {
            let message = format!("\"{}\" is not an action.", fields::shown(name));
            FpsError::new(ErrorCode::InvalidRequest, message)
        })
    }

    /// The action that a request asks for.
    pub fn of(parameters: &Parameters) -> Result<Self, FpsError> {
        Self::from_name(parameters.non_empty("Action").ok_or_else(|| FpsError::missing("Action"))?)
    }

    pub(crate) const fn element_names(self) -> ElementNames {
        match self {
            Self::Pay => element_names!("Pay"),
            Self::Reserve => element_names!("Reserve"),
            Self::Settle => element_names!("Settle"),
            Self::Cancel => element_names!("Cancel"),
            Self::Refund => element_names!("Refund"),
            Self::GetTransactionStatus => element_names!("GetTransactionStatus"),
            Self::GetTransaction => element_names!("GetTransaction"),
            Self::GetRecipientVerificationStatus => element_names!("GetRecipientVerificationStatus"),
            Self::GetAccountActivity => element_names!("GetAccountActivity"),
            Self::GetAccountBalance => element_names!("GetAccountBalance"),
            Self::CancelSubscriptionAndRefund => element_names!("CancelSubscriptionAndRefund"),
            Self::GetSubscriptionDetails => element_names!("GetSubscriptionDetails"),
            Self::GetTransactionsForSubscription => element_names!("GetTransactionsForSubscription"),
            Self::FundPrepaid => element_names!("FundPrepaid"),
            Self::SettleDebt => element_names!("SettleDebt"),
            Self::WriteOffDebt => element_names!("WriteOffDebt"),
            Self::GetPrepaidBalance => element_names!("GetPrepaidBalance"),
            Self::GetTotalPrepaidLiability => element_names!("GetTotalPrepaidLiability"),
            Self::GetDebtBalance => element_names!("GetDebtBalance"),
            Self::GetOutstandingDebtBalance => element_names!("GetOutstandingDebtBalance"),
            // Its client asks for the one and reads the other.
            Self::GetOutStandingDebtBalance => ElementNames {
                response: "GetOutStandingDebtBalanceResponse",
                result: "GetOutstandingDebtBalanceResult",
            },
            Self::CancelToken => element_names!("CancelToken"),
            Self::GetTokenByCaller => element_names!("GetTokenByCaller"),
            Self::GetTokenUsage => element_names!("GetTokenUsage"),
            Self::GetTokens => element_names!("GetTokens"),
            Self::GetPaymentInstruction => element_names!("GetPaymentInstruction"),
            Self::InstallPaymentInstruction => element_names!("InstallPaymentInstruction"),
            Self::VerifySignature => element_names!("VerifySignature"),
        }
    }
}

/// The typed request of any action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    Pay(PaymentRequest),
    Reserve(PaymentRequest),
    Settle(Settle),
    Cancel(Cancel),
    Refund(Refund),
    GetTransactionStatus(GetTransactionStatus),
    GetTransaction(GetTransaction),
    GetRecipientVerificationStatus(GetRecipientVerificationStatus),
    GetAccountActivity(GetAccountActivity),
    GetAccountBalance(GetAccountBalance),
    CancelSubscriptionAndRefund(CancelSubscriptionAndRefund),
    GetSubscriptionDetails(GetSubscriptionDetails),
    GetTransactionsForSubscription(GetTransactionsForSubscription),
    FundPrepaid(StoredValueRequest),
    SettleDebt(StoredValueRequest),
    WriteOffDebt(WriteOffDebt),
    GetPrepaidBalance(GetPrepaidBalance),
    GetTotalPrepaidLiability(GetTotalPrepaidLiability),
    GetDebtBalance(GetDebtBalance),
    GetOutstandingDebtBalance(GetOutstandingDebtBalance),
    GetOutStandingDebtBalance(GetOutstandingDebtBalance),
    CancelToken(CancelToken),
    GetTokenByCaller(GetTokenByCaller),
    GetTokenUsage(GetTokenUsage),
    GetTokens(GetTokens),
    GetPaymentInstruction(GetPaymentInstruction),
    InstallPaymentInstruction(InstallPaymentInstruction),
    VerifySignature(VerifySignature),
}

impl Request {
    /// Reads the request that `Action` names; unknown, repeated and malformed parameters are refused.
    pub fn parse(parameters: &Parameters) -> Result<Self, FpsError> {
        Ok(match Action::of(parameters)? {
            Action::Pay => Self::Pay(PaymentRequest::parse(parameters)?),
            Action::Reserve => Self::Reserve(PaymentRequest::parse(parameters)?),
            Action::Settle => Self::Settle(Settle::parse(parameters)?),
            Action::Cancel => Self::Cancel(Cancel::parse(parameters)?),
            Action::Refund => Self::Refund(Refund::parse(parameters)?),
            Action::GetTransactionStatus => {
                Self::GetTransactionStatus(GetTransactionStatus::parse(parameters)?)
            }
            Action::GetTransaction => Self::GetTransaction(GetTransaction::parse(parameters)?),
            Action::GetRecipientVerificationStatus => {
                Self::GetRecipientVerificationStatus(GetRecipientVerificationStatus::parse(parameters)?)
            }
            Action::GetAccountActivity => Self::GetAccountActivity(GetAccountActivity::parse(parameters)?),
            Action::GetAccountBalance => Self::GetAccountBalance(GetAccountBalance::parse(parameters)?),
            Action::CancelSubscriptionAndRefund => {
                Self::CancelSubscriptionAndRefund(CancelSubscriptionAndRefund::parse(parameters)?)
            }
            Action::GetSubscriptionDetails => {
                Self::GetSubscriptionDetails(GetSubscriptionDetails::parse(parameters)?)
            }
            Action::GetTransactionsForSubscription => {
                Self::GetTransactionsForSubscription(GetTransactionsForSubscription::parse(parameters)?)
            }
            Action::FundPrepaid => {
                Self::FundPrepaid(StoredValueRequest::parse(parameters, StoredValueNames::FUND_PREPAID)?)
            }
            Action::SettleDebt => {
                Self::SettleDebt(StoredValueRequest::parse(parameters, StoredValueNames::SETTLE_DEBT)?)
            }
            Action::WriteOffDebt => Self::WriteOffDebt(WriteOffDebt::parse(parameters)?),
            Action::GetPrepaidBalance => Self::GetPrepaidBalance(GetPrepaidBalance::parse(parameters)?),
            Action::GetTotalPrepaidLiability => {
                Self::GetTotalPrepaidLiability(GetTotalPrepaidLiability::parse(parameters)?)
            }
            Action::GetDebtBalance => Self::GetDebtBalance(GetDebtBalance::parse(parameters)?),
            Action::GetOutstandingDebtBalance => {
                Self::GetOutstandingDebtBalance(GetOutstandingDebtBalance::parse(parameters)?)
            }
            Action::GetOutStandingDebtBalance => {
                Self::GetOutStandingDebtBalance(GetOutstandingDebtBalance::parse(parameters)?)
            }
            Action::CancelToken => Self::CancelToken(CancelToken::parse(parameters)?),
            Action::GetTokenByCaller => Self::GetTokenByCaller(GetTokenByCaller::parse(parameters)?),
            Action::GetTokenUsage => Self::GetTokenUsage(GetTokenUsage::parse(parameters)?),
            Action::GetTokens => Self::GetTokens(GetTokens::parse(parameters)?),
            Action::GetPaymentInstruction => {
                Self::GetPaymentInstruction(GetPaymentInstruction::parse(parameters)?)
            }
            Action::InstallPaymentInstruction => {
                Self::InstallPaymentInstruction(InstallPaymentInstruction::parse(parameters)?)
            }
            Action::VerifySignature => Self::VerifySignature(VerifySignature::parse(parameters)?),
        })
    }

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

    /// Client side: `Action` and its parameters, ready for [`crate::api_request::sign`].
    pub fn to_parameters(&self) -> Parameters {
        let own = match self {
            Self::Pay(request) | Self::Reserve(request) => request.to_parameters(),
            Self::Settle(request) => request.to_parameters(),
            Self::Cancel(request) => request.to_parameters(),
            Self::Refund(request) => request.to_parameters(),
            Self::GetTransactionStatus(request) => request.to_parameters(),
            Self::GetTransaction(request) => request.to_parameters(),
            Self::GetRecipientVerificationStatus(request) => request.to_parameters(),
            Self::GetAccountActivity(request) => request.to_parameters(),
            Self::CancelSubscriptionAndRefund(request) => request.to_parameters(),
            Self::GetSubscriptionDetails(request) => request.to_parameters(),
            Self::GetTransactionsForSubscription(request) => request.to_parameters(),
            Self::FundPrepaid(request) => request.to_parameters(StoredValueNames::FUND_PREPAID),
            Self::SettleDebt(request) => request.to_parameters(StoredValueNames::SETTLE_DEBT),
            Self::WriteOffDebt(request) => request.to_parameters(),
            Self::GetPrepaidBalance(request) => request.to_parameters(),
            Self::GetDebtBalance(request) => request.to_parameters(),
            Self::GetAccountBalance(_)
            | Self::GetTotalPrepaidLiability(_)
            | Self::GetOutstandingDebtBalance(_)
            | Self::GetOutStandingDebtBalance(_) => Parameters::new(),
            Self::CancelToken(request) => request.to_parameters(),
            Self::GetTokenByCaller(request) => request.to_parameters(),
            Self::GetTokenUsage(request) => request.to_parameters(),
            Self::GetTokens(request) => request.to_parameters(),
            Self::GetPaymentInstruction(request) => request.to_parameters(),
            Self::InstallPaymentInstruction(request) => request.to_parameters(),
            Self::VerifySignature(request) => request.to_parameters(),
        };
        Parameters::from_iter([("Action", self.action().as_str())]).joined(own)
    }

    /// What two requests must agree in to be the same one: the action and its parsed parameters, each
    /// written one way (10.0 as 10.00), without Timestamp, Version and the signature's own.
    pub fn canonical_digest_input(&self) -> String {
        self.to_parameters().to_query()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_an_action_is_refused_as_such() {
        for name in ["pay", "GetResults", "<b>", ""] {
            let refused = Action::from_name(name).unwrap_err();
            assert_eq!(refused.code, ErrorCode::InvalidRequest);
            assert!(refused.message.contains("not an action"), "{refused}");
        }
    }

    #[test]
    fn every_action_is_known_and_named_alike() {
        for action in Action::ALL {
            assert_eq!(Action::from_name(action.as_str()), Ok(*action));
            assert_eq!(action.element_names().response, format!("{action}Response"));
            let as_it_is_read = action.as_str().replace("OutStanding", "Outstanding");
            assert_eq!(action.element_names().result, format!("{as_it_is_read}Result"));
        }
    }
}
