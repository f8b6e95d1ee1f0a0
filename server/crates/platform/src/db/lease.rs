//! A connection of the pool, for one piece of work.

use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyConnection, AnyPool};
use std::ops::{Deref, DerefMut};
use std::time::Duration;

/// How long a connection that goes back may take to say that it is well.
const GOING_BACK: Duration = Duration::from_secs(2);

/// Goes back to the pool when its work has come to an end, and is thrown away otherwise. Work that was left half way
/// leaves a connection with an answer under way, which the pool would wait for, and when the server hangs, for good:
/// the pool would be empty long after the server is back.
pub(super) struct Lease(Option<PoolConnection<Any>>);

impl Lease {
    pub(super) async fn take(pool: &AnyPool) -> Result<Self, sqlx::Error> {
        Ok(Self(Some(pool.acquire().await?)))
    }

    /// The work ended so: an error that the database itself has told leaves the connection as good as it was.
    pub(super) fn give_back_after(self, error: Option<&sqlx::Error>) {
        if error.is_none_or(|error| error.as_database_error().is_some()) {
            self.give_back();
        }
    }

    /// The work is at an end: no answer is under way, no transaction open.
    pub(super) fn give_back(mut self) {
        if let Some(mut connection) = self.0.take() {
            // What dropping it does, but bounded.
            tokio::spawn(tokio::time::timeout(GOING_BACK, connection.return_to_pool()));
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        drop(self.0.take().map(PoolConnection::detach));
    }
}

impl Deref for Lease {
    type Target = AnyConnection;

    fn deref(&self) -> &AnyConnection {
        self.0.as_ref().expect("taken only at the end")
    }
}

impl DerefMut for Lease {
    fn deref_mut(&mut self) -> &mut AnyConnection {
        self.0.as_mut().expect("taken only at the end")
    }
}
