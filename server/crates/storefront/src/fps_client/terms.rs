//! What the shop asks Amazon for, without what the shop itself knows about it.

use fps_protocol::enums::MarketplaceRefundPolicy;
use fps_protocol::ids::{CallerReference, InstrumentId, TokenId, TransactionId};
use jiff::Timestamp;
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

/// Several payments to sellers, authorized at once: each is at most `largest`, all of them together `total`.
#[derive(Debug, Clone)]
pub struct BasketTerms {
    pub reference: CallerReference,
    pub largest: Money,
    pub total: Money,
    /// Of the sellers, each once: nobody else can be paid with it.
    pub recipient_tokens: Vec<TokenId>,
    /// For the buyer: what all of it is for.
    pub reason: String,
    /// After which nothing more can be begun with it.
    pub expires: Timestamp,
}

/// What a buyer pays ahead: a prepaid balance is made, and a token that fills it once.
#[derive(Debug, Clone)]
pub struct PrepaidTerms {
    pub sender_reference: CallerReference,
    pub funding_reference: CallerReference,
    pub amount: Money,
}

/// A prepaid balance is filled.
#[derive(Debug, Clone)]
pub struct FundingTerms {
    pub funding_token: TokenId,
    pub instrument: InstrumentId,
    pub amount: Money,
    pub reference: CallerReference,
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
