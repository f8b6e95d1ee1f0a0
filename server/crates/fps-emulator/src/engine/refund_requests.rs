//! A sender asks for money back: kept, and told to the caller if it wants to hear of such requests. No
//! money moves by it.

use crate::domain::callers::Caller;
use crate::domain::mail::{self, MailKind, NewMail};
use crate::domain::notifications::{self, NewNotification};
use crate::domain::refund_requests::{self, NewRefundRequest, RefundRequestId};
use crate::domain::transactions::Transaction;
use crate::engine::Engine;
use crate::engine::recorded::queued;
use fps_protocol::ipn::RefundRequestNotification;
use money::Money;
use platform::db::Batch;
use platform::lab::About;
use sqlx::AnyConnection;
use std::convert::Infallible;

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    Sent,
    /// There is an open request for this transaction.
    Already,
    /// The caller does not take such requests, or has no address for them.
    NotTaken,
}

/// Where the requests for this transaction go, if anywhere.
pub fn address(transaction: &Transaction, caller: &Caller) -> Option<String> {
    let own = transaction.override_ipn_url.clone();
    own.or_else(|| caller.ipn_url.clone()).filter(|_| caller.refund_requests)
}

/// Keeps the request, its notification and the mail to who was paid in one commit.
pub async fn ask(
    engine: &Engine,
    transaction: &Transaction,
    caller: &Caller,
    amount: Money,
    reason: String,
) -> Result<Asked, sqlx::Error> {
    let now = engine.clock.now();
    let Some(url) = address(transaction, caller) else { return Ok(Asked::NotTaken) };
    let transaction_id = transaction.id.clone();
    let id = RefundRequestId::random(&engine.random, now);
    let told = RefundRequestNotification {
        request_id: id.to_string(),
        transaction_id: transaction_id.clone(),
        caller_reference: transaction.caller_reference.to_string(),
        amount,
        reason: reason.clone(),
        requester: transaction.parties.sender.name.clone(),
        request_date: now,
    };
    let notification = NewNotification {
        access_key: caller.access_key.clone(),
        subject_id: transaction_id.clone().into(),
        url: Some(url),
        body: told.to_parameters(),
        created_at: now,
    };
    let mail = NewMail {
        to: transaction.payee().clone(),
        kind: MailKind::RefundAsked,
        reference: transaction_id.to_string(),
        at: now,
    };
    let request = NewRefundRequest { id, transaction_id, amount, reason, created_at: now };
    let told = (notification.clone(), mail);
    let asked = engine
        .db
        .transact((request, told), |c, (request, (notification, mail))| {
            Box::pin(write(c, request, notification, mail))
        })
        .await?;
    if asked == Asked::Sent {
        let about = About {
            caller: Some(caller.access_key.to_string()),
            references: vec![transaction.caller_reference.to_string()],
            transactions: vec![transaction.id.to_string()],
            ..About::default()
        };
        engine.record_written(about, vec![queued(&notification)]);
        engine.outbox_bell.ring([&notification]);
    }
    Ok(asked)
}

async fn write(
    c: &mut AnyConnection,
    request: &NewRefundRequest,
    notification: &NewNotification,
    new_mail: &NewMail,
) -> Result<Asked, sqlx::Error> {
    if !refund_requests::insert(&mut *c, request).await? {
        return Ok(Asked::Already);
    }
    let mut batch = Batch::<Infallible>::default();
    notifications::enqueue(&mut batch, notification);
    mail::write(&mut batch, new_mail);
    batch.run_on(c).await?;
    Ok(Asked::Sent)
}
