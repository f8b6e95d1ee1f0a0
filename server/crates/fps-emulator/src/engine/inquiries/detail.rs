//! Everything about one transaction.

use crate::domain::accounts;
use crate::domain::callers::Caller;
use crate::domain::transactions::{self, Transaction};
use crate::engine::{ActionError, Engine, payments};
use fps_protocol::enums::{FpsOperation, PaymentMethod, RelationType};
use fps_protocol::ids::{TokenId, TransactionId};
use fps_protocol::responses::{RelatedTransaction, StatusHistory, TransactionDetail};

/// A caller's own transaction with its parties, history and relatives.
pub async fn transaction_detail(
    engine: &Engine,
    caller: &Caller,
    id: &TransactionId,
) -> Result<TransactionDetail, ActionError> {
    let transaction = transactions::find_of_caller(&engine.db, &caller.access_key, id).await?;
    let transaction = transaction.ok_or_else(|| payments::unknown(id))?;
    let account = accounts::find(&engine.db, &caller.account_id).await?;
    let caller_name = account.map(|account| account.public_name().to_owned()).unwrap_or_default();
    let related = related(engine, &transaction).await?;
    let history = history(engine, &transaction).await?;
    detail(transaction, caller_name, related, history)
}

fn detail(
    transaction: Transaction,
    caller_name: String,
    related: Vec<RelatedTransaction>,
    history: Vec<StatusHistory>,
) -> Result<TransactionDetail, ActionError> {
    let parties = transaction.parties.clone();
    let is_refund = transaction.is_refund();
    // Whose e-mail address is only for the one who was paid: the payer's, who of a refund is the recipient.
    let caller_was_paid = parties.caller_account_id == *transaction.payee();
    let marketplace_fee = transaction.fee_paid(transaction.marketplace_fee)?;
    Ok(TransactionDetail {
        transaction_id: transaction.id.clone(),
        date_received: transaction.received_at,
        date_completed: transaction.completed_at(),
        transaction_amount: transaction.charged(),
        fps_fees: transaction.fee_paid(transaction.fps_fee)?,
        marketplace_fees: Some(marketplace_fee).filter(|fee| !fee.is_zero()),
        fps_fees_paid_by: transaction.fps_fee_payer(),
        prepaid_instrument_id: stored_value_id(
            &transaction,
            PaymentMethod::Prepaid,
            &[FpsOperation::FundPrepaid],
        ),
        credit_instrument_id: stored_value_id(
            &transaction,
            PaymentMethod::Debt,
            &[FpsOperation::SettleDebt, FpsOperation::WriteOffDebt],
        ),
        operation: transaction.operation(),
        payment_method: transaction.payment_method,
        transaction_status: transaction.status(),
        status_code: Some(transaction.status_code().as_str().to_owned()),
        status_message: Some(transaction.status_code().message(transaction.status()).to_owned()),
        caller_reference: transaction.caller_reference.into_string(),
        caller_description: transaction.caller_description,
        sender_description: transaction.sender_description,
        sender_token_id: transaction.sender_token_id.map(TokenId::into_string),
        recipient_token_id: transaction.recipient_token_id.map(TokenId::into_string),
        sender_name: Some(parties.sender.name),
        sender_email: Some(parties.sender.email).filter(|_| is_refund || caller_was_paid),
        caller_name,
        recipient_name: Some(parties.recipient.name),
        recipient_email: Some(parties.recipient.email).filter(|_| !is_refund || caller_was_paid),
        related,
        history,
    })
}

/// The prepaid balance or credit that paid, or that was paid into.
fn stored_value_id(
    transaction: &Transaction,
    method: PaymentMethod,
    paid_into_by: &[FpsOperation],
) -> Option<String> {
    if paid_into_by.contains(&transaction.operation()) {
        return transaction.stored_value_id().map(ToString::to_string);
    }
    let paid_with = transaction.instrument_id.as_ref().filter(|_| transaction.payment_method == method);
    paid_with.map(ToString::to_string)
}

/// What it belongs to, then its marketplace fee and refunds.
async fn related(engine: &Engine, transaction: &Transaction) -> Result<Vec<RelatedTransaction>, ActionError> {
    let mut related = Vec::new();
    if let Some(parent) = transaction.parent_id() {
        let relation = Some(RelationType::Parent);
        related.push(RelatedTransaction { transaction_id: parent.clone(), relation });
    }
    for child in transactions::related(&engine.db, &transaction.id).await? {
        let transaction = child;
        let relation = transaction.relation();
        related.push(RelatedTransaction { transaction_id: transaction.id, relation });
    }
    Ok(related)
}

async fn history(engine: &Engine, transaction: &Transaction) -> Result<Vec<StatusHistory>, ActionError> {
    let fee = transaction.relation() == Some(RelationType::MarketplaceFee);
    let past = transactions::history(&engine.db, transaction).await?;
    let entry = |past: transactions::PastStatus| StatusHistory {
        date: past.at,
        transaction_status: past.status,
        status_code: Some(past.status_code.to_string()),
        amount: Some(if fee { transaction.amount } else { past.amount }),
    };
    Ok(past.into_iter().map(entry).collect())
}
