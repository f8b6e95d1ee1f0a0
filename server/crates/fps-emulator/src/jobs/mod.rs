//! What happens without anybody's request, in the background. Each job is a [`DueWork`](platform::jobs::DueWork)
//! in a file of its own: it finds what is due, does all of it, and may be run again at any time. The list of
//! them is in `lifecycle`.

pub mod expiry;
pub mod notifier;
pub mod processor;

use crate::engine::{ActionError, Engine};
use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use platform::jobs::JobError;

/// Transactions looked up at once.
const BATCH: i64 = 256;
/// Transactions worked on at once, so that they share commits.
const CONCURRENCY: usize = 32;

/// Does the work on each of them, also when it fails for one; returns for how many there was something to do.
async fn each<'e, I>(
    engine: &'e Engine,
    ids: Vec<I>,
    work: fn(&'e Engine, I) -> BoxFuture<'e, Result<bool, ActionError>>,
) -> Result<usize, JobError> {
    let mut outcomes =
        futures_util::stream::iter(ids).map(|id| work(engine, id)).buffer_unordered(CONCURRENCY);
    let (mut done, mut failure) = (0, None);
    while let Some(outcome) = outcomes.next().await {
        match outcome {
            Ok(true) => done += 1,
            Ok(false) => {}
            Err(error) => failure = Some(error),
        }
    }
    match failure {
        Some(error) => Err(job_error(error)),
        None => Ok(done),
    }
}

fn job_error(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> JobError {
    JobError::from(error.into())
}
