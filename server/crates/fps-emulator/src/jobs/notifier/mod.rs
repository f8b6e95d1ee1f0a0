//! Sends the outbox: each notification as a signed form POST, again and again with growing waits until
//! the receiver answers 2xx, for a day (fps.md §9). At least once: receivers must bear a repetition.

mod attempt;
mod recorder;

use crate::domain::notifications::deliveries::{self, Claimed, Delivery, Ended};
use crate::engine::signer::Signer;
use crate::jobs::job_error;
use async_trait::async_trait;
use attempt::later;
use futures_util::future::join_all;
use platform::jobs::{DueWork, JobError};
use platform::{Clock, Database};
use recorder::Recorder;
use std::collections::VecDeque;
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;

/// How long what was claimed stays ours. A batch can take longer, so no attempt begins that might outlast it.
const LEASE: Duration = Duration::from_mins(2);
/// More than the HTTP client allows an attempt, and the recording of it.
const LONGEST_ATTEMPT: Duration = Duration::from_secs(30);
const BATCH: i64 = 64;
/// Receivers that are spoken to at once.
const CONCURRENCY: usize = 8;

/// The worker.
#[derive(Clone)]
pub struct Notifier {
    db: Database,
    clock: Clock,
    signer: Signer,
    http: reqwest::Client,
}

impl Notifier {
    pub fn new(db: Database, clock: Clock, signer: Signer, http: reqwest::Client) -> Self {
        Self { db, clock, signer, http }
    }

    /// Sends what was claimed at `begun`, and records it as it ends; returns how many attempts there were.
    pub(crate) async fn deliver_all(&self, claimed: Vec<Claimed>, begun: Instant) -> Result<usize, JobError> {
        let turns = Semaphore::new(CONCURRENCY);
        let (recorder, reports) = Recorder::new();
        let batch = Batch { notifier: self, begun, turns: &turns, recorder };
        let groups = in_order(claimed).into_iter().map(|group| batch.clone().deliver_group(group));
        let groups = join_all(groups);
        // Recording ends when the last group has, with its recorder.
        drop(batch);
        let writing = recorder::write_all(&self.db, reports, || turns.available_permits() < CONCURRENCY);
        let (outcomes, ()) = tokio::join!(groups, writing);
        outcomes.into_iter().sum()
    }
}

#[async_trait]
impl DueWork for Notifier {
    fn name(&self) -> &'static str {
        "notifier"
    }

    async fn run_due(&self) -> Result<usize, JobError> {
        let mut done = 0;
        loop {
            let now = self.clock.now();
            if !deliveries::any_due(&self.db, now).await? {
                return Ok(done);
            }
            let begun = Instant::now();
            let claimed = deliveries::claim(&self.db, now, later(now, LEASE), BATCH).await?;
            done += self.deliver_all(claimed, begun).await?;
        }
    }
}

/// What the groups of one claim share.
#[derive(Clone)]
struct Batch<'a> {
    notifier: &'a Notifier,
    /// When it was claimed.
    begun: Instant,
    /// A turn is had while a receiver is spoken to, and not while the recording is waited for.
    turns: &'a Semaphore,
    recorder: Recorder,
}

impl Batch<'_> {
    /// One after the other, each recorded before the next goes out: however long the others take, nobody sends
    /// it again. Behind one that has to be tried again the rest waits with it, and is due when it is.
    async fn deliver_group(self, mut group: VecDeque<Claimed>) -> Result<usize, JobError> {
        let Notifier { db, clock, .. } = self.notifier;
        let mut done = 0;
        while let Some(notification) = group.pop_front() {
            let turn = self.turns.acquire().await.map_err(job_error)?;
            if !lease_covers_an_attempt(self.begun.elapsed()) {
                group.push_front(notification);
                deliveries::give_back(db, group.into(), clock.now()).await?;
                break;
            }
            let attempt = self.notifier.attempt(&notification).await?;
            drop(turn);
            let then = attempt.then;
            self.recorder.record(Ended { notification, attempt }).await?;
            done += 1;
            if matches!(then, Delivery::Pending { .. }) {
                break;
            }
        }
        Ok(done)
    }
}

/// What one receiver is told of one subject stays in order, one after the other; the rest goes side by side.
fn in_order(claimed: Vec<Claimed>) -> Vec<VecDeque<Claimed>> {
    let mut groups: Vec<VecDeque<Claimed>> = Vec::new();
    for notification in claimed {
        let is_in_line =
            |one: &Claimed| (&one.subject_id, &one.url) == (&notification.subject_id, &notification.url);
        match groups.iter_mut().find(|group| group.front().is_some_and(is_in_line)) {
            Some(group) => group.push_back(notification),
            None => groups.push(VecDeque::from([notification])),
        }
    }
    groups
}

fn lease_covers_an_attempt(elapsed: Duration) -> bool {
    elapsed + LONGEST_ATTEMPT <= LEASE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_attempt_begins_that_could_outlast_the_lease() {
        assert!(lease_covers_an_attempt(Duration::ZERO));
        assert!(lease_covers_an_attempt(LEASE.saturating_sub(LONGEST_ATTEMPT)));
        assert!(!lease_covers_an_attempt(LEASE.saturating_sub(Duration::from_secs(10))));
    }
}
