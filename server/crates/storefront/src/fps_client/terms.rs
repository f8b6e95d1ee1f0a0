//! What the shop asks Amazon for, without what the shop itself knows about it.

use fps_protocol::enums::MarketplaceRefundPolicy;
use fps_protocol::ids::{CallerReference, TokenId, TransactionId};
use money::{Money, Percent};

/// The longest description that FPS takes.
const LONGEST_DESCRIPTION: usize = 160;

/// A payment to a merchant: authorized in the Co-Branded UI first, then taken with Pay or Reserve.
#[derive(Debug, Clone)]
pub struct PaymentTerms {
    pub reference: CallerReference,
    /// All that is paid.
    pub amount: Money,
    /// What of it is for sending the item; only shown.
    pub shipping: Money,
    pub recipient_token: TokenId,
    pub fees: FeeTerms,
    /// Of what is bought, for the statements.
    pub title: String,
    /// Hold the money instead of charging it at once.
    pub reserve: bool,
}

/// The marketplace's fee: so much for each sale, and so much of its price.
#[derive(Debug, Clone, Copy)]
pub struct FeeTerms {
    pub fixed: Money,
    pub variable: Percent,
}

/// A refund of a payment.
#[derive(Debug, Clone)]
pub struct RefundTerms {
    pub payment: TransactionId,
    /// `None`: all that is left.
    pub amount: Option<Money>,
    pub reference: CallerReference,
    pub refund_token: Option<TokenId>,
    /// Who bears it.
    pub policy: MarketplaceRefundPolicy,
    /// Of what was bought, for the statements.
    pub title: String,
}

/// What the statement says: the title, as far as FPS takes it.
pub(super) fn description(title: &str) -> String {
    title.chars().filter(|letter| !letter.is_control()).take(LONGEST_DESCRIPTION).collect()
}
