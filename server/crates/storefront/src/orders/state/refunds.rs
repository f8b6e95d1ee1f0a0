//! What facts and commands about refunds do to an order: a part of [`next`](super::next).

use super::{Answerer, Event, GrantChange, Milestone, RefundStatus, State, Transition};
use crate::ids::TransactionId;
use crate::orders::notices::NoticeKind;
use crate::orders::refund_requests::RefundRequest;
use money::Money;

pub(super) fn refund_failed(transaction: &TransactionId, why: &str) -> Transition {
    let to = State::Paid { transaction: transaction.clone() };
    Transition::new(to, Milestone::RefundFailed).because(why).grant(GrantChange::Give)
}

/// News of a refund, also of one that was begun at Amazon. It can overtake the news that the payment
/// itself succeeded; a refund implies that.
pub(super) fn refund_told(
    state: &State,
    refund: &TransactionId,
    status: &RefundStatus,
) -> Option<Transition> {
    match state {
        State::Refunding { transaction, refund: known } => match status {
            RefundStatus::Pending if known.is_some() => None,
            // The failure of another refund says nothing about this one.
            RefundStatus::Failure { .. } if known.as_ref().is_some_and(|known| known != refund) => None,
            RefundStatus::Failure { why } => Some(refund_failed(transaction, why)),
            RefundStatus::Pending | RefundStatus::Success => refund_moves(transaction, refund, status),
        },
        State::Paid { transaction }
        | State::Paying { transaction }
        | State::Reserved { transaction }
        | State::Fulfilling { transaction }
        | State::SettleFailed { transaction, .. }
        | State::SettlingToRefund { transaction }
        | State::Cancelling { transaction } => refund_moves(transaction, refund, status),
        State::AwaitingAuthorization
        | State::Abandoned
        | State::AuthorizationFailed { .. }
        | State::Authorized { .. }
        | State::PaymentFailed { .. }
        | State::Cancelled { .. }
        | State::Refunded { .. } => None,
    }
}

fn refund_moves(
    transaction: &TransactionId,
    refund: &TransactionId,
    status: &RefundStatus,
) -> Option<Transition> {
    let (transaction, refund) = (transaction.clone(), refund.clone());
    match status {
        RefundStatus::Pending => {
            let to = State::Refunding { transaction, refund: Some(refund) };
            Some(Transition::new(to, Milestone::RefundAsked).grant(GrantChange::Revoke))
        }
        RefundStatus::Success => {
            let to = State::Refunded { transaction, refund };
            let told = Transition::new(to, Milestone::Refunded).telling(NoticeKind::Refunded);
            Some(told.grant(GrantChange::Revoke))
        }
        RefundStatus::Failure { .. } => None,
    }
}

/// A part of the price is back with the buyer: the rest stays paid, and what was bought stays theirs.
pub(super) fn refunded_in_part(state: &State, amount: Money, by_shop: bool) -> Option<Transition> {
    let to = match state {
        // Somebody else's refund at Amazon says nothing about the shop's own.
        State::Refunding { .. } if !by_shop => state.clone(),
        State::SettlingToRefund { .. } => state.clone(),
        State::Refunding { transaction, .. }
        | State::Paid { transaction }
        | State::Paying { transaction }
        | State::Reserved { transaction }
        | State::Fulfilling { transaction }
        | State::SettleFailed { transaction, .. }
        | State::Cancelling { transaction } => State::Paid { transaction: transaction.clone() },
        State::AwaitingAuthorization
        | State::Abandoned
        | State::AuthorizationFailed { .. }
        | State::Authorized { .. }
        | State::PaymentFailed { .. }
        | State::Cancelled { .. }
        | State::Refunded { .. } => return None,
    };
    let grant = matches!(to, State::Paid { .. }).then_some(GrantChange::Give);
    let told =
        Transition::new(to, Milestone::PartlyRefunded).because(&format!("{amount} went back to the buyer."));
    Some(Transition { grant, ..told })
}

/// The request alone moves no money: it waits for the merchant's answer. It can overtake the news that the
/// payment succeeded, and it is kept while another refund is under way, which may fail or be of a part.
pub(super) fn refund_requested(state: &State, request: &RefundRequest) -> Option<Transition> {
    match state {
        State::Paid { .. }
        | State::Paying { .. }
        | State::Reserved { .. }
        | State::Fulfilling { .. }
        | State::SettleFailed { .. }
        | State::SettlingToRefund { .. }
        | State::Refunding { .. } => {
            let told = Transition::new(state.clone(), Milestone::RefundRequested);
            let detail = format!("{}: {}", request.amount, request.reason);
            Some(told.because(&detail).telling(NoticeKind::RefundRequested))
        }
        _ => None,
    }
}

/// The answers to a buyer's request, and the buyer's word against one; of a payment that is with the seller.
pub(super) fn answered(transaction: &TransactionId, event: &Event) -> Option<Transition> {
    let paid = State::Paid { transaction: transaction.clone() };
    Some(match event {
        Event::GrantRefund { amount, by, .. } => {
            let to = State::Refunding { transaction: transaction.clone(), refund: None };
            let granted = Transition::new(to, Milestone::RefundGranted).grant(GrantChange::Revoke);
            let goes_back = format!("{amount} goes back to the buyer");
            decided(granted, by, NoticeKind::MarketplaceGranted, &goes_back)
        }
        Event::DeclineRefund { by, .. } => {
            let declined = Transition::new(paid, Milestone::RefundDeclined);
            decided(declined, by, NoticeKind::MarketplaceDeclined, "nothing goes back to the buyer")
        }
        Event::EscalateRefund { words, .. } => {
            let asked = Transition::new(paid, Milestone::MarketplaceAsked).because(words);
            asked.telling(NoticeKind::MarketplaceAsked)
        }
        _ => return None,
    })
}

/// What the marketplace decides is said to the seller, in its words.
fn decided(transition: Transition, by: &Answerer, notice: NoticeKind, what: &str) -> Transition {
    match by {
        Answerer::Seller => transition,
        Answerer::Marketplace(ruling) => transition
            .because(&format!("The marketplace decided that {what}: {}", ruling.words))
            .telling(notice),
    }
}
