//! Work that falls due: notifications to send, reserves to expire, payments to ask after.

use crate::panics;
use async_trait::async_trait;
use futures_util::FutureExt;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// A job that finds what is due by the [`Clock`](crate::Clock) and does it. Must be safe to run again:
/// it can be stopped half way.
#[async_trait]
pub trait DueWork: Send + Sync {
    fn name(&self) -> &'static str;

    /// Does all that is due now and returns how many things it did.
    async fn run_due(&self) -> Result<usize, JobError>;
}

#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct JobError(#[from] Box<dyn std::error::Error + Send + Sync>);

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

/// Runs the job in the background whenever it is woken, and every `interval` of real time besides,
/// until `stop`; a run under way is finished first.
pub fn spawn_worker(
    tasks: &TaskTracker,
    stop: CancellationToken,
    work: Arc<dyn DueWork>,
    wake: Wake,
    interval: Duration,
) {
    tasks.spawn(async move {
        while !stop.is_cancelled() {
            run_once(work.as_ref()).await;
            tokio::select! {
                () = stop.cancelled() => {}
                () = wake.notify.notified() => {}
                () = tokio::time::sleep(interval) => {}
            }
        }
    });
}

/// One round. Whatever goes wrong in it, a panic too, is over with it: a job that ended here would be missed
/// only when payments no longer move.
async fn run_once(work: &dyn DueWork) {
    let job = work.name();
    let why = match AssertUnwindSafe(work.run_due()).catch_unwind().await {
        Ok(Ok(0)) => return,
        Ok(Ok(done)) => return tracing::debug!(job, done, "due work done"),
        Ok(Err(error)) => error.to_string(),
        Err(panic) => format!("panic: {}", panics::message(panic.as_ref())),
    };
    metrics::counter!("due_work_failures_total", "job" => job).increment(1);
    tracing::error!(job, error = why, "due work failed; it is tried again");
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// Panics, fails, then stops its worker.
    struct Troubled {
        rounds: AtomicUsize,
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
                    Ok(1)
                }
            }
        }
    }

    #[tokio::test]
    async fn neither_a_panic_nor_an_error_ends_a_job() {
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        let work = Arc::new(Troubled { rounds: AtomicUsize::new(0), stop: stop.clone() });
        spawn_worker(&tasks, stop, work.clone(), Wake::default(), Duration::from_millis(1));
        tasks.close();
        tasks.wait().await;
        assert_eq!(work.rounds.load(Ordering::SeqCst), 3);
    }
}
