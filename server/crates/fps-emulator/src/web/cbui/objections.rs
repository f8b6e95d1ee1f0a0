//! Why an authorization cannot come to a token, as the caller is told (REFERENCE §7.4).

use crate::domain::accounts::{self, Account, AccountStatus};
use crate::domain::callers::Caller;
use crate::domain::instruments;
use crate::domain::tokens::{self, Token, TokenRole};
use crate::state::Payments;
use crate::web::cbui::offers;
use crate::web::cbui::visit::{Edited, Visit};
use fps_protocol::cbui::{CbuiStatus, EditToken, PipelineRequest};
use fps_protocol::enums::PaymentMethod;

/// Before anybody has signed in: what the caller may not ask at all, and a token that cannot be edited.
pub async fn to_request(
    payments: &Payments,
    caller: &Caller,
    asked: &PipelineRequest,
) -> Result<Option<CbuiStatus>, sqlx::Error> {
    if !caller.marketplace && names_others(payments, caller, asked).await? {
        return Ok(Some(CbuiStatus::NotMarketplace));
    }
    match asked {
        PipelineRequest::EditToken(edit) => to_editing(payments, caller, edit).await,
        _ => Ok(None),
    }
}

/// Only a marketplace may have others paid.
async fn names_others(
    payments: &Payments,
    caller: &Caller,
    asked: &PipelineRequest,
) -> Result<bool, sqlx::Error> {
    if matches!(asked, PipelineRequest::Recipient(_)) {
        return Ok(true);
    }
    for token in asked.recipient_tokens() {
        let token = tokens::find(&payments.db, token.as_str()).await?;
        if token.is_none_or(|token| token.account_id != caller.account_id) {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn to_editing(
    payments: &Payments,
    caller: &Caller,
    edit: &EditToken,
) -> Result<Option<CbuiStatus>, sqlx::Error> {
    let token = tokens::find(&payments.db, edit.token_id.as_str()).await?;
    let Some(token) = token.filter(|token| token.access_key == caller.access_key) else {
        return Ok(Some(CbuiStatus::InvalidToken));
    };
    let giver = accounts::find(&payments.db, &token.account_id).await?;
    if giver.is_none_or(|giver| giver.status == AccountStatus::Closed) {
        return Ok(Some(CbuiStatus::AccountDoesNotExist));
    }
    let editable = is_editable(payments, &token).await?;
    Ok((!editable).then_some(CbuiStatus::InvalidToken))
}

/// A sender token that can still pay, and with something that could be exchanged: a prepaid balance or a
/// credit is what its token is for.
async fn is_editable(payments: &Payments, token: &Token) -> Result<bool, sqlx::Error> {
    let expired = token.expires_at.is_some_and(|end| end <= payments.clock.now_micros());
    let Some(id) = &token.instrument_id else { return Ok(false) };
    if token.role != TokenRole::Sender || !token.active || token.used_at.is_some() || expired {
        return Ok(false);
    }
    let instrument = instruments::find(&payments.db, id).await?;
    let method = instrument.map(|instrument| instrument.method);
    Ok(!matches!(method, Some(PaymentMethod::Prepaid | PaymentMethod::Debt)))
}

/// Whether a token has one of the references already.
pub async fn to_references(payments: &Payments, visit: &Visit) -> Result<Option<CbuiStatus>, sqlx::Error> {
    for reference in visit.asked.references() {
        let access_key = &visit.caller.access_key;
        if tokens::find_by_reference(&payments.db, access_key, reference.as_str()).await?.is_some() {
            return Ok(Some(CbuiStatus::PaymentNotPossible));
        }
    }
    Ok(None)
}

/// Why this account in particular cannot give what is asked.
pub async fn to_account(
    payments: &Payments,
    visit: &Visit,
    account: &Account,
) -> Result<Option<CbuiStatus>, sqlx::Error> {
    if account.status != AccountStatus::Active {
        return Ok(Some(CbuiStatus::PaymentNotPossible));
    }
    match &visit.asked {
        PipelineRequest::Recipient(_) => return Ok(None),
        PipelineRequest::EditToken(edit) => {
            if let Some(status) = to_editing(payments, &visit.caller, edit).await? {
                return Ok(Some(status));
            }
            if !visit.edited.as_ref().is_some_and(|edited| gave(account, edited)) {
                return Ok(Some(CbuiStatus::TokenOfAnother));
            }
        }
        _ if visit.pays_only(account) || !account.email_verified => {
            return Ok(Some(CbuiStatus::PaymentNotPossible));
        }
        _ => {}
    }
    let methods = visit.asked.payment_methods();
    if visit.refuses_cards() && methods == [PaymentMethod::Cc] {
        return Ok(Some(CbuiStatus::PaymentNotPossible));
    }
    // A card or a bank account can be added on the way; a balance cannot.
    let addable = offers::addable(visit);
    let lacks_method = !addable.card
        && !addable.bank_account
        && offers::for_visit(payments, visit, account).await?.is_empty();
    Ok(lacks_method.then_some(CbuiStatus::PaymentMethodMismatch))
}

fn gave(account: &Account, edited: &Edited) -> bool {
    edited.token.account_id == account.id
}
