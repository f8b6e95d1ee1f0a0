//! The life of an order as a state machine: states with their data, the events that may move them, and
//! one pure function that says what an event does.
//!
//! Two kinds of events: *facts*, which Amazon told in a verified answer, return or notification, and
//! *commands* of people. A fact that is stale, repeated or out of order changes nothing, so that the order
//! of arrival does not matter. A command that does not fit is refused.

mod commands;
mod event;
mod payments;
mod phase;
mod refunds;
#[cfg(test)]
mod tests;

pub use event::{Answerer, CancelledBy, Event, Ruling};
pub use phase::{Milestone, Phase};

use crate::ids::{TokenId, TransactionId};
use crate::orders::notices::NoticeKind;
use commands::command;
use payments::{payment, payment_failed, settle_refused};
use refunds::{refund_failed, refund_requested, refund_told, refunded_in_part};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Sent to the Co-Branded UI; nothing came back.
    AwaitingAuthorization,
    /// The buyer left the Co-Branded UI without confirming.
    Abandoned,
    /// The Co-Branded UI refused; nothing was sent to be paid.
    AuthorizationFailed {
        why: String,
    },
    /// The buyer confirmed. Pay or Reserve is on its way, and whether it arrived is not known.
    Authorized {
        token: TokenId,
    },
    /// Amazon took the payment on and has not finished it.
    Paying {
        transaction: TransactionId,
    },
    /// No money moved and none will. Without a transaction Amazon refused the request itself.
    PaymentFailed {
        transaction: Option<TransactionId>,
        why: String,
    },
    /// The money is held for the merchant, who fulfils next.
    Reserved {
        transaction: TransactionId,
    },
    /// The merchant is ready to deliver; Settle is on its way or pending. Nothing is delivered before it is charged.
    Fulfilling {
        transaction: TransactionId,
    },
    /// The merchant was ready to deliver, but the money was not charged: nothing is delivered, and the money stays
    /// held until it is tried again or released.
    SettleFailed {
        transaction: TransactionId,
        why: String,
    },
    /// The buyer wants the money back before it was charged: a reserve must be settled to be refunded.
    SettlingToRefund {
        transaction: TransactionId,
    },
    Paid {
        transaction: TransactionId,
    },
    /// Cancel is on its way.
    Cancelling {
        transaction: TransactionId,
    },
    Cancelled {
        transaction: TransactionId,
    },
    /// Refund is on its way; with a `refund`, Amazon took it on.
    Refunding {
        transaction: TransactionId,
        refund: Option<TransactionId>,
    },
    Refunded {
        transaction: TransactionId,
        refund: TransactionId,
    },
}

/// Where a payment stands at Amazon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PaymentStatus {
    Pending,
    Reserved,
    Success,
    Failure { why: String },
    Cancelled,
}

/// Where a refund stands at Amazon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RefundStatus {
    Pending,
    Success,
    Failure { why: String },
}

/// What a change of state does to the right to download.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GrantChange {
    Give,
    Revoke,
}

/// A change of state with what comes with it, all to be committed together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transition {
    pub to: State,
    pub milestone: Milestone,
    /// A sentence for the timeline; empty where the milestone says it all.
    pub detail: String,
    /// What the merchant is told.
    pub notice: Option<NoticeKind>,
    pub grant: Option<GrantChange>,
}

/// Why an event is refused. Facts are refused only if they contradict what is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("that cannot be done now")]
    NotNow,
    /// The seller declined to send the money back: only the seller changes that.
    #[error("the seller declined a refund")]
    Declined,
    #[error("the order has another payment")]
    OtherTransaction,
    #[error("the order was authorized with another token")]
    OtherToken,
}

impl State {
    pub fn phase(&self) -> Phase {
        match self {
            Self::AwaitingAuthorization => Phase::AwaitingAuthorization,
            Self::Abandoned => Phase::Abandoned,
            Self::AuthorizationFailed { .. } => Phase::AuthorizationFailed,
            Self::Authorized { .. } => Phase::Authorized,
            Self::Paying { .. } => Phase::Paying,
            Self::PaymentFailed { .. } => Phase::PaymentFailed,
            Self::Reserved { .. } => Phase::Reserved,
            Self::Fulfilling { .. } => Phase::Fulfilling,
            Self::SettleFailed { .. } => Phase::SettleFailed,
            Self::SettlingToRefund { .. } => Phase::SettlingToRefund,
            Self::Paid { .. } => Phase::Paid,
            Self::Cancelling { .. } => Phase::Cancelling,
            Self::Cancelled { .. } => Phase::Cancelled,
            Self::Refunding { .. } => Phase::Refunding,
            Self::Refunded { .. } => Phase::Refunded,
        }
    }

    /// The payment at Amazon, as far as it is known.
    pub fn transaction(&self) -> Option<&TransactionId> {
        match self {
            Self::AwaitingAuthorization
            | Self::Abandoned
            | Self::AuthorizationFailed { .. }
            | Self::Authorized { .. } => None,
            Self::PaymentFailed { transaction, .. } => transaction.as_ref(),
            Self::Paying { transaction }
            | Self::Reserved { transaction }
            | Self::Fulfilling { transaction }
            | Self::SettleFailed { transaction, .. }
            | Self::SettlingToRefund { transaction }
            | Self::Paid { transaction }
            | Self::Cancelling { transaction }
            | Self::Cancelled { transaction }
            | Self::Refunding { transaction, .. }
            | Self::Refunded { transaction, .. } => Some(transaction),
        }
    }

    /// Whether an authorization of the present attempt would still be followed by the payment.
    pub fn may_be_authorized(&self) -> bool {
        matches!(self, Self::AwaitingAuthorization | Self::Abandoned | Self::AuthorizationFailed { .. })
    }

    /// Whether a new attempt may begin: nothing was paid and nothing can be any more.
    pub fn may_restart(&self) -> bool {
        matches!(
            self,
            Self::AwaitingAuthorization
                | Self::Abandoned
                | Self::AuthorizationFailed { .. }
                | Self::PaymentFailed { .. }
        )
    }
}

impl Transition {
    pub(super) fn new(to: State, milestone: Milestone) -> Self {
        Self { to, milestone, detail: String::new(), notice: None, grant: None }
    }

    pub(super) fn because(mut self, why: &str) -> Self {
        why.clone_into(&mut self.detail);
        self
    }

    pub(super) fn telling(mut self, notice: NoticeKind) -> Self {
        self.notice = Some(notice);
        self
    }

    pub(super) fn grant(mut self, change: GrantChange) -> Self {
        self.grant = Some(change);
        self
    }
}

/// What `event` does to an order in `state`: `None` where it is nothing new.
pub fn next(state: &State, event: &Event) -> Result<Option<Transition>, Refused> {
    match event {
        Event::Authorized { token, .. } => authorized(state, token),
        Event::Abandoned => Ok(matches!(state, State::AwaitingAuthorization)
            .then(|| Transition::new(State::Abandoned, Milestone::Abandoned))),
        Event::AuthorizationFailed { why } => Ok(authorization_failed(state, why)),
        Event::Payment { transaction, status, .. } => match state.transaction() {
            Some(known) if known != transaction => Err(Refused::OtherTransaction),
            _ => Ok(payment(state, transaction, status)),
        },
        Event::PaymentRefused { why } => Ok(matches!(state, State::Authorized { .. })
            .then(|| Transition::new(payment_failed(None, why), Milestone::PaymentFailed).because(why))),
        Event::SettleRefused { why } => Ok(settle_refused(state, why)),
        Event::CancelRefused { why } => Ok(match state {
            State::Cancelling { transaction } => {
                let back = State::Reserved { transaction: transaction.clone() };
                Some(Transition::new(back, Milestone::CancelRefused).because(why))
            }
            _ => None,
        }),
        Event::Refund { refund, status, .. } => Ok(refund_told(state, refund, status)),
        Event::RefundedInPart { amount, by_shop } => Ok(refunded_in_part(state, *amount, *by_shop)),
        Event::RefundRefused { why } => Ok(match state {
            State::Refunding { transaction, refund: None } => Some(refund_failed(transaction, why)),
            _ => None,
        }),
        Event::RefundRequested { request } => Ok(refund_requested(state, request)),
        Event::TokenCancelled => Ok(token_cancelled(state)),
        Event::Restart
        | Event::Fulfil(_)
        | Event::Cancel { .. }
        | Event::AskRefund { .. }
        | Event::GiveRefund { .. }
        | Event::GrantRefund { .. }
        | Event::DeclineRefund { .. }
        | Event::EscalateRefund { .. } => command(state, event).map(Some),
    }
}

fn authorized(state: &State, token: &TokenId) -> Result<Option<Transition>, Refused> {
    match state {
        state if state.may_be_authorized() => {
            Ok(Some(Transition::new(State::Authorized { token: token.clone() }, Milestone::Authorized)))
        }
        State::Authorized { token: known } if known != token => Err(Refused::OtherToken),
        _ => Ok(None),
    }
}

fn authorization_failed(state: &State, why: &str) -> Option<Transition> {
    let to = State::AuthorizationFailed { why: why.to_owned() };
    matches!(state, State::AwaitingAuthorization | State::Abandoned)
        .then(|| Transition::new(to, Milestone::AuthorizationFailed).because(why))
}

/// What the token was used for goes on; what it would be used for next, Amazon refuses.
fn token_cancelled(state: &State) -> Option<Transition> {
    match state {
        State::Authorized { .. }
        | State::Paying { .. }
        | State::Reserved { .. }
        | State::Fulfilling { .. }
        | State::SettleFailed { .. }
        | State::SettlingToRefund { .. }
        | State::Paid { .. } => Some(Transition::new(state.clone(), Milestone::TokenCancelled)),
        _ => None,
    }
}
