//! What buyers paid ahead: each credit is a prepaid balance at Amazon Payments that is filled once, and then pays without
//! another visit there (fps.md §3.4, §7.2). What it is, and how far it has come.

pub mod store;

pub use crate::ids::CreditId;

use crate::ids::{CallerReference, InstrumentId, TokenId, TransactionId, UserId};
use jiff::Timestamp;
use money::Money;

/// The least and the most that one is filled with: the fee on it is the marketplace's, and Amazon has a limit of its own.
pub const LEAST: Money = Money::from_cents(500);
pub const MOST: Money = Money::from_cents(50_000);

/// A buyer's credit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credit {
    pub id: CreditId,
    pub user_id: UserId,
    /// What it is, or is to be, filled with.
    pub amount: Money,
    /// Names the token that pays.
    pub sender_reference: CallerReference,
    /// Names the token that fills it, and the `FundPrepaid`.
    pub funding_reference: CallerReference,
    pub state: CreditState,
    /// What is left of it, as Amazon said last; nothing before it is filled.
    pub balance: Money,
    /// How often Amazon was asked in this state.
    pub checks: i64,
    pub at: Timestamp,
}

/// What the Co-Branded UI made of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrepaidTokens {
    pub instrument: InstrumentId,
    /// Pays from it.
    pub sender: TokenId,
    /// Fills it.
    pub funding: TokenId,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CreditState {
    /// The buyer is at Amazon Payments, or went elsewhere: nothing is charged.
    Waiting,
    /// The buyer left without confirming.
    Left,
    /// Confirmed. `FundPrepaid` is on its way, and whether it arrived is not known.
    Funding { tokens: PrepaidTokens },
    /// Amazon took it on and has not finished it.
    Pending { tokens: PrepaidTokens, transaction: TransactionId },
    /// It pays.
    Ready { tokens: PrepaidTokens, transaction: TransactionId },
    /// No money moved and none will.
    Failed { tokens: Option<PrepaidTokens>, why: String },
    /// The buyer took the token back that pays from it.
    Cancelled { tokens: PrepaidTokens, transaction: TransactionId },
}

impl Credit {
    /// The token that pays with it, where it does.
    pub fn pays(&self) -> Option<&PrepaidTokens> {
        match &self.state {
            CreditState::Ready { tokens, .. } => Some(tokens),
            _ => None,
        }
    }
}

impl CreditState {
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Waiting => "Waiting",
            Self::Left => "Left",
            Self::Funding { .. } => "Funding",
            Self::Pending { .. } => "Pending",
            Self::Ready { .. } => "Ready",
            Self::Failed { .. } => "Failed",
            Self::Cancelled { .. } => "Cancelled",
        }
    }

    pub const fn tokens(&self) -> Option<&PrepaidTokens> {
        match self {
            Self::Waiting | Self::Left => None,
            Self::Failed { tokens, .. } => tokens.as_ref(),
            Self::Funding { tokens }
            | Self::Pending { tokens, .. }
            | Self::Ready { tokens, .. }
            | Self::Cancelled { tokens, .. } => Some(tokens),
        }
    }

    pub const fn transaction(&self) -> Option<&TransactionId> {
        match self {
            Self::Pending { transaction, .. }
            | Self::Ready { transaction, .. }
            | Self::Cancelled { transaction, .. } => Some(transaction),
            _ => None,
        }
    }
}
