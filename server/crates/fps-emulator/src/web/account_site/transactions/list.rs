//! The account at a glance: what it has, and what happened.

use crate::domain::accounts::{self, Account};
use crate::domain::place::Place;
use crate::domain::transactions::lists::{self, Filter, Piece};
use crate::domain::transactions::{self, Transaction};
use crate::engine::Engine;
use crate::web::account_site::account_holder::AccountHolder;
use crate::web::account_site::paging::{self, Part};
use crate::web::account_site::transactions::fee_breakdown;
use crate::web::account_site::transactions::filter::{self, Asked};
use axum::extract::{RawQuery, State};
use axum::response::{Html, IntoResponse, Response};
use fps_protocol::enums::{FpsOperation, RelationType, TransactionStatus, TransactionalRole};
use fps_protocol::ids::TransactionId;
use http::StatusCode;
use payments_pages::model::{AccountPage, ActivityRow, Outcome, Paging, TransactionRow};
use payments_pages::pages;
use platform::Database;
use platform::web::{Refusal, keep_for_the_moment};
use std::collections::HashMap;

/// Transactions of one page.
const PER_PAGE: usize = 25;

pub async fn show(
    State(engine): State<Engine>,
    holder: AccountHolder,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let asked = filter::read(&query.unwrap_or_default());
    let status = if asked.filter.is_some() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = page(&engine.db, &holder.account, asked).await?;
    Ok(keep_for_the_moment((status, Html(pages::account(&holder.chrome, &page))).into_response()))
}

async fn page(db: &Database, account: &Account, asked: Asked) -> Result<AccountPage, sqlx::Error> {
    let balance = accounts::balance(db, &account.id).await?;
    let mut page = AccountPage {
        balance: balance.total,
        held: balance.held,
        filter: asked.form,
        query: asked.query,
        activity: Vec::new(),
        total: None,
        paging: Paging::default(),
    };
    let Some(filter) = asked.filter else { return Ok(page) };
    let filter = &filter;
    let (found, paging) = paging::page(asked.part, PER_PAGE, place, |part, limit| {
        Box::pin(read(db, account, filter, part, limit))
    })
    .await?;
    page.activity = activity(db, account, filter, &found).await?;
    page.total = u32::try_from(page.activity.len()).ok().filter(|_| paging == Paging::default());
    page.paging = paging;
    Ok(page)
}

/// A fee that the account paid stands in the row of its payment, where the list has the payments it received.
async fn activity(
    db: &Database,
    account: &Account,
    filter: &Filter,
    found: &[Transaction],
) -> Result<Vec<ActivityRow>, sqlx::Error> {
    let folds = filter.category.is_none() && filter.roles.contains(&TransactionalRole::Recipient);
    let is_part = |transaction: &Transaction| {
        folds
            && transaction.relation() == Some(RelationType::MarketplaceFee)
            && transaction.role_of(&account.id) == Some(TransactionalRole::Sender)
    };
    let rows: Vec<_> = found.iter().filter(|transaction| !is_part(transaction)).collect();
    let refunded: Vec<_> =
        rows.iter().filter(|row| row.is_refund()).filter_map(|row| row.parent_id()).collect();
    let payments = transactions::find_all(db, &refunded).await?;
    let payments: HashMap<_, _> = payments.iter().map(|payment| (&payment.id, payment)).collect();
    Ok(rows.into_iter().map(|transaction| entry(transaction, account, &payments)).collect())
}

fn entry(
    transaction: &Transaction,
    account: &Account,
    payments: &HashMap<&TransactionId, &Transaction>,
) -> ActivityRow {
    let row = row(transaction, account);
    let payment = transaction.parent_id().and_then(|id| payments.get(id)).copied();
    ActivityRow {
        bought: payment.unwrap_or(transaction).caller_description.clone(),
        fees: fee_breakdown::fee_breakdown(transaction, account).filter(|_| row.outcome != Outcome::Undone),
        payment: payment.map(|payment| (payment.id.to_string(), payment.received_at)),
        row,
    }
}

pub fn outcome(transaction: &Transaction) -> Outcome {
    match transaction.status() {
        TransactionStatus::Success => Outcome::Moved,
        TransactionStatus::Pending | TransactionStatus::Reserved => Outcome::Open,
        TransactionStatus::Failure | TransactionStatus::Cancelled => Outcome::Undone,
    }
}

async fn read(
    db: &Database,
    account: &Account,
    filter: &Filter,
    part: Part<Place>,
    limit: i64,
) -> Result<Vec<Transaction>, sqlx::Error> {
    let piece = match part {
        Part::Newest => Piece::Newest,
        Part::OlderThan(place) => Piece::OlderThan(place),
        Part::NewerThan(place) => Piece::NewerThan(place),
    };
    let mut found = lists::of_account(db, &account.id, filter, &piece, limit).await?;
    if matches!(piece, Piece::NewerThan(_)) {
        found.reverse();
    }
    Ok(found)
}

fn place(transaction: &Transaction) -> Place {
    Place { at: transaction.received_at, id: transaction.id.to_string() }
}

/// A transaction as this account sees it.
pub fn row(transaction: &Transaction, account: &Account) -> TransactionRow {
    let role = transaction.role_of(&account.id);
    TransactionRow {
        id: transaction.id.to_string(),
        at: transaction.received_at,
        description: description(transaction, role),
        status: transaction.status().as_str().to_owned(),
        amount: fee_breakdown::amount(transaction, account),
        outcome: outcome(transaction),
        between_others: !matches!(role, Some(TransactionalRole::Sender | TransactionalRole::Recipient)),
    }
}

fn description(transaction: &Transaction, role: Option<TransactionalRole>) -> String {
    let (operation, relation) = (transaction.operation(), transaction.relation());
    let what = match (operation, relation) {
        _ if fee_breakdown::gives_back_fee_only(transaction) => "Marketplace fee given back",
        (FpsOperation::Refund, _) => "Refund",
        (FpsOperation::FundPrepaid, _) => "Prepaid balance",
        (FpsOperation::SettleDebt, _) => "Settled debt",
        (FpsOperation::WriteOffDebt, _) => "Written-off debt",
        (_, Some(RelationType::MarketplaceFee)) => "Marketplace fee",
        _ => "Payment",
    };
    let (sender, recipient) = (&transaction.parties.sender.name, &transaction.parties.recipient.name);
    match role {
        // The seller gets it, and the buyer has no part in it.
        _ if fee_breakdown::gives_back_fee_only(transaction) => what.to_owned(),
        Some(TransactionalRole::Sender) => format!("{what} to {recipient}"),
        Some(TransactionalRole::Recipient) => format!("{what} from {sender}"),
        Some(TransactionalRole::Caller) | None => format!("{what} from {sender} to {recipient}"),
    }
}
