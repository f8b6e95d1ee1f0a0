//! Making the schema, and dropping it for `reset`.

use super::{Backend, Database, DatabaseError};
use futures_util::future::BoxFuture;
use sqlx::migrate::Migrator;
use sqlx::{AnyConnection, AssertSqlSafe, Connection, Executor, Row};

/// One site's migrations: the same versions for each backend.
#[derive(Debug)]
pub struct Migrations {
    pub sqlite: Migrator,
    pub postgres: Migrator,
}

impl Database {
    /// Brings the schema up to date.
    // Boxed, as is `recreate`: what sqlx does with borrowed parts in here is `Send`, but the compiler
    // cannot see it from inside a handler's future.
    pub fn migrate<'a>(&'a self, migrations: &'a Migrations) -> BoxFuture<'a, Result<(), DatabaseError>> {
        Box::pin(async move {
            let mut connection = self.connection_apart().await?;
            // `run` does the same, but is not `Send` on a connection of our own.
            self.migrator(migrations).run_direct(None, &mut connection, false).await?;
            Ok(connection.close().await?)
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
    async fn connection_apart(&self) -> Result<AnyConnection, sqlx::Error> {
        Ok(self.readers.acquire().await?.detach())
    }

    fn migrator<'m>(&self, migrations: &'m Migrations) -> &'m Migrator {
        match self.backend() {
            Backend::Sqlite => &migrations.sqlite,
            Backend::Postgres => &migrations.postgres,
        }
    }
}

/// Leaves the connection's foreign keys off.
async fn drop_all_sqlite(connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
    connection.execute("PRAGMA foreign_keys = OFF").await?;
    let objects = connection
        .fetch_all(
            "SELECT type, name FROM sqlite_master WHERE type IN ('trigger', 'view', 'table') \
             AND name NOT LIKE 'sqlite_%' ORDER BY type DESC",
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
