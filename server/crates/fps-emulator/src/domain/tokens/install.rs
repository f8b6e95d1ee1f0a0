//! Making tokens of what a person has confirmed.

use crate::domain::accounts::AccountId;
use crate::domain::tokens::limits::{self, TokenLimit};
use crate::domain::tokens::store::{insert, insert_limit};
use crate::domain::tokens::{Token, TokenRole};
use fps_protocol::cbui::{AmountType, Period, ShippingAddress, UsageLimit};
use fps_protocol::enums::{PaymentMethod, TokenType};
use fps_protocol::ids::{AccessKey, CallerReference, InstrumentId, TokenId};
use jiff::{SignedDuration, Timestamp};
use money::{Money, Percent};
use sqlx::AnyConnection;

/// How long a single-use token can be used after its authorization (fps.md §5).
const SINGLE_USE_VALID_FOR: SignedDuration = SignedDuration::from_hours(3);
/// How long a multi-use token can be used when nothing is said (fps.md §5).
pub const MULTI_USE_VALID_FOR: SignedDuration = SignedDuration::from_hours(365 * 24);

/// What a sender token may be used for.
#[derive(Debug, Clone)]
pub enum SenderTerms {
    /// One payment of at most the amount.
    SingleUse { amount: Money, recipient_token_id: Option<TokenId> },
    /// Payments within limits, each as the rule says.
    MultiUse {
        each_payment: Option<(AmountType, Money)>,
        limits: Vec<UsageLimit>,
        recipient_token_ids: Vec<TokenId>,
    },
    /// One payment of at most the amount in each period.
    Recurring { amount: Money, period: Period, recipient_token_id: Option<TokenId> },
    /// Pays from a prepaid balance, which limits it.
    Prepaid,
    /// Fills a prepaid balance, at once or in parts, up to the amount.
    Funding { amount: Money, stored_value_id: InstrumentId },
    /// Pays on credit with the caller. The credit limit holds beside these limits.
    Credit { limits: Vec<UsageLimit> },
    /// Settles a debt.
    Settlement { limits: Vec<UsageLimit>, stored_value_id: InstrumentId },
}

/// A sender token to be made.
#[derive(Debug, Clone)]
pub struct NewSenderToken {
    pub id: TokenId,
    pub access_key: AccessKey,
    pub account_id: AccountId,
    pub caller_reference: CallerReference,
    pub payment_reason: Option<String>,
    pub instrument_id: InstrumentId,
    pub payment_method: PaymentMethod,
    pub terms: SenderTerms,
    /// Valid from its making if nothing else is said.
    pub valid_from: Option<Timestamp>,
    /// Without it a single-use token is good for three hours, a multi-use one for a year.
    pub expires_at: Option<Timestamp>,
    /// Where what is paid with it is shipped to, if an address was asked for.
    pub ship_to: Option<Box<ShippingAddress>>,
    pub created_at: Timestamp,
}

/// What Recipient makes: a recipient token and its refund token.
#[derive(Debug, Clone)]
pub struct NewRecipientToken {
    pub id: TokenId,
    pub refund_token_id: TokenId,
    pub access_key: AccessKey,
    pub account_id: AccountId,
    pub caller_reference: CallerReference,
    pub payment_reason: Option<String>,
    pub payment_methods: Vec<PaymentMethod>,
    pub max_fixed_fee: Option<Money>,
    pub max_variable_fee: Option<Percent>,
    pub recipient_pays_fee: bool,
    /// Valid from its making if nothing else is said.
    pub valid_from: Option<Timestamp>,
    pub expires_at: Option<Timestamp>,
    pub created_at: Timestamp,
}

impl SenderTerms {
    pub const fn token_type(&self) -> TokenType {
        match self {
            Self::SingleUse { .. } => TokenType::SingleUse,
            Self::Recurring { .. } => TokenType::Recurring,
            _ => TokenType::MultiUse,
        }
    }

    /// How long a token lasts when nothing is said.
    const fn valid_for(&self) -> Option<SignedDuration> {
        match self {
            Self::SingleUse { .. } => Some(SINGLE_USE_VALID_FOR),
            Self::MultiUse { .. } => Some(MULTI_USE_VALID_FOR),
            _ => None,
        }
    }

    /// What each payment is measured against.
    const fn amount(&self) -> Option<Money> {
        match self {
            Self::SingleUse { amount, .. }
            | Self::Recurring { amount, .. }
            | Self::Funding { amount, .. }
            | Self::MultiUse { each_payment: Some((_, amount)), .. } => Some(*amount),
            _ => None,
        }
    }

    fn limits(&self) -> Vec<UsageLimit> {
        match self {
            Self::MultiUse { limits, .. } | Self::Credit { limits } | Self::Settlement { limits, .. } => {
                limits.clone()
            }
            Self::Recurring { period, .. } => vec![UsageLimit::Count { most: 1, period: Some(*period) }],
            Self::Funding { amount, .. } => vec![UsageLimit::Amount { most: *amount, period: None }],
            Self::SingleUse { .. } | Self::Prepaid => Vec::new(),
        }
    }

    /// Fills in what the terms say.
    fn apply_to(&self, token: &mut Token) {
        token.token_type = self.token_type();
        token.amount = self.amount();
        match self {
            Self::SingleUse { recipient_token_id, .. } => {
                token.recipient_token_id.clone_from(recipient_token_id);
            }
            Self::Recurring { recipient_token_id, period, .. } => {
                token.recipient_token_id.clone_from(recipient_token_id);
                token.recurring_period = Some(*period);
            }
            Self::MultiUse { each_payment, recipient_token_ids, .. } => {
                token.amount_type = each_payment.map(|(kind, _)| kind);
                token.recipient_token_ids.clone_from(recipient_token_ids);
            }
            Self::Funding { stored_value_id, .. } | Self::Settlement { stored_value_id, .. } => {
                token.stored_value_id = Some(stored_value_id.clone());
            }
            Self::Prepaid | Self::Credit { .. } => {}
        }
    }
}

pub async fn install_sender(c: &mut AnyConnection, new: &NewSenderToken) -> Result<(), sqlx::Error> {
    let valid_from = new.valid_from.unwrap_or(new.created_at);
    let by_default = new.terms.valid_for().map(|time| later(valid_from, time));
    let mut token = Token {
        role: TokenRole::Sender,
        payment_reason: new.payment_reason.clone(),
        instrument_id: Some(new.instrument_id.clone()),
        payment_methods: vec![new.payment_method],
        valid_from,
        expires_at: new.expires_at.or(by_default),
        ship_to: new.ship_to.clone(),
        ..blank(&new.id, &new.access_key, &new.account_id, &new.caller_reference, new.created_at)
    };
    new.terms.apply_to(&mut token);
    insert(&mut *c, &token).await?;
    for (position, limit) in new.terms.limits().into_iter().enumerate() {
        insert_limit(&mut *c, &token.id, &TokenLimit::new(limits::position(position), limit, valid_from))
            .await?;
    }
    Ok(())
}

pub async fn install_recipient(c: &mut AnyConnection, new: &NewRecipientToken) -> Result<(), sqlx::Error> {
    let recipient = Token {
        role: TokenRole::Recipient,
        payment_reason: new.payment_reason.clone(),
        payment_methods: new.payment_methods.clone(),
        max_fixed_fee: new.max_fixed_fee,
        max_variable_fee: new.max_variable_fee,
        recipient_pays_fee: Some(new.recipient_pays_fee),
        refund_token_id: Some(new.refund_token_id.clone()),
        valid_from: new.valid_from.unwrap_or(new.created_at),
        expires_at: new.expires_at,
        ..blank(&new.id, &new.access_key, &new.account_id, &new.caller_reference, new.created_at)
    };
    let refund = Token {
        id: new.refund_token_id.clone(),
        role: TokenRole::Refund,
        refund_token_id: None,
        ..recipient.clone()
    };
    insert(&mut *c, &recipient).await?;
    insert(c, &refund).await
}

/// An unrestricted token that says nothing yet.
pub fn blank(
    id: &TokenId,
    access_key: &AccessKey,
    account_id: &AccountId,
    caller_reference: &CallerReference,
    created_at: Timestamp,
) -> Token {
    Token {
        id: id.clone(),
        access_key: access_key.clone(),
        account_id: account_id.clone(),
        role: TokenRole::Caller,
        token_type: TokenType::Unrestricted,
        active: true,
        caller_reference: caller_reference.clone(),
        friendly_name: friendly_name(created_at),
        payment_reason: None,
        instrument_id: None,
        payment_methods: Vec::new(),
        amount: None,
        amount_type: None,
        recurring_period: None,
        recipient_token_id: None,
        recipient_token_ids: Vec::new(),
        stored_value_id: None,
        max_fixed_fee: None,
        max_variable_fee: None,
        recipient_pays_fee: None,
        refund_token_id: None,
        old_token_id: None,
        ship_to: None,
        instruction: None,
        used_at: None,
        valid_from: created_at,
        expires_at: None,
        created_at,
    }
}

/// `Friendly` and ten digits, as seen live (fps.md §3.2).
pub fn friendly_name(created_at: Timestamp) -> String {
    format!("Friendly{:010}", created_at.as_microsecond().rem_euclid(10_000_000_000))
}

fn later(from: Timestamp, by: SignedDuration) -> Timestamp {
    from.saturating_add(by).unwrap_or(Timestamp::MAX)
}
