//! Notifications from Amazon: verified, counted once, and applied like every other news.

use super::failure_messages;
use super::order_updates::{self, Outcome, Update};
use super::provenance::{self, NotNow};
use super::recorded;
use super::requests::answers;
use super::{basket, credit};
use crate::Shop;
use crate::fps_client::Unverifiable;
use crate::ids::{CallerReference, NotificationDigest, OrderId, RefundRequestId, TokenId};
use crate::orders::received_notifications::{self, Notification};
use crate::orders::refund_requests::{Origin, RefundRequest};
use crate::orders::state::{Event, RefundStatus};
use crate::orders::{Order, OrderError, store};
use fps_protocol::Parameters;
use fps_protocol::enums::{IpnOperation, TransactionStatus};
use fps_protocol::ipn::{
    BadNotification, REFUND_REQUEST, RefundRequestNotification, TOKEN_CANCELLATION, TRANSACTION_STATUS,
    TransactionStatusNotification,
};
use platform::lab::{About, What};
use sha2::{Digest, Sha256};
use std::sync::atomic::Ordering;

/// Where Amazon posts notifications.
pub const PATH: &str = "/payments/ipn";

/// Why a notification is not taken. After `NotNow` and `Order` Amazon sends it again.
#[derive(Debug, thiserror::Error)]
pub enum NotificationError {
    #[error("this is not a form")]
    Malformed,
    #[error("Amazon did not sign this")]
    Forged,
    #[error("the notification cannot be checked at present")]
    NotNow,
    #[error(transparent)]
    Order(#[from] OrderError),
}

impl From<Unverifiable> for NotificationError {
    fn from(error: Unverifiable) -> Self {
        match error {
            Unverifiable::Forged => Self::Forged,
            Unverifiable::CertificateUnavailable => Self::NotNow,
        }
    }
}

impl From<NotNow> for NotificationError {
    fn from(_: NotNow) -> Self {
        Self::NotNow
    }
}

impl From<sqlx::Error> for NotificationError {
    fn from(error: sqlx::Error) -> Self {
        Self::Order(error.into())
    }
}

/// Takes the body of a notification. What is genuine is taken, also when it is about nothing the shop
/// knows: sending it again would not help.
pub async fn accept(shop: &Shop, body: &[u8]) -> Result<(), NotificationError> {
    let parameters = Parameters::from_form(body).map_err(|_| NotificationError::Malformed)?;
    let (about, summary) = told(&parameters);
    let taken = take(shop, parameters, body).await;
    let genuine = !matches!(taken, Err(NotificationError::Forged));
    recorded::record(shop, about, || {
        let outcome = taken.as_ref().err().map_or_else(|| "taken".to_owned(), ToString::to_string);
        What::Received { summary, genuine, outcome }
    });
    taken
}

/// What a notification says, true or not.
fn told(parameters: &Parameters) -> (About, String) {
    let about = About {
        references: parameters.all_of(&["callerReference"]),
        transactions: parameters.all_of(&["transactionId", "parentTransactionId"]),
        tokens: parameters.all_of(&["tokenId"]),
        ..About::default()
    };
    (about, parameters.all_of(&["notificationType", "operation", "transactionStatus"]).join(" "))
}

async fn take(shop: &Shop, parameters: Parameters, body: &[u8]) -> Result<(), NotificationError> {
    let verified = match shop.fps.verify("POST", PATH, parameters).await {
        Ok(verified) => verified,
        Err(error) => {
            if matches!(error, Unverifiable::Forged) {
                shop.forged_notifications.fetch_add(1, Ordering::Relaxed);
            }
            return Err(error.into());
        }
    };
    let kept = Notification {
        digest: digest(&verified),
        about: verified.get("transactionId").unwrap_or_default().to_owned(),
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
) -> Result<(), NotificationError> {
    kept.summary = format!("{} {}", told.operation, told.transaction_status.as_ipn_str());
    if told.operation == IpnOperation::FundPrepaid {
        return take_funding(shop, told, kept).await;
    }
    let Some(order) = find(shop, told).await? else {
        return keep(shop, kept, "ignored: no order of this shop").await;
    };
    let event = match event(&order, told) {
        Ok(event) => event,
        Err(reason) => return keep(shop, kept, reason).await,
    };
    let attempt = attempt(&order, told);
    if let Event::Payment { transaction, .. } = &event
        && order.state.transaction() != Some(transaction)
        && !provenance::is_our_payment(shop, transaction, &attempt).await?
    {
        tracing::warn!(order = %order.id, %transaction, "a notification about order {} is of a payment that is not this shop's", order.id);
        return keep(shop, kept, "refused: not a payment of this shop").await;
    }
    apply(
        shop,
        Update {
            order: order.id,
            attempt: Some(attempt),
            event,
            notification: Some(kept),
            calls: Vec::new(),
        },
    )
    .await
}

/// A credit was filled, or not: Amazon is asked which.
async fn take_funding(
    shop: &Shop,
    told: &TransactionStatusNotification,
    kept: Notification,
) -> Result<(), NotificationError> {
    let reference = told.caller_reference.as_deref().and_then(|text| CallerReference::new(text).ok());
    let is_ours = match reference {
        Some(reference) => credit::hear(shop, &reference).await?,
        None => false,
    };
    if is_ours {
        shop.credit_tracking.wake();
    }
    keep(
        shop,
        kept,
        if is_ours { "of a credit, which is looked at" } else { "ignored: no credit of this shop" },
    )
    .await
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
) -> Result<(), NotificationError> {
    kept.summary = format!("{REFUND_REQUEST} {}", told.amount);
    let Some(order) = store::by_transaction(&shop.db, &told.transaction_id).await? else {
        return keep(shop, kept, "ignored: no order of this shop").await;
    };
    // A refund on the way can have made less of what is left than the buyer saw.
    let amount = told.amount.min(order.left());
    if !amount.is_positive() || told.amount > order.charged() {
        return keep(shop, kept, "refused: more than is left of the price").await;
    }
    let Ok(id) = RefundRequestId::new(told.request_id) else {
        return keep(shop, kept, "ignored: it cannot be read").await;
    };
    let request =
        RefundRequest { id, amount, reason: told.reason, requester: told.requester, origin: Origin::Amazon };
    let event = Event::RefundRequested { request };
    apply(shop, Update { order: order.id, attempt: None, event, notification: Some(kept), calls: Vec::new() })
        .await
}

/// Somebody took back at Amazon Payments what they had allowed the shop: a buyer, or a merchant, whose
/// items cannot be bought then.
async fn take_token_cancellation(
    shop: &Shop,
    token: String,
    mut kept: Notification,
) -> Result<(), NotificationError> {
    kept.about.clone_from(&token);
    let Ok(token) = TokenId::new(token) else {
        return keep(shop, kept, "ignored: no token of this shop").await;
    };
    if credit::forget_token(shop, &token).await? {
        return keep(shop, kept, "a buyer took a credit's token back").await;
    }
    if let Some(orders) = basket::of_cancelled_token(shop, &token).await? {
        return take_cancellation_of_several(shop, &orders, kept).await;
    }
    if let Some(id) = store::by_sender_token(&shop.db, &token).await? {
        let event = Event::TokenCancelled;
        return apply(
            shop,
            Update { order: id, attempt: None, event, notification: Some(kept), calls: Vec::new() },
        )
        .await;
    }
    if order_updates::forget_registration(shop, token, kept).await? {
        shop.shared_pages.forget();
    }
    Ok(())
}

/// A buyer took back what was allowed for several orders: each is told, once.
async fn take_cancellation_of_several(
    shop: &Shop,
    orders: &[OrderId],
    kept: Notification,
) -> Result<(), NotificationError> {
    let Some((first, rest)) = orders.split_first() else {
        return keep(shop, kept, "nothing new: the shop gave the token back itself").await;
    };
    let told = |order: &OrderId, notification| Update {
        order: order.clone(),
        attempt: None,
        event: Event::TokenCancelled,
        notification,
        calls: Vec::new(),
    };
    // The first one's record says whether this very notification was taken before.
    if order_updates::apply(shop, told(first, Some(kept))).await?.outcome != Outcome::Repeated {
        for order in rest {
            order_updates::apply(shop, told(order, None)).await?;
        }
    }
    Ok(())
}

async fn apply(shop: &Shop, update: Update) -> Result<(), NotificationError> {
    let id = update.order.clone();
    let applied = order_updates::apply(shop, update).await?;
    match applied.outcome {
        // The new state may call for a request: refund after settle. The payment tracking job sends it.
        Outcome::Changed => shop.payment_tracking.wake(),
        Outcome::NothingNew | Outcome::Repeated => {}
        Outcome::Refused(refused) => {
            tracing::error!(order = %id, %refused, "a notification contradicts order {id}");
        }
    }
    Ok(())
}

/// Forgets what was kept long ago and is about nothing that the shop knows; answers how many.
pub async fn forget_old(shop: &Shop) -> Result<usize, sqlx::Error> {
    let now = shop.clock.now();
    shop.db.transact(now, |c, now| Box::pin(received_notifications::forget_old_unknown(c, *now))).await
}

async fn keep(
    shop: &Shop,
    notification: Notification,
    outcome: &'static str,
) -> Result<(), NotificationError> {
    tracing::info!(summary = notification.summary, outcome, "took a notification");
    Ok(order_updates::keep(shop, notification, outcome).await?)
}

/// The order that a notification is about.
async fn find(shop: &Shop, told: &TransactionStatusNotification) -> Result<Option<Order>, sqlx::Error> {
    if told.operation == IpnOperation::Refund {
        let paid = told.parent_transaction_id.as_ref().unwrap_or(&told.transaction_id);
        return store::by_transaction(&shop.db, paid).await;
    }
    let reference = told.caller_reference.as_deref().and_then(|text| CallerReference::new(text).ok());
    if let Some(reference) = &reference
        && let Some(order) = store::by_reference(&shop.db, reference).await?
    {
        return Ok(Some(order));
    }
    store::by_transaction(&shop.db, &told.transaction_id).await
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
            if !is_amount_of(order, told) {
                return Err("refused: another amount than the order's");
            }
            let is_known = order.state.transaction() == Some(&told.transaction_id);
            // The reserve itself goes on as it was.
            if (told.operation, told.transaction_status) == (IpnOperation::Settle, TransactionStatus::Failure)
                && is_known
            {
                return Ok(Event::SettleRefused { why: failure_messages::settle_declined().to_owned() });
            }
            Ok(Event::Payment {
                transaction: told.transaction_id.clone(),
                status: answers::payment_status(told.transaction_status, code),
                method: told.payment_method,
            })
        }
        IpnOperation::Refund => {
            refund_event(order, told, answers::refund_status(told.transaction_status, code))
        }
        _ => Err("ignored: of another kind"),
    }
}

/// A reserve is of the whole price; what is settled can be less.
fn is_amount_of(order: &Order, told: &TransactionStatusNotification) -> bool {
    let amount = told.transaction_amount;
    match (told.operation, told.transaction_status) {
        (IpnOperation::Settle, TransactionStatus::Success | TransactionStatus::Pending) => {
            amount == order.charged()
        }
        (IpnOperation::Settle, _) => amount == order.price || amount == order.charged(),
        _ => amount == order.price,
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
    if !amount.is_positive() || amount > order.charged() {
        return Err("refused: another amount than the order's");
    }
    if status != RefundStatus::Success && is_of_earlier_refund(order, told) {
        return Err("ignored: an earlier refund");
    }
    let by_shop =
        told.caller_reference.as_ref().is_some_and(|reference| *reference == order.refund_reference());
    if !by_shop && status != RefundStatus::Success && amount < order.left() {
        return Err("ignored: a part of the price, and not finished");
    }
    let refund = told.transaction_id.clone();
    Ok(Event::Refund { refund, status, amount: (!by_shop).then_some(amount) })
}

/// A refund that the shop asked for before the present one and that came to nothing.
fn is_of_earlier_refund(order: &Order, told: &TransactionStatusNotification) -> bool {
    told.caller_reference.as_ref().is_some_and(|reference| {
        reference.starts_with(&order.refund_reference_prefix()) && *reference != order.refund_reference()
    })
}

/// The same for every sending of a notification: the signature and the certificate's address may differ.
fn digest(parameters: &Parameters) -> NotificationDigest {
    let mut pairs: Vec<(&str, &str)> = parameters.iter().collect();
    pairs.retain(|(name, _)| !matches!(*name, "signature" | "certificateUrl"));
    pairs.sort_unstable();
    let digest = Sha256::digest(pairs.into_iter().collect::<Parameters>().to_query());
    NotificationDigest::new(hex::encode(digest)).expect("a SHA-256 has 64 hexadecimal digits")
}
