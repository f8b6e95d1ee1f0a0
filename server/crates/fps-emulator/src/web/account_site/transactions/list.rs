//! The account at a glance: what it has, and what happened.

use crate::domain::accounts::{self, Account};
use crate::domain::place::Place;
use crate::domain::transactions::Transaction;
use crate::domain::transactions::lists::{self, Filter, Piece};
use crate::engine::Engine;
use crate::web::account_site::account_holder::AccountHolder;
use crate::web::account_site::paging::{self, Part};
use crate::web::account_site::transactions::fee_breakdown;
use crate::web::account_site::transactions::filter::{self, Asked};
use axum::extract::{RawQuery, State};
use axum::response::{Html, IntoResponse, Response};
use fps_protocol::enums::{FpsOperation, RelationType, TransactionalRole};
use http::StatusCode;
use payments_pages::model::{AccountPage, Paging, TransactionRow};
use payments_pages::pages;
use platform::Database;
use platform::web::{Refusal, keep_for_the_moment};

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
        transactions: Vec::new(),
        total: None,
        paging: Paging::default(),
    };
    let Some(filter) = asked.filter else { return Ok(page) };
    let filter = &filter;
    let (found, paging) = paging::page(asked.part, PER_PAGE, place, |part, limit| {
        Box::pin(read(db, account, filter, part, limit))
    })
    .await?;
    page.total = u32::try_from(found.len()).ok().filter(|_| paging == Paging::default());
    page.paging = paging;
    page.transactions = found.iter().map(|transaction| row(transaction, account)).collect();
    Ok(page)
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
