//! Connections, each for one piece of work at a time.

use sqlx::any::AnyPoolOptions;
use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyConnection, AnyPool, Connection};
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// For so long a connection that was well is taken to be well.
const TRUSTED: Duration = Duration::from_secs(1);
/// After so long without work a connection is the pool's to close.
const NOT_NEEDED: Duration = Duration::from_mins(1);
/// How long a connection that goes back may take to say that it is well.
const GOING_BACK: Duration = Duration::from_secs(2);

/// As many connections as there may be at once; clones share them.
///
/// sqlx's pool opens and closes them. It is not asked for each statement, because it asks the connection each time
/// whether it is well, when it is taken and on a task of its own when it goes back: three trips in place of one.
#[derive(Debug, Clone)]
pub(super) struct Connections {
    pool: AnyPool,
    /// A permit for each connection that may be in use: whoever has one finds an idle connection, or room for another.
    free: Arc<Semaphore>,
    /// The one used last is last, and the next to be used: what is not needed is found at the beginning.
    idle: Arc<Mutex<Vec<Idle>>>,
}

#[derive(Debug)]
struct Idle {
    connection: PoolConnection<Any>,
    since: Instant,
}

impl Connections {
    /// The first one is made when it is needed. Whoever waits for one longer than `patience` gets an error.
    pub(super) fn lazy(
        options: AnyPoolOptions,
        url: &str,
        most: u32,
        patience: Duration,
    ) -> Result<Self, sqlx::Error> {
        let pool = options.max_connections(most).acquire_timeout(patience).connect_lazy(url)?;
        let free = Semaphore::new(usize::try_from(most).unwrap_or(usize::MAX));
        Ok(Self { pool, free: Arc::new(free), idle: Arc::default() })
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Idle>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn give_back(&self, connection: PoolConnection<Any>) {
        let mut idle = self.idle();
        let too_many = idle.first().is_some_and(|first| first.since.elapsed() > NOT_NEEDED);
        let not_needed = too_many.then(|| idle.remove(0).connection);
        idle.push(Idle { connection, since: Instant::now() });
        let rest = if self.free.is_closed() { std::mem::take(&mut *idle) } else { Vec::new() };
        let rest = rest.into_iter().map(|idle| idle.connection);
        for mut connection in not_needed.into_iter().chain(rest) {
            // What dropping it does, but bounded.
            tokio::spawn(tokio::time::timeout(GOING_BACK, connection.return_to_pool()));
        }
    }

    /// Closes them all, those in use when their work is done.
    pub(super) async fn close(&self) {
        self.free.close();
        let idle = std::mem::take(&mut *self.idle());
        for Idle { connection, .. } in idle {
            drop(connection.close().await);
        }
        self.pool.close().await;
    }
}

/// Goes back when its work has come to an end, and is thrown away otherwise. Work that was left half way leaves a
/// connection with an answer under way, which the next one would wait for, and when the server hangs, for good: there
/// would be none left long after the server is back.
pub(super) struct Lease {
    connection: Option<PoolConnection<Any>>,
    home: Connections,
    /// Given up after the connection is back, or gone.
    _permit: OwnedSemaphorePermit,
}

impl Lease {
    pub(super) async fn take(connections: &Connections) -> Result<Self, sqlx::Error> {
        let permit = Arc::clone(&connections.free).acquire_owned().await;
        let permit = permit.map_err(|_| sqlx::Error::PoolClosed)?;
        let mut lease = Self { connection: None, home: connections.clone(), _permit: permit };
        loop {
            let idle = connections.idle().pop();
            let Some(Idle { connection, since }) = idle else {
                lease.connection = Some(connections.pool.acquire().await?);
                return Ok(lease);
            };
            let connection = lease.connection.insert(connection);
            if since.elapsed() < TRUSTED || connection.ping().await.is_ok() {
                return Ok(lease);
            }
            drop(lease.connection.take().map(PoolConnection::detach));
        }
    }

    /// The work ended so: an error that the database itself has told leaves the connection as good as it was.
    pub(super) fn give_back_after(self, error: Option<&sqlx::Error>) {
        if error.is_none_or(|error| error.as_database_error().is_some()) {
            self.give_back();
        }
    }

    /// The work is at an end: no answer is under way, no transaction open.
    pub(super) fn give_back(mut self) {
        if let Some(connection) = self.connection.take() {
            self.home.give_back(connection);
        }
    }

    /// The connection for longer than a lease; until it is dropped there is one less for others.
    pub(super) fn keep(mut self) -> PoolConnection<Any> {
        self.connection.take().expect("taken only at the end")
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        drop(self.connection.take().map(PoolConnection::detach));
    }
}

impl Deref for Lease {
    type Target = AnyConnection;

    fn deref(&self) -> &AnyConnection {
        self.connection.as_ref().expect("taken only at the end")
    }
}

impl DerefMut for Lease {
    fn deref_mut(&mut self) -> &mut AnyConnection {
        self.connection.as_mut().expect("taken only at the end")
    }
}
