//! Notifications from Amazon: verified, counted once, and applied like every other news.

use crate::Shop;
use crate::confirmation::{self, NotNow};
use crate::fps_client::Unverifiable;
use crate::orders::order::Order;
use crate::orders::refund_requests::RefundRequest;
use crate::orders::state::{Event, RefundStatus};
use crate::orders::{self, OrderError, OrderId, store};
use crate::payment_updates::{self, Notification, Outcome, Update};
use crate::tracking;
use fps_protocol::Parameters;
use fps_protocol::enums::IpnOperation;
use fps_protocol::ids::CallerReference;
use fps_protocol::ipn::{
    BadNotification, REFUND_REQUEST, RefundRequestNotification, TOKEN_CANCELLATION, TRANSACTION_STATUS,
    TransactionStatusNotification,
};
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// Where Amazon posts notifications.
pub const PATH: &str = "/payments/ipn";

/// Why a notification is not taken. After `NotNow` and `Order` Amazon sends it again.
#[derive(Debug, thiserror::Error)]
pub enum IpnError {
    #[error("this is not a form")]
    Malformed,
    #[error("Amazon did not sign this")]
    Forged,
    #[error("the notification cannot be checked at present")]
    NotNow,
    #[error(transparent)]
    Order(#[from] OrderError),
}

impl From<Unverifiable> for IpnError {
    fn from(error: Unverifiable) -> Self {
        match error {
            Unverifiable::Forged => Self::Forged,
            Unverifiable::CertificateUnavailable => Self::NotNow,
        }
    }
}

impl From<NotNow> for IpnError {
    fn from(_: NotNow) -> Self {
        Self::NotNow
    }
}

impl From<sqlx::Error> for IpnError {
    fn from(error: sqlx::Error) -> Self {
        Self::Order(error.into())
    }
}

/// Takes the body of a notification. What is genuine is taken, also when it is about nothing the shop
/// knows: sending it again would not help.
pub async fn accept(shop: &Shop, body: &[u8]) -> Result<(), IpnError> {
    let parameters = Parameters::from_form(body).map_err(|_| IpnError::Malformed)?;
    let verified = shop.fps.verify("POST", PATH, parameters).await?;
    let kept = Notification {
        digest: digest(&verified),
        transaction_id: verified.get("transactionId").unwrap_or_default().to_owned(),
        summary: verified.get("notificationType").unwrap_or_default().to_owned(),
        body: String::from_utf8_lossy(body).into_owned(),
    };
    let read = match kept.summary.as_str() {
        TRANSACTION_STATUS => TransactionStatusNotification::from_parameters(&verified).map(Told::Status),
        REFUND_REQUEST => RefundRequestNotification::from_parameters(&verified).map(Told::RefundRequest),
        TOKEN_CANCELLATION => {
            Ok(Told::TokenCancellation(verified.get("tokenId").unwrap_or_default().to_owned()))
        }
        other => Err(BadNotification::OtherType(other.to_owned())),
    };
    match read {
        Ok(Told::Status(told)) => take_status(shop, &told, kept).await,
        Ok(Told::RefundRequest(told)) => take_refund_request(shop, told, kept).await,
        Ok(Told::TokenCancellation(token)) => take_token_cancellation(shop, token, kept).await,
        Err(BadNotification::OtherType(_)) => keep(shop, kept, "ignored: of another kind").await,
        Err(error) => {
            tracing::error!(%error, "Amazon signed a notification that cannot be read");
            keep(shop, kept, "ignored: it cannot be read").await
        }
    }
}

/// The kinds of notifications that the shop understands.
enum Told {
    Status(TransactionStatusNotification),
    RefundRequest(RefundRequestNotification),
    /// Of this token.
    TokenCancellation(String),
}

/// Something became of a transaction.
async fn take_status(
    shop: &Shop,
    told: &TransactionStatusNotification,
    mut kept: Notification,
) -> Result<(), IpnError> {
    kept.summary = format!("{} {}", told.operation, told.transaction_status.as_ipn_str());
    let Some(id) = find(shop, told).await? else {
        return keep(shop, kept, "ignored: no order of this shop").await;
    };
    let order = orders::load(shop, &id).await?;
    let event = match event(&order, told) {
        Ok(event) => event,
        Err(reason) => return keep(shop, kept, reason).await,
    };
    let attempt = attempt(&order, told);
    if let Event::Payment { transaction, .. } = &event
        && order.state.transaction() != Some(transaction)
        && !confirmation::is_our_payment(shop, transaction, &attempt).await?
    {
        tracing::warn!(order = %id, %transaction, "a notification about order {id} is of a payment that is not this shop's");
        return keep(shop, kept, "refused: not a payment of this shop").await;
    }
    apply(shop, Update { order: id, attempt: Some(attempt), event, notification: Some(kept) }).await
}

/// The attempt that a notification is about. Those of refunds have references of their own.
fn attempt(order: &Order, told: &TransactionStatusNotification) -> CallerReference {
    let named = told.caller_reference.as_deref().filter(|_| told.operation != IpnOperation::Refund);
    let named = named.and_then(|reference| CallerReference::new(reference).ok());
    named.unwrap_or_else(|| order.caller_reference.clone())
}

/// A buyer asks for money back: the merchant has to answer.
async fn take_refund_request(
    shop: &Shop,
    told: RefundRequestNotification,
    mut kept: Notification,
) -> Result<(), IpnError> {
    kept.summary = format!("{REFUND_REQUEST} {}", told.amount);
    let Some(id) = store::by_transaction(&shop.db, told.transaction_id.as_str()).await? else {
        return keep(shop, kept, "ignored: no order of this shop").await;
    };
    let order = orders::load(shop, &id).await?;
    // A refund on the way can have made less of what is left than the buyer saw.
    let amount = told.amount.min(order.left());
    if !amount.is_positive() || told.amount > order.price {
        return keep(shop, kept, "refused: more than is left of the price").await;
    }
    let request =
        RefundRequest { id: told.request_id, amount, reason: told.reason, requester: told.requester };
    let event = Event::RefundRequested { request };
    apply(shop, Update { order: id, attempt: None, event, notification: Some(kept) }).await
}

/// Somebody took back at Amazon Payments what they had allowed the shop: a buyer, or a merchant, whose
/// items cannot be bought then.
async fn take_token_cancellation(shop: &Shop, token: String, mut kept: Notification) -> Result<(), IpnError> {
    kept.transaction_id.clone_from(&token);
    if let Some(id) = store::by_sender_token(&shop.db, &token).await? {
        let event = Event::TokenCancelled;
        return apply(shop, Update { order: id, attempt: None, event, notification: Some(kept) }).await;
    }
    if payment_updates::forget_registration(shop, token, kept).await? {
        shop.shared_pages.forget();
    }
    Ok(())
}

async fn apply(shop: &Shop, update: Update) -> Result<(), IpnError> {
    let id = update.order.clone();
    let applied = payment_updates::apply(shop, update).await?;
    match applied.outcome {
        // The new state may call for a request: refund after settle. The tracking job sends it.
        Outcome::Changed => shop.tracker.wake(),
        Outcome::NothingNew | Outcome::Repeated => {}
        Outcome::Refused(refused) => {
            tracing::error!(order = %id, %refused, "a notification contradicts order {id}");
        }
    }
    Ok(())
}

async fn keep(shop: &Shop, notification: Notification, outcome: &'static str) -> Result<(), IpnError> {
    tracing::info!(summary = notification.summary, outcome, "took a notification");
    Ok(payment_updates::keep(shop, notification, outcome).await?)
}

/// The order that a notification is about.
async fn find(shop: &Shop, told: &TransactionStatusNotification) -> Result<Option<OrderId>, sqlx::Error> {
    if told.operation == IpnOperation::Refund {
        let paid = told.parent_transaction_id.as_ref().unwrap_or(&told.transaction_id);
        return store::by_transaction(&shop.db, paid.as_str()).await;
    }
    if let Some(reference) = &told.caller_reference
        && let Some(id) = store::by_reference(&shop.db, reference).await?
    {
        return Ok(Some(id));
    }
    store::by_transaction(&shop.db, told.transaction_id.as_str()).await
}

/// What a notification says about the order, or why it says nothing.
fn event(order: &Order, told: &TransactionStatusNotification) -> Result<Event, &'static str> {
    let code = told.status_code.as_deref();
    match told.operation {
        IpnOperation::Pay
        | IpnOperation::Reserve
        | IpnOperation::Settle
        | IpnOperation::Cancel
        | IpnOperation::CancelTransaction => {
            if told.transaction_amount != order.price {
                return Err("refused: another amount than the order's");
            }
            Ok(Event::Payment {
                transaction: told.transaction_id.clone(),
                status: tracking::payment_status(told.transaction_status, code),
                method: told.payment_method,
            })
        }
        IpnOperation::Refund => {
            refund_event(order, told, tracking::refund_status(told.transaction_status, code))
        }
        _ => Err("ignored: of another kind"),
    }
}

/// A refund: the shop's own, or one that somebody gave at Amazon Payments. Of the latter only its success
/// counts as long as it is of a part: the rest stays paid whatever becomes of it.
fn refund_event(
    order: &Order,
    told: &TransactionStatusNotification,
    status: RefundStatus,
) -> Result<Event, &'static str> {
    let amount = told.transaction_amount;
    if !amount.is_positive() || amount > order.price {
        return Err("refused: another amount than the order's");
    }
    if status != RefundStatus::Success && is_of_earlier_refund(order, told) {
        return Err("ignored: an earlier refund");
    }
    let own = told.caller_reference.as_ref().is_some_and(|reference| *reference == order.refund_reference());
    if !own && status != RefundStatus::Success && amount < order.left() {
        return Err("ignored: a part of the price, and not finished");
    }
    let refund = told.transaction_id.clone();
    Ok(Event::Refund { refund, status, amount: (!own).then_some(amount) })
}

/// A refund that the shop asked for before the present one and that came to nothing.
fn is_of_earlier_refund(order: &Order, told: &TransactionStatusNotification) -> bool {
    told.caller_reference.as_ref().is_some_and(|reference| {
        reference.starts_with(&order.refund_reference_prefix()) && *reference != order.refund_reference()
    })
}

/// The same for every sending of a notification: the signature and the certificate's address may differ.
fn digest(parameters: &Parameters) -> String {
    let mut pairs: Vec<(&str, &str)> = parameters.iter().collect();
    pairs.retain(|(name, _)| !matches!(*name, "signature" | "certificateUrl"));
    pairs.sort_unstable();
    let digest = Sha256::digest(pairs.into_iter().collect::<Parameters>().to_query());
    digest.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
