//! What a transaction is, and where it is in its life; each with the data that belongs to it and no other.

use fps_protocol::enums::{
    FpsOperation, MarketplaceRefundPolicy, RelationType, StatusCode, TransactionStatus,
};
use fps_protocol::ids::{InstrumentId, TransactionId};
use jiff::Timestamp;
use ledger::HoldId;
use money::Money;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    Payment,
    /// A payment that is held first, and charged by Settle.
    Reserve,
    Refund {
        of: TransactionId,
        policy: MarketplaceRefundPolicy,
    },
    /// The linked record of the marketplace's fee, which the recipient of a payment pays to the caller.
    MarketplaceFee {
        of: TransactionId,
    },
    /// Fills a prepaid balance.
    FundPrepaid {
        stored_value_id: InstrumentId,
    },
    SettleDebt {
        stored_value_id: InstrumentId,
    },
    WriteOffDebt {
        stored_value_id: InstrumentId,
    },
}

impl Kind {
    /// In FPS's words. A reserve that is settled stays one.
    pub const fn operation(&self) -> FpsOperation {
        match self {
            Self::Payment | Self::MarketplaceFee { .. } => FpsOperation::Pay,
            Self::Reserve => FpsOperation::Reserve,
            Self::Refund { .. } => FpsOperation::Refund,
            Self::FundPrepaid { .. } => FpsOperation::FundPrepaid,
            Self::SettleDebt { .. } => FpsOperation::SettleDebt,
            Self::WriteOffDebt { .. } => FpsOperation::WriteOffDebt,
        }
    }

    /// What it is to its parent, if it has one.
    pub const fn relation(&self) -> Option<RelationType> {
        match self {
            Self::Refund { .. } => Some(RelationType::Refund),
            Self::MarketplaceFee { .. } => Some(RelationType::MarketplaceFee),
            _ => None,
        }
    }

    /// Of a refund, what is refunded; of a marketplace's fee, the payment that it is of.
    pub const fn parent_id(&self) -> Option<&TransactionId> {
        match self {
            Self::Refund { of, .. } | Self::MarketplaceFee { of } => Some(of),
            _ => None,
        }
    }

    /// Of a refund alone.
    pub const fn refund_policy(&self) -> Option<MarketplaceRefundPolicy> {
        match self {
            Self::Refund { policy, .. } => Some(*policy),
            _ => None,
        }
    }

    /// The prepaid balance that is funded, or the debt that is settled or written off.
    pub const fn stored_value_id(&self) -> Option<&InstrumentId> {
        match self {
            Self::FundPrepaid { stored_value_id }
            | Self::SettleDebt { stored_value_id }
            | Self::WriteOffDebt { stored_value_id } => Some(stored_value_id),
            _ => None,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Life {
    /// The processor of cards and bank accounts has to answer.
    Pending {
        /// By the machine's clock.
        process_at: Timestamp,
        expires_at: Option<Timestamp>,
        /// Of a debt that is being settled.
        hold_id: Option<HoldId>,
    },
    /// Nothing is charged yet.
    Reserved {
        expires_at: Timestamp,
        /// Of a balance; a card holds nothing in the books.
        hold_id: Option<HoldId>,
    },
    /// A reserve for which Settle asked for so much, and the processor has to answer.
    Settling {
        amount: Money,
        /// By the machine's clock.
        process_at: Timestamp,
        /// When the reserve ends should the processor decline.
        expires_at: Timestamp,
    },
    Completed {
        charged: Money,
        at: Timestamp,
        refunded: Refunded,
    },
    Failed {
        code: StatusCode,
        at: Timestamp,
    },
    Cancelled {
        code: StatusCode,
        at: Timestamp,
    },
    /// A marketplace's fee has no life of its own: its record says where its payment is.
    Follows {
        status: TransactionStatus,
        code: StatusCode,
        completed_at: Option<Timestamp>,
    },
}

/// What went back of a payment so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Refunded {
    /// To the sender.
    pub amount: Money,
    /// From the caller, of its marketplace fee.
    pub marketplace_fee: Money,
}

impl Life {
    pub fn completed(charged: Money, at: Timestamp) -> Self {
        Self::Completed { charged, at, refunded: Refunded::default() }
    }

    pub const fn status(&self) -> TransactionStatus {
        match self {
            Self::Pending { .. } | Self::Settling { .. } => TransactionStatus::Pending,
            Self::Reserved { .. } => TransactionStatus::Reserved,
            Self::Completed { .. } => TransactionStatus::Success,
            Self::Failed { .. } => TransactionStatus::Failure,
            Self::Cancelled { .. } => TransactionStatus::Cancelled,
            Self::Follows { status, .. } => *status,
        }
    }

    pub const fn status_code(&self) -> StatusCode {
        match self {
            Self::Pending { .. } | Self::Settling { .. } => StatusCode::PendingNetworkResponse,
            Self::Reserved { .. } | Self::Completed { .. } => StatusCode::Success,
            Self::Failed { code, .. } | Self::Cancelled { code, .. } | Self::Follows { code, .. } => *code,
        }
    }

    /// When the processor answers, by the machine's clock; `None` when it has nothing to answer.
    pub const fn process_at(&self) -> Option<Timestamp> {
        match self {
            Self::Pending { process_at, .. } | Self::Settling { process_at, .. } => Some(*process_at),
            _ => None,
        }
    }

    /// When it ends by itself; `None` when it does not.
    pub const fn expires_at(&self) -> Option<Timestamp> {
        match self {
            Self::Pending { expires_at, .. } => *expires_at,
            Self::Reserved { expires_at, .. } | Self::Settling { expires_at, .. } => Some(*expires_at),
            _ => None,
        }
    }

    /// When it came to its end; `None` before.
    pub const fn completed_at(&self) -> Option<Timestamp> {
        match self {
            Self::Completed { at, .. } | Self::Failed { at, .. } | Self::Cancelled { at, .. } => Some(*at),
            Self::Follows { completed_at, .. } => *completed_at,
            _ => None,
        }
    }

    /// What holds money, or a debt, for it in the books.
    pub const fn hold_id(&self) -> Option<&HoldId> {
        match self {
            Self::Pending { hold_id, .. } | Self::Reserved { hold_id, .. } => hold_id.as_ref(),
            _ => None,
        }
    }

    /// What went back so far; nothing of what is not complete.
    pub fn refunded(&self) -> Refunded {
        match self {
            Self::Completed { refunded, .. } => *refunded,
            _ => Refunded::default(),
        }
    }
}
