//! The actions of the Query API: their names and their typed requests. All of them stand in `table.rs`.

mod account;
mod account_activity;
mod derive;
mod fields;
mod payment;
mod stored_value;
mod subscription;
pub(crate) mod table;
mod tokens;
mod transaction;
mod verify_signature;

pub use account::{GetAccountBalance, GetRecipientVerificationStatus};
pub use account_activity::{ActivityDate, GetAccountActivity};
pub use payment::{DescriptorPolicy, PaymentRequest};
pub use stored_value::{
    FundPrepaid, GetDebtBalance, GetOutstandingDebtBalance, GetPrepaidBalance, GetTotalPrepaidLiability,
    SettleDebt, StoredValueRequest, WriteOffDebt,
};
pub use subscription::{
    CancelSubscriptionAndRefund, GetSubscriptionDetails, GetTransactionsForSubscription,
    ReferencedCancellation,
};
pub use table::{Action, ActionService, Request};
pub use tokens::{
    CancelToken, GetPaymentInstruction, GetTokenByCaller, GetTokenUsage, GetTokens, InstallPaymentInstruction,
};
pub use transaction::{Cancel, GetTransaction, GetTransactionStatus, Refund, Settle};
pub use verify_signature::VerifySignature;

use crate::errors::{ErrorCode, FpsError};
use crate::parameters::Parameters;
use money::Money;

/// FPS named no maximum; this one keeps every sum of amounts far from the limits of an integer.
pub const LARGEST_AMOUNT: Money = Money::from_micros(100_000_000_000_000);

/// The request of an action: how it stands on the wire, without `Action` and what every request has.
pub trait ActionRequest: Sized {
    /// Unknown, repeated and malformed parameters are refused.
    fn parse(parameters: &Parameters) -> Result<Self, FpsError>;

    /// Client side: the parameters that [`ActionRequest::parse`] reads, each value written one way.
    fn to_parameters(&self) -> Parameters;
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
}

/// The names of an answer's root element and of its content.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ElementNames {
    pub response: &'static str,
    pub result: &'static str,
}

impl Request {
    /// Reads the request that `Action` names; unknown, repeated and malformed parameters are refused.
    pub fn parse(parameters: &Parameters) -> Result<Self, FpsError> {
        Self::parse_as(Action::of(parameters)?, parameters)
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

    #[test]
    fn every_action_says_what_it_is_for() {
        for action in Action::ALL {
            assert!(action.summary().ends_with('.') && !action.summary().contains("  "), "{action}");
        }
        let unsigned = Action::ALL.iter().filter(|action| action.may_come_unsigned());
        assert_eq!(unsigned.collect::<Vec<_>>(), [&Action::VerifySignature]);
    }
}
