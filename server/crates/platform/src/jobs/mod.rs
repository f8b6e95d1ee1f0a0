//! Work that falls due: notifications to send, reserves to expire, payments to ask after.
//!
//! A site builds its [`Jobs`] once and shares them: the worker in the background and whoever asks for the due
//! work to be done never do the same job at the same time.

mod job;
#[cfg(test)]
mod tests;

pub use job::{Job, JobReport, LastRun};

use crate::db;
use async_trait::async_trait;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use job::Why;
use std::sync::Arc;
use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Rounds of due work at the most: jobs that always find more must not hold whoever asked for ever.
pub const MOST_ROUNDS: usize = 200;

/// A job that finds what is due by the [`Clock`](crate::Clock) and does it. Must be safe to run again:
/// it can be stopped half way.
#[async_trait]
pub trait DueWork: Send + Sync {
    fn name(&self) -> &'static str;

    /// Does all that is due now and returns how many things it did.
    async fn run_due(&self) -> Result<usize, JobError>;

    /// Itself, where what it does happens at its time or is dated by it: there a clock that is moved stops on its way.
    /// Whatever else is due then is done where the way ends.
    fn timely(&self) -> Option<&dyn Timely> {
        None
    }

    /// Does what it was woken for, if that can be told from all that is due.
    async fn run_woken(&self) -> Result<usize, JobError> {
        self.run_due().await
    }

    /// For work that `run_due` only sets going, since others take part in it: waits for what is under way, though
    /// for nobody's sake for ever, and returns how many things have come to their end. `asked` is when the wait began,
    /// if perhaps in an earlier round.
    async fn settle(&self, asked: Instant) -> usize {
        let _ = asked;
        0
    }

    /// The worker stops: no more is begun, and what is under way has a moment to end.
    async fn stop(&self) {}
}

/// Work whose moments can be told before they come.
#[async_trait]
pub trait Timely: Send + Sync {
    /// The first moment after this one at which something falls due.
    async fn next_due(&self, after: Timestamp) -> Result<Option<Timestamp>, JobError>;
}

#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct JobError(#[from] Box<dyn std::error::Error + Send + Sync>);

impl JobError {
    /// Whether the database was at fault, and said so itself.
    pub fn is_unavailable(&self) -> bool {
        let first: &(dyn std::error::Error + 'static) = self.0.as_ref();
        let mut causes = std::iter::successors(Some(first), |error| error.source());
        causes.any(|error| error.downcast_ref().is_some_and(db::is_unavailable))
    }
}

/// Of two moments the first, where there are any.
pub fn earlier(one: Option<Timestamp>, other: Option<Timestamp>) -> Option<Timestamp> {
    one.into_iter().chain(other).min()
}

impl From<sqlx::Error> for JobError {
    fn from(error: sqlx::Error) -> Self {
        Self(error.into())
    }
}

/// Wakes a worker at once instead of at its next look; clones wake the same worker.
#[derive(Debug, Clone, Default)]
pub struct Wake {
    notify: Arc<Notify>,
}

impl Wake {
    pub fn wake(&self) {
        self.notify.notify_one();
    }
}

/// A site's jobs; clones share them, and with them the locks.
#[derive(Debug, Clone, Default)]
pub struct Jobs(Arc<[Arc<Job>]>);

impl FromIterator<Job> for Jobs {
    fn from_iter<I: IntoIterator<Item = Job>>(jobs: I) -> Self {
        Self(jobs.into_iter().map(Arc::new).collect())
    }
}

impl Jobs {
    /// Does everything that is due now, until nothing is, and returns how many things it did. What one job
    /// does can be due work for another. A round in which a job failed is the last.
    pub fn run_due(&self) -> BoxFuture<'_, Result<usize, JobError>> {
        self.run_due_since(Instant::now())
    }

    /// The same for whoever has asked several sites for it, one after the other, since `asked`: what others take part
    /// in is not waited for again and again.
    pub fn run_due_since(&self, asked: Instant) -> BoxFuture<'_, Result<usize, JobError>> {
        self.run_since(asked, |_| true)
    }

    /// The part of it that is timely, for whoever stops at a moment on the way to another.
    pub fn run_timely_since(&self, asked: Instant) -> BoxFuture<'_, Result<usize, JobError>> {
        self.run_since(asked, |work| work.timely().is_some())
    }

    fn run_since(
        &self,
        asked: Instant,
        is_asked_for: fn(&dyn DueWork) -> bool,
    ) -> BoxFuture<'_, Result<usize, JobError>> {
        let jobs: Vec<&Job> = self.0.iter().map(Arc::as_ref).filter(|job| is_asked_for(&*job.work)).collect();
        Box::pin(async move {
            let mut done = 0;
            for _ in 0..MOST_ROUNDS {
                let round = run_round(&jobs).await? + settle(&jobs, asked).await;
                done += round;
                if round == 0 {
                    return Ok(done);
                }
            }
            tracing::warn!(
                "after {MOST_ROUNDS} rounds there is still work due; going on without waiting for it"
            );
            Ok(done)
        })
    }

    /// The first moment after this one at which something timely falls due.
    pub async fn next_due(&self, after: Timestamp) -> Result<Option<Timestamp>, JobError> {
        let mut next = None;
        for timely in self.0.iter().filter_map(|job| job.work.timely()) {
            next = earlier(next, timely.next_due(after).await?);
        }
        Ok(next)
    }

    /// How each of them goes.
    pub fn reports(&self) -> Vec<JobReport> {
        self.0.iter().map(|job| job.report()).collect()
    }

    /// Runs them in the background until `stop`, each on a task of its own.
    pub fn spawn(&self, tasks: &TaskTracker, stop: &CancellationToken) {
        for job in self.0.iter() {
            let (job, stop) = (Arc::clone(job), stop.clone());
            tasks.spawn(async move { job.work_until(stop).await });
        }
    }
}

/// A job that fails does not keep the others from being done.
async fn run_round(jobs: &[&Job]) -> Result<usize, JobError> {
    let mut outcomes = Vec::new();
    for job in jobs {
        outcomes.push(job.run(Why::Due).await);
    }
    outcomes.into_iter().sum()
}

/// Without the locks: whoever waits here holds up no worker.
async fn settle(jobs: &[&Job], asked: Instant) -> usize {
    let mut done = 0;
    for job in jobs {
        done += job.work.settle(asked).await;
    }
    done
}
