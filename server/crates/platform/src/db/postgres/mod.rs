//! PostgreSQL: ordinary concurrent transactions, tried again when two of them met.

mod joined;

use super::action::{Ending, Job, is_retriable};
use super::batch::{Statements, UnmetAt};
use super::lease::{Connections, Lease};
use super::unavailable::bounded;
use super::writer_gone;
use joined::Joined;
use sqlx::Connection;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

const ATTEMPTS: u32 = 8;
/// Those who try again at the same time are spread over so many places.
const PLACES: u64 = 16;

/// How often an action was tried again, on all clones of a database together.
#[derive(Debug, Clone, Default)]
pub(super) struct Retries(Arc<AtomicU64>);

impl Retries {
    pub(super) fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    /// Takes a number and says how long to wait with it: those who met each other get different numbers
    /// and do not meet again at once, and each further attempt waits longer, at most 128 ms.
    fn wait(&self, attempt: u32) -> Duration {
        let number = self.0.fetch_add(1, Ordering::Relaxed);
        let place = u32::try_from(number % PLACES).unwrap_or_default();
        Duration::from_millis(1) * (place + 1) * attempt.min(ATTEMPTS)
    }
}

/// `limit` is for all of it, the waiting for a connection and every attempt; `None`: for ever. When it passes during
/// the commit, nobody knows whether that took place.
pub(super) async fn write(
    pool: &Connections,
    retries: &Retries,
    limit: Option<Duration>,
    job: Arc<dyn Job>,
) -> Result<(), sqlx::Error> {
    let (pool, retries) = (pool.clone(), retries.clone());
    let task = tokio::spawn(async move {
        let met = |ending: &Ending| *ending == Ending::Again;
        bounded(limit, until_alone(&retries, || once(&pool, &*job), met)).await.map(drop)
    });
    task.await.map_err(|_| writer_gone())?
}

/// The same for a batch; `Ok(Some(_))`: one of its guards did not find its row, and nothing was written.
pub(super) async fn write_batch(
    pool: &Connections,
    retries: &Retries,
    limit: Option<Duration>,
    statements: Statements,
) -> Result<Option<UnmetAt>, sqlx::Error> {
    let (pool, retries) = (pool.clone(), retries.clone());
    let joined = Joined::of(statements);
    let task = tokio::spawn(async move {
        bounded(limit, until_alone(&retries, || written(&pool, &joined), |_| false)).await
    });
    task.await.map_err(|_| writer_gone())?
}

async fn written(pool: &Connections, joined: &Joined) -> Result<Option<UnmetAt>, sqlx::Error> {
    let mut connection = Lease::take(pool).await?;
    let ended = joined.query().execute(&mut *connection).await;
    connection.give_back_after(ended.as_ref().err());
    match ended {
        Ok(_) => Ok(None),
        Err(error) => joined::unmet(&error).map(Some).ok_or(error),
    }
}

/// Tries until it met nobody, as the error or `met` says, or was tried often enough.
async fn until_alone<T, F>(
    retries: &Retries,
    once: impl Fn() -> F,
    met: impl Fn(&T) -> bool,
) -> Result<T, sqlx::Error>
where
    F: Future<Output = Result<T, sqlx::Error>>,
{
    let mut attempt = 1;
    loop {
        let ended = once().await;
        let again = ended.as_ref().map_or_else(is_retriable, &met);
        if !again || attempt == ATTEMPTS {
            return ended;
        }
        tokio::time::sleep(retries.wait(attempt)).await;
        attempt += 1;
    }
}

/// A connection whose transaction did not come to its end is thrown away, and the server undoes what it held.
async fn once(pool: &Connections, job: &dyn Job) -> Result<Ending, sqlx::Error> {
    let mut connection = Lease::take(pool).await?;
    let mut transaction = connection.begin().await?;
    let ending = job.run(&mut transaction).await;
    match ending {
        Ending::Keep => transaction.commit().await?,
        Ending::Undo | Ending::Again => transaction.rollback().await?,
        Ending::Lost { .. } => return Ok(ending),
    }
    connection.give_back();
    Ok(ending)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_who_met_wait_differently_and_not_long() {
        let retries = Retries::default();
        let first: Vec<Duration> = (0..PLACES).map(|_| retries.wait(1)).collect();
        let mut distinct = first.clone();
        distinct.dedup();
        assert_eq!(distinct.len(), first.len());
        assert_eq!(retries.count(), PLACES);
        assert!((0..PLACES).all(|_| retries.wait(u32::MAX) <= Duration::from_millis(128)));
    }
}
