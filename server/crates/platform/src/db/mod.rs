//! The database, SQLite or PostgreSQL behind one SQL text. What differs between the two is in this
//! module and nowhere else.
//!
//! Reading goes through a pool. Writing goes through [`Database::write`]: one action, one transaction.
//! On SQLite a single writer takes all actions that have arrived together into one commit, each in its
//! own savepoint (an fsync is the dear part); on PostgreSQL each action is its own transaction, tried
//! again when it met another (40001, 40P01). Either way the action runs on a task of its own, so that a
//! client that goes away cannot break it half way, and the answer leaves after COMMIT.

mod action;
mod postgres;
mod readers;
mod rows;
mod schema;
mod sqlite;
#[cfg(test)]
mod tests;

pub use readers::Readers;
pub use rows::{Columns, joined};
pub use schema::Migrations;

use action::{Action, Job};
use futures_util::future::BoxFuture;
use sqlx::any::AnyPoolOptions;
use sqlx::{Any, AnyConnection, Transaction};
use std::sync::Arc;

/// Connections that read at once.
const READERS: u32 = 8;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    Sqlite,
    Postgres,
}

#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    #[error("the database URL must begin with sqlite: or postgres:")]
    UnknownBackend,
    #[error(transparent)]
    Sqlx(#[from] sqlx::Error),
    #[error(transparent)]
    Migrate(#[from] sqlx::migrate::MigrateError),
}

/// The error type of a write action: its own refusals, and what the database said.
pub trait WriteError: From<sqlx::Error> + Send + 'static {
    /// What the database said, if that is the reason: decides whether to try again.
    fn database_error(&self) -> Option<&sqlx::Error>;
}

impl WriteError for sqlx::Error {
    fn database_error(&self) -> Option<&sqlx::Error> {
        Some(self)
    }
}

/// A handle on one site's database; clones share it.
#[derive(Clone)]
pub struct Database {
    readers: Readers,
    writer: Writer,
}

#[derive(Clone)]
enum Writer {
    Sqlite(Arc<sqlite::GroupCommit>),
    Postgres(postgres::Retries),
}

impl std::fmt::Debug for Database {
    /// Never the URL: it can hold a password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Database").field("backend", &self.backend()).finish_non_exhaustive()
    }
}

impl Database {
    /// Opens `sqlite://path` (made when missing) or `postgres://…`.
    pub fn open(url: &str) -> BoxFuture<'_, Result<Self, DatabaseError>> {
        Box::pin(async move {
            sqlx::any::install_default_drivers();
            if url.starts_with("sqlite:") {
                let url = sqlite::with_create(url);
                let writer = sqlite::GroupCommit::start(&url).await?;
                let readers = AnyPoolOptions::new()
                    .max_connections(READERS)
                    .after_connect(|connection, _| Box::pin(sqlite::prepare(connection)))
                    .connect(&url)
                    .await?;
                return Ok(Self { readers: Readers(readers), writer: Writer::Sqlite(Arc::new(writer)) });
            }
            if url.starts_with("postgres:") || url.starts_with("postgresql:") {
                let readers = AnyPoolOptions::new().max_connections(2 * READERS).connect(url).await?;
                return Ok(Self {
                    readers: Readers(readers),
                    writer: Writer::Postgres(postgres::Retries::default()),
                });
            }
            Err(DatabaseError::UnknownBackend)
        })
    }

    pub fn backend(&self) -> Backend {
        match self.writer {
            Writer::Sqlite(_) => Backend::Sqlite,
            Writer::Postgres(_) => Backend::Postgres,
        }
    }

    /// How often an action was run again because it met another (PostgreSQL; on SQLite they queue): rarely,
    /// as long as all actions lock rows in one order.
    pub fn retries(&self) -> u64 {
        match &self.writer {
            Writer::Sqlite(_) => 0,
            Writer::Postgres(retries) => retries.count(),
        }
    }

    /// What to read from: `fetch_*(db.readers())`. Never write through it.
    pub fn readers(&self) -> &Readers {
        &self.readers
    }

    /// A transaction to read in: all statements on it see the moment of the first. Dropped, it ends; never
    /// write through it.
    pub fn snapshot(&self) -> BoxFuture<'_, Result<Transaction<'static, Any>, sqlx::Error>> {
        let begin = match self.backend() {
            Backend::Sqlite => "BEGIN",
            Backend::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY",
        };
        Box::pin(self.readers.0.begin_with(begin))
    }

    /// Whether the database answers.
    pub fn ping(&self) -> BoxFuture<'_, Result<(), sqlx::Error>> {
        Box::pin(async move {
            sqlx::query("SELECT 1").execute(&self.readers).await?;
            Ok(())
        })
    }

    /// Runs one action on its input in one transaction: all of it is committed before this returns `Ok`, or
    /// none is kept. The action can be run more than once (PostgreSQL), so it may only touch the database:
    ///
    /// ```ignore
    /// db.transact(token, |c, token| Box::pin(insert(c, token))).await
    /// ```
    pub async fn transact<I, T, E, A>(&self, input: I, action: A) -> Result<T, E>
    where
        I: Send + Sync + 'static,
        T: Send + 'static,
        E: WriteError,
        A: for<'c> Fn(&'c mut AnyConnection, &'c I) -> BoxFuture<'c, Result<T, E>> + Send + Sync + 'static,
    {
        let action = Arc::new(Action::new(input, action));
        let ended = self.run(Arc::clone(&action) as Arc<dyn Job>).await;
        action.outcome(ended)
    }

    /// `Ok` when the transaction has ended as the job wanted it to.
    fn run(&self, job: Arc<dyn Job>) -> BoxFuture<'_, Result<(), sqlx::Error>> {
        match &self.writer {
            Writer::Sqlite(group) => Box::pin(group.write(job)),
            Writer::Postgres(retries) => Box::pin(postgres::write(&self.readers.0, retries, job)),
        }
    }

    /// The same for an action that has its input itself.
    pub async fn write<T, E, A>(&self, action: A) -> Result<T, E>
    where
        T: Send + 'static,
        E: WriteError,
        A: for<'c> Fn(&'c mut AnyConnection) -> BoxFuture<'c, Result<T, E>> + Send + Sync + 'static,
    {
        self.transact((), move |c, ()| action(c)).await
    }

    /// Closes the connections; on SQLite this also folds the write-ahead log back into the file.
    pub fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            if let Writer::Sqlite(group) = &self.writer {
                group.close().await;
            }
            self.readers.0.close().await;
        })
    }
}

/// The error for a write whose task or connection is gone.
fn writer_gone() -> sqlx::Error {
    sqlx::Error::WorkerCrashed
}
