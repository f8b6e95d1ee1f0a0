//! Why an authorization cannot come to a token, as the caller is told (fps.md §7.4).

use crate::domain::accounts::{Account, AccountStatus};
use crate::domain::callers::Caller;
use crate::domain::tokens::{Token, TokenRole};
use crate::engine::authorizations::payment_options::PaymentOption;
use crate::engine::authorizations::request::{AuthorizationRequest, TokenToEdit};
use fps_protocol::cbui::{CbuiStatus, PipelineRequest};
use fps_protocol::enums::PaymentMethod;
use jiff::Timestamp;

/// Before anybody has signed in: what the caller may not ask at all, and a token that cannot be edited.
/// `named` are those of the recipient tokens that there are.
pub fn to_request(
    caller: &Caller,
    asked: &PipelineRequest,
    named: &[Token],
    token_to_edit: Option<&TokenToEdit>,
    now: Timestamp,
) -> Option<CbuiStatus> {
    if !caller.marketplace && names_others(caller, asked, named) {
        return Some(CbuiStatus::NotMarketplace);
    }
    match asked {
        PipelineRequest::EditToken(_) => to_editing(caller, token_to_edit, now),
        _ => None,
    }
}

/// Only a marketplace may have others paid.
fn names_others(caller: &Caller, asked: &PipelineRequest, named: &[Token]) -> bool {
    let is_own = |id: &str| {
        let token = named.iter().find(|token| token.id == id);
        token.is_some_and(|token| token.account_id == caller.account_id)
    };
    matches!(asked, PipelineRequest::Recipient(_))
        || asked.recipient_tokens().iter().any(|id| !is_own(id.as_str()))
}

fn to_editing(caller: &Caller, edited: Option<&TokenToEdit>, now: Timestamp) -> Option<CbuiStatus> {
    let Some(edited) = edited.filter(|edited| edited.token.access_key == caller.access_key) else {
        return Some(CbuiStatus::InvalidToken);
    };
    if edited.giver.as_ref().is_none_or(|giver| giver.status == AccountStatus::Closed) {
        return Some(CbuiStatus::AccountDoesNotExist);
    }
    (!is_editable(edited, now)).then_some(CbuiStatus::InvalidToken)
}

/// A sender token that can still pay, and with something that could be exchanged: a prepaid balance or a
/// credit is what its token is for.
fn is_editable(edited: &TokenToEdit, now: Timestamp) -> bool {
    let token = &edited.token;
    let method = edited.instrument.as_ref().map(|instrument| instrument.method);
    token.role == TokenRole::Sender
        && token.is_alive(now.as_microsecond())
        && token.instrument_id.is_some()
        && !matches!(method, Some(PaymentMethod::Prepaid | PaymentMethod::Debt))
}

/// Why this account in particular cannot give what is asked. `options` is what it could pay with.
pub fn to_account(
    request: &AuthorizationRequest,
    account: &Account,
    options: &[PaymentOption],
    now: Timestamp,
) -> Option<CbuiStatus> {
    if account.status != AccountStatus::Active {
        return Some(CbuiStatus::PaymentNotPossible);
    }
    match &request.asked {
        PipelineRequest::Recipient(_) => return None,
        PipelineRequest::EditToken(_) => {
            let edited = request.token_to_edit.as_ref();
            if let Some(status) = to_editing(&request.caller, edited, now) {
                return Some(status);
            }
            if edited.is_none_or(|edited| edited.token.account_id != account.id) {
                return Some(CbuiStatus::TokenOfAnother);
            }
        }
        _ if request.pays_only(account) || !account.email_verified => {
            return Some(CbuiStatus::PaymentNotPossible);
        }
        _ => {}
    }
    if request.refuses_cards() && request.asked.payment_methods() == [PaymentMethod::Cc] {
        return Some(CbuiStatus::PaymentNotPossible);
    }
    // A card or a bank account can be added on the way; a balance cannot.
    let can_add = request.takes_new_card() || request.takes_new_bank_account();
    (!can_add && options.is_empty()).then_some(CbuiStatus::PaymentMethodMismatch)
}
