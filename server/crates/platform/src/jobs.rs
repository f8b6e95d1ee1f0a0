//! Work that falls due: notifications to send, reserves to expire, payments to ask after.

use async_trait::async_trait;
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
            match work.run_due().await {
                Ok(0) => {}
                Ok(done) => tracing::debug!(job = work.name(), done, "due work done"),
                Err(error) => {
                    tracing::error!(job = work.name(), %error, "due work failed; it is tried again");
                }
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = wake.notify.notified() => {}
                () = tokio::time::sleep(interval) => {}
            }
        }
    });
}
