//! What callers are told of a transaction (fps.md §9).

use crate::domain::notifications::{Kind, NewNotification, NotificationId};
use crate::domain::transactions::record::Case;
use crate::engine::Engine;
use fps_protocol::enums::{FpsOperation, IpnOperation, TransactionStatus};
use fps_protocol::ids::{AccessKey, TransactionId};
use fps_protocol::ipn::TransactionStatusNotification;
use jiff::Timestamp;

impl Engine {
    /// The notification of a transaction's present status; `None` when the caller has no address for it.
    pub fn notify(&self, case: &Case, operation: IpnOperation, now: i64) -> Option<NewNotification> {
        self.notify_status(case, operation, case.transaction.status, now)
    }

    /// The same with another status than the transaction's own: a Settle can fail and the reserve go on.
    pub fn notify_status(
        &self,
        case: &Case,
        operation: IpnOperation,
        status: TransactionStatus,
        now: i64,
    ) -> Option<NewNotification> {
        let transaction = &case.transaction;
        let url = transaction.override_ipn_url.clone().or_else(|| case.parties.ipn_url.clone())?;
        let body = message(case, operation, status)?.to_parameters().to_query();
        Some(NewNotification {
            id: NotificationId::random(&self.random, self.clock.now()),
            access_key: AccessKey::new(&transaction.access_key).ok()?,
            kind: Kind::TransactionStatus,
            subject_id: TransactionId::new(&transaction.id).ok()?.into(),
            url,
            body,
            created_at: Timestamp::from_microsecond(now).ok()?,
        })
    }
}

fn message(
    case: &Case,
    operation: IpnOperation,
    status: TransactionStatus,
) -> Option<TransactionStatusNotification> {
    let (transaction, parties) = (&case.transaction, &case.parties);
    // A refund's sender is the original's recipient.
    let (buyer, recipient, recipient_account) = match transaction.operation {
        FpsOperation::Refund => (&parties.recipient, &parties.sender, &transaction.sender_account_id),
        _ => (&parties.sender, &parties.recipient, &transaction.recipient_account_id),
    };
    let caller_is_recipient = *recipient_account == parties.caller_account_id;
    Some(TransactionStatusNotification {
        operation,
        transaction_id: TransactionId::new(&transaction.id).ok()?,
        transaction_status: status,
        status_code: Some(transaction.status_code.as_str().to_owned()),
        status_message: Some(transaction.status_code.message(status).to_owned()),
        transaction_amount: transaction.charged(),
        transaction_date: transaction.received(),
        payment_method: Some(transaction.payment_method),
        caller_reference: Some(transaction.caller_reference.clone()),
        payment_reason: transaction.caller_description.clone(),
        buyer_name: Some(buyer.name.clone()),
        buyer_email: caller_is_recipient.then(|| buyer.email.clone()),
        recipient_name: Some(recipient.name.clone()),
        recipient_email: Some(recipient.email.clone()),
        parent_transaction_id: transaction.parent_id.as_ref().and_then(|id| TransactionId::new(id).ok()),
    })
}
