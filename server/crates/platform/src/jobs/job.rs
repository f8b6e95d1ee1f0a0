//! One job: how it is run, when it looks and what wakes it, and how it goes.

use super::{DueWork, JobError, Wake};
use crate::lab::Cause;
use crate::panics;
use futures_util::FutureExt;
use std::fmt;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, PoisonError};
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// How long a job waits after its first failure, and at the most after many in a row.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
pub(super) const LONGEST_PAUSE: Duration = Duration::from_secs(5);

pub(super) fn pause_after(failures: u32) -> Duration {
    FIRST_PAUSE.saturating_mul(1 << (failures - 1).min(16)).min(LONGEST_PAUSE)
}

/// A job, what wakes it, and how often it looks by itself.
pub struct Job {
    pub(super) work: Arc<dyn DueWork>,
    wake: Wake,
    interval: Duration,
    /// One run at a time in this process: whoever asks for the due work can rely on it being done when the
    /// answer comes, also if the worker was half way through it.
    running: Mutex<()>,
    history: std::sync::Mutex<History>,
}

/// How the runs of a job went, since the program started.
#[derive(Debug, Clone, Default)]
struct History {
    runs: u64,
    failures: u64,
    /// When the last one ended, how long it took, and how much it did; `None` where it failed.
    last: Option<(Instant, Duration, Option<usize>)>,
    last_failure: Option<(Instant, String)>,
}

/// How a job goes, for whoever looks after the site. Times are real, whatever the [`Clock`](crate::Clock) shows.
#[derive(Debug, Clone)]
pub struct JobReport {
    pub name: &'static str,
    pub interval: Duration,
    /// A run is under way.
    pub running: bool,
    pub runs: u64,
    pub failures: u64,
    pub last: Option<LastRun>,
    /// How long ago the last failure was, and what it said.
    pub last_failure: Option<(Duration, String)>,
}

#[derive(Debug, Clone)]
pub struct LastRun {
    pub ago: Duration,
    pub took: Duration,
    pub failed: bool,
    /// How many things it did.
    pub done: usize,
}

/// Why a job runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    /// It is time to look, or somebody asks for all that is due.
    Due,
    Woken,
}

impl Job {
    /// `interval` is real time, whatever the [`Clock`](crate::Clock) shows.
    pub fn new(work: Arc<dyn DueWork>, wake: Wake, interval: Duration) -> Self {
        Self { work, wake, interval, running: Mutex::default(), history: std::sync::Mutex::default() }
    }

    /// One round, after the one under way. Whatever goes wrong in it, a panic too, is over with it.
    pub(super) async fn run(&self, why: Why) -> Result<usize, JobError> {
        let _alone = self.running.lock().await;
        let begun = Instant::now();
        let work = match why {
            Why::Due => self.work.run_due(),
            Why::Woken => self.work.run_woken(),
        };
        let outcome = AssertUnwindSafe(Cause::Job(self.work.name()).of(work)).catch_unwind().await;
        let outcome = outcome.unwrap_or_else(|panic| {
            let message = panics::message(panic.as_ref());
            Err(JobError(format!("{} panicked: {message}", self.work.name()).into()))
        });
        self.note(begun, &outcome);
        outcome
    }

    fn note(&self, begun: Instant, outcome: &Result<usize, JobError>) {
        let mut history = self.history.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        history.runs += 1;
        if let Err(error) = outcome {
            history.failures += 1;
            history.last_failure = Some((now, error.to_string()));
        }
        history.last = Some((now, now - begun, outcome.as_ref().ok().copied()));
    }

    pub(super) fn report(&self) -> JobReport {
        let history = self.history.lock().unwrap_or_else(PoisonError::into_inner).clone();
        JobReport {
            name: self.work.name(),
            interval: self.interval,
            running: self.running.try_lock().is_err(),
            runs: history.runs,
            failures: history.failures,
            last: history.last.map(|(ended, took, done)| LastRun {
                ago: ended.elapsed(),
                took,
                failed: done.is_none(),
                done: done.unwrap_or(0),
            }),
            last_failure: history.last_failure.map(|(at, why)| (at.elapsed(), why)),
        }
    }

    /// Runs whenever it is woken, and every `interval` besides, until `stop`; a run under way is finished first. After
    /// a failure it only waits, the longer the more there were in a row.
    pub(super) async fn work_until(&self, stop: CancellationToken) {
        let mut failures = 0;
        let mut why = Why::Due;
        let mut look_at = Instant::now();
        while !stop.is_cancelled() {
            failures = self.run_and_tell(why, failures).await;
            // However often it is woken, it looks by itself as well.
            if why == Why::Due || failures > 0 {
                look_at = Instant::now() + if failures == 0 { self.interval } else { pause_after(failures) };
            }
            why = tokio::select! {
                () = stop.cancelled() => break,
                () = tokio::time::sleep_until(look_at) => Why::Due,
                () = self.wake.notify.notified(), if failures == 0 => Why::Woken,
            };
        }
        self.work.stop().await;
    }

    /// A job that ended at its first failure would be missed only when payments no longer move. Takes how many runs
    /// before this one failed in a row, and returns how many have now; the log has the first and the end of it.
    async fn run_and_tell(&self, why: Why, failures: u32) -> u32 {
        let job = self.work.name();
        let error = match self.run(why).await {
            Ok(done) => {
                if done > 0 {
                    tracing::debug!(job, done, "due work done");
                }
                if failures > 0 {
                    tracing::info!(job, failures, "due work is done again");
                }
                return 0;
            }
            Err(error) => error,
        };
        metrics::counter!("due_work_failures_total", "job" => job).increment(1);
        match failures {
            0 if error.is_unavailable() => tracing::warn!(job, %error, "due work waits for the database"),
            0 => tracing::error!(job, %error, "due work failed; it is tried again"),
            _ => tracing::debug!(job, %error, failures, "due work failed again"),
        }
        failures.saturating_add(1)
    }
}

impl fmt::Debug for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Job").field(&self.work.name()).field(&self.interval).finish()
    }
}
