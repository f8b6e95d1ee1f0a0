//! The back-end processor of cards and bank accounts, and the end of what nobody settled.

use crate::domain::transactions::{due_for_expiry, due_for_processing};
use crate::engine::payments::{expire, processor_answers};
use crate::engine::{ActionError, Engine, idempotency};
use async_trait::async_trait;
use fps_protocol::ids::TransactionId;
use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use platform::jobs::{DueWork, JobError};
use std::sync::Arc;
use tokio::sync::Mutex;

/// Transactions looked up at once.
const BATCH: i64 = 256;
/// Transactions worked on at once, so that they share commits.
const CONCURRENCY: usize = 32;

#[derive(Debug, Clone)]
pub struct Processor {
    engine: Engine,
    /// One run at a time in this process: whoever asks for the due work can rely on it being done when
    /// the answer comes.
    running: Arc<Mutex<()>>,
}

impl Processor {
    pub fn new(engine: Engine) -> Self {
        Self { engine, running: Arc::default() }
    }

    /// Answers for what is due by the machine's time.
    async fn process(&self) -> Result<usize, JobError> {
        let wall = self.engine.clock.wall();
        let due = due_for_processing(&self.engine.db, wall, BATCH).await?;
        self.each(due, |engine, id| Box::pin(async move { processor_answers(engine, &id).await })).await
    }

    /// Ends what has run out by our clock.
    async fn expire(&self) -> Result<usize, JobError> {
        let due = due_for_expiry(&self.engine.db, self.engine.clock.now(), BATCH).await?;
        self.each(due, |engine, id| Box::pin(async move { expire(engine, &id).await })).await
    }

    /// Does all of them, also when one fails; returns how many were done.
    async fn each<'e>(
        &'e self,
        ids: Vec<TransactionId>,
        work: fn(&'e Engine, TransactionId) -> BoxFuture<'e, Result<bool, ActionError>>,
    ) -> Result<usize, JobError> {
        let mut outcomes =
            futures_util::stream::iter(ids).map(|id| work(&self.engine, id)).buffer_unordered(CONCURRENCY);
        let (mut done, mut failure) = (0, None);
        while let Some(outcome) = outcomes.next().await {
            match outcome {
                Ok(true) => done += 1,
                Ok(false) => {}
                Err(error) => failure = Some(error),
            }
        }
        match failure {
            Some(error) => Err(JobError::from(Box::<dyn std::error::Error + Send + Sync>::from(error))),
            None => Ok(done),
        }
    }
}

#[async_trait]
impl DueWork for Processor {
    fn name(&self) -> &'static str {
        "processor"
    }

    async fn run_due(&self) -> Result<usize, JobError> {
        let _alone = self.running.lock().await;
        // What is past its time has expired, even if the processor would answer now.
        let expired = self.expire().await;
        let processed = self.process().await;
        let forgotten = idempotency::forget_expired(&self.engine.db, self.engine.clock.now()).await;
        // One that fails keeps none of the others from being done.
        Ok(expired? + processed? + forgotten?)
    }
}
