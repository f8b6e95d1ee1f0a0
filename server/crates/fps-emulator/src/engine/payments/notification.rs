//! What callers are told of a transaction (fps.md §9).

use crate::domain::notifications::NewNotification;
use crate::domain::transactions::Transaction;
use crate::engine::Engine;
use fps_protocol::Parameters;
use fps_protocol::enums::{IpnOperation, StatusCode, TransactionStatus};
use fps_protocol::ipn::{ShipTo, TransactionStatusNotification};
use jiff::Timestamp;

impl Engine {
    /// The notification of a transaction's present status; without an address where the caller has none.
    pub fn notify(transaction: &Transaction, operation: IpnOperation, now: Timestamp) -> NewNotification {
        Self::notify_status(transaction, operation, (transaction.status(), transaction.status_code()), now)
    }

    /// The same with another status than the transaction's own: a Settle can fail and the reserve go on.
    pub fn notify_status(
        transaction: &Transaction,
        operation: IpnOperation,
        status: (TransactionStatus, StatusCode),
        now: Timestamp,
    ) -> NewNotification {
        enqueued(transaction, message(transaction, operation, status).to_parameters(), now)
    }

    /// That a refund was begun on the account site, whatever its status is by now.
    pub fn notify_initiated(refund: &Transaction, now: Timestamp) -> NewNotification {
        let told = message(refund, IpnOperation::Refund, (refund.status(), refund.status_code()));
        enqueued(refund, told.to_initiated_parameters(), now)
    }
}

fn enqueued(transaction: &Transaction, body: Parameters, now: Timestamp) -> NewNotification {
    let url = transaction.override_ipn_url.clone().or_else(|| transaction.parties.ipn_url.clone());
    NewNotification {
        access_key: transaction.access_key.clone(),
        subject_id: transaction.id.clone().into(),
        url,
        body,
        created_at: now,
    }
}

fn message(
    transaction: &Transaction,
    operation: IpnOperation,
    (status, code): (TransactionStatus, StatusCode),
) -> TransactionStatusNotification {
    let parties = &transaction.parties;
    // A refund's sender is the original's recipient.
    let (buyer, recipient) = if transaction.is_refund() {
        (&parties.recipient, &parties.sender)
    } else {
        (&parties.sender, &parties.recipient)
    };
    let caller_is_recipient = *transaction.payee() == parties.caller_account_id;
    TransactionStatusNotification {
        operation,
        transaction_id: transaction.id.clone(),
        transaction_status: status,
        status_code: Some(code.as_str().to_owned()),
        status_message: Some(code.message(status).to_owned()),
        transaction_amount: transaction.charged(),
        transaction_date: transaction.received_at,
        payment_method: Some(transaction.payment_method),
        caller_reference: Some(transaction.caller_reference.to_string()),
        payment_reason: transaction.caller_description.clone(),
        buyer_name: Some(buyer.name.clone()),
        buyer_email: caller_is_recipient.then(|| buyer.email.clone()),
        recipient_name: Some(recipient.name.clone()),
        recipient_email: Some(recipient.email.clone()),
        parent_transaction_id: transaction.parent_id().cloned(),
        // Who gave the caller an address for it gave a name and a way to be asked.
        ship_to: parties.ship_to.as_deref().map(|address| {
            let (name, email) = (buyer.name.clone(), buyer.email.clone());
            let address = address.clone();
            Box::new(ShipTo { address, customer_name: Some(name), customer_email: Some(email) })
        }),
    }
}
