//! Notifications: what FPS posts to a caller when something became of a transaction (fps.md §9).

mod refund_request;
mod token_cancellation;

pub use refund_request::{REFUND_REQUEST, RefundRequestNotification};
pub use token_cancellation::{TOKEN_CANCELLATION, TokenCancellationNotification};

use crate::cbui::ShippingAddress;
use crate::enums::{IpnOperation, PaymentMethod, TransactionStatus};
use crate::ids::TransactionId;
use crate::parameters::Parameters;
use jiff::Timestamp;
use money::Money;

/// The `notificationType` of [`TransactionStatusNotification`].
pub const TRANSACTION_STATUS: &str = "TransactionStatus";

const INITIATED: &str = "INITIATED";

/// A transaction reached a state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransactionStatusNotification {
    pub operation: IpnOperation,
    pub transaction_id: TransactionId,
    pub transaction_status: TransactionStatus,
    /// Text, since FPS may have codes that are not in [`crate::enums::StatusCode`].
    pub status_code: Option<String>,
    pub status_message: Option<String>,
    pub transaction_amount: Money,
    /// Whole seconds on the wire.
    pub transaction_date: Timestamp,
    pub payment_method: Option<PaymentMethod>,
    pub caller_reference: Option<String>,
    /// The caller's description.
    pub payment_reason: Option<String>,
    pub buyer_name: Option<String>,
    /// Left out in a marketplace, where the recipient is not the caller.
    pub buyer_email: Option<String>,
    pub recipient_name: Option<String>,
    pub recipient_email: Option<String>,
    /// Of a refund: the transaction that is refunded.
    pub parent_transaction_id: Option<TransactionId>,
    /// Where an address was collected for the payment.
    pub ship_to: Option<Box<ShipTo>>,
}

/// The address that the customer chose, and who the customer is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ShipTo {
    /// Without its city, which the notifications of FPS did not have.
    pub address: ShippingAddress,
    pub customer_name: Option<String>,
    pub customer_email: Option<String>,
}

impl ShipTo {
    fn push(&self, to: &mut Parameters) {
        let address = &self.address;
        to.push("isShippingAddressProvided", "TRUE");
        for (name, part) in [
            ("addressFullName", &address.name),
            ("addressLine1", &address.line1),
            ("addressLine2", &address.line2),
            ("addressState", &address.state),
            ("addressZip", &address.zip),
            ("addressCountry", &address.country),
            ("addressPhone", &address.phone_number),
            ("customerName", &self.customer_name),
            ("customerEmail", &self.customer_email),
        ] {
            to.push_some(name, part.as_deref());
        }
    }

    /// `None`: no address was collected.
    fn read(parameters: &Parameters) -> Option<Self> {
        parameters.non_empty("isShippingAddressProvided")?;
        let owned = |name| parameters.non_empty(name).map(str::to_owned);
        Some(Self {
            address: ShippingAddress {
                name: owned("addressFullName"),
                line1: owned("addressLine1"),
                line2: owned("addressLine2"),
                city: None,
                state: owned("addressState"),
                country: owned("addressCountry"),
                zip: owned("addressZip"),
                phone_number: owned("addressPhone"),
            },
            customer_name: owned("customerName"),
            customer_email: owned("customerEmail"),
        })
    }
}

/// A notification that this program cannot read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadNotification {
    /// Not an error of the sender: there are other kinds.
    #[error("the notification is of another type: {0}")]
    OtherType(String),
    #[error("the notification's {0} is missing or malformed")]
    Field(&'static str),
}

impl TransactionStatusNotification {
    pub fn to_parameters(&self) -> Parameters {
        let mut to = Parameters::new();
        to.push("notificationType", TRANSACTION_STATUS);
        to.push("operation", self.operation.as_str());
        to.push("transactionId", self.transaction_id.as_str());
        to.push("transactionStatus", self.transaction_status.as_ipn_str());
        to.push_some("statusCode", self.status_code.as_deref());
        to.push_some("statusMessage", self.status_message.as_deref());
        to.push("transactionAmount", amount_text(self.transaction_amount));
        to.push("transactionDate", self.transaction_date.as_second().to_string());
        to.push_some("paymentMethod", self.payment_method.map(PaymentMethod::as_str));
        to.push_some("callerReference", self.caller_reference.as_deref());
        to.push_some("paymentReason", self.payment_reason.as_deref());
        to.push_some("buyerName", self.buyer_name.as_deref());
        to.push_some("buyerEmail", self.buyer_email.as_deref());
        to.push_some("recipientName", self.recipient_name.as_deref());
        to.push_some("recipientEmail", self.recipient_email.as_deref());
        to.push_some("parentTransactionId", self.parent_transaction_id.as_ref().map(TransactionId::as_str));
        if let Some(ship_to) = &self.ship_to {
            ship_to.push(&mut to);
        }
        to
    }

    /// As FPS told of a refund when it was begun on the account site: `INITIATED`, in the older field, and without
    /// a code (fps.md §9).
    pub fn to_initiated_parameters(&self) -> Parameters {
        let own = self.to_parameters();
        let mut to = own.without("transactionStatus").without("statusCode").without("statusMessage");
        to.push("status", INITIATED);
        to
    }

    /// Client side; parameters that are not known are passed over.
    pub fn from_parameters(parameters: &Parameters) -> Result<Self, BadNotification> {
        let text = |name| parameters.non_empty(name);
        let owned = |name| text(name).map(str::to_owned);
        match text("notificationType") {
            Some(TRANSACTION_STATUS) => {}
            other => return Err(BadNotification::OtherType(other.unwrap_or_default().to_owned())),
        }
        Ok(Self {
            operation: parsed(text("operation"), "operation")?,
            transaction_id: parsed(text("transactionId"), "transactionId")?,
            transaction_status: status(parameters)?,
            status_code: owned("statusCode"),
            status_message: owned("statusMessage"),
            transaction_amount: text("transactionAmount")
                .and_then(amount)
                .ok_or(BadNotification::Field("transactionAmount"))?,
            transaction_date: text("transactionDate")
                .and_then(|text| Timestamp::from_second(text.parse().ok()?).ok())
                .ok_or(BadNotification::Field("transactionDate"))?,
            payment_method: optional(text("paymentMethod"), "paymentMethod")?,
            caller_reference: owned("callerReference"),
            payment_reason: owned("paymentReason"),
            buyer_name: owned("buyerName"),
            buyer_email: owned("buyerEmail"),
            recipient_name: owned("recipientName"),
            recipient_email: owned("recipientEmail"),
            parent_transaction_id: optional(text("parentTransactionId"), "parentTransactionId")?,
            ship_to: ShipTo::read(parameters).map(Box::new),
        })
    }
}

/// Older messages and refunds name it `status`, and say INITIATED where the others say PENDING.
fn status(parameters: &Parameters) -> Result<TransactionStatus, BadNotification> {
    let text = parameters.non_empty("transactionStatus").or_else(|| parameters.non_empty("status"));
    match text {
        Some(INITIATED) => Ok(TransactionStatus::Pending),
        text => text
            .and_then(|text| TransactionStatus::from_ipn_str(text).ok())
            .ok_or(BadNotification::Field("transactionStatus")),
    }
}

/// `USD 2.22`.
fn amount_text(amount: Money) -> String {
    format!("{} {}", amount.currency().code(), amount.to_two_decimals())
}

fn amount(text: &str) -> Option<Money> {
    Money::parse_dollars(text.strip_prefix("USD ")?).ok()
}

fn parsed<T: std::str::FromStr>(text: Option<&str>, name: &'static str) -> Result<T, BadNotification> {
    optional(text, name)?.ok_or(BadNotification::Field(name))
}

fn optional<T: std::str::FromStr>(
    text: Option<&str>,
    name: &'static str,
) -> Result<Option<T>, BadNotification> {
    text.map(|text| text.parse().map_err(|_| BadNotification::Field(name))).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notification() -> TransactionStatusNotification {
        TransactionStatusNotification {
            operation: IpnOperation::Reserve,
            transaction_id: TransactionId::new("14GKD9GE66FAA63E6O6B2JDPZKN53LZ7F22").unwrap(),
            transaction_status: TransactionStatus::Reserved,
            status_code: Some("Success".to_owned()),
            status_message: None,
            transaction_amount: Money::from_cents(222),
            transaction_date: Timestamp::from_second(1_282_996_800).unwrap(),
            payment_method: Some(PaymentMethod::Cc),
            caller_reference: Some("order 7".to_owned()),
            payment_reason: None,
            buyer_name: Some("Jane".to_owned()),
            buyer_email: None,
            recipient_name: Some("Merchant".to_owned()),
            recipient_email: None,
            parent_transaction_id: None,
            ship_to: None,
        }
    }

    #[test]
    fn an_address_that_was_collected_stands_in_it() {
        let text = |text: &str| Some(text.to_owned());
        let ship_to = ShipTo {
            address: ShippingAddress {
                name: text("Jane Roe"),
                line1: text("1 Pine Street"),
                zip: text("98101"),
                ..ShippingAddress::default()
            },
            customer_name: text("Jane"),
            customer_email: text("jane@example.com"),
        };
        let told = TransactionStatusNotification { ship_to: Some(Box::new(ship_to)), ..notification() };
        let parameters = told.to_parameters();
        assert_eq!(parameters.get("addressFullName"), Some("Jane Roe"));
        assert_eq!(parameters.get("isShippingAddressProvided"), Some("TRUE"));
        assert_eq!(parameters.get("addressLine2"), None);
        assert_eq!(TransactionStatusNotification::from_parameters(&parameters), Ok(told));
        assert_eq!(notification().to_parameters().get("isShippingAddressProvided"), None);
    }

    #[test]
    fn what_was_begun_on_the_account_site_is_initiated() {
        let parameters = notification().to_initiated_parameters();
        assert_eq!(parameters.get("status"), Some("INITIATED"));
        for left_out in ["transactionStatus", "statusCode", "statusMessage"] {
            assert_eq!(parameters.get(left_out), None);
        }
        let read = TransactionStatusNotification::from_parameters(&parameters).unwrap();
        assert_eq!(read.transaction_status, TransactionStatus::Pending);
    }

    #[test]
    fn it_is_worded_as_fps_did() {
        let parameters = notification().to_parameters();
        assert_eq!(parameters.get("transactionAmount"), Some("USD 2.22"));
        assert_eq!(parameters.get("transactionStatus"), Some("RESERVED"));
        assert_eq!(parameters.get("transactionDate"), Some("1282996800"));
        assert_eq!(TransactionStatusNotification::from_parameters(&parameters), Ok(notification()));
    }

    #[test]
    fn older_messages_are_read() {
        let mut parameters =
            notification().to_parameters().without("transactionStatus").without("statusCode");
        parameters.push("status", "INITIATED");
        let read = TransactionStatusNotification::from_parameters(&parameters).unwrap();
        assert_eq!((read.transaction_status, read.status_code), (TransactionStatus::Pending, None));
    }

    #[test]
    fn nonsense_is_refused_by_name() {
        let good = notification().to_parameters();
        for name in [
            "operation",
            "transactionId",
            "transactionStatus",
            "transactionAmount",
            "transactionDate",
            "paymentMethod",
        ] {
            let mut bad = good.clone();
            bad.set(name, "2 €");
            let error = TransactionStatusNotification::from_parameters(&bad).unwrap_err();
            assert_eq!(error, BadNotification::Field(name));
        }
        let other = Parameters::from_query("notificationType=TokenCancellation").unwrap();
        let error = TransactionStatusNotification::from_parameters(&other).unwrap_err();
        assert_eq!(error, BadNotification::OtherType("TokenCancellation".to_owned()));
    }
}
