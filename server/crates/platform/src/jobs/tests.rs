use super::job::{LONGEST_PAUSE, pause_after};
use super::*;
use futures_util::FutureExt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
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
    let wrapped = |error| JobError::from(Box::<dyn std::error::Error + Send + Sync>::from(Wrapped(error)));
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
