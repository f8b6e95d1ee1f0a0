//! A sender asks for money back on the account site. FPS had no such notification: people wrote to the
//! shop. Sent only to callers that switched it on.

use super::{BadNotification, amount, amount_text, parsed};
use crate::ids::TransactionId;
use crate::parameters::Parameters;
use jiff::Timestamp;
use money::Money;

/// The `notificationType` of [`RefundRequestNotification`].
pub const REFUND_REQUEST: &str = "RefundRequest";

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundRequestNotification {
    /// Tells two requests for the same payment apart.
    pub request_id: String,
    /// The payment that the sender wants back, and its `CallerReference`.
    pub transaction_id: TransactionId,
    pub caller_reference: String,
    pub amount: Money,
    /// In the sender's own words.
    pub reason: String,
    /// The sender's name.
    pub requester: String,
    /// Whole seconds on the wire.
    pub request_date: Timestamp,
}

impl RefundRequestNotification {
    pub fn to_parameters(&self) -> Parameters {
        let mut to = Parameters::new();
        to.push("notificationType", REFUND_REQUEST);
        to.push("requestId", self.request_id.as_str());
        to.push("transactionId", self.transaction_id.as_str());
        to.push("callerReference", self.caller_reference.as_str());
        to.push("amount", amount_text(self.amount));
        to.push("reason", self.reason.as_str());
        to.push("requester", self.requester.as_str());
        to.push("requestDate", self.request_date.as_second().to_string());
        to
    }

    /// Client side; parameters that are not known are passed over.
    pub fn from_parameters(parameters: &Parameters) -> Result<Self, BadNotification> {
        let text = |name| parameters.non_empty(name);
        let owned = |name| text(name).map(str::to_owned).ok_or(BadNotification::Field(name));
        match text("notificationType") {
            Some(REFUND_REQUEST) => {}
            other => return Err(BadNotification::OtherType(other.unwrap_or_default().to_owned())),
        }
        Ok(Self {
            request_id: owned("requestId")?,
            transaction_id: parsed(text("transactionId"), "transactionId")?,
            caller_reference: owned("callerReference")?,
            amount: text("amount").and_then(amount).ok_or(BadNotification::Field("amount"))?,
            reason: owned("reason")?,
            requester: owned("requester")?,
            request_date: text("requestDate")
                .and_then(|text| Timestamp::from_second(text.parse().ok()?).ok())
                .ok_or(BadNotification::Field("requestDate"))?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> RefundRequestNotification {
        RefundRequestNotification {
            request_id: "0193587a".to_owned(),
            transaction_id: TransactionId::new("14GKD9GE66FAA63E6O6B2JDPZKN53LZ7F22").unwrap(),
            caller_reference: "order 7".to_owned(),
            amount: Money::from_cents(99),
            reason: "It does not play.\nAnywhere & ever".to_owned(),
            requester: "John Doe".to_owned(),
            request_date: Timestamp::from_second(1_282_996_800).unwrap(),
        }
    }

    #[test]
    fn it_is_read_as_it_was_written() {
        let parameters = request().to_parameters();
        assert_eq!(parameters.get("amount"), Some("USD 0.99"));
        let wire = Parameters::from_form(parameters.to_query().as_bytes()).unwrap();
        assert_eq!(RefundRequestNotification::from_parameters(&wire), Ok(request()));
    }

    #[test]
    fn what_is_missing_is_named() {
        let good = request().to_parameters();
        for name in ["requestId", "transactionId", "callerReference", "amount", "reason", "requester"] {
            let error = RefundRequestNotification::from_parameters(&good.without(name)).unwrap_err();
            assert_eq!(error, BadNotification::Field(name));
        }
        let other = Parameters::from_query("notificationType=TransactionStatus").unwrap();
        let error = RefundRequestNotification::from_parameters(&other).unwrap_err();
        assert_eq!(error, BadNotification::OtherType("TransactionStatus".to_owned()));
    }
}
