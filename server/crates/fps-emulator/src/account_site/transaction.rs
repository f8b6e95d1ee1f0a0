//! One transaction, read-only, for either of its sides.

use super::{account, to_sign_in};
use crate::accounts::Account;
use crate::sign_in::Visitor;
use crate::site::Site;
use crate::transactions::{self, Case};
use crate::{callers, instruments};
use app::payments::model::{HistoryEntry, TransactionPage};
use app::payments::pages;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Response};
use jiff::Timestamp;
use money::Money;
use platform::Database;
use platform::web::Refusal;

pub async fn show(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let Some(account) = &visitor.account else {
        return Ok(to_sign_in(&format!("/account/transactions/{id}")));
    };
    let db = &site.payments.db;
    let case = transactions::find(db, &id).await?.filter(|case| is_side(case, account));
    let case = case.ok_or_else(Refusal::not_found)?;
    let page = page(db, &case, account).await?;
    Ok(Html(pages::transaction(&visitor.chrome(), &page)).into_response())
}

/// Somebody else's transaction does not exist for this account.
fn is_side(case: &Case, account: &Account) -> bool {
    [&case.transaction.sender_account_id, &case.transaction.recipient_account_id].contains(&&account.id)
}

async fn page(db: &Database, case: &Case, account: &Account) -> Result<TransactionPage, sqlx::Error> {
    let transaction = &case.transaction;
    let sent = transaction.sender_account_id == account.id;
    let caller = callers::find(db, &transaction.access_key).await?;
    let instrument = match &transaction.instrument_id {
        Some(id) if sent => instruments::find(db, id).await?,
        _ => None,
    };
    let history = transactions::history(db, &transaction.id).await?.into_iter().map(|past| HistoryEntry {
        at: Timestamp::from_microsecond(past.at).unwrap_or_default(),
        status: past.status,
        amount: Money::from_micros(past.amount),
    });
    let related = transactions::related(db, &transaction.id).await?;
    let other = if sent { &case.parties.recipient } else { &case.parties.sender };
    Ok(TransactionPage {
        row: account::row(case, account),
        counterparty: other.name.clone(),
        caller: caller.map(|caller| caller.display_name).unwrap_or_default(),
        instrument: instrument.map(|instrument| instrument.label),
        fees: if sent { Vec::new() } else { fees(case) },
        reason: transaction.caller_description.clone(),
        history: history.collect(),
        related: related
            .iter()
            .filter(|case| is_side(case, account))
            .map(|case| account::row(case, account))
            .collect(),
    })
}

/// What was taken from the recipient's share.
fn fees(case: &Case) -> Vec<(String, Money)> {
    let transaction = &case.transaction;
    let paid_by_recipient = transaction.fee_payer == fps_protocol::enums::ChargeFeeTo::Recipient;
    let fps_fee = if paid_by_recipient { transaction.fps_fee } else { Money::ZERO };
    let named = [("Marketplace fee", transaction.marketplace_fee), ("Amazon Payments fee", fps_fee)];
    named.into_iter().filter(|(_, fee)| !fee.is_zero()).map(|(name, fee)| (name.to_owned(), fee)).collect()
}
