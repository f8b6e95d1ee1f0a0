//! What refunds need beside the order's state: each counts once, parts add up, requests are kept.

use super::{inconsistent_fees, whole_fees};
use crate::orders::refund_requests::Answer;
use crate::orders::state::{Event, Milestone, RefundStatus, Refused, Transition};
use crate::orders::{FeesTaken, Order, OrderError, refund_requests, refunds};
use jiff::Timestamp;
use money::{Money, MoneyError};
use sqlx::AnyConnection;

/// Whether the event tells of a refund that was taken in before: each counts once, and that it was begun is no
/// news when it is done.
pub(super) async fn is_counted(
    connection: &mut AnyConnection,
    order: &Order,
    event: &Event,
) -> Result<bool, sqlx::Error> {
    match event {
        Event::Refund { refund, status: RefundStatus::Success | RefundStatus::Pending, .. } => {
            refunds::is_counted(connection, &order.id, refund).await
        }
        _ => Ok(false),
    }
}

/// Why a command about a refund is refused whatever the order's state: an answer that another answer or refund has
/// overtaken, or the buyer's own button where the seller has declined. A seller may change their mind.
pub(super) async fn refusal(
    connection: &mut AnyConnection,
    order: &Order,
    event: &Event,
) -> Result<Option<Refused>, sqlx::Error> {
    let answer = async |connection: &mut AnyConnection, request| {
        refund_requests::answer(connection, &order.id, request).await
    };
    Ok(match event {
        Event::GrantRefund { request, .. } => match answer(connection, request).await? {
            Some(Answer::Open | Answer::Declined) => None,
            Some(Answer::Closed) | None => Some(Refused::NotNow),
        },
        Event::DeclineRefund { request } => match answer(connection, request).await? {
            Some(Answer::Open) => None,
            Some(Answer::Declined | Answer::Closed) | None => Some(Refused::NotNow),
        },
        Event::AskRefund if refund_requests::is_declined(connection, &order.id).await? => {
            Some(Refused::Declined)
        }
        _ => None,
    })
}

/// A refund of a part of what is left is another event than one of all of it.
pub(super) fn sized(order: &Order, event: &Event) -> Event {
    if let Event::Refund { status: RefundStatus::Success, amount, .. } = event
        && let Some(part) = amount.or(order.refund_amount)
        && part < order.left()
    {
        return Event::RefundedInPart { amount: part, by_shop: amount.is_none() };
    }
    event.clone()
}

/// Counts a refund that reached the buyer, and keeps the book of requests.
pub(super) async fn write(
    connection: &mut AnyConnection,
    order: &Order,
    transition: &Transition,
    (told, sized): (&Event, &Event),
    at: Timestamp,
) -> Result<(), OrderError> {
    match (transition.milestone, told) {
        (Milestone::Refunded | Milestone::PartlyRefunded, Event::Refund { refund, .. }) => {
            let amount = match sized {
                Event::RefundedInPart { amount, .. } => *amount,
                _ => order.left(),
            };
            refunds::count(connection, &order.id, refund, amount, at).await?;
            refund_requests::close(connection, &order.id).await?;
        }
        (_, Event::RefundRequested { request }) => {
            refund_requests::add(connection, &order.id, request, at).await?;
        }
        (Milestone::RefundDeclined, _) => refund_requests::decline(connection, &order.id).await?,
        (Milestone::RefundGranted, Event::GrantRefund { request, .. }) => {
            refund_requests::reopen(connection, &order.id, request).await?;
        }
        _ => {}
    }
    Ok(())
}

/// With a refund fees come back in proportion: Amazon's always, the marketplace's where the shop gave the
/// refund, which asks for that. Who gives one at Amazon Payments leaves the marketplace its fee.
pub(super) fn return_fees(
    order: &mut Order,
    before: &Order,
    transition: &Transition,
    event: &Event,
) -> Result<(), OrderError> {
    let (refunded, by_shop) = match (transition.milestone, event) {
        (Milestone::PartlyRefunded, Event::RefundedInPart { by_shop, .. }) => (order.refunded, *by_shop),
        (Milestone::Refunded, Event::Refund { amount, .. }) => (order.price, amount.is_none()),
        _ => return Ok(()),
    };
    let (Some(whole), Some(taken)) = (whole_fees(order)?, order.fees_taken) else { return Ok(()) };
    let price = order.price;
    let share = |fee: Money| fee.proportion(refunded, price)?.sub(fee.proportion(before.refunded, price)?);
    let returned = || -> Result<FeesTaken, MoneyError> {
        let marketplace =
            if by_shop { share(whole.marketplace)?.min(taken.marketplace) } else { Money::ZERO };
        Ok(FeesTaken {
            marketplace: taken.marketplace.sub(marketplace)?,
            amazon: taken.amazon.sub(share(whole.amazon)?)?,
        })
    };
    order.fees_taken = Some(returned().map_err(|_| inconsistent_fees(order))?);
    Ok(())
}
