//! Background jobs as the shop keeps them: one list for all its clones, and each job with a lock, so that it runs
//! once at a time, whoever calls for it.

use async_trait::async_trait;
use platform::jobs::{DueWork, JobError, Wake};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;

/// Rounds of due work at the most: a job that always finds more must not hold a call of the control API.
const MOST_ROUNDS: usize = 200;

/// A job, what wakes it, and how often it looks by itself.
pub(crate) type ScheduledJob = (Arc<dyn DueWork>, Wake, Duration);

#[derive(Clone, Default)]
pub(crate) struct Jobs(Arc<[ScheduledJob]>);

impl Jobs {
    pub fn new(jobs: impl IntoIterator<Item = ScheduledJob>) -> Self {
        let once_at_a_time = |(work, wake, interval)| -> ScheduledJob {
            (Arc::new(OnceAtATime { work, running: Mutex::default() }), wake, interval)
        };
        Self(jobs.into_iter().map(once_at_a_time).collect())
    }

    pub fn list(&self) -> Vec<ScheduledJob> {
        self.0.to_vec()
    }

    /// Does all that is due now, until nothing is; returns how many things it did.
    pub async fn run_due(&self) -> Result<usize, JobError> {
        let mut done = 0;
        for _ in 0..MOST_ROUNDS {
            let mut round = 0;
            for (work, ..) in self.0.iter() {
                round += work.run_due().await?;
            }
            if round == 0 {
                break;
            }
            done += round;
        }
        Ok(done)
    }
}

impl fmt::Debug for Jobs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(work, ..)| work.name())).finish()
    }
}

struct OnceAtATime {
    work: Arc<dyn DueWork>,
    running: Mutex<()>,
}

#[async_trait]
impl DueWork for OnceAtATime {
    fn name(&self) -> &'static str {
        self.work.name()
    }

    async fn run_due(&self) -> Result<usize, JobError> {
        let _running = self.running.lock().await;
        self.work.run_due().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// Finds three things to do, one at each run, and sees whether it is called while it runs.
    #[derive(Default)]
    struct Work {
        left: AtomicUsize,
        running: AtomicUsize,
    }

    #[async_trait]
    impl DueWork for Work {
        fn name(&self) -> &'static str {
            "work"
        }

        async fn run_due(&self) -> Result<usize, JobError> {
            assert_eq!(self.running.fetch_add(1, Ordering::SeqCst), 0, "it runs already");
            tokio::task::yield_now().await;
            self.running.fetch_sub(1, Ordering::SeqCst);
            let took = self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
            Ok(usize::from(took.is_ok()))
        }
    }

    #[tokio::test]
    async fn a_job_runs_once_at_a_time_until_nothing_is_due() {
        let work = Work { left: AtomicUsize::new(3), ..Work::default() };
        let jobs = Jobs::new([(Arc::new(work) as Arc<dyn DueWork>, Wake::default(), Duration::from_secs(1))]);
        let clone = jobs.clone();
        let (one, other) = tokio::join!(jobs.run_due(), clone.run_due());
        assert_eq!(one.unwrap() + other.unwrap(), 3);
    }
}
