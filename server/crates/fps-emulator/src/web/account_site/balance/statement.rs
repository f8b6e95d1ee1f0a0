//! The statement: the movements of the balance, a page at a time.

use crate::domain::accounts::{self, Account};
use crate::domain::ledger_transactions::LedgerTransaction;
use crate::domain::transactions;
use crate::web::account_site::paging::{self, Part};
use crate::web::account_site::transactions::list;
use fps_protocol::enums::TransactionalRole;
use money::Money;
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
    // Those that another program posted are shown by their names.
    let posted: Option<LedgerTransaction> = line.transaction_id.parse().ok();
    let transaction = match posted.as_ref().and_then(LedgerTransaction::transaction_id) {
        Some(id) => transactions::find(db, id).await?,
        None => None,
    };
    let role = transaction.as_ref().and_then(|transaction| transaction.role_of(&account.id));
    let description = match (&transaction, role) {
        (Some(transaction), Some(TransactionalRole::Sender | TransactionalRole::Recipient))
            if !matches!(posted, Some(LedgerTransaction::FeeReturned(_))) =>
        {
            list::row(transaction, account).description
        }
        _ => match &posted {
            Some(posted) => description_of(posted, line.amount).to_owned(),
            None => line.transaction_id,
        },
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
fn description_of(posted: &LedgerTransaction, amount: Money) -> &'static str {
    match posted {
        LedgerTransaction::Transfer(..) if amount.is_negative() => "Withdrawal to your bank account",
        LedgerTransaction::Transfer(..) => "Deposit from your bank account",
        LedgerTransaction::Deposit(_) => "Deposit",
        LedgerTransaction::Charge(_) => "Amazon Payments fee of a sale",
        LedgerTransaction::MarketplaceFee(_) => "Marketplace fee",
        LedgerTransaction::Refund(_) => "Amazon Payments fee given back",
        LedgerTransaction::FeeReturned(_) => "Marketplace fee given back",
        LedgerTransaction::RefundArrival(_) => "Refund arrived",
        LedgerTransaction::CreditGranted(_) => "Credit granted",
    }
}
