//! The end, by our clock, of what nobody settled, and of what is kept for a time only.

use crate::domain::transactions::{due_for_expiry, next_expiry};
use crate::engine::payments::expire;
use crate::engine::{Engine, idempotency};
use crate::jobs::{BATCH, each};
use async_trait::async_trait;
use jiff::Timestamp;
use platform::jobs::{DueWork, JobError, Timely};

/// Ends transactions whose time is over, and forgets idempotency records of which no request asks any more.
#[derive(Debug, Clone)]
pub struct Expiry {
    engine: Engine,
}

impl Expiry {
    pub fn new(engine: Engine) -> Self {
        Self { engine }
    }

    async fn expire_transactions(&self) -> Result<usize, JobError> {
        let due = due_for_expiry(&self.engine.db, self.engine.clock.now(), BATCH).await?;
        each(&self.engine, due, |engine, id| Box::pin(async move { expire(engine, &id).await })).await
    }
}

#[async_trait]
impl DueWork for Expiry {
    fn name(&self) -> &'static str {
        "expiry"
    }

    async fn run_due(&self) -> Result<usize, JobError> {
        let expired = self.expire_transactions().await;
        let forgotten = idempotency::forget_expired(&self.engine.db, self.engine.clock.now()).await;
        // One that fails does not keep the other from being done.
        Ok(expired? + forgotten?)
    }

    fn timely(&self) -> Option<&dyn Timely> {
        Some(self)
    }
}

#[async_trait]
impl Timely for Expiry {
    async fn next_due(&self, after: Timestamp) -> Result<Option<Timestamp>, JobError> {
        Ok(next_expiry(&self.engine.db, after).await?)
    }
}
