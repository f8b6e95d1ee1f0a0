//! What a transaction does to an account's balance: its amount, the fees that are taken, and the fees that
//! come back. Signed, from the account's side.

use crate::domain::accounts::Account;
use crate::domain::transactions::{Case, Transaction};
use crate::web::account_site::transactions::side::{Side, side};
use fps_protocol::enums::{ChargeFeeTo, MarketplaceRefundPolicy, RelationType, TransactionStatus};
use money::{Money, MoneyError};
use payments_pages::model::FeeBreakdown;

/// What moves between the two sides. To the caller, who is neither, it is the transaction's plain amount.
pub fn amount(case: &Case, account: &Account) -> Money {
    let amount = case.transaction.charged();
    let signed = match side(case, account) {
        // Not the buyer gets such a refund, but the seller, and from the caller.
        Some(Side::Recipient) if gives_back_fee_only(&case.transaction) => Ok(Money::ZERO),
        Some(Side::Sender) if !gives_back_fee_only(&case.transaction) => amount.neg(),
        _ => Ok(amount),
    };
    signed.unwrap_or(amount)
}

/// Whether it is only the caller that gives something back: its fee.
pub fn gives_back_fee_only(transaction: &Transaction) -> bool {
    transaction.refund_policy == Some(MarketplaceRefundPolicy::MarketplaceTxnOnly)
}

/// The fees, with what they leave, for whom they concern: the sender pays none.
pub fn fee_breakdown(case: &Case, account: &Account) -> Option<FeeBreakdown> {
    let side = side(case, account)?;
    let (title, total) = match (case.transaction.relation, side) {
        (None, Side::Recipient) => ("Fees taken from your share", "Left for you"),
        (None, Side::Caller) => ("What it brings you", "Left for you"),
        (Some(RelationType::Refund), Side::Sender) => ("Fees that come back to you", "From your balance"),
        (Some(RelationType::Refund), Side::Caller) => ("Fees that are given back", "From your balance"),
        _ => return None,
    };
    let own = if side == Side::Caller { Money::ZERO } else { amount(case, account) };
    let lines = [
        ("Marketplace fee", marketplace_fee(case, account).ok()?),
        ("Amazon Payments fee", fps_fee(case, account).ok()?),
    ];
    let lines: Vec<_> = lines.into_iter().filter(|(_, line)| !line.is_zero()).collect();
    let sum = Money::sum(lines.iter().map(|(_, line)| *line).chain([own])).ok()?;
    (!lines.is_empty()).then(|| FeeBreakdown {
        title: title.to_owned(),
        lines: lines.into_iter().map(|(name, line)| (name.to_owned(), line)).collect(),
        total: (total.to_owned(), sum),
    })
}

/// The fees that are to be taken off the amount in a list whose rows are summed; less than nothing for
/// those that come back. A marketplace fee has a row of its own; only when it is given back it has none.
pub fn fees_beside(case: &Case, account: &Account) -> Result<Money, MoneyError> {
    let beside = match (case.transaction.relation, side(case, account)) {
        (None, Some(Side::Recipient)) => fps_fee(case, account)?,
        (Some(RelationType::Refund), Some(Side::Sender)) => {
            fps_fee(case, account)?.add(marketplace_fee(case, account)?)?
        }
        _ => Money::ZERO,
    };
    beside.neg()
}

/// Taken from who is paid, for the caller; a refund can turn it round.
fn marketplace_fee(case: &Case, account: &Account) -> Result<Money, MoneyError> {
    let fee = unless_undone(&case.transaction, case.transaction.marketplace_fee);
    let is_caller = case.parties.caller_account_id == account.id;
    let is_paid = *who_is_paid(&case.transaction) == account.id;
    match (is_caller, is_paid) {
        (true, false) if is_refund(&case.transaction) => fee.neg(),
        (true, false) => Ok(fee),
        (false, true) if gives_back_fee_only(&case.transaction) => Ok(Money::ZERO),
        (false, true) if is_refund(&case.transaction) => Ok(fee),
        (false, true) => fee.neg(),
        // Nobody pays a fee to themselves.
        (true, true) | (false, false) => Ok(Money::ZERO),
    }
}

/// Taken from who bears it, for Amazon; a refund turns it round.
fn fps_fee(case: &Case, account: &Account) -> Result<Money, MoneyError> {
    let transaction = &case.transaction;
    let payer = match transaction.fee_payer {
        ChargeFeeTo::Recipient => who_is_paid(transaction),
        ChargeFeeTo::Caller => &case.parties.caller_account_id,
    };
    let fee = unless_undone(transaction, transaction.fps_fee);
    match (*payer == account.id, is_refund(transaction)) {
        (true, true) => Ok(fee),
        (true, false) => fee.neg(),
        (false, _) => Ok(Money::ZERO),
    }
}

fn is_refund(transaction: &Transaction) -> bool {
    transaction.relation == Some(RelationType::Refund)
}

/// Of a refund, too: who was paid gives the money back.
fn who_is_paid(transaction: &Transaction) -> &String {
    if is_refund(transaction) { &transaction.sender_account_id } else { &transaction.recipient_account_id }
}

/// What failed or was cancelled costs nothing.
fn unless_undone(transaction: &Transaction, fee: Money) -> Money {
    match transaction.status {
        TransactionStatus::Failure | TransactionStatus::Cancelled => Money::ZERO,
        _ => fee,
    }
}
