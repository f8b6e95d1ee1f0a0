//! What commands of people do to an order: a part of [`next`](super::next).

use super::refunds::answered;
use super::{CancelledBy, Event, GrantChange, Milestone, Refused, State, Transition};
use crate::orders::order::Fulfilment;
use crate::orders::refund_requests::RefundRequest;

pub(super) fn command(state: &State, event: &Event) -> Result<Transition, Refused> {
    match (event, state) {
        (Event::Restart, state) if state.may_restart() => {
            Ok(Transition::new(State::AwaitingAuthorization, Milestone::Restarted))
        }
        (Event::Fulfil(said), State::Reserved { transaction } | State::SettleFailed { transaction, .. }) => {
            let to = State::Fulfilling { transaction: transaction.clone() };
            Ok(Transition::new(to, Milestone::Fulfilled).because(&fulfilled(said)))
        }
        (
            Event::Cancel { by, reason },
            State::Paying { transaction }
            | State::Reserved { transaction }
            | State::SettleFailed { transaction, .. },
        ) => {
            let to = State::Cancelling { transaction: transaction.clone() };
            Ok(Transition::new(to, Milestone::CancelAsked).because(&cancelled(*by, reason.as_deref())))
        }
        (Event::AskRefund { request }, State::Paid { transaction }) => {
            let to = State::Refunding { transaction: transaction.clone(), refund: None };
            let told = Transition::new(to, Milestone::RefundAsked).because(&asked_at_once(request));
            Ok(told.grant(GrantChange::Revoke))
        }
        (Event::GiveRefund { amount, reason, .. }, State::Paid { transaction }) => {
            let to = State::Refunding { transaction: transaction.clone(), refund: None };
            let detail = format!("Amazon Payments was asked to send {amount} back.");
            let told =
                Transition::new(to, Milestone::RefundGiven).because(&with_reason(detail, reason.as_deref()));
            Ok(told.grant(GrantChange::Revoke))
        }
        (
            Event::GrantRefund { .. } | Event::DeclineRefund { .. } | Event::EscalateRefund { .. },
            State::Paid { transaction },
        ) => answered(transaction, event).ok_or(Refused::NotNow),
        (Event::AskRefund { request }, State::Fulfilling { transaction }) => {
            let to = State::SettlingToRefund { transaction: transaction.clone() };
            Ok(Transition::new(to, Milestone::RefundAsked).because(&asked_at_once(request)))
        }
        _ => Err(Refused::NotNow),
    }
}

/// What the timeline says beside the milestone; nothing where it says it all.
fn fulfilled(said: &Fulfilment) -> String {
    let amount =
        said.amount.map(|amount| format!("Less than was ordered: {amount} is charged, the rest released."));
    let tracking = said.tracking.as_ref().map(|number| format!("Tracking number: {number}."));
    let message = said.message.as_ref().map(|message| format!("The seller writes: {message}"));
    amount.into_iter().chain(tracking).chain(message).collect::<Vec<_>>().join(" ")
}

fn cancelled(by: CancelledBy, reason: Option<&str>) -> String {
    let detail = match by {
        CancelledBy::Buyer => return String::new(),
        CancelledBy::Seller => "By the seller. Amazon Payments was asked to release the money.",
    };
    with_reason(detail.to_owned(), reason)
}

fn asked_at_once(request: &RefundRequest) -> String {
    let detail = format!("By the seller's rule {} goes back at once.", request.amount);
    with_reason(detail, Some(request.reason.as_str()).filter(|reason| !reason.is_empty()))
}

fn with_reason(detail: String, reason: Option<&str>) -> String {
    match reason {
        Some(reason) => format!("{detail} Reason: {reason}"),
        None => detail,
    }
}
