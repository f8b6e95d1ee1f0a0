//! Tokens: what a person has allowed a caller to do. Sender tokens pay, recipient tokens are paid to,
//! refund tokens are the recipient's leave to give money back, and caller tokens say no more than that
//! an account calls the API for itself.

mod edit;
pub mod install;
pub mod instruction;
mod limits;
pub mod store;
mod usage;

pub use edit::{EditedToken, edit};
pub use install::{
    MULTI_USE_VALID_FOR, NewRecipientToken, NewSenderToken, SenderTerms, install_recipient, install_sender,
};
pub use limits::{LimitKind, TokenLimit};
pub use store::{
    alive_of, cancel, find, find_all, is_reference_used, limits_of, past_newer_than, past_older_than,
};
pub use usage::{LimitUse, ReleasedUsage, Spend, release_usage, spend};

use crate::domain::accounts::AccountId;
use fps_protocol::cbui::{AmountType, Period, ShippingAddress};
use fps_protocol::enums::{PaymentMethod, TokenType};
use fps_protocol::ids::{AccessKey, CallerReference, InstrumentId, TokenId};
use jiff::Timestamp;
use money::{Money, Percent};
use platform::Random;
use text_types::words;

/// Characters of a token id (fps.md §10).
const ID_LENGTH: usize = 64;

/// A new token's id.
pub fn new_id(random: &Random) -> TokenId {
    TokenId::new(random.upper_alphanumeric(ID_LENGTH)).expect("letters and digits")
}

words! {
    pub enum TokenRole {
        Sender = "Sender",
        Recipient = "Recipient",
        Refund = "Refund",
        Caller = "Caller",
    }
}

#[derive(Debug, Clone)]
#[expect(clippy::struct_field_names, reason = "FPS's TokenType")]
pub struct Token {
    pub id: TokenId,
    pub access_key: AccessKey,
    /// Who gave it.
    pub account_id: AccountId,
    pub role: TokenRole,
    pub token_type: TokenType,
    /// `false` once cancelled, or replaced by an edited one.
    pub active: bool,
    pub caller_reference: CallerReference,
    pub friendly_name: String,
    pub payment_reason: Option<String>,
    /// Sender: what pays.
    pub instrument_id: Option<InstrumentId>,
    /// Methods that the giver allows, in words of the wire.
    pub payment_methods: Vec<PaymentMethod>,
    /// Sender: what was authorized for each payment.
    pub amount: Option<Money>,
    /// How each payment must compare with the amount; `None`: at the most it.
    pub amount_type: Option<AmountType>,
    /// Recurring: one payment in each.
    pub recurring_period: Option<Period>,
    /// Sender: the only one who may be paid, of a token for one recipient.
    pub recipient_token_id: Option<TokenId>,
    /// Multi-use: the only ones who may be paid; empty when anybody may.
    pub recipient_token_ids: Vec<TokenId>,
    /// The prepaid balance that it funds, or the debt that it settles, and nothing else.
    pub stored_value_id: Option<InstrumentId>,
    /// Recipient: the marketplace fees that it agreed to, if any.
    pub max_fixed_fee: Option<Money>,
    pub max_variable_fee: Option<Percent>,
    pub recipient_pays_fee: Option<bool>,
    pub refund_token_id: Option<TokenId>,
    /// The token that this one replaced when it was edited.
    pub old_token_id: Option<TokenId>,
    /// Sender: the address that was asked for, for all that is paid with it.
    pub ship_to: Option<Box<ShippingAddress>>,
    /// Of a token that its own account installed through the API: the text.
    pub instruction: Option<String>,
    /// Single use: when it was used.
    pub used_at: Option<Timestamp>,
    pub valid_from: Timestamp,
    pub expires_at: Option<Timestamp>,
    pub created_at: Timestamp,
}

impl Token {
    /// The only ones who may be paid; none when anybody may.
    pub fn recipients(&self) -> impl Iterator<Item = &TokenId> {
        self.recipient_token_id.iter().chain(&self.recipient_token_ids)
    }

    /// Whether it can be used, or will be: neither cancelled nor used up nor over.
    pub fn is_alive(&self, now: Timestamp) -> bool {
        self.active && self.used_at.is_none() && self.expires_at.is_none_or(|at| at > now)
    }
}
