//! Subscriptions: what Simple Pay called a Recurring token. The `SubscriptionId` is the token's id.

use super::ActionRequest;
use super::fields::{AmountNames, Fields, LONGEST_DESCRIPTION, amount_names, required};
use crate::errors::FpsError;
use crate::ids::{CallerReference, TokenId};
use crate::parameters::Parameters;
use money::Money;

const SUBSCRIPTION_ID: &str = "SubscriptionId";
const REFUND_AMOUNT: AmountNames = amount_names!("RefundAmount");

/// Asks what was agreed and how far it went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetSubscriptionDetails {
    pub subscription_id: TokenId,
}

impl ActionRequest for GetSubscriptionDetails {
    fn parse(parameters: &Parameters) -> Result<Self, FpsError> {
        let fields = Fields::new(parameters, &[SUBSCRIPTION_ID])?;
        Ok(Self { subscription_id: required(SUBSCRIPTION_ID, fields.token(SUBSCRIPTION_ID)?)? })
    }

    fn to_parameters(&self) -> Parameters {
        Parameters::from_iter([(SUBSCRIPTION_ID, self.subscription_id.as_str())])
    }
}

/// Asks for the subscription's payments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetTransactionsForSubscription {
    pub subscription_id: TokenId,
}

impl ActionRequest for GetTransactionsForSubscription {
    fn parse(parameters: &Parameters) -> Result<Self, FpsError> {
        let fields = Fields::new(parameters, &[SUBSCRIPTION_ID])?;
        Ok(Self { subscription_id: required(SUBSCRIPTION_ID, fields.token(SUBSCRIPTION_ID)?)? })
    }

    fn to_parameters(&self) -> Parameters {
        Parameters::from_iter([(SUBSCRIPTION_ID, self.subscription_id.as_str())])
    }
}

/// Ends a subscription, and gives back a part or all of its last payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CancelSubscriptionAndRefund {
    pub subscription_id: TokenId,
    pub referenced: Option<ReferencedCancellation>,
    pub cancel_reason: Option<String>,
}

/// A refund needs a reference of its own; some clients send one without a refund, too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReferencedCancellation {
    pub caller_reference: CallerReference,
    pub refund_amount: Option<Money>,
}

impl ActionRequest for CancelSubscriptionAndRefund {
    fn parse(parameters: &Parameters) -> Result<Self, FpsError> {
        let own =
            [SUBSCRIPTION_ID, REFUND_AMOUNT.currency, REFUND_AMOUNT.value, "CallerReference", "CancelReason"];
        let fields = Fields::new(parameters, &own)?;
        let refund_amount = fields.exact_amount(REFUND_AMOUNT)?;
        let caller_reference = match (fields.caller_reference()?, refund_amount) {
            (None, Some(_)) => return Err(FpsError::missing("CallerReference")),
            (reference, _) => reference,
        };
        Ok(Self {
            subscription_id: required(SUBSCRIPTION_ID, fields.token(SUBSCRIPTION_ID)?)?,
            referenced: caller_reference
                .map(|caller_reference| ReferencedCancellation { caller_reference, refund_amount }),
            cancel_reason: fields.text("CancelReason", LONGEST_DESCRIPTION)?,
        })
    }

    fn to_parameters(&self) -> Parameters {
        let mut to = Parameters::new();
        to.push(SUBSCRIPTION_ID, self.subscription_id.as_str());
        if let Some(ReferencedCancellation { caller_reference, refund_amount }) = &self.referenced {
            if let Some(amount) = refund_amount {
                REFUND_AMOUNT.push(&mut to, *amount);
            }
            to.push("CallerReference", caller_reference.as_str());
        }
        to.push_some("CancelReason", self.cancel_reason.as_deref());
        to
    }
}

#[cfg(test)]
mod tests {
    use crate::actions::Request;
    use crate::errors::ErrorCode;
    use crate::parameters::Parameters;

    #[test]
    fn everything_survives_a_round_trip() {
        let queries = [
            "Action=GetSubscriptionDetails&SubscriptionId=S",
            "Action=GetTransactionsForSubscription&SubscriptionId=S",
            "Action=CancelSubscriptionAndRefund&SubscriptionId=S",
            "Action=CancelSubscriptionAndRefund&SubscriptionId=S&CallerReference=r",
            "Action=CancelSubscriptionAndRefund&SubscriptionId=S&RefundAmount.CurrencyCode=USD\
             &RefundAmount.Value=3&CallerReference=r&CancelReason=moved",
        ];
        for query in queries {
            let request = Request::parse(&Parameters::from_query(query).unwrap()).unwrap();
            let parameters = request.to_parameters();
            assert_eq!(parameters.len(), query.split('&').count(), "{query}");
            assert_eq!(Request::parse(&parameters).unwrap(), request, "{query}");
        }
    }

    #[test]
    fn bad_values_are_refused() {
        let table = [
            ("GetSubscriptionDetails", ErrorCode::InvalidParams),
            ("GetTransactionsForSubscription&SubscriptionId=a-b", ErrorCode::InvalidParams),
            ("CancelSubscriptionAndRefund&CancelReason=x", ErrorCode::InvalidParams),
            ("CancelSubscriptionAndRefund&SubscriptionId=S&Reason=x", ErrorCode::InvalidRequest),
            (
                "CancelSubscriptionAndRefund&SubscriptionId=S&RefundAmount.CurrencyCode=USD&RefundAmount.Value=1",
                ErrorCode::InvalidParams,
            ),
            (
                "CancelSubscriptionAndRefund&SubscriptionId=S&CallerReference=r&RefundAmount.CurrencyCode=USD\
                 &RefundAmount.Value=0",
                ErrorCode::AmountOutOfRange,
            ),
        ];
        for (query, code) in table {
            let parameters = Parameters::from_query(&format!("Action={query}")).unwrap();
            assert_eq!(Request::parse(&parameters).unwrap_err().code, code, "{query}");
        }
    }
}
