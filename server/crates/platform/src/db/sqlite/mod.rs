//! SQLite's single writer with group commit.

mod batches;
mod short_reads;

pub(super) use short_reads::ShortReads;

use super::action::{Ending, Job};
use super::batch::{Statements, UnmetAt};
use super::unavailable::{is_unavailable, leaves_connection_good, unavailable};
use super::writer_gone;
use batches::{BatchConnection, told};
use futures_util::FutureExt;
use rusqlite::OpenFlags;
use rusqlite::config::DbConfig;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AnyConnection, AssertSqlSafe, Connection, Executor};
use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};

/// Actions in one commit at the most: bounds how long the first of them waits.
const BATCH: usize = 128;
/// Actions that may wait for the writer before callers wait in turn.
const QUEUE: usize = 1024;

/// Sends actions to the one task that writes.
pub(super) struct GroupCommit {
    jobs: mpsc::Sender<Message>,
    /// Whether a commit failed because of the database, since it was last seen to be well.
    troubled: Arc<AtomicBool>,
}

enum Message {
    Write(Write),
    Batch(BatchWrite),
    Close(oneshot::Sender<()>),
}

/// One caller's batch with the place that its end is told, after COMMIT.
struct BatchWrite {
    statements: Statements,
    turn: Turn,
    reply: oneshot::Sender<Result<Option<UnmetAt>, sqlx::Error>>,
}

/// One caller's job with the place that its end is told. It is kept back until COMMIT.
struct Write {
    job: Arc<dyn Job>,
    turn: Turn,
    reply: oneshot::Sender<Result<(), sqlx::Error>>,
}

/// Whoever takes it decides: the writer that the job is done, its caller that it never will be.
#[derive(Debug, Clone, Default)]
struct Turn(Arc<AtomicBool>);

impl Turn {
    fn take(&self) -> bool {
        !self.0.swap(true, Ordering::AcqRel)
    }
}

impl Write {
    async fn run(&self, connection: &mut AnyConnection) -> Ending {
        // A panic in one job must not take the writer, and every later write, with it.
        let ran = AssertUnwindSafe(self.job.run(connection)).catch_unwind().await;
        ran.unwrap_or(Ending::Undo)
    }

    fn answer(self, committed: &Result<(), sqlx::Error>) {
        // The caller may have gone away; what was committed stays.
        drop(self.reply.send(committed.as_ref().map_err(uncommitted).copied()));
    }
}

/// What each of those is told whose commit failed so.
fn uncommitted(error: &sqlx::Error) -> sqlx::Error {
    if is_unavailable(error) { unavailable(error.to_string()) } else { writer_gone() }
}

impl GroupCommit {
    /// `busy`: how long the writer waits for a lock of somebody else.
    pub(super) async fn start(url: &str, busy: Duration) -> Result<Self, sqlx::Error> {
        let file = File { url: url.to_owned(), busy };
        let (connection, batches) = (file.connect().await?, file.connect_for_batches()?);
        let (jobs, queue) = mpsc::channel(QUEUE);
        let troubled = Arc::new(AtomicBool::new(false));
        let writer = Writer { file, connection, batches, troubled: troubled.clone(), failing: false };
        let runtime = Handle::current();
        // A thread of its own: as a task it would wait behind requests at every one of its many short steps.
        std::thread::Builder::new()
            .name("sqlite-writer".to_owned())
            .spawn(move || runtime.block_on(writer.run(queue)))
            .map_err(sqlx::Error::Io)?;
        Ok(Self { jobs, troubled })
    }

    pub(super) async fn write(&self, job: Arc<dyn Job>, limit: Option<Duration>) -> Result<(), sqlx::Error> {
        let (reply, ended) = oneshot::channel();
        let turn = Turn::default();
        self.done(Message::Write(Write { job, turn: turn.clone(), reply }), ended, turn, limit).await
    }

    /// `Some`: one of its guards did not find its row, and nothing was written.
    pub(super) async fn write_batch(
        &self,
        statements: Statements,
        limit: Option<Duration>,
    ) -> Result<Option<UnmetAt>, sqlx::Error> {
        let (reply, ended) = oneshot::channel();
        let turn = Turn::default();
        self.done(Message::Batch(BatchWrite { statements, turn: turn.clone(), reply }), ended, turn, limit)
            .await
    }

    /// What has not begun when the limit passes is never done. What has may be all the same.
    async fn done<T>(
        &self,
        message: Message,
        ended: oneshot::Receiver<Result<T, sqlx::Error>>,
        turn: Turn,
        limit: Option<Duration>,
    ) -> Result<T, sqlx::Error> {
        let done = async {
            self.jobs.send(message).await.map_err(|_| sqlx::Error::PoolClosed)?;
            ended.await.map_err(|_| writer_gone())?
        };
        let Some(limit) = limit else { return done.await };
        match tokio::time::timeout(limit, done).await {
            Ok(ended) => ended,
            Err(_) if turn.take() => Err(unavailable("the database is busy or locked; nothing was written")),
            Err(_) => Err(unavailable("the database is slow; whether it was written is not known")),
        }
    }

    pub(super) fn is_troubled(&self) -> bool {
        self.troubled.load(Ordering::Acquire)
    }

    /// A commit that changes nothing says nothing of the room on the disk: whoever has tried one that does tells.
    pub(super) fn is_well(&self) {
        self.troubled.store(false, Ordering::Release);
    }

    pub(super) async fn close(&self) {
        let (done, closed) = oneshot::channel();
        if self.jobs.send(Message::Close(done)).await.is_ok() {
            drop(closed.await);
        }
    }
}

/// The file of a database's address.
pub(super) fn file_of(url: &str) -> Result<PathBuf, sqlx::Error> {
    Ok(SqliteConnectOptions::from_str(url)?.get_filename().to_owned())
}

/// `sqlite://path` with "make the file when it is missing".
pub(super) fn with_create(url: &str) -> String {
    let separator = if url.contains('?') { '&' } else { '?' };
    if url.contains("mode=") { url.to_owned() } else { format!("{url}{separator}mode=rwc") }
}

/// Settings of every connection: durable (`FULL`), readers beside the writer (`WAL`). Each connection has a cache
/// of its own, of 2 MB: there are many, and what is not in it is in the operating system's.
fn settings(busy: Duration) -> String {
    format!(
        "PRAGMA busy_timeout = {}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
         PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -2000;",
        busy.as_millis(),
    )
}

/// Prepared statements that a connection of rusqlite's keeps: one for each text.
const KEPT_STATEMENTS: usize = 256;

/// A connection to the file that a URL of sqlx names, through rusqlite: for one thread at a time.
fn open_here(url: &str, access: OpenFlags, busy: Duration) -> Result<rusqlite::Connection, sqlx::Error> {
    let path = SqliteConnectOptions::from_str(url)?.get_filename().to_owned();
    let open = || {
        let connection =
            rusqlite::Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        connection.set_prepared_statement_cache_capacity(KEPT_STATEMENTS);
        // Else a statement that compares a value with the one that a partial index names is prepared anew whenever
        // it gets values, which takes ten times what it does then. No plan here may depend on values.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        connection.execute_batch(&settings(busy))?;
        Ok(connection)
    };
    open().map_err(told)
}

/// To SQLite `$1` is a name, numbered as it comes; `?1` is a number.
fn numbered(sql: &str) -> String {
    sql.replace('$', "?")
}

pub(super) async fn prepare(connection: &mut AnyConnection, busy: Duration) -> Result<(), sqlx::Error> {
    connection.execute(AssertSqlSafe(settings(busy))).await?;
    Ok(())
}

/// Where the writer's connections lead.
struct File {
    url: String,
    busy: Duration,
}

impl File {
    async fn connect(&self) -> Result<AnyConnection, sqlx::Error> {
        let mut connection = AnyConnection::connect(&self.url).await?;
        prepare(&mut connection, self.busy).await?;
        Ok(connection)
    }

    fn connect_for_batches(&self) -> Result<BatchConnection, sqlx::Error> {
        BatchConnection::open(&self.url, self.busy)
    }
}

struct Writer {
    file: File,
    /// For actions, which ask between their statements.
    connection: AnyConnection,
    batches: BatchConnection,
    /// Shared with [`GroupCommit`].
    troubled: Arc<AtomicBool>,
    /// Whether the last commit failed because of the database.
    failing: bool,
}

impl Writer {
    async fn run(mut self, mut queue: mpsc::Receiver<Message>) {
        let mut gathered = Gathered::default();
        while let Some(first) = queue.recv().await {
            let mut next = Some(first);
            while let Some(message) = next.take() {
                gathered.add(message);
                if !gathered.is_full() {
                    next = queue.try_recv().ok();
                }
            }
            // They came together, so none of them waits for another's end.
            if !gathered.batches.is_empty() {
                self.commit_batches(&mut gathered.batches).await;
            }
            if !gathered.writes.is_empty() {
                let committed = commit(&mut self.connection, &mut gathered.writes).await;
                let committed = self.look_after(committed).await;
                gathered.writes.drain(..).for_each(|write| write.answer(&committed));
            }
            if let Some(done) = gathered.closing {
                drop(self.batches);
                drop(self.connection.close().await);
                let _ = done.send(());
                return;
            }
        }
    }

    async fn commit_batches(&mut self, batches: &mut Vec<BatchWrite>) {
        let begun = self.batches.begin().map_err(Undone::from);
        let (committed, ended) = match begun.and_then(|()| {
            batches.retain(|write| write.turn.take());
            let statements: Vec<&Statements> = batches.iter().map(|write| &write.statements).collect();
            self.batches.commit(&statements)
        }) {
            Ok(ended) => (Ok(()), ended),
            Err(undone) => (Err(undone), Vec::new()),
        };
        let committed = self.look_after(committed).await;
        let ended = ended.into_iter().map(Some).chain(std::iter::repeat_with(|| None));
        for (write, ended) in batches.drain(..).zip(ended) {
            let told =
                ended.unwrap_or_else(|| Err(committed.as_ref().map_or_else(uncommitted, |()| writer_gone())));
            // The caller may have gone away; what was committed stays.
            drop(write.reply.send(told));
        }
    }

    /// Says when trouble begins and when it is over, and opens the file anew unless the connection is known to be good:
    /// one that was opened when the file was read-only stays so.
    async fn look_after(&mut self, committed: Result<(), Undone>) -> Result<(), sqlx::Error> {
        let unavailable = committed.as_ref().is_err_and(|undone| is_unavailable(&undone.error));
        let before = std::mem::replace(&mut self.failing, unavailable);
        if unavailable {
            self.troubled.store(true, Ordering::Release);
        }
        let Err(Undone { error, connection }) = committed else {
            if before {
                tracing::info!("the database can be written again");
            }
            return Ok(());
        };
        match (unavailable, before) {
            (true, false) => tracing::warn!(%error, "the database cannot be written"),
            (true, true) => tracing::debug!(%error, "the database still cannot be written"),
            (false, _) => tracing::error!(%error, "a commit failed; opening the database anew"),
        }
        if connection && let Err(error) = self.open_anew().await {
            tracing::debug!(%error, "the database cannot be opened");
        }
        Err(error)
    }

    async fn open_anew(&mut self) -> Result<(), sqlx::Error> {
        self.connection = self.file.connect().await?;
        self.batches = self.file.connect_for_batches()?;
        Ok(())
    }
}

/// What has come since the last commit.
#[derive(Default)]
struct Gathered {
    writes: Vec<Write>,
    batches: Vec<BatchWrite>,
    closing: Option<oneshot::Sender<()>>,
}

impl Gathered {
    fn add(&mut self, message: Message) {
        match message {
            Message::Write(write) => self.writes.push(write),
            Message::Batch(batch) => self.batches.push(batch),
            Message::Close(done) => self.closing = Some(done),
        }
    }

    fn is_full(&self) -> bool {
        self.closing.is_some() || self.writes.len() + self.batches.len() >= BATCH
    }
}

/// Why nothing of a batch was kept.
struct Undone {
    error: sqlx::Error,
    /// Another connection could do it.
    connection: bool,
}

impl From<sqlx::Error> for Undone {
    fn from(error: sqlx::Error) -> Self {
        Self { connection: !leaves_connection_good(&error), error }
    }
}

/// Runs a batch in one transaction: all that end well are kept, or when this is an error none. Jobs whose callers
/// have given up before it began are left out.
async fn commit(connection: &mut AnyConnection, batch: &mut Vec<Write>) -> Result<(), Undone> {
    // A lone action needs no savepoint: its rollback is the transaction's.
    let shared = batch.len() > 1;
    let begin = if shared { "BEGIN IMMEDIATE; SAVEPOINT action" } else { "BEGIN IMMEDIATE" };
    connection.execute(begin).await?;
    batch.retain(|write| write.turn.take());
    let ended = if shared { all(connection, batch).await } else { alone(connection, batch).await };
    if ended.is_err() {
        // SQLite may have done so by itself.
        drop(connection.execute("ROLLBACK").await);
    }
    ended
}

async fn alone(connection: &mut AnyConnection, batch: &[Write]) -> Result<(), Undone> {
    let ending = match batch.first() {
        Some(write) => write.run(connection).await,
        None => Ending::Undo,
    };
    must_not_be_lost(ending)?;
    connection.execute(if ending == Ending::Keep { "COMMIT" } else { "ROLLBACK" }).await?;
    Ok(())
}

/// Every statement is a trip to SQLite's thread, so one ends an action's savepoint and begins the next's.
async fn all(connection: &mut AnyConnection, batch: &[Write]) -> Result<(), Undone> {
    let mut ending = Ending::Keep;
    for (index, write) in batch.iter().enumerate() {
        if index > 0 {
            let keep = ending == Ending::Keep;
            let next = if keep { "RELEASE action; SAVEPOINT action" } else { "ROLLBACK TO action" };
            connection.execute(next).await?;
        }
        ending = write.run(connection).await;
        must_not_be_lost(ending)?;
    }
    connection.execute(if ending == Ending::Keep { "COMMIT" } else { "ROLLBACK TO action; COMMIT" }).await?;
    Ok(())
}

/// When the disk is full SQLite undoes the whole transaction by itself, and what came after would be committed
/// statement by statement.
fn must_not_be_lost(ending: Ending) -> Result<(), Undone> {
    let Ending::Lost { connection } = ending else { return Ok(()) };
    let error = unavailable("a change could not be written, and the others of its commit were undone");
    Err(Undone { error, connection })
}
