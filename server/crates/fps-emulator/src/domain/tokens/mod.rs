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
    alive_of, cancel, count_past, find, find_all, is_reference_used, limits_of, past_of, recipients,
};
pub use usage::{GivenBack, LimitUse, Spend, give_back, spend};

use fps_protocol::cbui::{AmountType, Period};
use fps_protocol::enums::{PaymentMethod, TokenType};
use money::{Money, Percent};
use platform::Random;

/// Characters of a token id (REFERENCE §10).
const ID_LENGTH: usize = 64;

/// A new token's id.
pub fn new_id(random: &Random) -> String {
    random.upper_alphanumeric(ID_LENGTH)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenRole {
    Sender,
    Recipient,
    Refund,
    Caller,
}

impl TokenRole {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sender => "Sender",
            Self::Recipient => "Recipient",
            Self::Refund => "Refund",
            Self::Caller => "Caller",
        }
    }

    fn from_column(text: &str) -> Self {
        match text {
            "Sender" => Self::Sender,
            "Recipient" => Self::Recipient,
            "Refund" => Self::Refund,
            _ => Self::Caller,
        }
    }
}

#[derive(Debug, Clone)]
#[expect(clippy::struct_field_names, reason = "FPS's TokenType")]
pub struct Token {
    pub id: String,
    pub access_key: String,
    /// Who gave it.
    pub account_id: String,
    pub role: TokenRole,
    pub token_type: TokenType,
    /// `false` once cancelled, or replaced by an edited one.
    pub active: bool,
    pub caller_reference: String,
    pub friendly_name: String,
    pub payment_reason: Option<String>,
    /// Sender: what pays.
    pub instrument_id: Option<String>,
    /// Methods that the giver allows, in words of the wire.
    pub payment_methods: Vec<PaymentMethod>,
    /// Sender: what was authorized for each payment.
    pub amount: Option<Money>,
    /// How each payment must compare with the amount; `None`: at the most it.
    pub amount_type: Option<AmountType>,
    /// Recurring: one payment in each.
    pub recurring_period: Option<Period>,
    /// Sender: the only one who may be paid, of a token for one recipient.
    pub recipient_token_id: Option<String>,
    /// Multi-use: the only ones who may be paid; empty when anybody may.
    pub recipient_token_ids: Vec<String>,
    /// The prepaid balance that it funds, or the debt that it settles, and nothing else.
    pub stored_value_id: Option<String>,
    /// Recipient: the marketplace fees that it agreed to, if any.
    pub max_fixed_fee: Option<Money>,
    pub max_variable_fee: Option<Percent>,
    pub recipient_pays_fee: Option<bool>,
    pub refund_token_id: Option<String>,
    /// The token that this one replaced when it was edited.
    pub old_token_id: Option<String>,
    /// Of a token that its own account installed through the API: the text.
    pub instruction: Option<String>,
    /// Single use: when it was used.
    pub used_at: Option<i64>,
    pub valid_from: i64,
    pub expires_at: Option<i64>,
    pub created_at: i64,
}

impl Token {
    /// The only ones who may be paid; none when anybody may.
    pub fn recipients(&self) -> impl Iterator<Item = &str> {
        self.recipient_token_id.iter().chain(&self.recipient_token_ids).map(String::as_str)
    }

    /// Whether it can be used, or will be: neither cancelled nor used up nor over.
    pub fn is_alive(&self, now: i64) -> bool {
        self.active && self.used_at.is_none() && self.expires_at.is_none_or(|at| at > now)
    }
}
