//! Looking at a database without making it, opening it for use, or changing anything in it.

use super::{Backend, Database, DatabaseError, Migrations, sqlite};
use futures_util::future::BoxFuture;
use sqlx::migrate::Migration;
use sqlx::{AnyConnection, Connection, Executor, Row};
use std::time::Duration;

/// How long a database may take to be looked at that nobody has open.
const PATIENCE: Duration = Duration::from_secs(3);

/// How what is in a database stands to the migrations of this program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schema {
    /// There is no database yet, or none has been made in it.
    Missing,
    UpToDate,
    /// So many are still to be made.
    Behind(usize),
    /// This one was made by a newer program: here it is not known.
    Ahead(i64),
    /// This one was made from other text than this program has, or broken off.
    Altered(i64),
}

impl Database {
    /// How the schema stands to these migrations.
    pub fn schema<'a>(&'a self, migrations: &'a Migrations) -> BoxFuture<'a, Result<Schema, DatabaseError>> {
        Box::pin(async move {
            let known = migrations.of(self.backend())?;
            let mut connection = self.readers.acquire().await?;
            Ok(schema_of(&mut connection, self.backend(), &known).await?)
        })
    }

    /// The same of a database that need not be there, and whether it can be written.
    pub fn look_at<'a>(
        url: &'a str,
        migrations: &'a Migrations,
    ) -> BoxFuture<'a, Result<Schema, DatabaseError>> {
        Box::pin(async move {
            sqlx::any::install_default_drivers();
            let backend = Backend::of(url)?;
            if backend == Backend::Sqlite && !sqlite::file_of(url)?.exists() {
                return Ok(Schema::Missing);
            }
            let known = migrations.of(backend)?;
            let looked = tokio::time::timeout(PATIENCE, look(url, backend, &known)).await;
            Ok(looked.map_err(|_| sqlx::Error::PoolTimedOut)??)
        })
    }
}

async fn look(url: &str, backend: Backend, known: &[Migration]) -> Result<Schema, sqlx::Error> {
    let mut connection = AnyConnection::connect(url).await?;
    if backend == Backend::Sqlite {
        // Whether somebody else has the lock, or the file may only be read.
        connection.execute("PRAGMA busy_timeout = 500").await?;
        connection.execute("BEGIN IMMEDIATE").await?;
        connection.execute("ROLLBACK").await?;
    }
    let schema = schema_of(&mut connection, backend, known).await?;
    connection.close().await?;
    Ok(schema)
}

async fn schema_of(
    connection: &mut AnyConnection,
    backend: Backend,
    known: &[Migration],
) -> Result<Schema, sqlx::Error> {
    let is_there = match backend {
        Backend::Sqlite => "SELECT COUNT(*) FROM sqlite_master WHERE name = '_sqlx_migrations'",
        Backend::Postgres => "SELECT COUNT(*) FROM pg_class WHERE oid = to_regclass('_sqlx_migrations')",
    };
    let tables: i64 = connection.fetch_one(is_there).await?.try_get(0)?;
    if tables == 0 {
        return Ok(Schema::Missing);
    }
    let made = "SELECT version, CAST(success AS INTEGER), checksum FROM _sqlx_migrations ORDER BY version";
    let made = connection.fetch_all(made).await?;
    for row in &made {
        let (version, success, checksum): (i64, i32, Vec<u8>) =
            (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        match known.iter().find(|migration| migration.version == version) {
            None => return Ok(Schema::Ahead(version)),
            Some(migration) if success == 0 || *migration.checksum != *checksum => {
                return Ok(Schema::Altered(version));
            }
            Some(_) => {}
        }
    }
    Ok(match known.len() - made.len() {
        _ if made.is_empty() => Schema::Missing,
        0 => Schema::UpToDate,
        missing => Schema::Behind(missing),
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::{Fixture, NOTES, Refused, fixture, on_both};
    use super::*;
    use sqlx::AssertSqlSafe;

    /// The same from within and from beside.
    async fn looked(Fixture { db, url, migrations, .. }: &Fixture) -> Schema {
        let (within, beside) = (db.schema(migrations).await, Database::look_at(url, migrations).await);
        let within = within.unwrap();
        assert_eq!(within, beside.unwrap());
        within
    }

    async fn change(db: &Database, sql: String) {
        let changed = db.write::<(), Refused, _>(move |c| {
            let sql = AssertSqlSafe(sql.clone());
            Box::pin(async move { Ok(c.execute(sql).await.map(drop)?) })
        });
        changed.await.unwrap();
    }

    async fn a_schema_is_this_programs_an_altered_a_newer_or_an_older_one(fixture: Fixture) {
        assert_eq!(looked(&fixture).await, Schema::UpToDate);
        let db = &fixture.db;
        change(db, "UPDATE _sqlx_migrations SET success = FALSE".to_owned()).await;
        assert_eq!(looked(&fixture).await, Schema::Altered(1));
        change(db, "UPDATE _sqlx_migrations SET success = TRUE, version = 99".to_owned()).await;
        assert_eq!(looked(&fixture).await, Schema::Ahead(99));
        change(db, "DELETE FROM _sqlx_migrations".to_owned()).await;
        assert_eq!(looked(&fixture).await, Schema::Missing);
        change(db, "DROP TABLE _sqlx_migrations".to_owned()).await;
        assert_eq!(looked(&fixture).await, Schema::Missing);
    }

    on_both!(a_schema_is_this_programs_an_altered_a_newer_or_an_older_one);

    #[tokio::test]
    async fn a_look_makes_no_database_and_finds_a_lock() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("t.db");
        let url = format!("sqlite://{}", file.display());
        assert_eq!(Database::look_at(&url, &NOTES).await.unwrap(), Schema::Missing);
        assert!(!file.exists());
        let mut other = AnyConnection::connect(&format!("{url}?mode=rwc")).await.unwrap();
        other.execute("CREATE TABLE notes (id INTEGER)").await.unwrap();
        other.execute("BEGIN IMMEDIATE").await.unwrap();
        let locked = Database::look_at(&url, &NOTES).await.unwrap_err();
        assert!(locked.to_string().contains("database is locked"), "{locked}");
    }
}
