//! The writing half of every action: all that belongs together, in one database transaction.

use crate::domain::notifications::{self, NewNotification};
use crate::domain::tokens::{self, Spend};
use crate::domain::transactions::record::{Case, Transaction};
use crate::domain::transactions::store;
use crate::domain::{refund_requests, stored_value};
use crate::engine::error::ActionError;
use crate::engine::idempotency::{self, Answer, Key};
use crate::engine::payments::pay::given_back;
use crate::engine::tokens::{Cancellation, write_cancellation};
use crate::engine::{Engine, Outcome};
use fps_protocol::enums::{FpsOperation, RelationType};
use sqlx::AnyConnection;
use std::sync::Arc;

/// What a step does in the books.
#[derive(Debug, Clone)]
pub enum Books {
    Nothing,
    Post(Vec<ledger::Transaction>),
    Hold(ledger::Hold),
    Capture { hold_id: String, charge: Vec<ledger::Transaction>, at: jiff::Timestamp },
    Release { hold_id: String, at: jiff::Timestamp },
}

impl Books {
    /// What is charged is taken out of what was held for it.
    pub fn charge(hold_id: Option<&String>, charge: Vec<ledger::Transaction>, at: jiff::Timestamp) -> Self {
        match hold_id {
            Some(hold_id) => Self::Capture { hold_id: hold_id.clone(), charge, at },
            None => Self::Post(charge),
        }
    }
}

/// Everything that one action writes.
#[derive(Debug, Clone)]
pub struct Step {
    /// The request's key, where the request has a `CallerReference`.
    pub key: Option<Key>,
    pub spend: Option<Spend>,
    /// A token that ends with it.
    pub ends: Option<Cancellation>,
    /// A transaction that is changed, in the version that was read.
    pub changed: Option<Transaction>,
    /// New ones: the action's own first, then the record of its marketplace fee.
    pub new: Vec<Transaction>,
    pub books: Books,
    pub notification: Option<NewNotification>,
    /// What is answered.
    pub outcome: Outcome,
    pub now: i64,
}

impl Step {
    /// A change of one transaction, which is what is answered.
    pub fn change(case: Case, books: Books, notification: Option<NewNotification>, now: i64) -> Self {
        let transaction = case.transaction;
        let outcome = Outcome { transaction_id: transaction.id.clone(), status: transaction.status };
        Self {
            key: None,
            spend: None,
            ends: None,
            changed: Some(transaction),
            new: Vec::new(),
            books,
            notification,
            outcome,
            now,
        }
    }
}

impl Engine {
    /// Writes the step, or finds that the same request was answered before. Wakes whoever has work by it.
    pub async fn run(&self, step: Step) -> Result<Answer, ActionError> {
        let step = Arc::new(step);
        let written = Arc::clone(&step);
        let earlier = self
            .db
            .write(move |c| {
                let step = Arc::clone(&step);
                Box::pin(async move { write(c, &step).await })
            })
            .await?;
        if let Some(answer) = earlier {
            return Ok(answer);
        }
        if written.notification.is_some() || written.ends.is_some() {
            self.notifier.wake();
        }
        if written.changed.iter().chain(&written.new).any(|transaction| transaction.process_at.is_some()) {
            self.processor.wake();
        }
        Ok(Ok(written.outcome.clone()))
    }
}

/// All statements of the step, in a transaction that somebody else begins and commits. `Some`: the same
/// request was answered before, and nothing was written.
///
/// Rows are locked in one order, so that steps that meet wait for each other and never deadlock: the
/// request's key, tokens, transactions, limits of tokens by their position, holds, ledger accounts by name.
pub async fn write(c: &mut AnyConnection, step: &Step) -> Result<Option<Answer>, ActionError> {
    if let Some(key) = &step.key
        && let Some(earlier) = idempotency::claim(c, key, &Ok(step.outcome.clone()), step.now).await?
    {
        return Ok(Some(earlier));
    }
    if let Some(spend) = &step.spend
        && !tokens::spend(c, spend, step.now).await?
    {
        return Err(ActionError::Changed);
    }
    if let Some(cancellation) = &step.ends
        && !write_cancellation(c, cancellation).await?
    {
        return Err(ActionError::Changed);
    }
    if let Some(changed) = &step.changed {
        write_changed(c, changed, step).await?;
    }
    for new in &step.new {
        if new.operation == FpsOperation::FundPrepaid && !stored_value::balances::has_room(c, new).await? {
            return Err(ActionError::Changed);
        }
        store::insert(c, new).await?;
        if new.relation != Some(RelationType::MarketplaceFee) {
            store::record_status(c, new, step.now).await?;
        }
        if let (Some(RelationType::Refund), Some(paid)) = (new.relation, &new.parent_id) {
            refund_requests::close(c, paid).await?;
        }
    }
    match &step.books {
        Books::Nothing => {}
        Books::Post(movements) => ledger::post_all(c, movements).await?,
        Books::Hold(hold) => ledger::place_hold(c, hold).await?,
        Books::Capture { hold_id, charge, at } => ledger::capture(c, hold_id, charge, *at).await?,
        Books::Release { hold_id, at } => ledger::release(c, hold_id, *at).await?,
    }
    if let Some(notification) = &step.notification {
        notifications::enqueue(c, notification).await?;
    }
    Ok(None)
}

async fn write_changed(c: &mut AnyConnection, changed: &Transaction, step: &Step) -> Result<(), ActionError> {
    let mut changed = changed.clone();
    if !store::update(c, &mut changed).await? {
        return Err(ActionError::Changed);
    }
    // With a new transaction beside it (a refund), only its counters changed.
    if step.new.is_empty() {
        store::record_status(c, &changed, step.now).await?;
        if let (Some(token), Some(given)) = (&changed.sender_token_id, given_back(&changed)) {
            tokens::give_back(c, token, changed.received_at, given).await?;
        }
        if changed.asks_for_marketplace_fee() {
            store::update_marketplace_fee(c, &changed).await?;
        }
    }
    Ok(())
}
