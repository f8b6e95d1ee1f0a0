//! When the database is at fault, and not the request or the program: away, hanging, locked, read-only or full.
//! Whoever asked is told to come again, and nothing has to be mended in the code.

use std::time::Duration;

/// What of a time-out is left for the server itself, in per cent: it then gives up a lock before this side does, and
/// the connection stays good.
const SERVERS_SHARE: u32 = 75;
/// How many times as long a statement may run in the server, when rows of it come in time: so that none that was
/// given up here goes on there for good.
const LONGEST_STATEMENT: u32 = 15;
/// And how many times as long a transaction may do nothing: a process that was stopped half way holds no lock for good.
const LONGEST_PAUSE: u32 = 5;

/// How long the database may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// For a connection and an answer on it together, a lock that somebody else has included: no request waits longer
    /// before it is told that the database is not available.
    pub answer: Duration,
    /// For the first connection, at start.
    pub open: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { answer: Duration::from_secs(2), open: Duration::from_secs(30) }
    }
}

impl Timeouts {
    /// What every connection to PostgreSQL is told. All in milliseconds, which its relatives understand too.
    pub(super) fn for_postgres(self) -> String {
        let answer = self.answer.max(Duration::from_millis(10));
        format!(
            "SET lock_timeout = {}; SET statement_timeout = {}; SET idle_in_transaction_session_timeout = {}",
            (answer * SERVERS_SHARE / 100).as_millis(),
            (answer * LONGEST_STATEMENT).as_millis(),
            (answer * LONGEST_PAUSE).as_millis(),
        )
    }
}

/// The one classification: `true` when the same request can succeed later, with nothing changed but the state of the
/// database. What it was to write was not written, or (when its commit was under way) may have been.
pub fn is_unavailable(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => {
            true
        }
        sqlx::Error::Database(told) => told.code().is_some_and(|code| tells_of_trouble(&code)),
        _ => false,
    }
}

/// Five characters are PostgreSQL's (SQLSTATE), fewer digits SQLite's.
fn tells_of_trouble(code: &str) -> bool {
    if code.len() != 5 {
        return sqlite_primary(code).is_some_and(|code| SQLITE.contains(&code));
    }
    SQLSTATE_CLASSES.iter().any(|class| code.starts_with(class)) || SQLSTATES.contains(&code)
}

/// Connections, resources (a full disk, too many connections), an operator's doing, the system around it.
const SQLSTATE_CLASSES: [&str; 4] = ["08", "53", "57", "58"];
/// Read-only, out of patience while idle, out of luck in a race too often, a lock that was not to be had.
const SQLSTATES: [&str; 5] = ["25006", "25P03", "40001", "40P01", "55P03"];

const SQLITE_BUSY: u32 = 5;
const SQLITE_FULL: u32 = 13;
/// Busy, locked, out of memory, read-only, failing disk, full, not to be opened, lock protocol.
const SQLITE: [u32; 8] = [SQLITE_BUSY, 6, 7, 8, 10, SQLITE_FULL, 14, 15];

/// SQLite's extended codes have the primary one in their lowest byte.
fn sqlite_primary(code: &str) -> Option<u32> {
    code.parse::<u32>().ok().map(|code| code & 0xff)
}

/// SQLite's lock of somebody else and its lack of room have nothing to do with the connection that met them. One that
/// is read-only, say, stays so when the file no longer is.
pub(super) fn leaves_connection_good(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|told| sqlite_primary(&told.code()?));
    matches!(code, Some(SQLITE_BUSY | SQLITE_FULL))
}

/// An error that says so, for what no single statement tells.
pub(super) fn unavailable(why: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> sqlx::Error {
    sqlx::Error::Io(std::io::Error::other(why))
}

/// Waits for a step at most so long; for ever without a limit.
pub(super) async fn bounded<T>(
    limit: Option<Duration>,
    step: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, sqlx::Error> {
    match limit {
        None => step.await,
        Some(limit) => match tokio::time::timeout(limit, step).await {
            Ok(ended) => ended,
            Err(_) => Err(unavailable("the database does not answer in time")),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_both_databases_are_told_apart() {
        for trouble in [
            "08006", "53100", "53300", "57P01", "57014", "25006", "55P03", "40001", "5", "261", "13", "8",
            "778", "14",
        ] {
            assert!(tells_of_trouble(trouble), "{trouble}");
        }
        for mistake in ["23505", "42P01", "22001", "P0001", "1", "19", "2067", "1555", "", "word"] {
            assert!(!tells_of_trouble(mistake), "{mistake}");
        }
    }

    #[test]
    fn a_bug_is_not_the_databases_fault() {
        assert!(is_unavailable(&sqlx::Error::PoolTimedOut) && is_unavailable(&unavailable("late")));
        for bug in
            [sqlx::Error::RowNotFound, sqlx::Error::WorkerCrashed, sqlx::Error::Protocol("x".to_owned())]
        {
            assert!(!is_unavailable(&bug), "{bug}");
        }
    }
}
