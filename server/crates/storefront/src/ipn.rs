//! Notifications from Amazon: verified, counted once, and applied like every other news.

use crate::Shop;
use crate::fps_client::Unverifiable;
use crate::orders::order::Order;
use crate::orders::state::{Event, RefundStatus};
use crate::orders::{self, OrderError, OrderId, store};
use crate::payment_updates::{self, Notification, Outcome, Update};
use crate::tracking;
use fps_protocol::Parameters;
use fps_protocol::enums::IpnOperation;
use fps_protocol::ipn::{BadNotification, TransactionStatusNotification};
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
    let mut kept = Notification {
        digest: digest(&verified),
        transaction_id: verified.get("transactionId").unwrap_or_default().to_owned(),
        summary: verified.get("notificationType").unwrap_or_default().to_owned(),
        body: String::from_utf8_lossy(body).into_owned(),
    };
    let told = match TransactionStatusNotification::from_parameters(&verified) {
        Ok(told) => told,
        Err(BadNotification::OtherType(_)) => return keep(shop, kept, "ignored: of another kind").await,
        Err(error) => {
            tracing::error!(%error, "Amazon signed a notification that cannot be read");
            return keep(shop, kept, "ignored: it cannot be read").await;
        }
    };
    kept.summary = format!("{} {}", told.operation, told.transaction_status.as_ipn_str());
    let Some(id) = find(shop, &told).await? else {
        return keep(shop, kept, "ignored: no order of this shop").await;
    };
    let order = orders::load(shop, &id).await?;
    let event = match event(&order, &told) {
        Ok(event) => event,
        Err(reason) => return keep(shop, kept, reason).await,
    };
    let attempt = Some(order.caller_reference);
    let update = Update { order: id.clone(), attempt, event, notification: Some(kept) };
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
            if told.transaction_amount != order.price {
                return Err("ignored: a part of the price only");
            }
            let status = tracking::refund_status(told.transaction_status, code);
            if status != RefundStatus::Success && is_of_earlier_refund(order, told) {
                return Err("ignored: an earlier refund");
            }
            Ok(Event::Refund { refund: told.transaction_id.clone(), status })
        }
        _ => Err("ignored: of another kind"),
    }
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
