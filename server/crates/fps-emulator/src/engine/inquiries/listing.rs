//! An account's transactions, in batches that follow each other by time.
//!
//! A client asks for the next batch with `StartTimeForNextTransaction`: as its `StartDate`, or as its
//! `EndDate` where it asked for the newest first. Many transactions can share a moment, so that time
//! carries how many of them have been told of already, in its nanoseconds: ours are kept in microseconds.

use crate::domain::accounts::{self, AccountId};
use crate::domain::callers::Caller;
use crate::domain::transactions::Transaction;
use crate::domain::transactions::lists::{self, Filter, Range};
use crate::engine::{ActionError, Engine};
use fps_protocol::ErrorCode;
use fps_protocol::actions::{ActivityDate, GetAccountActivity};
use fps_protocol::enums::{SortOrder, TransactionalRole};
use fps_protocol::responses::{AccountActivityResult, ActivityTransaction, TransactionPart};
use jiff::Timestamp;
use ledger::History;
use platform::Database;
use std::collections::HashMap;

/// The guide of 2007 has 20 and 200, and at least 20 if it is said at all; fewer do no harm.
const BATCH_SIZE: u32 = 20;
const LARGEST_BATCH: u32 = 200;
/// A place's [`Place::told`] is written in so many nanoseconds.
const PLACES_AT_A_MOMENT: i64 = 1000;

/// One batch of what happened on the caller's account, whoever was the caller of it.
pub async fn account_activity(
    engine: &Engine,
    caller: &Caller,
    request: &GetAccountActivity,
) -> Result<AccountActivityResult, ActionError> {
    let range = range(engine, request)?;
    let (found, next) = batch(&engine.db, &caller.account_id, &filter(request, range), request).await?;
    let transactions = transactions(engine, caller, &found).await?;
    Ok(AccountActivityResult {
        batch_size: u32::try_from(transactions.len()).ok(),
        transactions,
        start_time_for_next_transaction: next,
    })
}

/// Only a start may not be in the future. Clients know the machine's time, which the clock can have left.
fn range(engine: &Engine, request: &GetAccountActivity) -> Result<Range, ActionError> {
    let start = request.start_date.begins();
    let end = request.end_date.map_or(Timestamp::MAX, ActivityDate::ends);
    if start > engine.clock.now().max(engine.clock.wall()) {
        return Err(invalid_range("\"StartDate\" is in the future."));
    }
    if end <= start {
        return Err(invalid_range("\"EndDate\" is before \"StartDate\"."));
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

/// Where a batch begins: at a moment, after so many of the transactions of that moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    /// Microseconds since the epoch.
    at: i64,
    told: i64,
}

impl Place {
    fn of(date: ActivityDate) -> Self {
        let at = date.begins();
        let told = match date {
            ActivityDate::Day(_) => 0,
            ActivityDate::Moment(_) => i64::from(at.subsec_nanosecond()).rem_euclid(PLACES_AT_A_MOMENT),
        };
        Self { at: at.as_microsecond(), told }
    }

    fn time(self) -> Timestamp {
        let nanoseconds = i128::from(self.at) * i128::from(PLACES_AT_A_MOMENT) + i128::from(self.told);
        Timestamp::from_nanosecond(nanoseconds).unwrap_or(Timestamp::MAX)
    }
}

/// Of microseconds since the epoch.
fn micros(at: i64) -> Timestamp {
    Timestamp::from_microsecond(at).unwrap_or(Timestamp::MAX)
}

/// Clients of the time page with `StartDate` and name no order, so that without one the batches go
/// forward; each of them has the newest first, which the guide says is the default.
async fn batch(
    db: &Database,
    account_id: &AccountId,
    filter: &Filter,
    request: &GetAccountActivity,
) -> Result<(Vec<Transaction>, Option<Timestamp>), ActionError> {
    let order = request.sort_order.unwrap_or(SortOrder::Ascending);
    let place = match order {
        SortOrder::Descending => request.end_date,
        SortOrder::Ascending => Some(request.start_date),
    };
    let place = match place.map(Place::of) {
        Some(place) if place.told > 0 => told_before(db, account_id, filter, place).await?,
        place => place,
    };
    let size = i64::from(request.max_batch_size.unwrap_or(BATCH_SIZE).min(LARGEST_BATCH));
    let (mut found, next) = fill(db, account_id, filter, order, place, size).await?;
    if request.sort_order.is_none() {
        found.reverse();
    }
    Ok((found, next.map(Place::time)))
}

/// A date's nanoseconds say how much was told only if there is more at that moment: else they are the
/// client's own.
async fn told_before(
    db: &Database,
    account_id: &AccountId,
    filter: &Filter,
    place: Place,
) -> Result<Option<Place>, sqlx::Error> {
    let received = Range { from: micros(place.at), before: micros(place.at + 1) };
    let at_that_moment = Filter { received, ..filter.clone() };
    let there = lists::count_of_account(db, account_id, &at_that_moment).await?;
    Ok(Some(if place.told < there { place } else { Place { told: 0, ..place } }))
}

/// The batch that begins at a place, and where the next one begins.
async fn fill(
    db: &Database,
    account_id: &AccountId,
    filter: &Filter,
    order: SortOrder,
    place: Option<Place>,
    size: i64,
) -> Result<(Vec<Transaction>, Option<Place>), sqlx::Error> {
    let skip = place.map_or(0, |place| place.told);
    let mut size = size;
    loop {
        let mut found = lists::of_account(db, account_id, filter, order, size + 1, skip).await?;
        if found.len() < usize::try_from(size + 1).unwrap_or(usize::MAX) {
            return Ok((found, None));
        }
        let Some(next) = found.pop() else { return Ok((found, None)) };
        let at = next.received_at.as_microsecond();
        let here = found.iter().filter(|transaction| transaction.received_at.as_microsecond() == at).count();
        let before = place.filter(|place| place.at == at).map_or(0, |place| place.told);
        let told = before + i64::try_from(here).unwrap_or(i64::MAX);
        if told < PLACES_AT_A_MOMENT {
            return Ok((found, Some(Place { at, told })));
        }
        // More than can be counted off share the moment: they come together.
        size += PLACES_AT_A_MOMENT;
    }
}

async fn transactions(
    engine: &Engine,
    caller: &Caller,
    found: &[Transaction],
) -> Result<Vec<ActivityTransaction>, ActionError> {
    let done_at = |transaction: &Transaction| transaction.completed_at().unwrap_or(transaction.received_at);
    let moments = || found.iter().map(done_at);
    let (Some(from), Some(to)) = (moments().min(), moments().max()) else { return Ok(Vec::new()) };
    let account = accounts::ledger_account(&caller.account_id);
    let balances = ledger::history(engine.db.readers(), &account, from, to).await?;
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
    balances: &History,
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
        balance: balances.balance_at(done_at),
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
