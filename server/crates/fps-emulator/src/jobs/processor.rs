//! The back-end processor of cards and bank accounts.

use crate::domain::transactions::due_for_processing;
use crate::engine::payments::processor_answers;
use crate::engine::{Engine, processor};
use crate::jobs::{BATCH, each};
use async_trait::async_trait;
use platform::jobs::{DueWork, JobError};

/// Answers for what is due by the machine's time, which a frozen clock does not stop.
#[derive(Debug, Clone)]
pub struct Processor {
    engine: Engine,
}

impl Processor {
    pub fn new(engine: Engine) -> Self {
        Self { engine }
    }
}

#[async_trait]
impl DueWork for Processor {
    fn name(&self) -> &'static str {
        "processor"
    }

    async fn run_due(&self) -> Result<usize, JobError> {
        let wall = self.engine.clock.wall();
        let due = due_for_processing(&self.engine.db, wall, BATCH).await?;
        if !due.is_empty() && processor::is_held(&self.engine).await? {
            return Ok(0);
        }
        each(&self.engine, due, |engine, id| Box::pin(async move { processor_answers(engine, &id).await }))
            .await
    }
}
