//! The database, SQLite or PostgreSQL behind one SQL text. What differs between the two is in this
//! module and nowhere else.
//!
//! Reading goes through [`Readers`]: on SQLite what is short is read by whoever asks, all else through a pool. What an
//! action writes is a [`Batch`] where it is known before any of it is sent ([`Database::write_batch`]), and a closure
//! where it must ask in between ([`Database::write`]): one action, one transaction.
//! On SQLite a single writer takes all batches that have arrived together into one commit, and all closures, each in its
//! own savepoint, into another (an fsync is the dear part); on PostgreSQL each action is its own transaction, tried
//! again when it met another (40001, 40P01). Either way it runs on a task or thread of its own, so that a
//! client that goes away cannot break it half way, and the answer leaves after COMMIT.
//!
//! Nothing waits for ever: [`Timeouts`] bound every answer, and [`is_unavailable`] says of an error whether the
//! database is at fault.

mod action;
mod batch;
#[cfg(test)]
mod batch_tests;
mod changes;
mod lease;
mod look;
mod postgres;
mod prepared;
mod readers;
mod rows;
mod schema;
pub mod snapshots;
mod sqlite;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod trouble;
mod unavailable;

pub use batch::{Batch, Statement, Unwritten, Value};
pub use changes::Changes;
pub use look::Schema;
pub use prepared::{Prepared, PreparedError, PreparedTable};
pub use readers::Readers;
pub use rows::{Columns, joined, next_number};
pub use schema::{Migrations, Opening};
pub use unavailable::{Timeouts, is_unavailable};

use action::{Action, Job};
use batch::{Statements, UnmetAt};
use futures_util::future::BoxFuture;
use lease::{Connections, Lease};
use sqlx::any::AnyPoolOptions;
use sqlx::{AnyConnection, AssertSqlSafe, Executor};
use std::sync::Arc;
use std::time::{Duration, Instant};
use unavailable::{bounded, unavailable};

/// Connections that read at once.
const READERS: u32 = 8;
/// How long the database may take to say that it is well.
const HEALTH: Duration = Duration::from_millis(750);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    Sqlite,
    Postgres,
}

impl Backend {
    /// Whose database this address is.
    fn of(url: &str) -> Result<Self, DatabaseError> {
        match url.split_once(':') {
            Some(("sqlite", _)) => Ok(Self::Sqlite),
            Some(("postgres" | "postgresql", _)) => Ok(Self::Postgres),
            _ => Err(DatabaseError::UnknownBackend),
        }
    }

    /// As migrations name it.
    fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

/// A state of a database, as [`Database::version`] tells it from others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Version {
    Sqlite(i64),
    Postgres(String),
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
        Self::open_with(url, Timeouts::default())
    }

    /// The same with other time-outs.
    pub fn open_with(url: &str, timeouts: Timeouts) -> BoxFuture<'_, Result<Self, DatabaseError>> {
        Box::pin(async move {
            sqlx::any::install_default_drivers();
            let (pool, here, writer) = match Backend::of(url)? {
                Backend::Sqlite => {
                    let url = sqlite::with_create(url);
                    let writer = sqlite::GroupCommit::start(&url, timeouts.answer).await?;
                    let options = AnyPoolOptions::new().after_connect(move |connection, _| {
                        Box::pin(sqlite::prepare(connection, timeouts.answer))
                    });
                    let pool = connect(options, &url, READERS, timeouts).await?;
                    let here = Some(Arc::new(sqlite::ShortReads::of(&url)));
                    (pool, here, Writer::Sqlite(Arc::new(writer)))
                }
                Backend::Postgres => {
                    let options = AnyPoolOptions::new().after_connect(move |connection, _| {
                        let settings = timeouts.for_postgres();
                        Box::pin(async move {
                            connection.execute(sqlx::raw_sql(AssertSqlSafe(settings))).await.map(drop)
                        })
                    });
                    let pool = connect(options, url, 2 * READERS, timeouts).await?;
                    (pool, None, Writer::Postgres(postgres::Retries::default()))
                }
            };
            Ok(Self { readers: Readers { pool, here, answer: Some(timeouts.answer) }, writer })
        })
    }

    /// The same database for work that nobody waits for, and that may take long: without the time-outs of requests.
    #[must_use]
    pub fn unhurried(&self) -> Self {
        self.bounded_by(None)
    }

    fn bounded_by(&self, answer: Option<Duration>) -> Self {
        Self { readers: Readers { answer, ..self.readers.clone() }, writer: self.writer.clone() }
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

    /// What was committed until now: while it stays the same, so does what is read. It may change although nothing
    /// else did. `None`: it cannot be told at the moment, and nothing was waited for.
    pub async fn version(&self) -> Result<Option<Version>, sqlx::Error> {
        if let Some(here) = &self.readers.here {
            return Ok(here.version().map(Version::Sqlite));
        }
        // Transactions with the same snapshot see the same (PostgreSQL, "Transaction ID and Snapshot Information
        // Functions").
        let snapshot = sqlx::query("SELECT pg_current_snapshot()::text AS snapshot");
        let row = snapshot.fetch_one(self.readers()).await?;
        Ok(Some(Version::Postgres(row.text("snapshot")?)))
    }

    /// Reads in one transaction: all statements see the moment of the first. Never write in it.
    pub async fn snapshot<I, T, E, A>(&self, input: I, read: A) -> Result<T, E>
    where
        I: Send + Sync,
        T: Send,
        E: From<sqlx::Error> + Send,
        A: for<'c> Fn(&'c mut AnyConnection, &'c I) -> BoxFuture<'c, Result<T, E>> + Send + Sync,
    {
        let begin = match self.backend() {
            Backend::Sqlite => "BEGIN",
            Backend::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY",
        };
        let reading = async {
            let mut connection = Lease::take(&self.readers.pool).await?;
            connection.execute(begin).await?;
            let answer = read(&mut connection, &input).await;
            connection.execute("ROLLBACK").await?;
            connection.give_back();
            Ok(answer)
        };
        bounded(self.readers.answer, reading).await?
    }

    /// Whether the database answers, soon, and can be written.
    pub fn ping(&self) -> BoxFuture<'_, Result<(), sqlx::Error>> {
        Box::pin(async move {
            let soon = self.bounded_by(Some(self.readers.answer.unwrap_or(HEALTH).min(HEALTH)));
            match &self.writer {
                Writer::Sqlite(group) => {
                    soon.probe(group.is_troubled()).await?;
                    group.is_well();
                    Ok(())
                }
                Writer::Postgres(_) => soon.must_be_writable().await,
            }
        })
    }

    /// A write that changes nothing finds a lock or a file that is read-only. Whether there is room is only
    /// asked after a commit that failed. A table that is missing is not looked for here.
    async fn probe(&self, for_room: bool) -> Result<(), sqlx::Error> {
        let statement = if for_room {
            "CREATE TABLE room_probe AS SELECT zeroblob(65536) AS room; DROP TABLE room_probe"
        } else {
            "DELETE FROM _sqlx_migrations WHERE 1 = 0"
        };
        let tried = self.write(move |c| Box::pin(async move { c.execute(statement).await.map(drop) }));
        match tried.await {
            Err(error) if is_unavailable(&error) => Err(error),
            _ => Ok(()),
        }
    }

    /// A standby, or a server that was made read-only because its disk is full, says so.
    async fn must_be_writable(&self) -> Result<(), sqlx::Error> {
        let setting = "SELECT CAST(current_setting('transaction_read_only') AS TEXT)";
        let read_only: String = sqlx::query_scalar(setting).fetch_one(&self.readers).await?;
        if read_only == "on" { Err(unavailable("the database is read-only")) } else { Ok(()) }
    }

    /// Runs one action on its input in one transaction: all of it is committed before this returns `Ok`, or
    /// none is kept; only after an error that [`is_unavailable`] knows nobody can say which. The action can be run more than once (PostgreSQL), so it may only touch the database:
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
            Writer::Sqlite(group) => Box::pin(group.write(job, self.readers.answer)),
            Writer::Postgres(retries) => {
                Box::pin(postgres::write(&self.readers.pool, retries, self.readers.answer, job))
            }
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

    /// Writes a batch in one transaction: all of it is committed before this returns `Ok`, or none is kept; only after
    /// an error that [`is_unavailable`] knows nobody can say which.
    pub async fn write_batch<G>(&self, batch: Batch<G>) -> Result<(), Unwritten<G>> {
        let (statements, guards) = batch.into_parts();
        match self.run_statements(statements).await? {
            None => Ok(()),
            Some(unmet) => Err(batch::meaning(guards, unmet)),
        }
    }

    fn run_statements(&self, statements: Statements) -> BoxFuture<'_, Result<Option<UnmetAt>, sqlx::Error>> {
        match &self.writer {
            Writer::Sqlite(group) => Box::pin(group.write_batch(statements, self.readers.answer)),
            Writer::Postgres(retries) => {
                Box::pin(postgres::write_batch(&self.readers.pool, retries, self.readers.answer, statements))
            }
        }
    }

    /// Closes the connections; on SQLite this also folds the write-ahead log back into the file.
    pub fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            if let Writer::Sqlite(group) = &self.writer {
                group.close().await;
            }
            if let Some(here) = &self.readers.here {
                here.close();
            }
            self.readers.pool.close().await;
        })
    }
}

/// Connections with the first one, tried until the time for opening is over: the database may be starting too.
async fn connect(
    options: AnyPoolOptions,
    url: &str,
    most: u32,
    timeouts: Timeouts,
) -> Result<Connections, sqlx::Error> {
    let begun = Instant::now();
    let connections = Connections::lazy(options, url, most, timeouts.answer)?;
    loop {
        match Lease::take(&connections).await {
            Ok(first) => {
                first.give_back();
                return Ok(connections);
            }
            Err(sqlx::Error::PoolTimedOut) if begun.elapsed() < timeouts.open => {
                tracing::warn!("the database does not answer; trying again");
            }
            Err(error) => return Err(error),
        }
    }
}

/// The error for a write whose task or connection is gone.
fn writer_gone() -> sqlx::Error {
    sqlx::Error::WorkerCrashed
}
