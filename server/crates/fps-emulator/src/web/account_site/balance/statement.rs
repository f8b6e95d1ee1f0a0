//! The statement: the movements of the balance, a page at a time.

use crate::domain::accounts::{self, Account};
use crate::domain::transactions;
use crate::domain::transactions::movements::FEE_RETURNED;
use crate::web::account_site::paging::{self, Part};
use crate::web::account_site::transactions::list;
use fps_protocol::enums::TransactionalRole;
use fps_protocol::ids::InvalidId;
use payments_pages::model::{Paging, StatementLine};
use platform::Database;

const PER_PAGE: usize = 25;

/// A page of the account's movements, the newest first, each with the balance after it.
pub async fn page(
    db: &Database,
    account: &Account,
    asked: Part<i64>,
) -> Result<(Vec<StatementLine>, Paging), sqlx::Error> {
    let book = accounts::ledger_account(&account.id);
    let book = &book;
    let (found, paging) = paging::page(
        asked,
        PER_PAGE,
        |line: &ledger::StatementLine| line.sequence,
        |part, limit| {
            let part = match part {
                Part::Newest => ledger::Part::Newest,
                Part::OlderThan(sequence) => ledger::Part::OlderThan(sequence),
                Part::NewerThan(sequence) => ledger::Part::NewerThan(sequence),
            };
            Box::pin(ledger::statement(db.readers(), book, part, limit))
        },
    )
    .await?;
    let mut lines = Vec::with_capacity(found.len());
    for line in found {
        lines.push(shown(db, account, line).await?);
    }
    Ok((lines, paging))
}

async fn shown(
    db: &Database,
    account: &Account,
    line: ledger::StatementLine,
) -> Result<StatementLine, sqlx::Error> {
    // A transfer or a deposit has another reference.
    let transaction = match line.reference.parse() {
        Ok(id) => transactions::find(db, &id).await?,
        Err(InvalidId) => None,
    };
    let role = transaction.as_ref().and_then(|transaction| transaction.role_of(&account.id));
    let description = match (&transaction, role) {
        (Some(transaction), Some(TransactionalRole::Sender | TransactionalRole::Recipient))
            if line.description != FEE_RETURNED =>
        {
            list::row(transaction, account).description
        }
        _ => description_of(&line.description).to_owned(),
    };
    Ok(StatementLine {
        at: line.posted_at,
        description,
        transaction_id: transaction
            .filter(|_| role.is_some())
            .map(|transaction| transaction.id.into_string()),
        amount: line.amount,
        balance: line.balance,
    })
}

/// A movement of a transaction that this account is no side of, or of none.
fn description_of(description: &str) -> &str {
    match description {
        "DEPOSIT_FUNDS" => "Deposit from your bank account",
        "WITHDRAW_FUNDS" => "Withdrawal to your bank account",
        "Charge" => "Amazon Payments fee of a sale",
        "Refund" => "Amazon Payments fee given back",
        other => other,
    }
}
