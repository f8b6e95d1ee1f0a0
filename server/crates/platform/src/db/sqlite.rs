//! SQLite's single writer with group commit.

use super::action::{Ending, Job};
use super::writer_gone;
use futures_util::FutureExt;
use sqlx::{AnyConnection, Connection, Executor};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};

/// Actions in one commit at the most: bounds how long the first of them waits.
const BATCH: usize = 128;
/// Actions that may wait for the writer before callers wait in turn.
const QUEUE: usize = 1024;

/// Sends actions to the one task that writes.
pub(super) struct GroupCommit {
    jobs: mpsc::Sender<Message>,
}

enum Message {
    Write(Write),
    Close(oneshot::Sender<()>),
}

/// One caller's job with the place that its end is told. It is kept back until COMMIT.
struct Write {
    job: Arc<dyn Job>,
    reply: oneshot::Sender<Result<(), sqlx::Error>>,
}

impl Write {
    /// Runs the job; `false` means that its changes must be rolled back.
    async fn run(&self, connection: &mut AnyConnection) -> bool {
        // A panic in one job must not take the writer, and every later write, with it.
        let ran = AssertUnwindSafe(self.job.run(connection)).catch_unwind().await;
        ran.is_ok_and(|ending| ending == Ending::Keep)
    }

    /// `committed` is false when the commit as a whole failed.
    fn answer(self, committed: bool) {
        let ended = if committed { Ok(()) } else { Err(writer_gone()) };
        // The caller may have gone away; what was committed stays.
        drop(self.reply.send(ended));
    }
}

impl GroupCommit {
    pub(super) async fn start(url: &str) -> Result<Self, sqlx::Error> {
        let connection = connect(url).await?;
        let (jobs, queue) = mpsc::channel(QUEUE);
        let (url, runtime) = (url.to_owned(), Handle::current());
        // A thread of its own: as a task it would wait behind requests at every one of its many short steps.
        std::thread::Builder::new()
            .name("sqlite-writer".to_owned())
            .spawn(move || runtime.block_on(run(url, connection, queue)))
            .map_err(sqlx::Error::Io)?;
        Ok(Self { jobs })
    }

    pub(super) async fn write(&self, job: Arc<dyn Job>) -> Result<(), sqlx::Error> {
        let (reply, ended) = oneshot::channel();
        self.jobs.send(Message::Write(Write { job, reply })).await.map_err(|_| writer_gone())?;
        ended.await.map_err(|_| writer_gone())?
    }

    pub(super) async fn close(&self) {
        let (done, closed) = oneshot::channel();
        if self.jobs.send(Message::Close(done)).await.is_ok() {
            drop(closed.await);
        }
    }
}

/// `sqlite://path` with "make the file when it is missing".
pub(super) fn with_create(url: &str) -> String {
    let separator = if url.contains('?') { '&' } else { '?' };
    if url.contains("mode=") { url.to_owned() } else { format!("{url}{separator}mode=rwc") }
}

/// Settings of every connection: durable (`FULL`), readers beside the writer (`WAL`). Each connection has a cache
/// of its own, of 2 MB: there are many, and what is not in it is in the operating system's.
pub(super) async fn prepare(connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
    connection
        .execute(
            "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
             PRAGMA foreign_keys = ON; PRAGMA cache_size = -2000;",
        )
        .await?;
    Ok(())
}

async fn connect(url: &str) -> Result<AnyConnection, sqlx::Error> {
    let mut connection = AnyConnection::connect(url).await?;
    prepare(&mut connection).await?;
    // The writer's cache holds what one commit changes.
    connection.execute("PRAGMA cache_size = -16000").await?;
    Ok(connection)
}

async fn run(url: String, mut connection: AnyConnection, mut queue: mpsc::Receiver<Message>) {
    let mut batch: Vec<Write> = Vec::with_capacity(BATCH);
    while let Some(first) = queue.recv().await {
        let mut closing = None;
        let mut next = Some(first);
        while let Some(message) = next.take() {
            match message {
                Message::Write(write) => batch.push(write),
                Message::Close(done) => closing = Some(done),
            }
            if batch.len() < BATCH && closing.is_none() {
                next = queue.try_recv().ok();
            }
        }
        let committed = commit(&mut connection, &batch).await;
        if let Err(error) = &committed {
            tracing::error!(%error, actions = batch.len(), "a commit failed; opening the database anew");
            match connect(&url).await {
                Ok(fresh) => connection = fresh,
                Err(error) => tracing::error!(%error, "the database cannot be opened"),
            }
        }
        batch.drain(..).for_each(|write| write.answer(committed.is_ok()));
        if let Some(done) = closing {
            drop(connection.close().await);
            let _ = done.send(());
            return;
        }
    }
}

/// Runs a batch in one transaction. A lone action needs no savepoint: its rollback is the transaction's.
/// Every statement is a trip to SQLite's thread, so one ends an action's savepoint and begins the next's.
async fn commit(connection: &mut AnyConnection, batch: &[Write]) -> Result<(), sqlx::Error> {
    let Some((first, others)) = batch.split_first() else { return Ok(()) };
    if others.is_empty() {
        connection.execute("BEGIN IMMEDIATE").await?;
        let keep = first.run(connection).await;
        connection.execute(if keep { "COMMIT" } else { "ROLLBACK" }).await?;
        return Ok(());
    }
    connection.execute("BEGIN IMMEDIATE; SAVEPOINT action").await?;
    let mut keep = first.run(connection).await;
    for write in others {
        connection
            .execute(if keep { "RELEASE action; SAVEPOINT action" } else { "ROLLBACK TO action" })
            .await?;
        keep = write.run(connection).await;
    }
    connection.execute(if keep { "COMMIT" } else { "ROLLBACK TO action; COMMIT" }).await?;
    Ok(())
}
