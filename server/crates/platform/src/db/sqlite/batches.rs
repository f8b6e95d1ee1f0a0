//! Batches, on a connection of the writer's own thread.
//!
//! sqlx runs each statement on a thread of its connection, and the way there and back costs ten times the statement.
//! A batch is known before it is sent and nobody waits between its statements, so the writer runs them itself:
//! rusqlite, on the very library that sqlx is linked with.

use super::{Undone, numbered, open_here};
use crate::db::batch::{Statement, Statements, UnmetAt, Value};
use crate::db::unavailable::{is_unavailable, unavailable};
use rusqlite::types::ToSqlOutput;
use rusqlite::{CachedStatement, Connection, OpenFlags, ToSql};
use sqlx::error::{DatabaseError, ErrorKind};
use std::borrow::Cow;
use std::error::Error;
use std::fmt;
use std::time::Duration;

/// What became of one batch, if its commit succeeds: written, or which guard found no row, or why SQLite refused.
pub(super) type Ended = Result<Option<UnmetAt>, sqlx::Error>;

#[derive(Debug)]
pub(super) struct BatchConnection(Connection);

impl BatchConnection {
    pub(super) fn open(url: &str, busy: Duration) -> Result<Self, sqlx::Error> {
        let access = if url.contains("mode=ro") {
            OpenFlags::SQLITE_OPEN_READ_ONLY
        } else {
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE
        };
        open_here(url, access, busy).map(Self)
    }

    /// Begins the transaction of the next [`commit`](Self::commit), when the file can be written.
    pub(super) fn begin(&self) -> Result<(), sqlx::Error> {
        self.execute("BEGIN IMMEDIATE")
    }

    /// Writes the batches in one transaction. Usually all are written, so that is tried first, without savepoints.
    pub(super) fn commit(&self, batches: &[&Statements]) -> Result<Vec<Ended>, Undone> {
        let ended = match self.together(batches) {
            Ok(true) => return Ok(batches.iter().map(|_| Ok(None)).collect()),
            Err(error) if is_unavailable(&error) => Err(error.into()),
            Ok(false) | Err(_) => {
                self.roll_back();
                self.apart(batches)
            }
        };
        if ended.is_err() {
            self.roll_back();
        }
        ended
    }

    /// `Ok(false)` when one of them is not written: then none may be.
    fn together(&self, batches: &[&Statements]) -> Result<bool, sqlx::Error> {
        for batch in batches {
            if self.run(batch)?.is_some() {
                return Ok(false);
            }
        }
        self.execute("COMMIT")?;
        Ok(true)
    }

    /// Each in a savepoint of its own.
    fn apart(&self, batches: &[&Statements]) -> Result<Vec<Ended>, Undone> {
        self.begin()?;
        let mut all = Vec::with_capacity(batches.len());
        for batch in batches {
            self.execute("SAVEPOINT batch")?;
            let ended = self.run(batch);
            match &ended {
                Ok(None) => {}
                // SQLite may have undone all of the transaction by itself.
                Err(error) if is_unavailable(error) => return Err(unavailable(error.to_string()).into()),
                Ok(Some(_)) | Err(_) => self.execute("ROLLBACK TO batch")?,
            }
            self.execute("RELEASE batch")?;
            all.push(ended);
        }
        self.execute("COMMIT")?;
        Ok(all)
    }

    /// There may be nothing to roll back.
    fn roll_back(&self) {
        if !self.0.is_autocommit() {
            drop(self.execute("ROLLBACK"));
        }
    }

    fn run(&self, batch: &Statements) -> Ended {
        for (index, statement) in batch.all.iter().enumerate() {
            let found = self.run_one(statement).map_err(told)?;
            if found != 1 && batch.is_guarded(index) {
                return Ok(Some(UnmetAt(index)));
            }
        }
        Ok(None)
    }

    /// How many rows it changed or has.
    fn run_one(&self, statement: &Statement) -> rusqlite::Result<usize> {
        let mut prepared = self.prepared(&numbered(&statement.plain_sql()))?;
        for (index, value) in statement.values.iter().enumerate() {
            prepared.raw_bind_parameter(index + 1, value)?;
        }
        // A `PRAGMA` has rows, a change has none.
        if prepared.column_count() == 0 {
            return prepared.raw_execute();
        }
        let mut rows = prepared.raw_query();
        let mut found = 0;
        while rows.next()?.is_some() {
            found += 1;
        }
        Ok(found)
    }

    fn prepared(&self, sql: &str) -> rusqlite::Result<CachedStatement<'_>> {
        self.0.prepare_cached(sql)
    }

    fn execute(&self, sql: &str) -> Result<(), sqlx::Error> {
        self.prepared(sql).and_then(|mut statement| statement.raw_execute()).map_err(told).map(drop)
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        match self {
            Self::Integer(value) => value.as_ref().map_or(Ok(null()), ToSql::to_sql),
            Self::Text(value) => value.as_deref().map_or(Ok(null()), ToSql::to_sql),
            Self::Bytes(value) => value.as_deref().map_or(Ok(null()), ToSql::to_sql),
        }
    }
}

fn null() -> ToSqlOutput<'static> {
    ToSqlOutput::Owned(rusqlite::types::Value::Null)
}

/// The same error as sqlx tells it.
pub(super) fn told(error: rusqlite::Error) -> sqlx::Error {
    match error {
        rusqlite::Error::SqliteFailure(code, message) => {
            let message = message.unwrap_or_else(|| code.to_string());
            sqlx::Error::Database(Box::new(Told { code: code.extended_code, message }))
        }
        other => sqlx::Error::Protocol(other.to_string()),
    }
}

#[derive(Debug)]
struct Told {
    /// SQLite's extended one.
    code: i32,
    message: String,
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "(code: {}) {}", self.code, self.message)
    }
}

impl Error for Told {}

impl DatabaseError for Told {
    fn message(&self) -> &str {
        &self.message
    }

    fn code(&self) -> Option<Cow<'_, str>> {
        Some(self.code.to_string().into())
    }

    fn as_error(&self) -> &(dyn Error + Send + Sync + 'static) {
        self
    }

    fn as_error_mut(&mut self) -> &mut (dyn Error + Send + Sync + 'static) {
        self
    }

    fn into_error(self: Box<Self>) -> Box<dyn Error + Send + Sync + 'static> {
        self
    }

    fn kind(&self) -> ErrorKind {
        use rusqlite::ffi::{
            SQLITE_CONSTRAINT_CHECK, SQLITE_CONSTRAINT_FOREIGNKEY, SQLITE_CONSTRAINT_NOTNULL,
            SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_UNIQUE,
        };
        match self.code {
            SQLITE_CONSTRAINT_UNIQUE | SQLITE_CONSTRAINT_PRIMARYKEY => ErrorKind::UniqueViolation,
            SQLITE_CONSTRAINT_FOREIGNKEY => ErrorKind::ForeignKeyViolation,
            SQLITE_CONSTRAINT_NOTNULL => ErrorKind::NotNullViolation,
            SQLITE_CONSTRAINT_CHECK => ErrorKind::CheckViolation,
            _ => ErrorKind::Other,
        }
    }
}
