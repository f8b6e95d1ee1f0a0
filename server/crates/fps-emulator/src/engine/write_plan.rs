//! The writing half of every action: all that belongs together, in one database transaction.

use crate::domain::Changed;
use crate::domain::notifications::{self, NewNotification};
use crate::domain::tokens::{self, ReleasedUsage, Spend};
use crate::domain::transactions::{Kind, Life, Transaction, store};
use crate::domain::{mail, refund_requests, stored_value};
use crate::engine::error::ActionError;
use crate::engine::idempotency::{self, Key};
use crate::engine::tokens::{Cancellation, write_cancellation};
use crate::engine::{Engine, Outcome};
use fps_protocol::ids::InstrumentId;
use jiff::Timestamp;
use ledger::{Hold, LedgerError};
use money::Money;
use platform::db::{Batch, Unwritten};

/// What an action does in the books.
#[derive(Debug, Clone)]
pub enum LedgerChange {
    Nothing,
    Post(Vec<ledger::Transaction>),
    Hold(ledger::Hold),
    Capture { hold: Hold, charge: Vec<ledger::Transaction>, at: Timestamp },
    Release { hold: Hold, at: Timestamp },
}

impl LedgerChange {
    /// What is charged is taken out of what was held for it.
    pub fn charge(hold: Option<Hold>, charge: Vec<ledger::Transaction>, at: Timestamp) -> Self {
        match hold {
            Some(hold) => Self::Capture { hold, charge, at },
            None => Self::Post(charge),
        }
    }

    /// What was held, if anything was, is free again.
    pub fn release(hold: Option<Hold>, at: Timestamp) -> Self {
        hold.map_or(Self::Nothing, |hold| Self::Release { hold, at })
    }

    fn add_to(&self, batch: &mut Batch<Unmet>) -> Result<(), LedgerError> {
        match self {
            Self::Nothing => Ok(()),
            Self::Post(movements) => ledger::post_all(batch, movements),
            Self::Hold(hold) => {
                ledger::place_hold(batch, hold);
                Ok(())
            }
            Self::Capture { hold, charge, at } => ledger::capture(batch, hold, charge, *at),
            Self::Release { hold, at } => ledger::release(batch, hold, *at),
        }
    }
}

/// What stands against writing a plan.
#[derive(Debug, Clone)]
pub enum Unmet {
    /// The same request, or another one under its `CallerReference`, was answered before.
    KeyTaken,
    /// Somebody else was faster.
    Changed,
    Ledger(ledger::Guard),
}

impl From<Changed> for Unmet {
    fn from(Changed: Changed) -> Self {
        Self::Changed
    }
}

impl From<ledger::Guard> for Unmet {
    fn from(guard: ledger::Guard) -> Self {
        Self::Ledger(guard)
    }
}

/// Everything that one action writes, and what it answers.
#[derive(Debug, Clone)]
pub struct WritePlan {
    /// The request's key, where the request has a `CallerReference`.
    pub(super) key: Option<Key>,
    pub(super) spend: Option<Spend>,
    /// A token that ends with it.
    pub(super) cancellation: Option<Cancellation>,
    /// A transaction that is changed, in the version that was read.
    pub(super) changed: Option<Transaction>,
    /// New ones: the action's own first, then the record of its marketplace fee.
    pub(super) new: Vec<Transaction>,
    pub(super) ledger: LedgerChange,
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

    pub(super) fn all_notifications(&self) -> impl Iterator<Item = &NewNotification> {
        self.notifications.iter().chain(self.cancellation.as_ref().map(Cancellation::notification))
    }

    pub(super) fn transactions(&self) -> impl Iterator<Item = &Transaction> {
        self.changed.iter().chain(&self.new)
    }
}

impl WritePlan {
    /// All statements of the plan. Rows are locked in one order, so that plans that meet wait for each other and never
    /// deadlock: the request's key, tokens, transactions, limits of tokens by their position, holds, ledger accounts by
    /// name. New transactions, which nobody else knows, come before the key, which names the one that is answered.
    pub fn batch(&self) -> Result<Batch<Unmet>, ActionError> {
        let mut batch = Batch::default();
        for new in &self.new {
            store::insert(&mut batch, new);
        }
        if let Some(key) = &self.key {
            idempotency::claim(&mut batch, key, &Ok(self.outcome.clone()), self.now, Unmet::KeyTaken);
        }
        if let Some(spend) = &self.spend {
            tokens::spend(&mut batch, spend, self.now);
        }
        if let Some(cancellation) = &self.cancellation {
            write_cancellation(&mut batch, cancellation);
        }
        if let Some(changed) = &self.changed {
            self.write_changed(&mut batch, changed);
        }
        for new in &self.new {
            if let Kind::Refund { of, .. } = &new.kind {
                refund_requests::close(&mut batch, of);
            }
        }
        self.ledger.add_to(&mut batch)?;
        for notification in &self.notifications {
            notifications::enqueue(&mut batch, notification);
        }
        Ok(batch)
    }

    fn write_changed(&self, batch: &mut Batch<Unmet>, changed: &Transaction) {
        let mut changed = changed.clone();
        // With a new transaction beside it (a refund), only its counters change.
        let status_changes = self.new.is_empty();
        if status_changes {
            store::record_first_status(batch, &changed.id);
        }
        store::update(batch, &mut changed);
        if status_changes {
            store::record_status(batch, &changed, self.now);
            if let (Some(token), Some(released)) = (&changed.sender_token_id, released_usage(&changed)) {
                tokens::release_usage(batch, token, changed.received_at, released);
            }
            if changed.asks_for_marketplace_fee() {
                store::update_marketplace_fee(batch, &changed);
            }
            mail::write_changes(batch, &changed, self.now);
        }
    }

    /// The prepaid balance that is funded, and by how much.
    fn funding(&self) -> Option<(InstrumentId, Money)> {
        self.new.iter().find_map(|new| match &new.kind {
            Kind::FundPrepaid { stored_value_id } => Some((stored_value_id.clone(), new.amount)),
            _ => None,
        })
    }
}

impl Engine {
    /// Writes the plan and gives its answer, or the one that the same request was given before: one that was refused
    /// before is [`ActionError::RefusedBefore`]. Wakes whoever has work by it.
    pub async fn run(&self, plan: WritePlan) -> Result<Outcome, ActionError> {
        let batch = plan.batch()?;
        let written = match plan.funding() {
            None => self.db.write_batch(batch).await,
            Some(funding) => self.write_if_there_is_room(batch, funding).await,
        };
        match written {
            Ok(()) => {}
            Err(Unwritten::Unmet(unmet)) => return self.unwritten(&plan, unmet).await,
            Err(Unwritten::Database(error)) => return Err(error.into()),
        }
        self.record_plan(&plan);
        self.outbox_bell.ring(plan.all_notifications());
        if plan.transactions().any(|transaction| transaction.life.process_at().is_some()) {
            self.processor.wake();
        }
        Ok(plan.outcome)
    }

    /// Whether a prepaid balance has room depends on what others are filling it with, so it is asked in between.
    async fn write_if_there_is_room(
        &self,
        batch: Batch<Unmet>,
        funding: (InstrumentId, Money),
    ) -> Result<(), Unwritten<Unmet>> {
        let write = self.db.transact((batch, funding), |c, (batch, (id, amount))| {
            Box::pin(async move {
                if !stored_value::balances::has_room(&mut *c, id, *amount).await? {
                    return Err(Unwritten::Unmet(Unmet::Changed));
                }
                batch.clone().run_on(c).await
            })
        });
        write.await
    }

    async fn unwritten(&self, plan: &WritePlan, unmet: Unmet) -> Result<Outcome, ActionError> {
        match (unmet, &plan.key) {
            (Unmet::KeyTaken, Some(key)) => {
                idempotency::earlier(&self.db, key).await?.map_err(ActionError::RefusedBefore)
            }
            (Unmet::KeyTaken, None) | (Unmet::Changed, _) => Err(ActionError::Changed),
            (Unmet::Ledger(guard), _) => Err(guard.refusal(self.db.readers()).await.into()),
        }
    }
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
