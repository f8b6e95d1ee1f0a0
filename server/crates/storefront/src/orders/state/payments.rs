//! What news of the payment do to an order: a part of [`next`](super::next).

use super::{GrantChange, Milestone, PaymentStatus, State, Transition};
use crate::ids::TransactionId;
use crate::orders::notices::NoticeKind;

pub(super) fn payment(
    state: &State,
    transaction: &TransactionId,
    status: &PaymentStatus,
) -> Option<Transition> {
    match state {
        // Without a transaction the shop knows of no end yet; Amazon's word is news whatever came before.
        State::AwaitingAuthorization
        | State::Abandoned
        | State::AuthorizationFailed { .. }
        | State::Authorized { .. }
        | State::PaymentFailed { transaction: None, .. } => Some(first_news(transaction, status)),
        State::Paying { .. } => (*status != PaymentStatus::Pending).then(|| first_news(transaction, status)),
        State::Reserved { .. } | State::Cancelling { .. } => match status {
            PaymentStatus::Pending | PaymentStatus::Reserved => None,
            // What was pending when it was to be cancelled is news to the merchant.
            PaymentStatus::Success => Some(paid(transaction).telling(NoticeKind::Sold)),
            PaymentStatus::Failure { .. } => {
                Some(first_news(transaction, status).telling(NoticeKind::Cancelled))
            }
            PaymentStatus::Cancelled => Some(cancelled(transaction).telling(NoticeKind::Cancelled)),
        },
        State::Fulfilling { .. } | State::SettleFailed { .. } | State::SettlingToRefund { .. } => {
            settle_told(state, transaction, status)
        }
        // The end of a payment is final at Amazon.
        State::PaymentFailed { transaction: Some(_), .. }
        | State::Paid { .. }
        | State::Cancelled { .. }
        | State::Refunding { .. }
        | State::Refunded { .. } => None,
    }
}

/// What the first word about a payment leads to.
fn first_news(transaction: &TransactionId, status: &PaymentStatus) -> Transition {
    let transaction = transaction.clone();
    match status {
        PaymentStatus::Pending => Transition::new(State::Paying { transaction }, Milestone::PaymentPending),
        PaymentStatus::Reserved => Transition::new(State::Reserved { transaction }, Milestone::Reserved)
            .telling(NoticeKind::Reserved),
        PaymentStatus::Success => paid(&transaction).telling(NoticeKind::Sold),
        PaymentStatus::Failure { why } => {
            Transition::new(payment_failed(Some(transaction), why), Milestone::PaymentFailed).because(why)
        }
        PaymentStatus::Cancelled => cancelled(&transaction),
    }
}

/// News while the merchant has fulfilled and the money was not charged yet.
fn settle_told(state: &State, transaction: &TransactionId, status: &PaymentStatus) -> Option<Transition> {
    match (state, status) {
        (_, PaymentStatus::Pending | PaymentStatus::Reserved) => None,
        (State::SettlingToRefund { .. }, PaymentStatus::Success) => {
            let to = State::Refunding { transaction: transaction.clone(), refund: None };
            Some(Transition::new(to, Milestone::Paid))
        }
        (_, PaymentStatus::Success) => Some(paid(transaction).telling(NoticeKind::Charged)),
        (_, PaymentStatus::Cancelled) => Some(cancelled(transaction).telling(NoticeKind::Cancelled)),
        (_, PaymentStatus::Failure { why }) => settle_refused(state, why),
    }
}

pub(super) fn settle_refused(state: &State, why: &str) -> Option<Transition> {
    match state {
        State::Fulfilling { transaction } => {
            let to = State::SettleFailed { transaction: transaction.clone(), why: why.to_owned() };
            let told = Transition::new(to, Milestone::SettleFailed).because(why);
            Some(told.telling(NoticeKind::NotCharged))
        }
        // The buyer wants no more of it: what was not charged need not be paid back, only released.
        State::SettlingToRefund { transaction } => {
            let to = State::Cancelling { transaction: transaction.clone() };
            let told = Transition::new(to, Milestone::CancelAsked);
            Some(told.because("The money could not be charged, so it is released instead of paid back."))
        }
        _ => None,
    }
}

fn paid(transaction: &TransactionId) -> Transition {
    Transition::new(State::Paid { transaction: transaction.clone() }, Milestone::Paid)
        .grant(GrantChange::Give)
}

fn cancelled(transaction: &TransactionId) -> Transition {
    Transition::new(State::Cancelled { transaction: transaction.clone() }, Milestone::Cancelled)
        .grant(GrantChange::Revoke)
}

pub(super) fn payment_failed(transaction: Option<TransactionId>, why: &str) -> State {
    State::PaymentFailed { transaction, why: why.to_owned() }
}
