//! The writing half of every action: all that belongs together, in one database transaction.

use crate::domain::notifications::{self, NewNotification};
use crate::domain::tokens::{self, ReleasedUsage, Spend};
use crate::domain::transactions::{Kind, Life, Transaction, store};
use crate::domain::{refund_requests, stored_value};
use crate::engine::error::ActionError;
use crate::engine::idempotency::{self, Key};
use crate::engine::tokens::{Cancellation, write_cancellation};
use crate::engine::{Engine, Outcome};
use jiff::Timestamp;
use ledger::HoldId;
use sqlx::AnyConnection;
use std::sync::Arc;

/// What an action does in the books.
#[derive(Debug, Clone)]
pub enum LedgerChange {
    Nothing,
    Post(Vec<ledger::Transaction>),
    Hold(ledger::Hold),
    Capture { hold_id: HoldId, charge: Vec<ledger::Transaction>, at: Timestamp },
    Release { hold_id: HoldId, at: Timestamp },
}

impl LedgerChange {
    /// What is charged is taken out of what was held for it.
    pub fn charge(hold_id: Option<HoldId>, charge: Vec<ledger::Transaction>, at: Timestamp) -> Self {
        match hold_id {
            Some(hold_id) => Self::Capture { hold_id, charge, at },
            None => Self::Post(charge),
        }
    }

    /// What was held, if anything was, is free again.
    pub fn release(hold_id: Option<HoldId>, at: Timestamp) -> Self {
        hold_id.map_or(Self::Nothing, |hold_id| Self::Release { hold_id, at })
    }
}

/// Everything that one action writes, and what it answers.
#[derive(Debug, Clone)]
pub struct WritePlan {
    /// The request's key, where the request has a `CallerReference`.
    key: Option<Key>,
    spend: Option<Spend>,
    /// A token that ends with it.
    cancellation: Option<Cancellation>,
    /// A transaction that is changed, in the version that was read.
    changed: Option<Transaction>,
    /// New ones: the action's own first, then the record of its marketplace fee.
    new: Vec<Transaction>,
    ledger: LedgerChange,
    notifications: Vec<NewNotification>,
    outcome: Outcome,
    now: Timestamp,
}

impl WritePlan {
    /// Writes nothing yet, and answers this.
    pub fn answering(outcome: Outcome, now: Timestamp) -> Self {
        Self {
            key: None,
            spend: None,
            cancellation: None,
            changed: None,
            new: Vec::new(),
            ledger: LedgerChange::Nothing,
            notifications: Vec::new(),
            outcome,
            now,
        }
    }

    /// A change of one transaction, which is what is answered.
    pub fn change(changed: Transaction, now: Timestamp) -> Self {
        let plan = Self::answering(Outcome::of(&changed), now);
        Self { changed: Some(changed), ..plan }
    }

    /// A new transaction, which is what is answered.
    pub fn create(new: Transaction, now: Timestamp) -> Self {
        let plan = Self::answering(Outcome::of(&new), now);
        Self { new: vec![new], ..plan }
    }

    /// The same request is answered only once.
    pub fn once(self, key: &Key) -> Self {
        Self { key: Some(key.clone()), ..self }
    }

    pub fn spending(self, spend: Spend) -> Self {
        Self { spend: Some(spend), ..self }
    }

    pub fn cancelling(self, cancellation: Cancellation) -> Self {
        Self { cancellation: Some(cancellation), ..self }
    }

    /// With another new transaction, if there is one.
    pub fn with_linked(mut self, linked: Option<Transaction>) -> Self {
        self.new.extend(linked);
        self
    }

    /// With a change of another transaction.
    pub fn changing(self, changed: Transaction) -> Self {
        Self { changed: Some(changed), ..self }
    }

    pub fn moving(self, ledger: LedgerChange) -> Self {
        Self { ledger, ..self }
    }

    /// Tells the caller; of several in this order.
    pub fn notifying(mut self, notification: impl Into<Option<NewNotification>>) -> Self {
        self.notifications.extend(notification.into());
        self
    }

    fn all_notifications(&self) -> impl Iterator<Item = &NewNotification> {
        self.notifications.iter().chain(self.cancellation.as_ref().map(Cancellation::notification))
    }

    fn transactions(&self) -> impl Iterator<Item = &Transaction> {
        self.changed.iter().chain(&self.new)
    }
}

impl Engine {
    /// Writes the plan and gives its answer, or the one that the same request was given before. Wakes whoever
    /// has work by it.
    pub async fn run(&self, plan: WritePlan) -> Result<Outcome, ActionError> {
        let plan = Arc::new(plan);
        let earlier = self.db.transact(Arc::clone(&plan), |c, plan| Box::pin(write(c, plan))).await?;
        if let Some(outcome) = earlier {
            return Ok(outcome);
        }
        self.outbox_bell.ring(plan.all_notifications());
        if plan.transactions().any(|transaction| transaction.life.process_at().is_some()) {
            self.processor.wake();
        }
        Ok(plan.outcome.clone())
    }
}

/// All statements of the plan, in a transaction that somebody else begins and commits. `Some`: the same
/// request succeeded before, and nothing was written. One that was refused before is
/// [`ActionError::RefusedBefore`].
///
/// Rows are locked in one order, so that plans that meet wait for each other and never deadlock: the
/// request's key, tokens, transactions, limits of tokens by their position, holds, ledger accounts by name.
pub async fn write(c: &mut AnyConnection, plan: &WritePlan) -> Result<Option<Outcome>, ActionError> {
    if let Some(key) = &plan.key {
        match idempotency::claim(c, key, &Ok(plan.outcome.clone()), plan.now).await? {
            None => {}
            Some(Ok(outcome)) => return Ok(Some(outcome)),
            Some(Err(refusal)) => return Err(ActionError::RefusedBefore(refusal)),
        }
    }
    if let Some(spend) = &plan.spend
        && !tokens::spend(c, spend, plan.now).await?
    {
        return Err(ActionError::Changed);
    }
    if let Some(cancellation) = &plan.cancellation
        && !write_cancellation(c, cancellation).await?
    {
        return Err(ActionError::Changed);
    }
    if let Some(changed) = &plan.changed {
        write_changed(c, changed, plan).await?;
    }
    for new in &plan.new {
        write_new(c, new, plan.now).await?;
    }
    match &plan.ledger {
        LedgerChange::Nothing => {}
        LedgerChange::Post(movements) => ledger::post_all(c, movements).await?,
        LedgerChange::Hold(hold) => ledger::place_hold(c, hold).await?,
        LedgerChange::Capture { hold_id, charge, at } => ledger::capture(c, hold_id, charge, *at).await?,
        LedgerChange::Release { hold_id, at } => ledger::release(c, hold_id, *at).await?,
    }
    for notification in &plan.notifications {
        notifications::enqueue(c, notification).await?;
    }
    Ok(None)
}

async fn write_new(c: &mut AnyConnection, new: &Transaction, now: Timestamp) -> Result<(), ActionError> {
    if let Kind::FundPrepaid { stored_value_id } = &new.kind
        && !stored_value::balances::has_room(c, stored_value_id, new.amount).await?
    {
        return Err(ActionError::Changed);
    }
    store::insert(c, new).await?;
    // A marketplace fee shares the history of its payment.
    if !matches!(new.kind, Kind::MarketplaceFee { .. }) {
        store::record_status(c, new, now).await?;
    }
    if let Kind::Refund { of, .. } = &new.kind {
        refund_requests::close(c, of).await?;
    }
    Ok(())
}

async fn write_changed(
    c: &mut AnyConnection,
    changed: &Transaction,
    plan: &WritePlan,
) -> Result<(), ActionError> {
    let mut changed = changed.clone();
    if !store::update(c, &mut changed).await? {
        return Err(ActionError::Changed);
    }
    // With a new transaction beside it (a refund), only its counters changed.
    if plan.new.is_empty() {
        store::record_status(c, &changed, plan.now).await?;
        if let (Some(token), Some(released)) = (&changed.sender_token_id, released_usage(&changed)) {
            tokens::release_usage(c, token, changed.received_at, released).await?;
        }
        if changed.asks_for_marketplace_fee() {
            store::update_marketplace_fee(c, &changed).await?;
        }
    }
    Ok(())
}

/// What a transaction that is changed gives back of its token's limits: all when it has come to nothing,
/// and what a Settle left of a reserve. `None` when that is nothing.
fn released_usage(changed: &Transaction) -> Option<ReleasedUsage> {
    match changed.life {
        Life::Failed { .. } | Life::Cancelled { .. } => {
            Some(ReleasedUsage { amount: changed.amount, counts: true })
        }
        Life::Completed { charged, .. } if charged < changed.amount => {
            Some(ReleasedUsage { amount: changed.amount.sub(charged).ok()?, counts: false })
        }
        _ => None,
    }
}
