//! What a transaction does to an account's balance: its amount, the fees that are taken, and the fees that
//! come back. Signed, from the account's side.

use crate::domain::accounts::Account;
use crate::domain::transactions::Transaction;
use fps_protocol::enums::{MarketplaceRefundPolicy, RelationType, TransactionStatus, TransactionalRole};
use money::{Money, MoneyError};
use payments_pages::model::FeeBreakdown;

/// What moves between the two sides. To the caller, who is neither, it is the transaction's plain amount.
pub fn amount(transaction: &Transaction, account: &Account) -> Money {
    let amount = transaction.charged();
    let signed = match transaction.role_of(&account.id) {
        // Not the buyer gets such a refund, but the seller, and from the caller.
        Some(TransactionalRole::Recipient) if gives_back_fee_only(transaction) => Ok(Money::ZERO),
        Some(TransactionalRole::Sender) if !gives_back_fee_only(transaction) => amount.neg(),
        _ => Ok(amount),
    };
    signed.unwrap_or(amount)
}

/// Whether it is only the caller that gives something back: its fee.
pub fn gives_back_fee_only(transaction: &Transaction) -> bool {
    transaction.refund_policy() == Some(MarketplaceRefundPolicy::MarketplaceTxnOnly)
}

/// The fees, with what they leave, for whom they concern: the sender pays none.
pub fn fee_breakdown(transaction: &Transaction, account: &Account) -> Option<FeeBreakdown> {
    let role = transaction.role_of(&account.id)?;
    let (title, total) = match (transaction.relation(), role) {
        (None, TransactionalRole::Recipient) => ("Fees taken from your share", "Left for you"),
        (None, TransactionalRole::Caller) => ("What it brings you", "Left for you"),
        (Some(RelationType::Refund), TransactionalRole::Sender) => {
            ("Fees that come back to you", "From your balance")
        }
        (Some(RelationType::Refund), TransactionalRole::Caller) => {
            ("Fees that are given back", "From your balance")
        }
        _ => return None,
    };
    let own = if role == TransactionalRole::Caller { Money::ZERO } else { amount(transaction, account) };
    let lines = [
        ("Marketplace fee", marketplace_fee(transaction, account).ok()?),
        ("Amazon Payments fee", fps_fee(transaction, account).ok()?),
    ];
    let lines = if transaction.relation().is_none() && role == TransactionalRole::Recipient {
        in_cents(own, lines).ok()?
    } else {
        lines
    };
    let lines: Vec<_> = lines.into_iter().filter(|(_, line)| !line.is_zero()).collect();
    let sum = Money::sum(lines.iter().map(|(_, line)| *line).chain([own])).ok()?;
    (!lines.is_empty()).then(|| FeeBreakdown {
        title: title.to_owned(),
        lines: lines.into_iter().map(|(name, line)| (name.to_owned(), line)).collect(),
        total: (total.to_owned(), sum),
    })
}

/// The fees of a payment in whole cents, so that they and what is left sum to it. What is left is shown as it would be
/// alone: as sites show it that know the share of who is paid.
fn in_cents(
    own: Money,
    [(first, marketplace), (second, amazon)]: [(&'static str, Money); 2],
) -> Result<[(&'static str, Money); 2], MoneyError> {
    let (marketplace, amazon) = (marketplace.neg()?, amazon.neg()?);
    let left = own.sub(marketplace)?.sub(amazon)?;
    let [_, marketplace, amazon] = own.parts_in_cents([left, marketplace, amazon]);
    Ok([(first, marketplace.neg()?), (second, amazon.neg()?)])
}

/// The fees that are to be taken off the amount in a list whose rows are summed; less than nothing for
/// those that come back. A marketplace fee has a row of its own; only when it is given back it has none.
pub fn fees_beside(transaction: &Transaction, account: &Account) -> Result<Money, MoneyError> {
    let beside = match (transaction.relation(), transaction.role_of(&account.id)) {
        (None, Some(TransactionalRole::Recipient)) => fps_fee(transaction, account)?,
        (Some(RelationType::Refund), Some(TransactionalRole::Sender)) => {
            fps_fee(transaction, account)?.add(marketplace_fee(transaction, account)?)?
        }
        _ => Money::ZERO,
    };
    beside.neg()
}

/// Taken from who is paid, for the caller; a refund can turn it round.
fn marketplace_fee(transaction: &Transaction, account: &Account) -> Result<Money, MoneyError> {
    let fee = unless_undone(transaction, transaction.marketplace_fee);
    let is_caller = transaction.parties.caller_account_id == account.id;
    let is_paid = *transaction.payee() == account.id;
    match (is_caller, is_paid) {
        (true, false) if transaction.is_refund() => fee.neg(),
        (true, false) => Ok(fee),
        (false, true) if gives_back_fee_only(transaction) => Ok(Money::ZERO),
        (false, true) if transaction.is_refund() => Ok(fee),
        (false, true) => fee.neg(),
        // Nobody pays a fee to themselves.
        (true, true) | (false, false) => Ok(Money::ZERO),
    }
}

/// Taken from who bears it, for Amazon; a refund turns it round.
fn fps_fee(transaction: &Transaction, account: &Account) -> Result<Money, MoneyError> {
    if *transaction.account_in(transaction.fps_fee_payer()) != account.id {
        return Ok(Money::ZERO);
    }
    transaction.fee_paid(unless_undone(transaction, transaction.fps_fee))?.neg()
}

/// What failed or was cancelled costs nothing.
fn unless_undone(transaction: &Transaction, fee: Money) -> Money {
    match transaction.status() {
        TransactionStatus::Failure | TransactionStatus::Cancelled => Money::ZERO,
        _ => fee,
    }
}
