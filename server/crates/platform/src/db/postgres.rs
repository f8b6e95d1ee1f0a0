//! PostgreSQL: ordinary concurrent transactions, tried again when two of them met.

use super::{Action, WriteError, writer_gone};
use sqlx::AnyPool;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Serialization failure and deadlock: the transaction did nothing and may run again.
const RETRIABLE: [&str; 2] = ["40001", "40P01"];
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

pub(super) async fn write<T, E, A>(pool: &AnyPool, retries: &Retries, action: A) -> Result<T, E>
where
    T: Send + 'static,
    E: WriteError,
    A: Action<T, E>,
{
    let (pool, retries) = (pool.clone(), retries.clone());
    let task = tokio::spawn(async move {
        let mut attempt = 1;
        loop {
            let outcome = once(&pool, &action).await;
            if attempt == ATTEMPTS || !outcome.as_ref().is_err_and(is_retriable) {
                return outcome;
            }
            tokio::time::sleep(retries.wait(attempt)).await;
            attempt += 1;
        }
    });
    task.await.map_err(|_| writer_gone())?
}

async fn once<T, E, A>(pool: &AnyPool, action: &A) -> Result<T, E>
where
    E: WriteError,
    A: Action<T, E>,
{
    let mut transaction = pool.begin().await?;
    match action.run(&mut transaction).await {
        Ok(value) => {
            transaction.commit().await?;
            Ok(value)
        }
        Err(error) => {
            transaction.rollback().await?;
            Err(error)
        }
    }
}

fn is_retriable<E: WriteError>(error: &E) -> bool {
    let code = error
        .database_error()
        .and_then(sqlx::Error::as_database_error)
        .and_then(sqlx::error::DatabaseError::code);
    code.is_some_and(|code| RETRIABLE.contains(&code.as_ref()))
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
