//! Reads on the thread that asks.
//!
//! sqlx runs each statement on a thread of its connection, and the way there and back costs ten times what most reads
//! take: a row by its key, the rows of one order. So a read is begun here, through rusqlite, on the very library that
//! sqlx is linked with, and the thread is held up for a millisecond at the most. What turns out to be longer, is
//! locked, or fails in any way is asked again through sqlx, where it may take its time, and says itself what is wrong.

use super::{numbered, open_here};
use rusqlite::types::{Type, ValueRef};
use rusqlite::{Connection, OpenFlags};
use sqlx::any::{AnyArguments, AnyRow, AnyTypeInfo, AnyTypeInfoKind};
use sqlx_core::any::{AnyColumn, AnyValue, AnyValueKind};
use sqlx_core::ext::ustr::UStr;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// SQLite asks after so many of its instructions whether to go on,
const STEP: i32 = 1_000;
/// and does not after so many times: a millisecond or so.
const MOST_STEPS: u32 = 20;
/// Connections that are kept while nobody reads: as many as threads read at once.
const KEPT_CONNECTIONS: usize = 4;

/// What reads here.
#[derive(Debug)]
pub(in crate::db) struct ShortReads {
    url: String,
    /// `None` after the end.
    idle: Mutex<Option<Vec<Reader>>>,
    /// Tells whether others have committed: its numbers are compared with each other, so it is always this one.
    watch: Mutex<Option<Connection>>,
}

type Names = Arc<sqlx_core::HashMap<UStr, usize>>;

/// What is known of a statement.
#[derive(Debug)]
enum Known {
    Short(Statement),
    /// It was begun here, and took too long.
    Long,
}

#[derive(Debug)]
struct Statement {
    /// As SQLite is given it.
    text: Arc<str>,
    /// The names of its columns with their places.
    names: Names,
}

#[derive(Debug)]
struct Reader {
    connection: Connection,
    /// How often SQLite has asked whether to go on with the statement under way.
    steps: Arc<AtomicU32>,
    known: HashMap<String, Known>,
}

impl ShortReads {
    /// Of the file that the URL of sqlx names.
    pub(in crate::db) fn of(url: &str) -> Self {
        Self { url: url.to_owned(), idle: Mutex::new(Some(Vec::new())), watch: Mutex::default() }
    }

    /// A number that changes with each commit; `None`: it cannot be read at the moment.
    pub(in crate::db) fn version(&self) -> Option<i64> {
        let mut watch = self.watch.lock().unwrap_or_else(PoisonError::into_inner);
        if watch.is_none() {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).as_ref()?;
            *watch = open_here(&self.url, OpenFlags::SQLITE_OPEN_READ_WRITE, Duration::ZERO).ok();
        }
        let mut asked = watch.as_ref()?.prepare_cached("PRAGMA data_version").ok()?;
        asked.query_row([], |row| row.get(0)).ok()
    }

    /// The rows, as many as are wanted; `None`: ask through sqlx.
    pub(in crate::db) fn fetch(
        &self,
        sql: &str,
        arguments: Option<&AnyArguments>,
        most: usize,
    ) -> Option<Vec<AnyRow>> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).as_mut()?.pop();
        let mut reader = idle.or_else(|| Reader::open(&self.url).ok())?;
        let values = arguments.map_or(&[][..], |arguments| &arguments.values.0);
        let rows = reader.fetch(sql, values, most);
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(idle) = idle.as_mut().filter(|idle| idle.len() < KEPT_CONNECTIONS) {
            idle.push(reader);
        }
        rows
    }

    /// Closes the connections, for good.
    pub(in crate::db) fn close(&self) {
        *self.idle.lock().unwrap_or_else(PoisonError::into_inner) = None;
        *self.watch.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl Reader {
    fn open(url: &str) -> Result<Self, Box<dyn std::error::Error>> {
        // Not read-only: the first who comes after a crash recovers the log. A lock is not waited for here.
        let connection = open_here(url, OpenFlags::SQLITE_OPEN_READ_WRITE, Duration::ZERO)?;
        connection.execute_batch("PRAGMA query_only = ON; PRAGMA cache_size = -500")?;
        let steps = Arc::new(AtomicU32::new(0));
        let counter = Arc::clone(&steps);
        let too_long = move || counter.fetch_add(1, Ordering::Relaxed) >= MOST_STEPS;
        connection.progress_handler(STEP, Some(too_long))?;
        Ok(Self { connection, steps, known: HashMap::new() })
    }

    fn fetch(&mut self, sql: &str, values: &[AnyValueKind], most: usize) -> Option<Vec<AnyRow>> {
        self.steps.store(0, Ordering::Relaxed);
        let read = match self.known.get(sql) {
            Some(Known::Long) => return None,
            Some(Known::Short(statement)) => self.read(statement, values, most),
            None => self.read_first(sql, values, most).map(|(statement, rows)| {
                self.known.insert(sql.to_owned(), Known::Short(statement));
                rows
            }),
        };
        if read.as_ref().is_err_and(is_interrupted) {
            self.known.insert(sql.to_owned(), Known::Long);
        }
        read.ok()
    }

    fn read_first(
        &self,
        sql: &str,
        values: &[AnyValueKind],
        most: usize,
    ) -> rusqlite::Result<(Statement, Vec<AnyRow>)> {
        let text = numbered(sql);
        let names = names_of(&*self.connection.prepare_cached(&text)?);
        let statement = Statement { text: text.into(), names };
        let rows = self.read(&statement, values, most)?;
        Ok((statement, rows))
    }

    fn read(
        &self,
        statement: &Statement,
        values: &[AnyValueKind],
        most: usize,
    ) -> rusqlite::Result<Vec<AnyRow>> {
        let mut prepared = self.connection.prepare_cached(&statement.text)?;
        bind(&mut prepared, values)?;
        let (mut rows, mut found) = (prepared.raw_query(), Vec::new());
        while found.len() < most
            && let Some(row) = rows.next()?
        {
            found.push(any_row(row, &statement.names)?);
        }
        Ok(found)
    }
}

fn is_interrupted(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(rusqlite::ErrorCode::OperationInterrupted)
}

fn names_of(statement: &rusqlite::Statement<'_>) -> Names {
    let names = statement.column_names().into_iter().enumerate();
    Arc::new(names.map(|(place, name)| (UStr::new(name), place)).collect())
}

fn bind(statement: &mut rusqlite::Statement<'_>, values: &[AnyValueKind]) -> rusqlite::Result<()> {
    for (index, value) in values.iter().enumerate() {
        let place = index + 1;
        match value {
            AnyValueKind::Null(_) => statement.raw_bind_parameter(place, rusqlite::types::Null)?,
            AnyValueKind::Bool(value) => statement.raw_bind_parameter(place, value)?,
            AnyValueKind::SmallInt(value) => statement.raw_bind_parameter(place, value)?,
            AnyValueKind::Integer(value) => statement.raw_bind_parameter(place, value)?,
            AnyValueKind::BigInt(value) => statement.raw_bind_parameter(place, value)?,
            AnyValueKind::Real(value) => statement.raw_bind_parameter(place, value)?,
            AnyValueKind::Double(value) => statement.raw_bind_parameter(place, value)?,
            AnyValueKind::Text(value) => statement.raw_bind_parameter(place, value.as_str())?,
            AnyValueKind::TextSlice(value) => statement.raw_bind_parameter(place, &**value)?,
            AnyValueKind::Blob(value) => statement.raw_bind_parameter(place, value.as_slice())?,
            // A kind that this was not written for.
            _ => return Err(rusqlite::Error::InvalidParameterName(format!("{value:?}"))),
        }
    }
    Ok(())
}

/// The row as sqlx gives it.
fn any_row(row: &rusqlite::Row<'_>, names: &Names) -> rusqlite::Result<AnyRow> {
    let count = row.as_ref().column_count();
    let (mut columns, mut values) = (Vec::with_capacity(count), Vec::with_capacity(count));
    for ordinal in 0..count {
        let (kind, value) = match row.get_ref(ordinal)? {
            ValueRef::Null => (AnyTypeInfoKind::Null, AnyValueKind::Null(AnyTypeInfoKind::Null)),
            ValueRef::Integer(value) => (AnyTypeInfoKind::BigInt, AnyValueKind::BigInt(value)),
            ValueRef::Real(value) => (AnyTypeInfoKind::Double, AnyValueKind::Double(value)),
            ValueRef::Text(text) => {
                let text = std::str::from_utf8(text).map_err(|error| {
                    rusqlite::Error::FromSqlConversionFailure(ordinal, Type::Text, Box::new(error))
                })?;
                (AnyTypeInfoKind::Text, AnyValueKind::Text(Arc::new(text.to_owned())))
            }
            ValueRef::Blob(bytes) => (AnyTypeInfoKind::Blob, AnyValueKind::Blob(Arc::new(bytes.to_vec()))),
        };
        // Rows are read by name, and the names are in the map.
        columns.push(AnyColumn { ordinal, name: UStr::Static(""), type_info: AnyTypeInfo { kind } });
        values.push(AnyValue { kind: value });
    }
    Ok(AnyRow { column_names: Arc::clone(names), columns, values })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Database;
    use crate::db::Columns;
    use rusqlite::StatementStatus;
    use sqlx::{Row, ValueRef as _};

    const MANY: &str =
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) SELECT i FROM n";

    async fn database() -> (tempfile::TempDir, Database, ShortReads) {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("t.db").display());
        let db = Database::open(&url).await.unwrap();
        write(
            &db,
            "CREATE TABLE notes (id BIGINT PRIMARY KEY, text TEXT, price BIGINT, data BLOB, share REAL)",
        )
        .await;
        write(
            &db,
            "INSERT INTO notes VALUES (1, 'Zähl', 990000, x'0001', 0.5), (2, NULL, 'much', NULL, NULL)",
        )
        .await;
        (folder, db, ShortReads::of(&url))
    }

    async fn write(db: &Database, statement: &'static str) {
        let written = db.write(move |c| Box::pin(async move { sqlx::query(statement).execute(c).await }));
        let written: Result<_, sqlx::Error> = written.await;
        written.unwrap();
    }

    fn arguments(values: &[i64]) -> AnyArguments {
        let mut arguments = AnyArguments::default();
        arguments.values.0.extend(values.iter().map(|value| AnyValueKind::BigInt(*value)));
        arguments
    }

    #[tokio::test]
    async fn rows_are_what_sqlx_gives() {
        let (_folder, db, here) = database().await;
        let sql = "SELECT id, text, price, data, share, COUNT(*) OVER () AS count FROM notes WHERE id >= $2 - $1 ORDER BY id";
        let read = here.fetch(sql, Some(&arguments(&[4, 5])), usize::MAX).unwrap();
        let mut connection = db.readers().acquire().await.unwrap();
        let asked = sqlx::query(sql).bind(4_i64).bind(5_i64).fetch_all(&mut *connection).await.unwrap();
        assert_eq!(read.len(), 2);
        for (read, asked) in read.iter().zip(&asked) {
            for name in ["id", "text", "price", "data", "share", "count"] {
                // sqlx knows of what type a NULL's column is, and tells nobody.
                let value = |row: &AnyRow| match row.try_get_raw(name).unwrap() {
                    null if null.is_null() => "NULL".to_owned(),
                    value => format!("{value:?}"),
                };
                assert_eq!(value(read), value(asked), "{name}");
            }
        }
        assert_eq!(
            (read[0].integer("price").unwrap(), read[0].text("text").unwrap()),
            (990_000, "Zähl".to_owned())
        );
        let wrong = read[1].integer("price").unwrap_err().to_string();
        assert!(wrong.contains("price"), "{wrong}");
        assert_eq!(here.fetch(sql, Some(&arguments(&[4, 5])), 1).unwrap().len(), 1);
        assert_eq!(here.fetch(sql, Some(&arguments(&[4, 50])), 1).unwrap().len(), 0);
    }

    #[tokio::test]
    async fn what_takes_long_is_left_to_others() {
        let (_folder, db, here) = database().await;
        assert_eq!(here.fetch(MANY, Some(&arguments(&[10])), usize::MAX).unwrap().len(), 10);
        assert!(here.fetch(MANY, Some(&arguments(&[1_000_000])), usize::MAX).is_none());
        assert!(here.fetch(MANY, Some(&arguments(&[10])), usize::MAX).is_none(), "it is known to be long");
        let found: Vec<(i64,)> =
            sqlx::query_as(MANY).bind(100_000_i64).fetch_all(db.readers()).await.unwrap();
        assert_eq!(found.len(), 100_000);
    }

    #[tokio::test]
    async fn a_statement_is_prepared_once_also_where_its_values_may_choose_an_index() {
        let (_folder, db, here) = database().await;
        write(&db, "CREATE INDEX notes_of_one_price ON notes (share) WHERE price = 990000").await;
        let sql = "SELECT id FROM notes WHERE price = $1";
        for price in [990_000, 1, 990_000] {
            here.fetch(sql, Some(&arguments(&[price])), usize::MAX).unwrap();
        }
        let idle = here.idle.lock().unwrap();
        let connection = &idle.as_ref().unwrap()[0].connection;
        let statement = connection.prepare_cached(&numbered(sql)).unwrap();
        assert_eq!(statement.get_status(StatementStatus::Run), 3);
        assert_eq!(statement.get_status(StatementStatus::RePrepare), 0);
    }

    #[tokio::test]
    async fn what_cannot_be_read_here_says_why_through_sqlx() {
        let (_folder, db, here) = database().await;
        for wrong in ["SELECT no_such FROM notes", "SELEC", "INSERT INTO notes (id) VALUES (9)"] {
            assert!(here.fetch(wrong, None, 1).is_none(), "{wrong}");
        }
        let told = sqlx::query("SELECT no_such FROM notes").fetch_all(db.readers()).await.err().unwrap();
        assert!(told.to_string().contains("no such column: no_such"), "{told}");
        let count: (i64,) =
            sqlx::query_as("SELECT COUNT(*) FROM notes").fetch_one(db.readers()).await.unwrap();
        assert_eq!(count.0, 2, "and nothing is written");
    }

    #[tokio::test]
    async fn what_was_committed_is_read_also_after_the_schema_has_changed() {
        let (_folder, db, here) = database().await;
        let count = |here: &ShortReads| {
            here.fetch("SELECT COUNT(*) AS n FROM notes", None, 1).unwrap()[0].integer("n")
        };
        assert_eq!(count(&here).unwrap(), 2);
        write(&db, "INSERT INTO notes (id) VALUES (3)").await;
        assert_eq!(count(&here).unwrap(), 3);
        write(&db, "DROP TABLE notes").await;
        assert!(here.fetch("SELECT COUNT(*) AS n FROM notes", None, 1).is_none());
        write(&db, "CREATE TABLE notes (other TEXT, id BIGINT)").await;
        assert_eq!(count(&here).unwrap(), 0);
        here.close();
        assert!(here.fetch("SELECT COUNT(*) AS n FROM notes", None, 1).is_none(), "closed");
    }
}
