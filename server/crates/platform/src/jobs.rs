//! Work that falls due: notifications to send, reserves to expire, payments to ask after.
//!
//! A site builds its [`Jobs`] once and shares them: the worker in the background and whoever asks for the due
//! work to be done never do the same job at the same time.

use crate::{db, panics};
use async_trait::async_trait;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use std::fmt;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, PoisonError};
use std::time::Duration;
use tokio::sync::{Mutex, Notify};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Rounds of due work at the most: jobs that always find more must not hold whoever asked for ever.
pub const MOST_ROUNDS: usize = 200;

/// How long a job waits after its first failure, and at the most after many in a row.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

fn pause_after(failures: u32) -> Duration {
    FIRST_PAUSE.saturating_mul(1 << (failures - 1).min(16)).min(LONGEST_PAUSE)
}

/// A job that finds what is due by the [`Clock`](crate::Clock) and does it. Must be safe to run again:
/// it can be stopped half way.
#[async_trait]
pub trait DueWork: Send + Sync {
    fn name(&self) -> &'static str;

    /// Does all that is due now and returns how many things it did.
    async fn run_due(&self) -> Result<usize, JobError>;

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

/// A job, what wakes it, and how often it looks by itself.
pub struct Job {
    work: Arc<dyn DueWork>,
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
enum Why {
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
    async fn run(&self, why: Why) -> Result<usize, JobError> {
        let _alone = self.running.lock().await;
        let begun = Instant::now();
        let work = match why {
            Why::Due => self.work.run_due(),
            Why::Woken => self.work.run_woken(),
        };
        let outcome = AssertUnwindSafe(work).catch_unwind().await;
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

    fn report(&self) -> JobReport {
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
    async fn work_until(&self, stop: CancellationToken) {
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
        Box::pin(async move {
            let mut done = 0;
            for _ in 0..MOST_ROUNDS {
                let round = self.run_round().await? + self.settle(asked).await;
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

    /// How each of them goes.
    pub fn reports(&self) -> Vec<JobReport> {
        self.0.iter().map(|job| job.report()).collect()
    }

    /// A job that fails does not keep the others from being done.
    async fn run_round(&self) -> Result<usize, JobError> {
        let mut outcomes = Vec::new();
        for job in self.0.iter() {
            outcomes.push(job.run(Why::Due).await);
        }
        outcomes.into_iter().sum()
    }

    /// Without the locks: whoever waits here holds up no worker.
    async fn settle(&self, asked: Instant) -> usize {
        let mut done = 0;
        for job in self.0.iter() {
            done += job.work.settle(asked).await;
        }
        done
    }

    /// Runs them in the background until `stop`, each on a task of its own.
    pub fn spawn(&self, tasks: &TaskTracker, stop: &CancellationToken) {
        for job in self.0.iter() {
            let (job, stop) = (Arc::clone(job), stop.clone());
            tasks.spawn(async move { job.work_until(stop).await });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use tokio::sync::Semaphore;

    /// Panics, fails, then stops its worker.
    struct Troubled {
        rounds: Arc<AtomicUsize>,
        stop: CancellationToken,
    }

    #[async_trait]
    impl DueWork for Troubled {
        fn name(&self) -> &'static str {
            "troubled"
        }

        async fn run_due(&self) -> Result<usize, JobError> {
            match self.rounds.fetch_add(1, Ordering::SeqCst) {
                0 => panic!("the first round panics"),
                1 => Err(sqlx::Error::PoolClosed.into()),
                _ => {
                    self.stop.cancel();
                    Ok(0)
                }
            }
        }
    }

    fn troubled() -> (Jobs, Arc<AtomicUsize>, CancellationToken) {
        let (rounds, stop) = (Arc::new(AtomicUsize::new(0)), CancellationToken::new());
        let work = Troubled { rounds: rounds.clone(), stop: stop.clone() };
        let jobs = Jobs::from_iter([Job::new(Arc::new(work), Wake::default(), Duration::from_millis(1))]);
        (jobs, rounds, stop)
    }

    #[test]
    fn a_job_that_fails_pauses_longer_each_time_and_never_long() {
        let pauses: Vec<u128> = (1..=8).map(|failures| pause_after(failures).as_millis()).collect();
        assert_eq!(pauses, [100, 200, 400, 800, 1600, 3200, 5000, 5000]);
        assert_eq!(pause_after(u32::MAX), LONGEST_PAUSE);
    }

    #[test]
    fn an_error_of_the_database_is_known_below_another() {
        #[derive(Debug, thiserror::Error)]
        #[error("wrapped")]
        struct Wrapped(#[source] sqlx::Error);
        let wrapped =
            |error| JobError::from(Box::<dyn std::error::Error + Send + Sync>::from(Wrapped(error)));
        assert!(wrapped(sqlx::Error::PoolTimedOut).is_unavailable());
        assert!(!wrapped(sqlx::Error::RowNotFound).is_unavailable());
    }

    #[tokio::test]
    async fn neither_a_panic_nor_an_error_ends_a_job() {
        let (jobs, rounds, stop) = troubled();
        let tasks = TaskTracker::new();
        jobs.spawn(&tasks, &stop);
        tasks.close();
        tasks.wait().await;
        assert_eq!(rounds.load(Ordering::SeqCst), 3);
    }

    #[tokio::test]
    async fn whoever_asks_is_told_of_a_panic_and_can_ask_again() {
        let (jobs, ..) = troubled();
        let panicked = jobs.run_due().await.unwrap_err();
        assert_eq!(panicked.to_string(), "troubled panicked: the first round panics");
        jobs.run_due().await.unwrap_err();
        assert_eq!(jobs.run_due().await.unwrap(), 0);
        let reports = jobs.reports();
        let [report] = reports.as_slice() else { panic!("{reports:?}") };
        assert_eq!((report.name, report.runs, report.failures, report.running), ("troubled", 3, 2, false));
        let last = report.last.as_ref().unwrap();
        assert!(!last.failed && last.done == 0);
        let (_, why) = report.last_failure.as_ref().unwrap();
        assert!(why.contains("closed"), "{why}");
    }

    /// Does as many things as it is allowed, one a round, and counts who is inside at the same time.
    struct Gated {
        left: AtomicUsize,
        gate: Arc<Semaphore>,
        inside: AtomicUsize,
    }

    #[async_trait]
    impl DueWork for Gated {
        fn name(&self) -> &'static str {
            "gated"
        }

        async fn run_due(&self) -> Result<usize, JobError> {
            assert_eq!(self.inside.fetch_add(1, Ordering::SeqCst), 0, "two are inside");
            self.gate.acquire().await.unwrap().forget();
            self.inside.fetch_sub(1, Ordering::SeqCst);
            let left = self.left.load(Ordering::SeqCst);
            self.left.store(left.saturating_sub(1), Ordering::SeqCst);
            Ok(left.min(1))
        }
    }

    fn gated(things: usize) -> (Jobs, Arc<Semaphore>) {
        let gate = Arc::new(Semaphore::new(0));
        let work = Gated { left: AtomicUsize::new(things), gate: gate.clone(), inside: AtomicUsize::new(0) };
        (Jobs::from_iter([Job::new(Arc::new(work), Wake::default(), Duration::from_hours(1))]), gate)
    }

    #[tokio::test]
    async fn two_runs_of_one_job_do_not_overlap() {
        let (jobs, gate) = gated(5);
        let clone = jobs.clone();
        let open = async {
            tokio::task::yield_now().await;
            gate.add_permits(100);
        };
        let (one, other, ()) = tokio::join!(jobs.run_due(), clone.run_due(), open);
        assert_eq!(one.unwrap() + other.unwrap(), 5);
    }

    #[tokio::test]
    async fn whoever_asks_waits_for_the_worker_that_is_half_way_through() {
        let (jobs, gate) = gated(1);
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        jobs.spawn(&tasks, &stop);
        tokio::task::yield_now().await;
        let mut asked = Box::pin(jobs.run_due());
        assert!(asked.as_mut().now_or_never().is_none(), "the worker is not done");
        gate.add_permits(2);
        assert_eq!(asked.await.unwrap(), 0, "the worker has done it");
        stop.cancel();
    }

    /// Wakes itself whenever it was woken.
    struct Restless {
        wake: Wake,
        looks: AtomicUsize,
        stop: CancellationToken,
    }

    #[async_trait]
    impl DueWork for Restless {
        fn name(&self) -> &'static str {
            "restless"
        }

        async fn run_due(&self) -> Result<usize, JobError> {
            if self.looks.fetch_add(1, Ordering::SeqCst) == 2 {
                self.stop.cancel();
            }
            self.run_woken().await
        }

        async fn run_woken(&self) -> Result<usize, JobError> {
            self.wake.wake();
            tokio::task::yield_now().await;
            Ok(0)
        }
    }

    #[tokio::test]
    async fn a_job_that_is_woken_all_the_time_looks_by_itself_as_well() {
        let (wake, stop, tasks) = (Wake::default(), CancellationToken::new(), TaskTracker::new());
        let work = Restless { wake: wake.clone(), looks: AtomicUsize::new(0), stop: stop.clone() };
        let work = Arc::new(work);
        Jobs::from_iter([Job::new(work.clone(), wake, Duration::from_millis(5))]).spawn(&tasks, &stop);
        tasks.close();
        tasks.wait().await;
        assert_eq!(work.looks.load(Ordering::SeqCst), 3);
    }

    /// Finds something to do whenever it looks.
    struct Endless;

    #[async_trait]
    impl DueWork for Endless {
        fn name(&self) -> &'static str {
            "endless"
        }

        async fn run_due(&self) -> Result<usize, JobError> {
            Ok(1)
        }
    }

    #[tokio::test]
    async fn work_without_end_holds_nobody_for_ever() {
        let jobs = Jobs::from_iter([Job::new(Arc::new(Endless), Wake::default(), Duration::from_hours(1))]);
        assert_eq!(jobs.run_due().await.unwrap(), MOST_ROUNDS);
    }
}
