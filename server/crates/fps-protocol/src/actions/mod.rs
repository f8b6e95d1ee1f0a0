//! The actions of the Query API: their names, and the typed requests of those that are built.

mod fields;
mod payment;
mod transaction;
mod verify_signature;

pub use payment::{DescriptorPolicy, PaymentRequest};
pub use transaction::{Cancel, GetTransactionStatus, Refund, Settle};
pub use verify_signature::VerifySignature;

use crate::enums::text_enum;
use crate::errors::{ErrorCode, FpsError};
use crate::parameters::Parameters;
use money::Money;

/// FPS named no maximum; this one keeps every sum of amounts far from the limits of an integer.
pub const LARGEST_AMOUNT: Money = Money::from_micros(100_000_000_000_000);

text_enum! {
    /// Every action that the client libraries know (REFERENCE §3), built or not.
    pub enum KnownAction {
        Cancel = "Cancel",
        CancelSubscriptionAndRefund = "CancelSubscriptionAndRefund",
        CancelToken = "CancelToken",
        FundPrepaid = "FundPrepaid",
        GetAccountActivity = "GetAccountActivity",
        GetAccountBalance = "GetAccountBalance",
        GetDebtBalance = "GetDebtBalance",
        GetOutstandingDebtBalance = "GetOutstandingDebtBalance",
        GetPaymentInstruction = "GetPaymentInstruction",
        GetPrepaidBalance = "GetPrepaidBalance",
        GetRecipientVerificationStatus = "GetRecipientVerificationStatus",
        GetSubscriptionDetails = "GetSubscriptionDetails",
        GetTokenByCaller = "GetTokenByCaller",
        GetTokenUsage = "GetTokenUsage",
        GetTokens = "GetTokens",
        GetTotalPrepaidLiability = "GetTotalPrepaidLiability",
        GetTransaction = "GetTransaction",
        GetTransactionStatus = "GetTransactionStatus",
        GetTransactionsForSubscription = "GetTransactionsForSubscription",
        InstallPaymentInstruction = "InstallPaymentInstruction",
        Pay = "Pay",
        Refund = "Refund",
        Reserve = "Reserve",
        Settle = "Settle",
        SettleDebt = "SettleDebt",
        VerifySignature = "VerifySignature",
        WriteOffDebt = "WriteOffDebt",
    }
}

text_enum! {
    /// The actions that are built.
    pub enum Action {
        Pay = "Pay",
        Reserve = "Reserve",
        Settle = "Settle",
        Cancel = "Cancel",
        Refund = "Refund",
        GetTransactionStatus = "GetTransactionStatus",
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
    /// The action of that name; one that FPS had and this emulator has not is refused as such.
    pub fn from_name(name: &str) -> Result<Self, FpsError> {
        name.parse().map_err(|_| match name.parse::<KnownAction>() {
            Ok(known) => FpsError::new(
                ErrorCode::InvalidRequest,
                format!("The action {known} is not available here yet."),
            ),
            Err(_) => FpsError::new(
                ErrorCode::InvalidRequest,
                format!("\"{}\" is not an action.", fields::shown(name)),
            ),
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
            Self::VerifySignature => element_names!("VerifySignature"),
        }
    }
}

/// The typed request of any of the built actions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    Pay(PaymentRequest),
    Reserve(PaymentRequest),
    Settle(Settle),
    Cancel(Cancel),
    Refund(Refund),
    GetTransactionStatus(GetTransactionStatus),
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
    fn an_action_that_is_not_built_is_refused_as_such() {
        let refused = Action::from_name("GetAccountBalance").unwrap_err();
        assert_eq!(refused.code, ErrorCode::InvalidRequest);
        assert!(refused.message.contains("GetAccountBalance is not available"), "{refused}");
        assert!(Action::from_name("pay").unwrap_err().message.contains("not an action"));
    }

    #[test]
    fn every_built_action_is_known_and_named_alike() {
        for action in Action::ALL {
            assert_eq!(Action::from_name(action.as_str()), Ok(*action));
            assert!(action.as_str().parse::<KnownAction>().is_ok());
            assert_eq!(action.element_names().response, format!("{action}Response"));
            assert_eq!(action.element_names().result, format!("{action}Result"));
        }
    }
}
