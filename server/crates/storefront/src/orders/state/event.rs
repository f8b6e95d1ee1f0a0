//! What can happen to an order.

use super::{PaymentStatus, RefundStatus};
use crate::audit::Who;
use crate::ids::{AuditId, RefundRequestId, TokenId, TransactionId};
use crate::orders::order::Fulfilment;
use crate::orders::refund_requests::RefundRequest;
use crate::orders::refund_terms::RefundPolicy;
use fps_protocol::enums::PaymentMethod;
use money::Money;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    // Facts from the Co-Branded UI's return.
    Authorized {
        token: TokenId,
        /// Only the return names it: `None` where the return was lost and Amazon was asked for the token.
        method: Option<PaymentMethod>,
    },
    Abandoned,
    AuthorizationFailed {
        why: String,
    },
    // Facts from answers and notifications.
    Payment {
        transaction: TransactionId,
        status: PaymentStatus,
        method: Option<PaymentMethod>,
    },
    /// Pay or Reserve was answered with an error that settles the matter.
    PaymentRefused {
        why: String,
    },
    SettleRefused {
        why: String,
    },
    CancelRefused {
        why: String,
    },
    /// Without an amount it is the refund that the shop asked for, in the amount that it asked for.
    Refund {
        refund: TransactionId,
        status: RefundStatus,
        amount: Option<Money>,
    },
    /// A refund of a part of the price succeeded; `by_shop`: the one that the shop asked for.
    RefundedInPart {
        amount: Money,
        by_shop: bool,
    },
    RefundRefused {
        why: String,
    },
    /// The buyer asked for money back, at Amazon Payments or in the shop, and the seller has to answer.
    RefundRequested {
        request: RefundRequest,
    },
    /// The buyer took the authorization back at Amazon Payments.
    TokenCancelled,
    // Commands.
    Restart,
    Fulfil(Fulfilment),
    Cancel {
        by: CancelledBy,
        reason: Option<String>,
    },
    /// The buyer wants the money back, and by the seller's rule nobody has to agree.
    AskRefund {
        request: RefundRequest,
    },
    /// The merchant sends this much back, asked or not.
    GiveRefund {
        amount: Money,
        policy: RefundPolicy,
        reason: Option<String>,
    },
    /// What this request asks for is sent back, or as much of it as was decided.
    GrantRefund {
        request: RefundRequestId,
        amount: Money,
        by: Answerer,
    },
    DeclineRefund {
        request: RefundRequestId,
        by: Answerer,
    },
    /// The buyer asks the marketplace to decide on this request.
    EscalateRefund {
        request: RefundRequestId,
        words: String,
    },
}

/// Who answers a buyer's request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answerer {
    Seller,
    Marketplace(Ruling),
}

/// What the operator decides, with what the log needs of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ruling {
    pub id: AuditId,
    pub operator: Who,
    pub words: String,
}

/// Whose word ends an order that is not charged yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CancelledBy {
    Buyer,
    Seller,
}
