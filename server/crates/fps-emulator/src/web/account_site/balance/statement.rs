//! The statement: the movements of the balance, a page at a time.

use crate::domain::accounts::{self, Account};
use crate::domain::ledger_transactions::{InWords, Movement};
use crate::domain::transactions;
use crate::web::account_site::paging::{self, Part};
use crate::web::account_site::transactions::list;
use fps_protocol::enums::TransactionalRole;
use ledger::Origin;
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
    let (movement, transaction) = match line.origin {
        Origin::Numbered { number, role } => {
            (Movement::from_role(role), transactions::find_numbered(db, number).await?)
        }
        Origin::Words(_) => (None, None),
    };
    let role = transaction.as_ref().and_then(|transaction| transaction.role_of(&account.id));
    let description = match (&transaction, role) {
        (Some(transaction), Some(TransactionalRole::Sender | TransactionalRole::Recipient))
            if movement != Some(Movement::FeeReturned) =>
        {
            list::row(transaction, account).description
        }
        _ => match line.origin {
            Origin::Numbered { number, .. } => {
                movement.map_or_else(|| number.to_string(), |movement| description_of(movement).to_owned())
            }
            Origin::Words(words) => description_in_words(words, line.amount),
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

/// Of a transaction that this account is no side of.
fn description_of(movement: Movement) -> &'static str {
    match movement {
        Movement::Charge => "Amazon Payments fee of a sale",
        Movement::MarketplaceFee => "Marketplace fee",
        Movement::Refund => "Amazon Payments fee given back",
        Movement::FeeReturned => "Marketplace fee given back",
        Movement::RefundArrival => "Refund arrived",
    }
}

/// Of no transaction. What another program posted is shown by its words.
fn description_in_words(words: String, amount: Money) -> String {
    let description = match words.parse() {
        Ok(InWords::Transfer(..)) if amount.is_negative() => "Withdrawal to your bank account",
        Ok(InWords::Transfer(..)) => "Deposit from your bank account",
        Ok(InWords::Deposit(_)) => "Deposit",
        Ok(InWords::CreditGranted(_)) => "Credit granted",
        Err(_) => return words,
    };
    description.to_owned()
}
