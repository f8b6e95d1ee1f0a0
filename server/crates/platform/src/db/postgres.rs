//! PostgreSQL: ordinary concurrent transactions, tried again when two of them met.

use super::{WriteError, writer_gone};
use futures_util::future::BoxFuture;
use sqlx::{AnyConnection, AnyPool};

/// Serialization failure and deadlock: the transaction did nothing and may run again.
const RETRIABLE: [&str; 2] = ["40001", "40P01"];
const ATTEMPTS: usize = 8;

pub(super) async fn write<T, E, A>(pool: &AnyPool, action: A) -> Result<T, E>
where
    T: Send + 'static,
    E: WriteError,
    A: for<'c> Fn(&'c mut AnyConnection) -> BoxFuture<'c, Result<T, E>> + Send + Sync + 'static,
{
    let pool = pool.clone();
    let task = tokio::spawn(async move {
        let mut attempt = 1;
        loop {
            let outcome = once(&pool, &action).await;
            match &outcome {
                Err(error) if attempt < ATTEMPTS && is_retriable(error) => attempt += 1,
                _ => return outcome,
            }
        }
    });
    task.await.map_err(|_| writer_gone())?
}

async fn once<T, E, A>(pool: &AnyPool, action: &A) -> Result<T, E>
where
    E: WriteError,
    A: for<'c> Fn(&'c mut AnyConnection) -> BoxFuture<'c, Result<T, E>>,
{
    let mut transaction = pool.begin().await?;
    match action(&mut transaction).await {
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
