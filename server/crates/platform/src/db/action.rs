//! Something to be done in one transaction. Its types are known to whoever asks for it alone: what queues, runs and
//! commits it sees a [`Job`], and is compiled once, here, and not once more for each action.

use super::unavailable::leaves_connection_good;
use super::{WriteError, is_unavailable, writer_gone};
use futures_util::future::BoxFuture;
use sqlx::AnyConnection;
use std::sync::{Mutex, PoisonError};

/// Serialization failure and deadlock (PostgreSQL): the transaction did nothing and may run again.
const RETRIABLE: [&str; 2] = ["40001", "40P01"];

/// What is to become of what a job did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    Keep,
    Undo,
    /// Undone too; it met another, and can be run again.
    Again,
    /// The database failed in it: nothing that was done in the same transaction can be relied on.
    Lost {
        /// Whether the connection may be the reason, so that another one could do it.
        connection: bool,
    },
}

pub(super) trait Job: Send + Sync + 'static {
    fn run<'c>(&'c self, connection: &'c mut AnyConnection) -> BoxFuture<'c, Ending>;
}

/// A closure with its input and, once it ran, its outcome.
pub(super) struct Action<I, T, E, A> {
    input: I,
    work: A,
    outcome: Mutex<Option<Result<T, E>>>,
}

impl<I, T, E: WriteError, A> Action<I, T, E, A> {
    pub(super) fn new(input: I, work: A) -> Self {
        Self { input, work, outcome: Mutex::new(None) }
    }

    /// What came of it, once the transaction has ended so. What was done counts only if it was committed.
    pub(super) fn outcome(&self, ended: Result<(), sqlx::Error>) -> Result<T, E> {
        match (self.outcome.lock().unwrap_or_else(PoisonError::into_inner).take(), ended) {
            (Some(Err(refusal)), _) => Err(refusal),
            (Some(Ok(value)), Ok(())) => Ok(value),
            (_, Err(error)) => Err(error.into()),
            (None, Ok(())) => Err(writer_gone().into()),
        }
    }
}

impl<I, T, E, A> Job for Action<I, T, E, A>
where
    I: Send + Sync + 'static,
    T: Send + 'static,
    E: WriteError,
    A: for<'c> Fn(&'c mut AnyConnection, &'c I) -> BoxFuture<'c, Result<T, E>> + Send + Sync + 'static,
{
    fn run<'c>(&'c self, connection: &'c mut AnyConnection) -> BoxFuture<'c, Ending> {
        Box::pin(async move {
            let outcome = (self.work)(connection, &self.input).await;
            let ending = match &outcome {
                Ok(_) => Ending::Keep,
                Err(error) if error.database_error().is_some_and(is_retriable) => Ending::Again,
                Err(error) if error.database_error().is_some_and(is_unavailable) => {
                    Ending::Lost { connection: !error.database_error().is_some_and(leaves_connection_good) }
                }
                Err(_) => Ending::Undo,
            };
            *self.outcome.lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome);
            ending
        })
    }
}

pub(super) fn is_retriable(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    code.is_some_and(|code| RETRIABLE.contains(&code.as_ref()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(
        outcome: Option<Result<u8, sqlx::Error>>,
        ended: Result<(), sqlx::Error>,
    ) -> Result<u8, sqlx::Error> {
        Action { input: (), work: (), outcome: Mutex::new(outcome) }.outcome(ended)
    }

    #[test]
    fn what_was_done_counts_only_when_it_was_committed() {
        assert_eq!(ended(Some(Ok(7)), Ok(())).unwrap(), 7);
        let lost = ended(Some(Ok(7)), Err(sqlx::Error::PoolClosed));
        assert!(matches!(lost, Err(sqlx::Error::PoolClosed)), "{lost:?}");
    }

    #[test]
    fn a_refusal_stays_what_it_was_however_the_transaction_ended() {
        for transaction in [Ok(()), Err(sqlx::Error::PoolClosed)] {
            let refused = ended(Some(Err(sqlx::Error::RowNotFound)), transaction);
            assert!(matches!(refused, Err(sqlx::Error::RowNotFound)), "{refused:?}");
        }
    }

    #[test]
    fn what_never_came_to_its_end_is_an_error() {
        assert!(matches!(ended(None, Ok(())), Err(sqlx::Error::WorkerCrashed)));
    }
}
