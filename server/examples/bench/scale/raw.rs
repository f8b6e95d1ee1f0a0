//! A site's database without the site: to see what it wrote, and to write much at once.

use crate::Failure;
use crate::floor::Pay;
use crate::floor::numbered::{Numbered, Times};
use crate::floor::record::{self, Tables};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use std::time::Duration;

/// What is not part of what happened: who is signed in, and who sends.
const BESIDE: [&str; 3] = ["sessions", "settings", "notification_senders"];

pub enum Raw {
    Sqlite(rusqlite::Connection),
    Postgres(PgConnection),
}

impl Raw {
    pub async fn open(url: &str) -> Result<Self, Failure> {
        let Some(file) = url.strip_prefix("sqlite://") else {
            return Ok(Self::Postgres(PgConnection::connect(url).await?));
        };
        let db = rusqlite::Connection::open(file.split('?').next().unwrap_or(file))?;
        db.busy_timeout(Duration::from_secs(20))?;
        Ok(Self::Sqlite(db))
    }

    /// One text of statements.
    pub async fn execute(&mut self, text: &str) -> Result<(), Failure> {
        match self {
            Self::Sqlite(db) => tokio::task::block_in_place(|| db.execute_batch(text))?,
            Self::Postgres(db) => {
                db.execute(sqlx::raw_sql(AssertSqlSafe(text.to_owned()))).await?;
            }
        }
        Ok(())
    }

    pub async fn numbered(&mut self, times: Times) -> Result<Numbered, Failure> {
        Ok(match self {
            Self::Sqlite(_) => Numbered::on_sqlite(),
            Self::Postgres(db) => Numbered::on_postgres(db).await?,
        }
        .spread(times))
    }

    /// Statements for many rows: from what is read, with `number` from `@FIRST@` to `@LAST@`.
    pub fn insert_series(&self, table: &str, columns: &str, values: &str) -> String {
        match self {
            Self::Sqlite(_) => format!(
                "WITH RECURSIVE series (number) AS (SELECT @FIRST@ UNION ALL SELECT number + 1 FROM series \
                 WHERE number < @LAST@) INSERT INTO {table} ({columns}) SELECT {values} FROM series;\n"
            ),
            Self::Postgres(_) => format!(
                "INSERT INTO {table} ({columns}) SELECT {values} FROM generate_series(@FIRST@, @LAST@) number;\n"
            ),
        }
    }

    /// Nothing is kept for a crash and no row asks for its parent: the whole is looked through at the end.
    pub async fn begin_bulk(&mut self) -> Result<(), Failure> {
        let settings = match self {
            Self::Sqlite(_) => {
                "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; \
                 PRAGMA cache_size = -500000; PRAGMA locking_mode = EXCLUSIVE"
            }
            Self::Postgres(_) => {
                "SET session_replication_role = replica; SET synchronous_commit = off; SET maintenance_work_mem = '256MB'"
            }
        };
        self.execute(settings).await?;
        if matches!(self, Self::Postgres(_)) {
            self.execute(TRIGGERS).await?;
        }
        Ok(())
    }

    pub async fn end_bulk(&mut self) -> Result<(), Failure> {
        match self {
            Self::Sqlite(_) => {
                // No ANALYZE: the sites do none.
                self.execute(
                    "PRAGMA locking_mode = NORMAL; PRAGMA synchronous = FULL; PRAGMA journal_mode = WAL",
                )
                .await
            }
            Self::Postgres(_) => {
                self.execute(SEQUENCES).await?;
                self.execute("VACUUM ANALYZE").await?;
                self.execute("CHECKPOINT").await
            }
        }
    }
}

/// A replica runs no triggers; those of the schema, which count, run all the same.
const TRIGGERS: &str = "DO $$ DECLARE one record; BEGIN \
    FOR one IN SELECT tgrelid::regclass AS t, tgname AS n FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid \
        WHERE NOT tgisinternal AND c.relnamespace = current_schema()::regnamespace LOOP \
        EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', one.t, one.n); \
    END LOOP; END $$";

/// Numbers that PostgreSQL gives out go on after those that are there.
const SEQUENCES: &str = "DO $$ DECLARE one record; BEGIN \
    FOR one IN SELECT table_name AS t, column_name AS c FROM information_schema.columns \
        WHERE table_schema = current_schema() \
            AND pg_get_serial_sequence(quote_ident(table_name), column_name) IS NOT NULL LOOP \
        EXECUTE format('SELECT setval(pg_get_serial_sequence(%L, %L), GREATEST(MAX(%I), 1)) FROM %I', one.t, one.c, one.c, one.t); \
    END LOOP; END $$";

/// What the site writes, as it writes it.
pub struct Log {
    raw: Raw,
    tables: Tables,
    last: i64,
}

impl Log {
    pub async fn begin(url: &str) -> Result<Self, Failure> {
        let mut raw = Raw::open(url).await?;
        let tables = match &mut raw {
            Raw::Sqlite(db) => record::begin_on_sqlite(db, &BESIDE)?,
            Raw::Postgres(db) => record::begin_on_postgres(db, &BESIDE).await?,
        };
        Ok(Self { raw, tables, last: 0 })
    }

    /// What was written since the last look.
    pub async fn take(&mut self) -> Result<Pay, Failure> {
        Ok(match &mut self.raw {
            Raw::Sqlite(db) => {
                let (last, changes) = record::since(db, &self.tables, self.last)?;
                self.last = last;
                changes
            }
            Raw::Postgres(db) => record::since_on_postgres(db, &self.tables, &mut self.last).await?,
        })
    }

    pub async fn end(mut self) -> Result<(), Failure> {
        match &mut self.raw {
            Raw::Sqlite(db) => record::end_on_sqlite(db, &self.tables),
            Raw::Postgres(db) => record::end_on_postgres(db, &self.tables).await,
        }
    }
}
