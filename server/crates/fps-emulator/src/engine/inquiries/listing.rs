//! An account's transactions, in batches that follow each other by time.
//!
//! A client asks for the next batch with `StartTimeForNextTransaction`: as its `StartDate`, or as its
//! `EndDate` where it asked for the newest first. Where a batch ends between transactions that share a moment,
//! that time says between which ([`ActivityDate::Within`]): the next batch begins there, whatever came meanwhile.

use crate::domain::accounts::{self, AccountId};
use crate::domain::callers::Caller;
use crate::domain::place::Place;
use crate::domain::transactions::Transaction;
use crate::domain::transactions::lists::{self, Filter, Piece, Range};
use crate::engine::{ActionError, Engine};
use fps_protocol::ErrorCode;
use fps_protocol::actions::{ActivityDate, GetAccountActivity};
use fps_protocol::enums::{SortOrder, TransactionalRole};
use fps_protocol::responses::{AccountActivityResult, ActivityTransaction, TransactionPart};
use jiff::Timestamp;
use money::Money;
use platform::Database;
use std::collections::{BTreeMap, HashMap};

/// The guide of 2007 has 20 and 200, and at least 20 if it is said at all; fewer do no harm.
const BATCH_SIZE: u32 = 20;
const LARGEST_BATCH: u32 = 200;

/// One batch of what happened on the caller's account, whoever was the caller of it.
pub async fn account_activity(
    engine: &Engine,
    caller: &Caller,
    request: &GetAccountActivity,
) -> Result<AccountActivityResult, ActionError> {
    let range = range(engine, caller, request).await?;
    let (found, next) = batch(&engine.db, &caller.account_id, &filter(request, range), request).await?;
    let transactions = transactions(engine, caller, &found).await?;
    Ok(AccountActivityResult {
        batch_size: u32::try_from(transactions.len()).ok(),
        transactions,
        start_time_for_next_transaction: next,
    })
}

/// Only a start may not be in the future. Clients know the machine's time, which the clock can have left; and where
/// it was set back, there are transactions of a time to come.
async fn range(engine: &Engine, caller: &Caller, request: &GetAccountActivity) -> Result<Range, ActionError> {
    let start = request.start_date.begins();
    let end = request.end_date.as_ref().map_or(Timestamp::MAX, ActivityDate::ends);
    if end <= start {
        return Err(invalid_range("\"EndDate\" is before \"StartDate\"."));
    }
    if start > engine.clock.now().max(engine.clock.wall()) {
        let later = Filter {
            received: Range { from: start, ..Range::ALWAYS },
            ..Filter::all(TransactionalRole::ALL)
        };
        if lists::of_account(&engine.db, &caller.account_id, &later, &Piece::Newest, 1).await?.is_empty() {
            return Err(invalid_range("\"StartDate\" is in the future."));
        }
    }
    Ok(Range { from: start, before: end })
}

fn invalid_range(message: &str) -> ActionError {
    ActionError::refused(ErrorCode::InvalidDateRange, message)
}

/// Who names no role asks for all.
fn filter(request: &GetAccountActivity, received: Range) -> Filter {
    let roles = if request.roles.is_empty() { TransactionalRole::ALL } else { &request.roles };
    Filter {
        operation: request.operation,
        payment_method: request.payment_method,
        status: request.status,
        received,
        ..Filter::all(roles)
    }
}

/// Clients of the time page with `StartDate` and name no order, so that without one the batches go
/// forward; each of them has the newest first, which the guide says is the default.
async fn batch(
    db: &Database,
    account_id: &AccountId,
    filter: &Filter,
    request: &GetAccountActivity,
) -> Result<(Vec<Transaction>, Option<ActivityDate>), ActionError> {
    let order = request.sort_order.unwrap_or(SortOrder::Ascending);
    let piece = match (order, &request.start_date, &request.end_date) {
        (SortOrder::Descending, _, Some(ActivityDate::Within { at, id })) => {
            Piece::OlderThan(Place { at: *at, id: id.clone() })
        }
        (SortOrder::Descending, ..) => Piece::Newest,
        (SortOrder::Ascending, ActivityDate::Within { at, id }, _) => {
            Piece::From(Place { at: *at, id: id.clone() })
        }
        (SortOrder::Ascending, start, _) => Piece::From(Place::before(start.begins())),
    };
    let size = request.max_batch_size.unwrap_or(BATCH_SIZE).min(LARGEST_BATCH);
    let mut found = lists::of_account(db, account_id, filter, &piece, i64::from(size) + 1).await?;
    let next = if found.len() > usize::try_from(size).unwrap_or(usize::MAX) { found.pop() } else { None };
    let next = next.zip(found.last()).map(|(next, last)| between(order, last, &next));
    if request.sort_order.is_none() {
        found.reverse();
    }
    Ok((found, next))
}

/// Where a batch begins whose first transaction is `next`, when `last` was the last one told.
fn between(order: SortOrder, last: &Transaction, next: &Transaction) -> ActivityDate {
    if last.received_at != next.received_at {
        return ActivityDate::Moment(next.received_at);
    }
    let behind = match order {
        SortOrder::Ascending => next,
        SortOrder::Descending => last,
    };
    ActivityDate::before(behind.received_at, &behind.id)
}

async fn transactions(
    engine: &Engine,
    caller: &Caller,
    found: &[Transaction],
) -> Result<Vec<ActivityTransaction>, ActionError> {
    let done_at = |transaction: &Transaction| transaction.completed_at().unwrap_or(transaction.received_at);
    let account = accounts::ledger_account(&caller.account_id);
    let balances = ledger::balances_at(engine.db.readers(), &account, found.iter().map(done_at)).await?;
    let names = caller_names(&engine.db, found).await?;
    let shown = |transaction| shown(caller, transaction, &names, &balances, done_at(transaction));
    found.iter().map(shown).collect()
}

/// The callers' public names by their accounts.
async fn caller_names(
    db: &Database,
    found: &[Transaction],
) -> Result<HashMap<AccountId, String>, sqlx::Error> {
    let mut names = HashMap::new();
    for transaction in found {
        let id = &transaction.parties.caller_account_id;
        if !names.contains_key(id) {
            let account = accounts::find(db, id).await?;
            let name = account.map(|account| account.public_name().to_owned()).unwrap_or_default();
            names.insert(id.clone(), name);
        }
    }
    Ok(names)
}

/// Tokens belong to who called: of others' payments the account does not see them.
fn shown(
    caller: &Caller,
    transaction: &Transaction,
    caller_names: &HashMap<AccountId, String>,
    balances: &BTreeMap<Timestamp, Money>,
    done_at: Timestamp,
) -> Result<ActivityTransaction, ActionError> {
    let parties = &transaction.parties;
    let own = parties.caller_account_id == caller.account_id;
    let original = transaction.parent_id().map(ToString::to_string).filter(|_| transaction.is_refund());
    let caller_name = caller_names.get(&parties.caller_account_id).cloned().unwrap_or_default();
    Ok(ActivityTransaction {
        transaction_id: transaction.id.clone(),
        caller_transaction_date: transaction.received_at,
        date_received: transaction.received_at,
        date_completed: transaction.completed_at(),
        transaction_amount: transaction.charged(),
        operation: transaction.operation(),
        transaction_status: transaction.status(),
        status_message: Some(transaction.status_code().message(transaction.status()).to_owned()),
        status_code: Some(transaction.status_code().as_str().to_owned()),
        original_transaction_id: original,
        parts: parts(caller, transaction, &caller_name)?,
        payment_method: transaction.payment_method,
        sender_name: Some(parties.sender.name.clone()),
        caller_name,
        recipient_name: Some(parties.recipient.name.clone()),
        fps_fees: transaction.fee_paid(transaction.fps_fee)?,
        balance: balances.get(&done_at).copied().unwrap_or(Money::ZERO),
        sender_token_id: transaction.sender_token_id.as_ref().filter(|_| own).map(ToString::to_string),
        recipient_token_id: transaction.recipient_token_id.as_ref().filter(|_| own).map(ToString::to_string),
    })
}

/// The parts that the account has in it.
fn parts(
    caller: &Caller,
    transaction: &Transaction,
    caller_name: &str,
) -> Result<Vec<TransactionPart>, ActionError> {
    let parties = &transaction.parties;
    let name = |role| match role {
        TransactionalRole::Sender => parties.sender.name.as_str(),
        TransactionalRole::Caller => caller_name,
        TransactionalRole::Recipient => parties.recipient.name.as_str(),
    };
    let roles = transaction.roles_of(&caller.account_id);
    roles.map(|role| part(transaction, role, name(role))).collect()
}

fn part(
    transaction: &Transaction,
    role: TransactionalRole,
    name: &str,
) -> Result<TransactionPart, ActionError> {
    let instrument_id = match role {
        TransactionalRole::Sender if !transaction.is_refund() => {
            transaction.instrument_id.as_ref().map(ToString::to_string)
        }
        _ => None,
    };
    let (reference, description) = match role {
        TransactionalRole::Sender => (None, transaction.sender_description.clone()),
        TransactionalRole::Caller => {
            (Some(transaction.caller_reference.to_string()), transaction.caller_description.clone())
        }
        TransactionalRole::Recipient => (None, None),
    };
    let fees_paid = if role == transaction.fps_fee_payer() {
        Some(transaction.fee_paid(transaction.fps_fee)?)
    } else {
        None
    };
    Ok(TransactionPart {
        instrument_id,
        role,
        name: Some(name.to_owned()),
        reference,
        description,
        fees_paid,
    })
}
