//! The rows of Pays through SQLite alone: prepared statements, one thread, no sqlx.

use super::{Cell, Change, Pay, record};
use crate::Failure;
use crate::load::Connection as Http;
use crate::payments_site::{PaymentsSite, expect_success};
use crate::report::{Progress, Rate};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, Statement, ToSql, params_from_iter};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::runtime::Handle;
use url::Url;

/// Recorded, and written again and again into a copy of what was there before.
const PAYS: usize = 512;

pub struct SqliteFloor {
    /// The database with the tokens, and without the payments.
    base: PathBuf,
    plan: Plan,
    /// Rows that one Pay inserts, and that it changes.
    rows: (usize, usize),
}

impl SqliteFloor {
    /// Makes payments on a site of its own, one after another, and keeps what each wrote.
    pub async fn record(server: &Handle, data: &TempDir, ipn_url: &Url) -> Result<Self, Failure> {
        let site = PaymentsSite::start(server, data, "floor").await?;
        let calls = site.callers.signed_pays(PAYS, ipn_url).await?;
        let db = Connection::open(data.path().join("floor").join("payments.db"))?;
        db.busy_timeout(Duration::from_secs(10))?;
        let base = data.path().join("floor-base.db");
        db.execute("VACUUM INTO ?", [base.to_string_lossy()])?;
        let tables = record::begin_on_sqlite(&db, &record::BESIDE)?;
        let (mut pays, mut last) = (Vec::with_capacity(PAYS), 0);
        let progress = Progress::new("Pays recorded", PAYS);
        let mut connection = Http::open(&site.address).await?;
        for call in calls {
            expect_success(connection.exchange(&call).await?)?;
            let (now, pay) = record::since(&db, &tables, last)?;
            if !pay.iter().any(|change| change.table == "transactions") {
                return Err("a Pay was answered and has not written a transaction".into());
            }
            last = now;
            pays.push(pay);
            progress.one_more();
        }
        drop(db);
        server.spawn(site.running.stop()).await?;
        let count = |updates: bool| {
            pays.iter().flatten().filter(|change| change.before.is_some() == updates).count() / PAYS
        };
        Ok(Self { base, plan: Plan::of(&pays), rows: (count(false), count(true)) })
    }

    /// What one Pay is.
    pub fn words(&self) -> String {
        format!("{} rows inserted, {} updated", self.rows.0, self.rows.1)
    }

    /// Writes the payments, so many to a commit, again and again until the time is over.
    pub fn run(&self, batch: usize, limit: Duration) -> Result<Rate, Failure> {
        let (mut count, mut elapsed) = (0, Duration::ZERO);
        while elapsed < limit {
            let (written, took) = self.replay(batch, limit.saturating_sub(elapsed))?;
            count += written;
            elapsed += took;
        }
        Ok(Rate { count, elapsed })
    }

    fn replay(&self, batch: usize, limit: Duration) -> Result<(u32, Duration), Failure> {
        let file = Copy::of(&self.base)?;
        let db = open(&file.0)?;
        let mut writer = Writer::prepare(&db, &self.plan)?;
        let (begun, mut count) = (Instant::now(), 0);
        for pays in self.plan.pays.chunks(batch) {
            if begun.elapsed() > limit {
                break;
            }
            db.execute_batch("BEGIN IMMEDIATE")?;
            for pay in pays {
                writer.write(pay)?;
                count += 1;
            }
            db.execute_batch("COMMIT")?;
        }
        Ok((count, begun.elapsed()))
    }

    /// What was written is what the emulator wrote: its books are in order.
    pub async fn check(&self) -> Result<(), Failure> {
        let file = Copy::of(&self.base)?;
        let db = open(&file.0)?;
        let mut writer = Writer::prepare(&db, &self.plan)?;
        db.execute_batch("BEGIN IMMEDIATE")?;
        for pay in &self.plan.pays {
            writer.write(pay)?;
        }
        db.execute_batch("COMMIT")?;
        drop(writer);
        drop(db);
        let db = platform::Database::open(&format!("sqlite://{}", file.0.display())).await?;
        let books = ledger::audit(db.readers()).await?;
        db.close().await;
        if books.is_clean() { Ok(()) } else { Err(format!("the floor's books: {books:?}").into()) }
    }
}

/// The settings of the emulator's writer.
fn open(file: &Path) -> Result<Connection, Failure> {
    let db = Connection::open(file)?;
    db.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -16000",
    )?;
    Ok(db)
}

/// Goes with everything that SQLite puts beside it.
struct Copy(PathBuf);

impl Copy {
    fn of(base: &Path) -> Result<Self, Failure> {
        let copy = Self(base.with_extension("run"));
        std::fs::copy(base, &copy.0)?;
        // Not to be paid for by the first commit.
        std::fs::File::open(&copy.0)?.sync_all()?;
        Ok(copy)
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        for end in ["", "-wal", "-shm"] {
            let mut file = self.0.clone().into_os_string();
            file.push(end);
            // Not all of them are there.
            drop(std::fs::remove_file(file));
        }
    }
}

/// The statements of all payments, each once, and which of them each payment runs with which values.
struct Plan {
    statements: Vec<String>,
    pays: Vec<Vec<(usize, Vec<Cell>)>>,
}

impl Plan {
    fn of(pays: &[Pay]) -> Self {
        let (mut numbers, mut statements) = (HashMap::new(), Vec::new());
        let mut step = |change: &Change| {
            let number = *numbers.entry(statement(change)).or_insert_with_key(|text| {
                statements.push(text.clone());
                statements.len() - 1
            });
            (number, values(change))
        };
        let pays = pays.iter().map(|pay| pay.iter().map(&mut step).collect()).collect();
        Self { statements, pays }
    }
}

struct Writer<'db>(Vec<Statement<'db>>);

impl<'db> Writer<'db> {
    fn prepare(db: &'db Connection, plan: &Plan) -> Result<Self, Failure> {
        let prepared = plan.statements.iter().map(|text| db.prepare(text));
        Ok(Self(prepared.collect::<Result<_, _>>()?))
    }

    fn write(&mut self, pay: &[(usize, Vec<Cell>)]) -> Result<(), Failure> {
        for (number, values) in pay {
            let statement = &mut self.0[*number];
            if statement.execute(params_from_iter(values))? != 1 {
                return Err("a row was not there to be changed".into());
            }
        }
        Ok(())
    }
}

/// An UPDATE is guarded by what it found, as the emulator's are.
fn statement(change: &Change) -> String {
    let Change { table, before, after, key } = change;
    if before.is_none() {
        let columns: Vec<&str> = after.keys().map(String::as_str).collect();
        let places = vec!["?"; columns.len()].join(", ");
        return format!("INSERT INTO {table} ({}) VALUES ({places})", columns.join(", "));
    }
    let changed = change.changed();
    let list = |columns: &mut dyn Iterator<Item = String>, between| columns.collect::<Vec<_>>().join(between);
    let set = list(&mut changed.iter().map(|column| format!("{column} = ?")), ", ");
    let found = key.iter().map(|column| format!("{column} = ?"));
    let guards = changed.iter().map(|column| format!("{column} IS ?"));
    format!("UPDATE {table} SET {set} WHERE {}", list(&mut found.chain(guards), " AND "))
}

fn values(change: &Change) -> Vec<Cell> {
    let Change { before, after, key, .. } = change;
    let Some(before) = before else { return after.values().cloned().collect() };
    let changed = change.changed();
    let new = changed.iter().map(|column| &after[*column]);
    let old = key.iter().map(String::as_str).chain(changed.iter().copied()).map(|column| &before[column]);
    new.chain(old).cloned().collect()
}

impl ToSql for Cell {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Integer(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}
