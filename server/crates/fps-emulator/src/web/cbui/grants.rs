//! What a confirmation makes: the tokens of each pipeline, and what the caller is told of them.

use crate::domain::accounts::Account;
use crate::domain::instruments::Instrument;
use crate::domain::stored_value;
use crate::domain::tokens::{self, EditedToken, NewRecipientToken, NewSenderToken, SenderTerms, Token};
use crate::state::Payments;
use crate::web::cbui::visit::{Edited, Visit};
use fps_protocol::cbui::{
    CbuiReturn, CbuiStatus, PipelineRequest, Recipient, SetupPostpaid, SetupPrepaid, ShippingAddress,
    StoredValueTokens,
};
use fps_protocol::enums::PaymentMethod;
use fps_protocol::ids::{CallerReference, InstrumentId, TokenId};
use jiff::Timestamp;
use platform::web::Refusal;

/// What was chosen on the way.
#[derive(Debug, Clone, Default)]
pub struct Chosen {
    pub instrument: Option<Instrument>,
    /// Where to ship to, if the caller asks.
    pub address: Option<ShippingAddress>,
}

/// What is to be made.
#[derive(Debug, Clone)]
pub enum Grant {
    Sender(SenderGrant),
    Recipient(NewRecipientToken),
    StoredValue(StoredValueGrant),
    /// Another token in place of the one that was edited.
    Edited(EditedGrant),
    /// The same instrument was chosen again.
    Unchanged(String),
}

/// A token and what it pays with.
#[derive(Debug, Clone)]
pub struct SenderGrant {
    pub token: NewSenderToken,
    pub instrument: Instrument,
}

/// A prepaid balance or a credit, the token that pays with it, and the one that fills or settles it.
#[derive(Debug, Clone)]
pub struct StoredValueGrant {
    pub instrument: Instrument,
    pub pays: NewSenderToken,
    pub source: SenderGrant,
}

#[derive(Debug, Clone)]
pub struct EditedGrant {
    pub old: Token,
    pub new: EditedToken,
    pub instrument: Instrument,
}

impl Grant {
    /// The token that the authorization came to; of two the one that pays.
    pub fn token_id(&self) -> &str {
        match self {
            Self::Sender(grant) => &grant.token.id,
            Self::Recipient(new) => &new.id,
            Self::StoredValue(grant) => &grant.pays.id,
            Self::Edited(grant) => &grant.new.id,
            Self::Unchanged(id) => id,
        }
    }

    /// What the caller is told.
    pub fn answer(&self) -> Result<CbuiReturn, Refusal> {
        Ok(match self {
            Self::Sender(grant) => {
                CbuiReturn { token_id: Some(token_id(&grant.token.id)?), ..paid_with(&grant.instrument) }
            }
            Self::Recipient(new) => CbuiReturn {
                token_id: Some(token_id(&new.id)?),
                refund_token_id: Some(token_id(&new.refund_token_id)?),
                ..CbuiReturn::new(CbuiStatus::SuccessRecipient)
            },
            Self::StoredValue(grant) => grant.answer()?,
            Self::Edited(grant) => {
                CbuiReturn { token_id: Some(token_id(&grant.new.id)?), ..paid_with(&grant.instrument) }
            }
            Self::Unchanged(id) => {
                CbuiReturn { token_id: Some(token_id(id)?), ..CbuiReturn::new(CbuiStatus::SuccessUnchanged) }
            }
        })
    }
}

impl StoredValueGrant {
    fn answer(&self) -> Result<CbuiReturn, Refusal> {
        let made = StoredValueTokens {
            instrument_id: InstrumentId::new(self.instrument.id.as_str()).map_err(Refusal::because)?,
            sender_token_id: token_id(&self.pays.id)?,
            source_token_id: token_id(&self.source.token.id)?,
        };
        let is_prepaid = self.instrument.method == PaymentMethod::Prepaid;
        let (prepaid, postpaid) = if is_prepaid { (Some(made), None) } else { (None, Some(made)) };
        Ok(CbuiReturn { prepaid, postpaid, ..paid_with(&self.source.instrument) })
    }
}

/// The success of a method, with a card's last month.
fn paid_with(instrument: &Instrument) -> CbuiReturn {
    CbuiReturn { expiry: instrument.expires.clone(), ..CbuiReturn::new(instrument.method.into()) }
}

fn token_id(text: &str) -> Result<TokenId, Refusal> {
    TokenId::new(text).map_err(Refusal::because)
}

/// Who makes tokens of what was asked.
struct Maker<'a> {
    payments: &'a Payments,
    visit: &'a Visit,
    account: &'a Account,
    at: Timestamp,
}

pub fn prepare(
    payments: &Payments,
    visit: &Visit,
    account: &Account,
    chosen: &Chosen,
) -> Result<Grant, Refusal> {
    let maker = Maker { payments, visit, account, at: payments.clock.now() };
    if let PipelineRequest::Recipient(terms) = &visit.asked {
        return Ok(Grant::Recipient(maker.recipient(terms)));
    }
    let unchosen = || Refusal::bad_request("Choose how you want to pay first.");
    let instrument = chosen.instrument.clone().ok_or_else(unchosen)?;
    Ok(match (&visit.asked, &visit.edited) {
        (PipelineRequest::SetupPrepaid(asked), _) => Grant::StoredValue(maker.prepaid(asked, instrument)),
        (PipelineRequest::SetupPostpaid(asked), _) => Grant::StoredValue(maker.postpaid(asked, instrument)),
        (PipelineRequest::EditToken(edit), Some(edited)) => {
            maker.edited(edited, &edit.caller_reference, instrument)
        }
        (asked, _) => {
            let one_token = asked.caller_reference().zip(terms(asked));
            let (reference, terms) = one_token.ok_or_else(Refusal::internal)?;
            Grant::Sender(maker.sender(reference, terms, instrument))
        }
    })
}

/// What the pipelines that make one sender token allow.
fn terms(asked: &PipelineRequest) -> Option<SenderTerms> {
    let owned = |token: &TokenId| token.as_str().to_owned();
    match asked {
        PipelineRequest::SingleUse(payment) => Some(SenderTerms::SingleUse {
            amount: payment.transaction_amount,
            recipient_token_id: payment.recipient_token.as_ref().map(owned),
        }),
        PipelineRequest::MultiUse(payments) => Some(SenderTerms::MultiUse {
            each_payment: payments.each_payment,
            limits: payments.limits.clone(),
            recipient_token_ids: payments.recipient_tokens.iter().map(owned).collect(),
        }),
        PipelineRequest::Recurring(payment) => Some(SenderTerms::Recurring {
            amount: payment.transaction_amount,
            period: payment.period,
            recipient_token_id: payment.recipient_token.as_ref().map(owned),
        }),
        _ => None,
    }
}

impl Maker<'_> {
    fn sender(&self, reference: &CallerReference, terms: SenderTerms, instrument: Instrument) -> SenderGrant {
        let validity = self.visit.asked.validity();
        let options = self.visit.asked.sender_options();
        let token = NewSenderToken {
            id: tokens::new_id(&self.payments.random),
            access_key: self.visit.caller.access_key.clone(),
            account_id: self.account.id.clone(),
            caller_reference: reference.as_str().to_owned(),
            payment_reason: options.and_then(|options| options.payment_reason.clone()),
            instrument_id: instrument.id.clone(),
            payment_method: instrument.method,
            terms,
            valid_from: validity.start.map(Timestamp::as_microsecond),
            expires_at: validity.expiry.map(Timestamp::as_microsecond),
            created_at: self.at.as_microsecond(),
        };
        SenderGrant { token, instrument }
    }

    fn prepaid(&self, asked: &SetupPrepaid, source: Instrument) -> StoredValueGrant {
        let (random, caller) = (&self.payments.random, &self.visit.caller);
        let balance = stored_value::prepaid(random, &self.account.id, caller, self.at);
        let funding =
            SenderTerms::Funding { amount: asked.funding_amount, stored_value_id: balance.id.clone() };
        let pays = self.sender(&asked.reference_sender, SenderTerms::Prepaid, balance);
        let source = self.sender(&asked.reference_funding, funding, source);
        StoredValueGrant { instrument: pays.instrument, pays: pays.token, source }
    }

    fn postpaid(&self, asked: &SetupPostpaid, source: Instrument) -> StoredValueGrant {
        let (random, caller, limit) = (&self.payments.random, &self.visit.caller, asked.credit_limit);
        let credit = stored_value::credit(random, &self.account.id, caller, limit, self.at);
        // What is settled was bought first: the limit on all purchases holds for the settling, too.
        let limits = asked.limits.iter().take(1).copied().collect();
        let settling = SenderTerms::Settlement { limits, stored_value_id: credit.id.clone() };
        let buying = SenderTerms::Credit { limits: asked.limits.clone() };
        let pays = self.sender(&asked.reference_sender, buying, credit);
        let source = self.sender(&asked.reference_settlement, settling, source);
        StoredValueGrant { instrument: pays.instrument, pays: pays.token, source }
    }

    fn recipient(&self, terms: &Recipient) -> NewRecipientToken {
        NewRecipientToken {
            id: tokens::new_id(&self.payments.random),
            refund_token_id: tokens::new_id(&self.payments.random),
            access_key: self.visit.caller.access_key.clone(),
            account_id: self.account.id.clone(),
            caller_reference: terms.caller_reference.as_str().to_owned(),
            payment_reason: terms.payment_reason.clone(),
            payment_methods: terms.payment_methods.clone(),
            max_fixed_fee: terms.max_fixed_fee,
            max_variable_fee: terms.max_variable_fee,
            recipient_pays_fee: terms.recipient_pays_fee,
            valid_from: terms.validity.start.map(Timestamp::as_microsecond),
            expires_at: terms.validity.expiry.map(Timestamp::as_microsecond),
            created_at: self.at.as_microsecond(),
        }
    }

    fn edited(&self, edited: &Edited, reference: &CallerReference, instrument: Instrument) -> Grant {
        if edited.token.instrument_id.as_ref() == Some(&instrument.id) {
            return Grant::Unchanged(edited.token.id.clone());
        }
        let new = EditedToken {
            id: tokens::new_id(&self.payments.random),
            caller_reference: reference.as_str().to_owned(),
            instrument_id: instrument.id.clone(),
            payment_method: instrument.method,
            created_at: self.at.as_microsecond(),
        };
        Grant::Edited(EditedGrant { old: edited.token.clone(), new, instrument })
    }
}

/// Until when the tokens of what was asked last, if nothing ends them before: a multi-use token for a
/// year, if the caller does not say otherwise (REFERENCE §5).
pub fn valid_until(asked: &PipelineRequest, now: Timestamp) -> Option<Timestamp> {
    let said = asked.validity();
    match asked {
        PipelineRequest::MultiUse(_) => {
            let start = said.start.unwrap_or(now);
            said.expiry.or_else(|| start.saturating_add(tokens::MULTI_USE_VALID_FOR).ok())
        }
        _ => said.expiry,
    }
}
