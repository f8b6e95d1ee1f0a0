//! Making the tokens of each pipeline of what was asked and selected.

use crate::domain::accounts::Account;
use crate::domain::instruments::Instrument;
use crate::domain::stored_value;
use crate::domain::tokens::{self, EditedToken, NewRecipientToken, NewSenderToken, SenderTerms};
use crate::engine::authorizations::issued_tokens::{IssuedTokens, Replacement, SenderToken, StoredValuePair};
use crate::engine::authorizations::{
    AuthorizationError, AuthorizationRequest, Authorizations, Selection, TokenToEdit,
};
use fps_protocol::cbui::{PipelineRequest, Recipient, SetupPostpaid, SetupPrepaid, ShippingAddress};
use fps_protocol::ids::CallerReference;
use jiff::Timestamp;
use platform::Random;

/// Makes tokens of what was asked.
struct Issuer<'a> {
    random: &'a Random,
    request: &'a AuthorizationRequest,
    account: &'a Account,
    /// The address that was asked for.
    ship_to: Option<Box<ShippingAddress>>,
    at: Timestamp,
}

impl Authorizations {
    /// What confirming the selection would issue; nothing is written. Somebody who pays must have selected an
    /// instrument.
    pub(super) fn issue(
        &self,
        request: &AuthorizationRequest,
        account: &Account,
        selection: &Selection,
    ) -> Result<IssuedTokens, AuthorizationError> {
        let ship_to = selection.address.clone().filter(|_| request.chooses_address()).map(Box::new);
        let (random, at) = (&self.engine.random, self.engine.clock.now());
        let issuer = Issuer { random, request, account, ship_to, at };
        issuer.issue(selection)
    }
}

/// What the pipelines that make one sender token allow.
fn terms(asked: &PipelineRequest) -> Option<SenderTerms> {
    match asked {
        PipelineRequest::SingleUse(payment) => Some(SenderTerms::SingleUse {
            amount: payment.transaction_amount,
            recipient_token_id: payment.recipient_token.clone(),
        }),
        PipelineRequest::MultiUse(payments) => Some(SenderTerms::MultiUse {
            each_payment: payments.each_payment,
            limits: payments.limits.clone(),
            recipient_token_ids: payments.recipient_tokens.clone(),
        }),
        PipelineRequest::Recurring(payment) => Some(SenderTerms::Recurring {
            amount: payment.transaction_amount,
            period: payment.period,
            recipient_token_id: payment.recipient_token.clone(),
        }),
        _ => None,
    }
}

impl Issuer<'_> {
    fn issue(&self, selection: &Selection) -> Result<IssuedTokens, AuthorizationError> {
        if let PipelineRequest::Recipient(terms) = &self.request.asked {
            return Ok(IssuedTokens::Recipient(self.recipient(terms)));
        }
        let instrument = selection.instrument.clone().ok_or(AuthorizationError::NothingSelected)?;
        Ok(match (&self.request.asked, &self.request.token_to_edit) {
            (PipelineRequest::SetupPrepaid(asked), _) => {
                IssuedTokens::StoredValue(self.prepaid(asked, instrument))
            }
            (PipelineRequest::SetupPostpaid(asked), _) => {
                IssuedTokens::StoredValue(self.postpaid(asked, instrument))
            }
            (PipelineRequest::EditToken(edit), Some(edited)) => {
                self.edited(edited, &edit.caller_reference, instrument)
            }
            (asked, _) => {
                let one_token = asked.caller_reference().zip(terms(asked));
                let (reference, terms) =
                    one_token.ok_or_else(|| AuthorizationError::Unreadable(self.request.id().clone()))?;
                IssuedTokens::Sender(self.sender(reference, terms, instrument))
            }
        })
    }

    fn sender(&self, reference: &CallerReference, terms: SenderTerms, instrument: Instrument) -> SenderToken {
        let validity = self.request.asked.validity();
        let options = self.request.asked.sender_options();
        let token = NewSenderToken {
            id: tokens::new_id(self.random),
            access_key: self.request.caller.access_key.clone(),
            account_id: self.account.id.clone(),
            caller_reference: reference.clone(),
            payment_reason: options.and_then(|options| options.payment_reason.clone()),
            instrument_id: instrument.id.clone(),
            payment_method: instrument.method,
            terms,
            valid_from: validity.start,
            expires_at: validity.expiry,
            ship_to: self.ship_to.clone(),
            created_at: self.at,
        };
        SenderToken { token, instrument }
    }

    fn prepaid(&self, asked: &SetupPrepaid, source: Instrument) -> StoredValuePair {
        let (random, caller) = (self.random, &self.request.caller);
        let balance = stored_value::prepaid(random, &self.account.id, caller, self.at);
        let funding =
            SenderTerms::Funding { amount: asked.funding_amount, stored_value_id: balance.id.clone() };
        let pays = self.sender(&asked.reference_sender, SenderTerms::Prepaid, balance);
        let source = self.sender(&asked.reference_funding, funding, source);
        StoredValuePair { instrument: pays.instrument, pays: pays.token, source }
    }

    fn postpaid(&self, asked: &SetupPostpaid, source: Instrument) -> StoredValuePair {
        let (random, caller, limit) = (self.random, &self.request.caller, asked.credit_limit);
        let credit = stored_value::credit(random, &self.account.id, caller, limit, self.at);
        // What is settled was bought first: the limit on all purchases holds for the settling, too.
        let limits = asked.limits.iter().take(1).copied().collect();
        let settling = SenderTerms::Settlement { limits, stored_value_id: credit.id.clone() };
        let buying = SenderTerms::Credit { limits: asked.limits.clone() };
        let pays = self.sender(&asked.reference_sender, buying, credit);
        let source = self.sender(&asked.reference_settlement, settling, source);
        StoredValuePair { instrument: pays.instrument, pays: pays.token, source }
    }

    fn recipient(&self, terms: &Recipient) -> NewRecipientToken {
        NewRecipientToken {
            id: tokens::new_id(self.random),
            refund_token_id: tokens::new_id(self.random),
            access_key: self.request.caller.access_key.clone(),
            account_id: self.account.id.clone(),
            caller_reference: terms.caller_reference.clone(),
            payment_reason: terms.payment_reason.clone(),
            payment_methods: terms.payment_methods.clone(),
            max_fixed_fee: terms.max_fixed_fee,
            max_variable_fee: terms.max_variable_fee,
            recipient_pays_fee: terms.recipient_pays_fee,
            valid_from: terms.validity.start,
            expires_at: terms.validity.expiry,
            created_at: self.at,
        }
    }

    fn edited(
        &self,
        edited: &TokenToEdit,
        reference: &CallerReference,
        instrument: Instrument,
    ) -> IssuedTokens {
        if edited.token.instrument_id.as_ref() == Some(&instrument.id) {
            return IssuedTokens::Unchanged(edited.token.id.clone());
        }
        let new = EditedToken {
            id: tokens::new_id(self.random),
            caller_reference: reference.clone(),
            instrument_id: instrument.id.clone(),
            payment_method: instrument.method,
            created_at: self.at,
        };
        IssuedTokens::Replaced(Replacement { old: edited.token.clone(), new, instrument })
    }
}
