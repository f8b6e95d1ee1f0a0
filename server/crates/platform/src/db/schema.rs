//! Making the schema, and dropping it for `reset`.

use super::{Backend, Database, DatabaseError};
use futures_util::future::BoxFuture;
use rust_embed::DynRustEmbed;
use sha2::{Digest, Sha256};
use sqlx::error::BoxDynError;
use sqlx::migrate::{MigrateError, Migration, MigrationSource, MigrationType, Migrator};
use sqlx::{AnyConnection, AssertSqlSafe, Connection, Executor, Row, SqlSafeStr};
use std::fmt;

/// A migration of a large table takes as long as it takes, and waits for that of another process.
const UNBOUNDED: &str =
    "SET lock_timeout = 0; SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0";

/// A lock that ends with its connection.
#[derive(Debug)]
pub struct Opening {
    _connection: Option<AnyConnection>,
}

/// One site's migrations, embedded: the folders `sqlite` and `postgres` with files of the same names.
// Not by sqlx's macro: that compiles tokio, SQLite and the drivers a second time, for the compiler.
#[derive(Clone, Copy)]
pub struct Migrations {
    files: &'static (dyn DynRustEmbed + Sync),
}

impl Migrations {
    pub const fn embedded(files: &'static (dyn DynRustEmbed + Sync)) -> Self {
        Self { files }
    }

    /// In the order in which they are made.
    pub(super) fn of(self, backend: Backend) -> Result<Vec<Migration>, DatabaseError> {
        let (files, name) = (self.files, backend.name());
        let mut names = files.names();
        names.sort();
        let own = names.iter().filter_map(|path| Some((path, path.strip_prefix(name)?.strip_prefix('/')?)));
        let read = own.map(|(path, name)| read(files, path, name)).collect::<Result<_, _>>();
        Ok(read.map_err(MigrateError::Source)?)
    }
}

impl fmt::Debug for Migrations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Migrations").field(&self.files.names()).finish()
    }
}

/// The migrations of one backend, as sqlx asks for them.
#[derive(Debug)]
struct Folder(Vec<Migration>);

impl MigrationSource<'static> for Folder {
    fn resolve(self) -> BoxFuture<'static, Result<Vec<Migration>, BoxDynError>> {
        Box::pin(std::future::ready(Ok(self.0)))
    }
}

/// `0001_words_that_describe_it.sql`
fn read(files: &dyn DynRustEmbed, path: &str, name: &str) -> Result<Migration, BoxDynError> {
    let malformed = || format!("{path} is not named like 0001_words.sql");
    let (version, description) =
        name.strip_suffix(".sql").and_then(|stem| stem.split_once('_')).ok_or_else(malformed)?;
    let version = version.parse().map_err(|_| malformed())?;
    let file = files.get(path).ok_or_else(|| format!("{path} is gone"))?;
    let sql = String::from_utf8(file.data.into_owned())?;
    let (description, sql) = (description.replace('_', " "), AssertSqlSafe(sql).into_sql_str());
    Ok(Migration::new(version, description.into(), MigrationType::Simple, sql, false))
}

impl Database {
    /// Brings the schema up to date.
    // Boxed, as is `recreate`: what sqlx does with borrowed parts in here is `Send`, but the compiler
    // cannot see it from inside a handler's future.
    pub fn migrate<'a>(&'a self, migrations: &'a Migrations) -> BoxFuture<'a, Result<(), DatabaseError>> {
        Box::pin(async move {
            let mut connection = self.connection_apart().await?;
            // `run` does the same, but is not `Send` on a connection of our own.
            let migrator = Migrator::new(Folder(migrations.of(self.backend())?)).await?;
            migrator.run_direct(None, &mut connection, false).await?;
            Ok(connection.close().await?)
        })
    }

    /// Waits until no other process is opening a site on this schema, and keeps others waiting until what it returns is
    /// dropped: so two that start at once make one schema, one set of demo data and one key. On SQLite nothing is
    /// needed: a file is for one process.
    pub fn opening_alone(&self) -> BoxFuture<'_, Result<Opening, DatabaseError>> {
        Box::pin(async move {
            if self.backend() == Backend::Sqlite {
                return Ok(Opening { _connection: None });
            }
            let mut connection = self.connection_apart().await?;
            let schema: String =
                connection.fetch_one("SELECT CAST(current_schema() AS TEXT)").await?.try_get(0)?;
            let digest = Sha256::digest(format!("opening {schema}"));
            let key = digest.first_chunk().copied().map(i64::from_be_bytes).unwrap_or_default();
            sqlx::query("SELECT pg_advisory_lock($1)").bind(key).execute(&mut connection).await?;
            Ok(Opening { _connection: Some(connection) })
        })
    }

    /// Drops everything in the schema and makes it anew, empty. It is no single transaction: who reads or
    /// writes meanwhile can find tables missing, and who breaks it off leaves them so.
    pub fn recreate<'a>(&'a self, migrations: &'a Migrations) -> BoxFuture<'a, Result<(), DatabaseError>> {
        Box::pin(async move {
            let mut connection = self.connection_apart().await?;
            match self.backend() {
                Backend::Sqlite => drop_all_sqlite(&mut connection).await?,
                Backend::Postgres => drop_all_postgres(&mut connection).await?,
            }
            connection.close().await?;
            self.migrate(migrations).await
        })
    }

    /// A connection that does not go back to the pool, and is closed when it is dropped: left half way, it
    /// would take an open transaction, a lock or foreign keys that are off to whoever reads next.
    pub(super) async fn connection_apart(&self) -> Result<AnyConnection, sqlx::Error> {
        let mut connection = self.readers.acquire().await?.detach();
        if self.backend() == Backend::Postgres {
            connection.execute(sqlx::raw_sql(UNBOUNDED)).await?;
        }
        Ok(connection)
    }
}

/// Leaves the connection's foreign keys off.
async fn drop_all_sqlite(connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
    connection.execute("PRAGMA foreign_keys = OFF").await?;
    let objects = connection
        .fetch_all(
            "SELECT type, name FROM sqlite_master WHERE type IN ('trigger', 'view', 'table') \
             AND name NOT LIKE 'sqlite_%' \
             AND name NOT IN (SELECT name FROM pragma_table_list WHERE type = 'shadow') ORDER BY type DESC",
        )
        .await?;
    connection.execute("BEGIN IMMEDIATE").await?;
    for object in objects {
        let (kind, name): (String, String) = (object.try_get(0)?, object.try_get(1)?);
        // Names come from the database's own catalogue.
        let statement = format!("DROP {kind} IF EXISTS \"{name}\"");
        connection.execute(AssertSqlSafe(statement)).await?;
    }
    connection.execute("COMMIT").await?;
    Ok(())
}

async fn drop_all_postgres(connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
    let schema: String = connection.fetch_one("SELECT CAST(current_schema() AS TEXT)").await?.try_get(0)?;
    let statement = format!("DROP SCHEMA \"{schema}\" CASCADE; CREATE SCHEMA \"{schema}\"");
    connection.execute(sqlx::raw_sql(AssertSqlSafe(statement))).await?;
    Ok(())
}
