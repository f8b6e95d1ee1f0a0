//! Snapshots of one database, by name: keeping its rows, going back to them, comparing.
//!
//! On SQLite a snapshot is a file of its own, on PostgreSQL a schema; what is done with the rows is the same. Both are
//! reached through one connection ([`reach`]), so that a restore is one transaction: whoever is killed in it leaves the
//! old rows or the restored ones, with all triggers and foreign keys in force. A snapshot is of one version of the
//! schema, and not for any other.

mod catalogue;
mod diff;
mod hold;
mod name;
mod postgres;
mod restore;
mod sqlite;
#[cfg(test)]
mod tests;

pub use diff::{ChangedRow, DiffOptions, SnapshotDiff, TableDiff};
pub use hold::HeldStill;
pub use name::{SnapshotName, SnapshotNameError, SnapshotSide};
pub use restore::{Kept, PreparedRestore};

use super::action::is_retriable;
use super::{Backend, Columns, Database};
use futures_util::future::BoxFuture;
use serde::Serialize;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Connection, Executor};
use std::path::{Path, PathBuf};

/// How often a restore is tried that met others in the database (PostgreSQL).
const ATTEMPTS: u32 = 8;

#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    #[error("there is no snapshot \"{0}\": the list has those that there are")]
    NotThere(SnapshotName),
    #[error("there is a snapshot \"{0}\" already: delete it first, or choose another name")]
    AlreadyThere(SnapshotName),
    #[error(
        "the snapshot \"{0}\" was made by a program with another schema of the database, and cannot be used by this \
         one: delete it, or use that program"
    )]
    OtherSchema(SnapshotName),
    #[error("rows of {table} would refer to rows that are not there; nothing was changed")]
    Dangling { table: String },
    #[error("the snapshot's file: {0}")]
    File(#[from] std::io::Error),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// A snapshot that there is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SavedSnapshot {
    pub name: SnapshotName,
    /// What it takes on the disk.
    pub bytes: u64,
}

/// The snapshots of one database.
#[derive(Debug, Clone)]
pub struct Snapshots {
    db: Database,
    folder: PathBuf,
    file: String,
}

impl Snapshots {
    /// On SQLite they are `<folder>/<name>/<file>`; several databases may share a folder with a `file` each. On
    /// PostgreSQL neither is used.
    pub fn of(db: Database, folder: &Path, file: &str) -> Self {
        Self { db, folder: folder.to_owned(), file: file.to_owned() }
    }

    /// Keeps all rows as they are at one moment, while others read and write. Whoever breaks it off leaves no snapshot.
    pub fn save<'a>(&'a self, name: &'a SnapshotName) -> BoxFuture<'a, Result<(), SnapshotError>> {
        Box::pin(async move {
            match self.db.backend() {
                Backend::Sqlite => sqlite::save(&self.db, &self.place(name), name).await,
                Backend::Postgres => postgres::save(&self.db, name).await,
            }
        })
    }

    /// Lets nobody write until the answer is released: what several databases have then, they have at one moment.
    pub fn hold_still(&self) -> BoxFuture<'_, Result<HeldStill, SnapshotError>> {
        Box::pin(hold::hold_still(&self.db))
    }

    /// Puts back all rows of the snapshot but those that are kept, in one transaction: whoever breaks it off, or does
    /// not commit it, leaves the database as it was. Done again, it changes nothing more.
    ///
    /// Others wait meanwhile. What a process has in its memory of the rows is its own to forget.
    pub fn prepare_restore<'a>(
        &'a self,
        name: &'a SnapshotName,
        kept: &'a [Kept],
    ) -> BoxFuture<'a, Result<PreparedRestore, SnapshotError>> {
        Box::pin(async move {
            let mut attempt = 1;
            loop {
                match self.prepare_once(name, kept).await {
                    Err(SnapshotError::Database(error)) if is_retriable(&error) && attempt < ATTEMPTS => {
                        attempt += 1;
                    }
                    ended => return ended,
                }
            }
        })
    }

    /// The same of one database alone, to its end.
    pub fn restore<'a>(
        &'a self,
        name: &'a SnapshotName,
        kept: &'a [Kept],
    ) -> BoxFuture<'a, Result<(), SnapshotError>> {
        Box::pin(async move { self.prepare_restore(name, kept).await?.commit().await })
    }

    async fn prepare_once(
        &self,
        name: &SnapshotName,
        kept: &[Kept],
    ) -> Result<PreparedRestore, SnapshotError> {
        let mut connection = self.db.connection_apart().await?;
        let saved = self.reach(&mut connection, name, "saved").await?;
        restore::prepare(&mut connection, self.db.backend(), &saved, kept).await?;
        Ok(PreparedRestore(connection))
    }

    pub fn delete<'a>(&'a self, name: &'a SnapshotName) -> BoxFuture<'a, Result<(), SnapshotError>> {
        Box::pin(async move {
            match self.db.backend() {
                Backend::Sqlite => sqlite::delete(&self.place(name), name).await,
                Backend::Postgres => postgres::delete(&self.db, name).await,
            }
        })
    }

    /// All that there are, by name.
    pub fn list(&self) -> BoxFuture<'_, Result<Vec<SavedSnapshot>, SnapshotError>> {
        Box::pin(async move {
            let mut all = match self.db.backend() {
                Backend::Sqlite => sqlite::list(&self.folder, &self.file).await?,
                Backend::Postgres => postgres::list(&self.db).await?,
            };
            all.sort_by(|one, other| one.name.cmp(&other.name));
            Ok(all)
        })
    }

    /// What `after` has otherwise than `before`, both at one moment.
    pub fn diff<'a>(
        &'a self,
        before: &'a SnapshotSide,
        after: &'a SnapshotSide,
        options: &'a DiffOptions,
    ) -> BoxFuture<'a, Result<SnapshotDiff, SnapshotError>> {
        Box::pin(async move {
            let mut connection = self.db.connection_apart().await?;
            let before = self.side(&mut connection, before, "before").await?;
            let after = self.side(&mut connection, after, "after").await?;
            connection.execute(begin_reading(self.db.backend())).await?;
            let tables = catalogue::read(&mut connection, self.db.backend()).await?;
            let diff = diff::diff(&mut connection, &tables, [&before, &after], options).await?;
            connection.execute("ROLLBACK").await?;
            connection.close().await?;
            Ok(diff)
        })
    }

    async fn side(
        &self,
        connection: &mut AnyConnection,
        side: &SnapshotSide,
        alias: &str,
    ) -> Result<String, SnapshotError> {
        match side {
            SnapshotSide::Now => Ok(live_schema(connection, self.db.backend()).await?),
            SnapshotSide::Saved(name) => self.reach(connection, name, alias).await,
        }
    }

    /// The schema, as it stands before a table's name in a statement of this connection, in which the snapshot is.
    async fn reach(
        &self,
        connection: &mut AnyConnection,
        name: &SnapshotName,
        alias: &str,
    ) -> Result<String, SnapshotError> {
        let backend = self.db.backend();
        let saved = match backend {
            Backend::Sqlite => sqlite::attach(connection, &self.place(name), name, alias).await?,
            Backend::Postgres => postgres::find(connection, name).await?,
        };
        let live = live_schema(connection, backend).await?;
        if is_of_other_schema(connection, &live, &saved).await? {
            return Err(SnapshotError::OtherSchema(name.clone()));
        }
        Ok(saved)
    }

    fn place(&self, name: &SnapshotName) -> PathBuf {
        self.folder.join(name.as_str()).join(&self.file)
    }
}

/// As it stands before the name of a table.
async fn live_schema(connection: &mut AnyConnection, backend: Backend) -> Result<String, sqlx::Error> {
    match backend {
        Backend::Sqlite => Ok("main".to_owned()),
        Backend::Postgres => {
            let row = connection.fetch_one("SELECT CAST(current_schema() AS TEXT) AS name").await?;
            Ok(quoted(&row.text("name")?))
        }
    }
}

/// Whether the two have seen other migrations, or the same ones with other texts.
async fn is_of_other_schema(
    connection: &mut AnyConnection,
    one: &str,
    other: &str,
) -> Result<bool, sqlx::Error> {
    for (one, other) in [(one, other), (other, one)] {
        let sql = format!(
            "SELECT version FROM (SELECT version, checksum FROM {one}._sqlx_migrations \
             EXCEPT SELECT version, checksum FROM {other}._sqlx_migrations) AS missing LIMIT 1"
        );
        if !rows(connection, sql).await?.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

const fn begin_reading(backend: Backend) -> &'static str {
    match backend {
        Backend::Sqlite => "BEGIN",
        Backend::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY",
    }
}

/// Names come from the database's own catalogue, from [`SnapshotName`] or from the program.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Each as `prefix."name"`, with commas between.
fn listed(columns: &[String], prefix: &str) -> String {
    columns.iter().map(|column| format!("{prefix}{}", quoted(column))).collect::<Vec<_>>().join(", ")
}

/// Whether the columns of one row have the values of the other row's columns.
fn equal(ones: &[String], one: &str, others: &[String], other: &str) -> String {
    let each = ones.iter().zip(others);
    let each = each.map(|(a, b)| format!("{one}.{} = {other}.{}", quoted(a), quoted(b)));
    each.collect::<Vec<_>>().join(" AND ")
}

async fn run(connection: &mut AnyConnection, sql: String) -> Result<(), sqlx::Error> {
    connection.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await.map(drop)
}

async fn rows(connection: &mut AnyConnection, sql: String) -> Result<Vec<AnyRow>, sqlx::Error> {
    connection.fetch_all(AssertSqlSafe(sql)).await
}
