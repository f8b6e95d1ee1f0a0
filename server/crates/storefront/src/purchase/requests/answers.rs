//! What Amazon's answers say about an order, in the shop's terms.

use crate::ids::TransactionId;
use crate::orders::state::{Event, PaymentStatus, RefundStatus};
use crate::purchase::failure_messages;
use fps_protocol::enums::TransactionStatus;
use fps_protocol::responses::TransactionResult;

pub(super) fn payment_event(result: TransactionResult) -> Event {
    payment_told(result.transaction_id, result.transaction_status, None)
}

/// What the payment's status says; the `code` says why it is in it.
pub(super) fn payment_told(
    transaction: TransactionId,
    status: TransactionStatus,
    code: Option<&str>,
) -> Event {
    Event::Payment { transaction, status: payment_status(status, code), method: None }
}

/// What the status of the refund that the shop asked for says.
pub(super) fn refund_told(refund: TransactionId, status: TransactionStatus, code: Option<&str>) -> Event {
    Event::Refund { refund, status: refund_status(status, code), amount: None }
}

/// Where a payment stands.
pub fn payment_status(status: TransactionStatus, code: Option<&str>) -> PaymentStatus {
    match status {
        TransactionStatus::Pending => PaymentStatus::Pending,
        TransactionStatus::Reserved => PaymentStatus::Reserved,
        TransactionStatus::Success => PaymentStatus::Success,
        TransactionStatus::Failure => {
            PaymentStatus::Failure { why: failure_messages::failed(code).to_owned() }
        }
        TransactionStatus::Cancelled => PaymentStatus::Cancelled,
    }
}

/// Where a refund stands.
pub fn refund_status(status: TransactionStatus, code: Option<&str>) -> RefundStatus {
    match status {
        TransactionStatus::Pending | TransactionStatus::Reserved => RefundStatus::Pending,
        TransactionStatus::Success => RefundStatus::Success,
        TransactionStatus::Failure | TransactionStatus::Cancelled => {
            RefundStatus::Failure { why: failure_messages::refund_failed(code).to_owned() }
        }
    }
}
