//! Where an order stands, in words.

use crate::model::{OrderPage, OrderStatus};
use leptos::prelude::*;

/// One or two words, for badges and tables.
pub const fn label(status: OrderStatus) -> &'static str {
    match status {
        OrderStatus::AwaitingAuthorization => "Not confirmed yet",
        OrderStatus::PaymentPending => "Payment pending",
        OrderStatus::Reserved => "Reserved",
        OrderStatus::SettlePending => "Fulfilled, payment pending",
        OrderStatus::NotCharged => "Not charged",
        OrderStatus::Paid => "Paid",
        OrderStatus::CancelPending => "Cancel pending",
        OrderStatus::Cancelled => "Cancelled",
        OrderStatus::RefundPending => "Refund pending",
        OrderStatus::Refunded => "Refunded",
        OrderStatus::Abandoned => "Not confirmed",
        OrderStatus::Failed => "Failed",
    }
}

/// The colour only repeats what the words say.
pub(super) fn badge(status: OrderStatus) -> AnyView {
    let class = match status {
        OrderStatus::Paid => "badge badge-good",
        OrderStatus::Reserved
        | OrderStatus::PaymentPending
        | OrderStatus::SettlePending
        | OrderStatus::CancelPending
        | OrderStatus::RefundPending
        | OrderStatus::AwaitingAuthorization => "badge badge-wait",
        OrderStatus::Failed | OrderStatus::NotCharged => "badge badge-bad",
        OrderStatus::Cancelled | OrderStatus::Refunded | OrderStatus::Abandoned => "badge",
    };
    view! { <span class=class>{label(status)}</span> }.into_any()
}

/// Amazon has not said the last word: the page may change by itself.
pub(super) const fn is_open(status: OrderStatus) -> bool {
    matches!(
        status,
        OrderStatus::PaymentPending
            | OrderStatus::SettlePending
            | OrderStatus::CancelPending
            | OrderStatus::RefundPending
    )
}

/// Somebody else has something to do with it: Amazon, the seller, or the buyer on another page.
pub(super) const fn may_change(status: OrderStatus) -> bool {
    is_open(status)
        || matches!(
            status,
            OrderStatus::AwaitingAuthorization | OrderStatus::Reserved | OrderStatus::NotCharged
        )
}

/// What the status means for the buyer, in one plain sentence or two.
pub(super) fn sentence(page: &OrderPage) -> String {
    let (price, seller) = (page.order.price, &page.order.seller);
    match page.order.status {
        OrderStatus::AwaitingAuthorization => {
            "You have not confirmed this payment at Amazon Payments, as far as it told the shop. Nothing was charged. \
             Confirmed within three hours, the order goes on by itself; later, buy it anew from its page."
                .to_owned()
        }
        OrderStatus::PaymentPending => {
            format!("Amazon Payments is working on your payment of {price}. This usually takes a moment.")
        }
        OrderStatus::Reserved => {
            let next = if page.physical { "to ship it" } else { "to deliver it" };
            format!("{price} is held for {seller} and will be charged when {seller} is ready {next}.")
        }
        OrderStatus::SettlePending if page.physical => {
            format!("{seller} has it ready. Amazon Payments is charging the {price} that was held; then it is sent.")
        }
        OrderStatus::SettlePending => {
            format!("{seller} has it ready. Amazon Payments is charging the {price} that was held.")
        }
        OrderStatus::NotCharged => not_charged(page),
        OrderStatus::Paid => paid(page),
        OrderStatus::CancelPending => {
            format!("Amazon Payments is cancelling the order and releasing the {price}.")
        }
        OrderStatus::Cancelled => format!("The order was cancelled. The {price} was never charged."),
        OrderStatus::RefundPending => {
            format!("Amazon Payments is paying {} back.", page.refunding.unwrap_or(price))
        }
        OrderStatus::Refunded if page.physical => format!("{price} was paid back."),
        OrderStatus::Refunded => format!("{price} was paid back, and the download was revoked."),
        OrderStatus::Abandoned => {
            "You left Amazon Payments without confirming. Nothing was charged.".to_owned()
        }
        OrderStatus::Failed => failed(page),
    }
}

fn paid(page: &OrderPage) -> String {
    let price = page.order.price;
    let paid = match (page.physical, !page.downloads.is_empty()) {
        (true, _) => {
            format!("Your payment of {price} is complete, and {} sends the parcel.", page.order.seller)
        }
        (false, true) if page.downloads.len() > 1 => {
            format!("Your payment of {price} is complete. The files are yours to download.")
        }
        (false, true) => format!("Your payment of {price} is complete. The file is yours to download."),
        (false, false) => format!("Your payment of {price} is complete."),
    };
    match page.refunded {
        Some(part) => format!("{paid} {part} of it was paid back."),
        None => paid,
    }
}

/// The money is still held, and nothing was sent.
fn not_charged(page: &OrderPage) -> String {
    let (price, seller) = (page.order.price, &page.order.seller);
    let why = page.failure.as_deref().unwrap_or("Amazon Payments could not charge it.");
    format!(
        "{seller} had it ready, but the {price} that is held was not charged, so nothing was sent. {why} {seller} \
         can try again, and you can cancel."
    )
}

fn failed(page: &OrderPage) -> String {
    match &page.failure {
        Some(why) => format!("The payment did not go through. {why}"),
        None => "The payment did not go through, and nothing was charged.".to_owned(),
    }
}
