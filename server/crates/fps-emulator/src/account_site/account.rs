//! The account at a glance: what it has, and what happened lately.

use super::to_sign_in;
use crate::accounts::{self, Account};
use crate::sign_in::Visitor;
use crate::site::Site;
use crate::transactions::{self, Case, Transaction};
use app::payments::model::{AccountPage, TransactionRow};
use app::payments::pages;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use fps_protocol::enums::{FpsOperation, RelationType};
use money::Money;
use platform::web::Refusal;

const LATEST: i64 = 50;

pub async fn show(State(site): State<Site>, visitor: Visitor) -> Result<Response, Refusal> {
    let Some(account) = &visitor.account else {
        return Ok(to_sign_in(super::HOME));
    };
    let balance = accounts::balance(&site.payments.db, &account.id).await?;
    let cases = transactions::for_account(&site.payments.db, &account.id, LATEST).await?;
    let page = AccountPage {
        balance: balance.total,
        held: balance.held,
        transactions: cases.iter().map(|case| row(case, account)).collect(),
    };
    Ok(Html(pages::account(&visitor.chrome(), &page)).into_response())
}

/// A transaction as this account sees it.
pub fn row(case: &Case, account: &Account) -> TransactionRow {
    let transaction = &case.transaction;
    let sent = transaction.sender_account_id == account.id;
    TransactionRow {
        id: transaction.id.clone(),
        at: transaction.received(),
        description: description(case, sent),
        status: transaction.status.as_str().to_owned(),
        amount: signed_amount(transaction, sent),
    }
}

fn description(case: &Case, sent: bool) -> String {
    let Transaction { operation, relation, .. } = &case.transaction;
    let what = match (operation, relation) {
        (FpsOperation::Refund, _) => "Refund",
        (_, Some(RelationType::MarketplaceFee)) => "Marketplace fee",
        _ => "Payment",
    };
    let (sender, recipient) = (&case.parties.sender.name, &case.parties.recipient.name);
    if sent { format!("{what} to {recipient}") } else { format!("{what} from {sender}") }
}

fn signed_amount(transaction: &Transaction, sent: bool) -> Money {
    let amount = transaction.charged();
    if sent { amount.neg().unwrap_or(amount) } else { amount }
}
