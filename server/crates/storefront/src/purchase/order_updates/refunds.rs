//! What refunds need beside the order's state: each counts once, parts add up, requests are kept.

use super::inconsistent_fees;
use crate::audit::{self, Deed, Entry, Kind, Subject};
use crate::ids::RefundRequestId;
use crate::orders::refund_requests::{Answer, MayEscalate, Origin, Said, Stage};
use crate::orders::refund_terms::{self, Decision, RefundPolicy};
use crate::orders::state::{Answerer, Event, Milestone, RefundStatus, Refused, Ruling, State, Transition};
use crate::orders::{FeesTaken, Order, OrderError, download_grants, refund_requests, refunds};
use jiff::Timestamp;
use money::MoneyError;
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
    now: Timestamp,
) -> Result<Option<Refused>, sqlx::Error> {
    Ok(match event {
        Event::GrantRefund { request, by, .. } | Event::DeclineRefund { request, by } => {
            let granted = matches!(event, Event::GrantRefund { .. });
            let stage = refund_requests::stage(connection, &order.id, request).await?;
            (!stage.is_some_and(|stage| may_answer(stage, by, granted))).then_some(Refused::NotNow)
        }
        Event::EscalateRefund { request, .. } => {
            let kept = refund_requests::by_id(&mut *connection, &order.id, request).await?;
            let Some(kept) = kept else { return Ok(Some(Refused::NotNow)) };
            let may = refund_requests::may_escalate(connection, &order.id, &kept, now).await?;
            (may != MayEscalate::Now).then_some(Refused::NotNow)
        }
        // What is asked for at Amazon Payments is noted whatever the seller said before.
        Event::RefundRequested { request } if request.origin == Origin::Shop => {
            if refund_requests::is_declined(&mut *connection, &order.id).await? {
                Some(Refused::Declined)
            } else {
                let waiting = refund_requests::of_order(&mut *connection, &order.id).await?;
                waiting.map(|_| Refused::NotNow)
            }
        }
        _ => None,
    })
}

/// A seller may change their mind after any refusal, and does not answer twice in another way. The marketplace decides
/// where the seller has not, or where the buyer asks it to.
fn may_answer(stage: Stage, by: &Answerer, granted: bool) -> bool {
    match (stage, by) {
        (Stage::Open, _) | (Stage::Escalated, Answerer::Marketplace(_)) => true,
        (Stage::Declined | Stage::Escalated | Stage::Refused, Answerer::Seller) => granted,
        (Stage::Declined | Stage::Refused, Answerer::Marketplace(_)) | (Stage::Closed, _) => false,
    }
}

/// A buyer's request needs nobody's answer where the seller's rule gives the money back at once, wherever it was made.
/// What the seller declined stays declined: then the rule says nothing any more.
pub(super) async fn by_rule(
    connection: &mut AnyConnection,
    order: &Order,
    event: Event,
    now: Timestamp,
) -> Result<Event, sqlx::Error> {
    let Event::RefundRequested { request } = event else { return Ok(event) };
    let can_go_back = matches!(order.state, State::Paid { .. } | State::Fulfilling { .. });
    let fetched_at = download_grants::lock_fetched_at(&mut *connection, &order.id).await?;
    let at_once = can_go_back
        && refund_terms::decision(order, fetched_at, now) == Decision::AtOnce
        && !refund_requests::is_declined(connection, &order.id).await?;
    Ok(if at_once { Event::AskRefund { request } } else { Event::RefundRequested { request } })
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
    (told, taken): (&Event, &Event),
    at: Timestamp,
) -> Result<(), OrderError> {
    match (transition.milestone, told) {
        (Milestone::Refunded | Milestone::PartlyRefunded, Event::Refund { refund, .. }) => {
            let amount = match taken {
                Event::RefundedInPart { amount, .. } => *amount,
                _ => order.left(),
            };
            refunds::count(connection, &order.id, refund, amount, at).await?;
            let all = transition.milestone == Milestone::Refunded;
            refund_requests::close(connection, &order.id, all).await?;
        }
        // Kept with its reason also where nobody has to answer: it is closed with the money.
        (_, Event::RefundRequested { request }) => {
            refund_requests::add(connection, &order.id, request, at).await?;
        }
        (_, Event::EscalateRefund { request, words }) => {
            let said = Said { at, words: words.clone() };
            refund_requests::escalate(connection, &order.id, request, &said).await?;
        }
        (_, Event::DeclineRefund { request, by }) => match by {
            Answerer::Seller => refund_requests::decline(connection, &order.id, at).await?,
            Answerer::Marketplace(ruling) => {
                log(connection, order, (request, ruling), Deed::RefundDeclined, at).await?;
                let said = Said { at, words: ruling.words.clone() };
                refund_requests::refuse(connection, &order.id, request, &said).await?;
            }
        },
        (_, Event::GrantRefund { request, by, .. }) => {
            if let Answerer::Marketplace(ruling) = by {
                log(connection, order, (request, ruling), Deed::RefundGranted, at).await?;
            }
            refund_requests::reopen(connection, &order.id, request).await?;
        }
        (Milestone::RefundFailed, _) => {
            refund_requests::back_to_marketplace(connection, &order.id).await?;
        }
        _ => {}
    }
    Ok(())
}

/// What the marketplace decides stands in the audit log: what was before it, and what comes of it.
async fn log(
    connection: &mut AnyConnection,
    order: &Order,
    (request, ruling): (&RefundRequestId, &Ruling),
    deed: Deed,
    at: Timestamp,
) -> Result<(), OrderError> {
    let kept = refund_requests::by_id(&mut *connection, &order.id, request).await?;
    let Some(kept) = kept else { return Ok(()) };
    let asked = kept.request.amount;
    let before = match kept.answer {
        Answer::Escalated(escalation) if escalation.declined_at.is_some() => "declined by the seller, ",
        _ => "not answered by the seller, ",
    };
    let after = match deed {
        Deed::RefundGranted => format!("{} goes back", order.refund_amount.unwrap_or(order.left())),
        _ => "nothing goes back".to_owned(),
    };
    let subject = Subject::new(Kind::Order, &order.id, &order.title);
    let entry = Entry::new(ruling.id.clone(), at, ruling.operator.clone(), deed, subject)
        .changed(format!("{before}{asked} asked for"), after)
        .because(&ruling.words);
    Ok(audit::record(connection, &entry).await?)
}

/// With a refund fees come back in proportion: Amazon's always, the marketplace's where the shop asked for that. Who
/// gives one at Amazon Payments leaves the marketplace its fee.
pub(super) fn return_fees(
    order: &mut Order,
    before: &Order,
    transition: &Transition,
    event: &Event,
) -> Result<(), OrderError> {
    let (amount, by_shop) = match (transition.milestone, event) {
        (Milestone::PartlyRefunded, Event::RefundedInPart { by_shop, .. }) => {
            (order.refunded.sub(before.refunded), *by_shop)
        }
        (Milestone::Refunded, Event::Refund { amount, .. }) => (Ok(order.left()), amount.is_none()),
        _ => return Ok(()),
    };
    let policy = if by_shop { order.refund_policy } else { RefundPolicy::SellerAlone };
    let returned = || -> Result<Option<FeesTaken>, MoneyError> {
        let at_first = Order { refunded: before.refunded, ..order.clone() };
        let (Some(parts), Some(taken)) = (refund_terms::parts(&at_first, amount?, policy)?, order.fees_taken)
        else {
            return Ok(order.fees_taken);
        };
        Ok(Some(FeesTaken {
            marketplace: taken.marketplace.sub(parts.marketplace)?,
            amazon: taken.amazon.sub(parts.amazon)?,
        }))
    };
    order.fees_taken = returned().map_err(|_| inconsistent_fees(order))?;
    Ok(())
}
