//! Rows that were made once and are put into an empty database later: the demo data.
//!
//! What is kept is text, packed: a line of JSON for each table, and one for each of its rows. Moments are kept as their
//! distance from the moment of the making, and are put in at the same distance from that of the loading. Rows go in table
//! by table as they are listed, so that each is there before another refers to it, and triggers run as ever: what they
//! count is not kept.

use super::{Backend, Columns, Database};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use jiff::Timestamp;
use serde_json::Value;
use sqlx::any::{AnyArguments, AnyRow, AnyTypeInfoKind};
use sqlx::{AnyConnection, Arguments, AssertSqlSafe, Executor, Row, ValueRef};
use std::fmt::Write as _;
use std::io::{Read, Write};

/// No number but a moment is so large: it is one of 2001.
const LEAST_MOMENT: i64 = 1_000_000_000_000_000;

/// The largest number of all is no moment: it stands behind every other.
const fn is_moment(number: i64) -> bool {
    number >= LEAST_MOMENT && number < i64::MAX
}
/// Rows that are put in with one statement.
const ROWS_AT_ONCE: usize = 100;

/// A table whose rows are kept.
#[derive(Debug, Clone, Copy)]
pub struct PreparedTable {
    pub name: &'static str,
    /// Columns of moments.
    pub times: &'static [&'static str],
    /// Columns whose texts are not kept, secrets for example. They are empty afterwards.
    pub blank: &'static [&'static str],
    /// Columns that are not kept: triggers fill them.
    pub without: &'static [&'static str],
    /// A condition of rows that are not kept, since migrations write them.
    pub except: Option<&'static str>,
}

impl PreparedTable {
    pub const fn new(name: &'static str, times: &'static [&'static str]) -> Self {
        Self { name, times, blank: &[], without: &[], except: None }
    }
}

/// Why prepared rows cannot be made or read.
#[derive(Debug, thiserror::Error)]
pub enum PreparedError {
    #[error("prepared rows: {0}")]
    Unreadable(String),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl From<serde_json::Error> for PreparedError {
    fn from(error: serde_json::Error) -> Self {
        Self::Unreadable(error.to_string())
    }
}

impl From<std::io::Error> for PreparedError {
    fn from(error: std::io::Error) -> Self {
        Self::Unreadable(error.to_string())
    }
}

/// One table's rows: integers, texts, nulls, and bytes as `{"hex": "…"}`.
#[derive(Debug, Clone, PartialEq)]
struct Kept {
    table: String,
    columns: Vec<String>,
    times: Vec<String>,
    rows: Vec<Vec<Value>>,
}

/// All rows that are kept of a site.
#[derive(Debug, Clone, PartialEq)]
pub struct Prepared {
    tables: Vec<Kept>,
}

impl Prepared {
    /// Reads the tables of an SQLite database, whose rows stand in the order in which they were written.
    pub async fn of(db: &Database, tables: &[PreparedTable], now: Timestamp) -> Result<Self, PreparedError> {
        let mut prepared = Self { tables: Vec::new() };
        for table in tables {
            prepared.tables.push(rows_of(db, table, now).await?);
        }
        Ok(prepared)
    }

    pub fn pack(&self) -> Result<Vec<u8>, PreparedError> {
        let mut packed = GzEncoder::new(Vec::new(), Compression::best());
        for Kept { table, columns, times, rows } in &self.tables {
            serde_json::to_writer(&mut packed, &(table, columns, times, rows.len()))?;
            packed.write_all(b"\n")?;
            for row in rows {
                serde_json::to_writer(&mut packed, row)?;
                packed.write_all(b"\n")?;
            }
        }
        Ok(packed.finish()?)
    }

    pub fn unpack(packed: &[u8]) -> Result<Self, PreparedError> {
        let mut text = String::new();
        GzDecoder::new(packed).read_to_string(&mut text)?;
        let (mut lines, mut tables) = (text.lines(), Vec::new());
        while let Some(head) = lines.next() {
            let (table, columns, times, count): (String, Vec<String>, Vec<String>, usize) =
                serde_json::from_str(head)?;
            let rows = lines.by_ref().take(count).map(serde_json::from_str);
            let rows: Vec<Vec<Value>> = rows.collect::<Result<_, _>>()?;
            if rows.len() != count || rows.iter().any(|row| row.len() != columns.len()) {
                return Err(PreparedError::Unreadable(format!("{table} is not whole")));
            }
            tables.push(Kept { table, columns, times, rows });
        }
        Ok(Self { tables })
    }

    /// How many rows of a table there are.
    pub fn count(&self, table: &str) -> usize {
        self.tables.iter().filter(|rows| rows.table == table).map(|rows| rows.rows.len()).sum()
    }

    /// Puts all rows in; the tables are empty. Numbers that the database gives out go on behind them.
    pub async fn load(
        &self,
        connection: &mut AnyConnection,
        backend: Backend,
        now: Timestamp,
    ) -> Result<(), sqlx::Error> {
        for rows in &self.tables {
            for some in rows.rows.chunks(ROWS_AT_ONCE) {
                rows.insert(&mut *connection, some, now).await?;
            }
        }
        if backend == Backend::Postgres {
            go_on_behind(connection).await?;
        }
        Ok(())
    }
}

impl Kept {
    async fn insert(
        &self,
        connection: &mut AnyConnection,
        rows: &[Vec<Value>],
        now: Timestamp,
    ) -> Result<(), sqlx::Error> {
        let moves: Vec<bool> = self.columns.iter().map(|column| self.times.contains(column)).collect();
        let mut sql = format!("INSERT INTO {} ({}) VALUES ", self.table, self.columns.join(", "));
        let mut values = AnyArguments::default();
        let mut bound = 0;
        for (number, row) in rows.iter().enumerate() {
            sql.push_str(if number == 0 { "(" } else { ", (" });
            for (place, (value, moves)) in row.iter().zip(&moves).enumerate() {
                sql.push_str(if place == 0 { "" } else { ", " });
                match value {
                    Value::Null => sql.push_str("NULL"),
                    Value::Number(number) => {
                        let number = number.as_i64().ok_or_else(|| unfit(&self.table, value))?;
                        let number =
                            if *moves { number.saturating_add(now.as_microsecond()) } else { number };
                        // A number in the text: its column's type is the statement's to find.
                        write!(sql, "{number}").map_err(|error| sqlx::Error::Encode(error.into()))?;
                    }
                    Value::String(text) => {
                        bound += 1;
                        write!(sql, "${bound}").map_err(|error| sqlx::Error::Encode(error.into()))?;
                        values.add(text.clone()).map_err(sqlx::Error::Encode)?;
                    }
                    other => {
                        bound += 1;
                        write!(sql, "${bound}").map_err(|error| sqlx::Error::Encode(error.into()))?;
                        let bytes = bytes_of(other).ok_or_else(|| unfit(&self.table, value))?;
                        values.add(bytes).map_err(sqlx::Error::Encode)?;
                    }
                }
            }
            sql.push(')');
        }
        sqlx::query_with(AssertSqlSafe(sql), values).execute(connection).await?;
        Ok(())
    }
}

fn unfit(table: &str, value: &Value) -> sqlx::Error {
    sqlx::Error::Encode(format!("prepared rows of {table}: {value} is no value").into())
}

/// Columns that the database does not make by itself.
async fn columns_of(db: &Database, table: &str) -> Result<Vec<String>, sqlx::Error> {
    let sql = format!("SELECT name FROM pragma_table_xinfo('{table}') WHERE hidden = 0 ORDER BY cid");
    sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(db.readers()).await
}

/// As they were written where they have numbers of their own, else by their key.
async fn order_of(db: &Database, table: &str) -> Result<String, sqlx::Error> {
    let sql = format!("SELECT wr FROM pragma_table_list('{table}') WHERE schema = 'main'");
    let without_numbers: i64 = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(db.readers()).await?;
    if without_numbers == 0 {
        return Ok("rowid".to_owned());
    }
    let sql = format!("SELECT name FROM pragma_table_xinfo('{table}') WHERE pk > 0 ORDER BY pk");
    let key: Vec<String> = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(db.readers()).await?;
    Ok(key.join(", "))
}

async fn rows_of(db: &Database, table: &PreparedTable, now: Timestamp) -> Result<Kept, PreparedError> {
    let mut columns = columns_of(db, table.name).await?;
    for named in table.times.iter().chain(table.blank).chain(table.without) {
        if !columns.iter().any(|column| column == named) {
            return Err(PreparedError::Unreadable(format!("{} has no column {named}", table.name)));
        }
    }
    columns.retain(|column| !table.without.contains(&column.as_str()));
    let order = order_of(db, table.name).await?;
    let except = table.except.map(|condition| format!("WHERE NOT ({condition})")).unwrap_or_default();
    let sql = format!("SELECT {} FROM {} {except} ORDER BY {order}", columns.join(", "), table.name);
    let found = sqlx::query(AssertSqlSafe(sql)).fetch_all(db.readers()).await?;
    let rows = found.iter().map(|row| values_of(row, &columns, table, now)).collect::<Result<_, _>>()?;
    let times = table.times.iter().map(|&column| column.to_owned()).collect();
    Ok(Kept { table: table.name.to_owned(), columns, times, rows })
}

fn values_of(
    row: &AnyRow,
    columns: &[String],
    table: &PreparedTable,
    now: Timestamp,
) -> Result<Vec<Value>, PreparedError> {
    columns
        .iter()
        .enumerate()
        .map(|(place, name)| {
            let name = name.as_str();
            let kind = row.try_get_raw(place)?.type_info().kind();
            Ok(match kind {
                AnyTypeInfoKind::Null => Value::Null,
                AnyTypeInfoKind::SmallInt | AnyTypeInfoKind::Integer | AnyTypeInfoKind::BigInt => {
                    let number = row.integer(name)?;
                    if table.times.contains(&name) {
                        (number - now.as_microsecond()).into()
                    } else if is_moment(number) {
                        return Err(not_among_times(table, name));
                    } else {
                        number.into()
                    }
                }
                AnyTypeInfoKind::Text if table.blank.contains(&name) => "".into(),
                AnyTypeInfoKind::Text => {
                    let text = row.text(name)?;
                    // In a text it would stay where it is while the others move.
                    if text.parse().is_ok_and(is_moment) {
                        return Err(not_among_times(table, name));
                    }
                    text.into()
                }
                AnyTypeInfoKind::Blob => hex_of(&row.try_get::<Vec<u8>, _>(name)?),
                _ => {
                    let why = format!("{}.{name} is neither text, integer nor bytes", table.name);
                    return Err(PreparedError::Unreadable(why));
                }
            })
        })
        .collect()
}

fn not_among_times(table: &PreparedTable, column: &str) -> PreparedError {
    PreparedError::Unreadable(format!("{}.{column} has moments, but is not among its times", table.name))
}

fn hex_of(bytes: &[u8]) -> Value {
    serde_json::json!({ "hex": hex::encode(bytes) })
}

fn bytes_of(value: &Value) -> Option<Vec<u8>> {
    hex::decode(value.get("hex")?.as_str()?).ok()
}

/// PostgreSQL counts by itself which number is the next, and has not seen those that were put in.
async fn go_on_behind(connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
    let counted = sqlx::query(
        "SELECT CAST(table_name AS TEXT) AS table_name, CAST(column_name AS TEXT) AS column_name \
         FROM information_schema.columns WHERE table_schema = current_schema() AND is_identity = 'YES'",
    );
    for row in counted.fetch_all(&mut *connection).await? {
        let (table, column) = (row.text("table_name")?, row.text("column_name")?);
        let sql = format!(
            "SELECT setval(pg_get_serial_sequence('{table}', '{column}'), \
             (SELECT COALESCE(MAX({column}), 0) + 1 FROM {table}), false)"
        );
        connection.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::Migrations;
    use rust_embed::RustEmbed;

    #[derive(RustEmbed)]
    #[folder = "src/db/test_prepared"]
    struct Schema;
    static MIGRATIONS: Migrations = Migrations::embedded(&Schema);

    const TABLES: &[PreparedTable] = &[
        PreparedTable { blank: &["secret"], ..PreparedTable::new("people", &["born_at"]) },
        PreparedTable::new("letters", &[]),
    ];

    async fn database(folder: &std::path::Path, name: &str) -> Database {
        let db = Database::open(&format!("sqlite://{}", folder.join(name).display())).await.unwrap();
        db.migrate(&MIGRATIONS).await.unwrap();
        db
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[tokio::test]
    async fn rows_come_back_with_their_moments_at_the_same_distance() {
        let folder = tempfile::tempdir().unwrap();
        let (made, loaded) =
            (database(folder.path(), "made.db").await, database(folder.path(), "loaded.db").await);
        made.write::<_, sqlx::Error, _>(|c| {
            Box::pin(async move {
                c.execute(
                    "INSERT INTO people (id, name, secret, born_at) VALUES \
                     ('b', 'Ann', 'hush', 1000000), ('a', 'It''s \"Bob\"', NULL, NULL); \
                     INSERT INTO letters (person, content) VALUES ('a', X'00ff'), ('b', X'')",
                )
                .await
                .map(drop)
            })
        })
        .await
        .unwrap();
        let prepared = Prepared::of(&made, TABLES, at(10)).await.unwrap();
        let unpacked = Prepared::unpack(&prepared.pack().unwrap()).unwrap();
        assert_eq!(unpacked, prepared);
        assert_eq!((unpacked.count("people"), unpacked.count("letters")), (2, 2));
        loaded
            .transact(unpacked, |c, prepared| Box::pin(prepared.load(c, Backend::Sqlite, at(1_010))))
            .await
            .unwrap();
        let row: (String, String, i64) =
            sqlx::query_as("SELECT name, secret, born_at FROM people WHERE id = 'b'")
                .fetch_one(loaded.readers())
                .await
                .unwrap();
        assert_eq!(row, ("Ann".to_owned(), String::new(), 1_001_000_000));
        assert_eq!(
            Prepared::of(&loaded, TABLES, at(1_010)).await.unwrap(),
            prepared,
            "made anew it is equal"
        );
    }

    #[tokio::test]
    async fn a_moment_that_would_stay_behind_is_refused() {
        const NO_TIMES: &[PreparedTable] = &[PreparedTable::new("people", &[])];
        for (number, (column, value, refused)) in [
            ("born_at", "1767000000000000", true),
            ("name", "'1767000000000000'", true),
            ("name", "'1767000000000000 or so'", false),
            ("born_at", "9223372036854775807", false),
        ]
        .into_iter()
        .enumerate()
        {
            let folder = tempfile::tempdir().unwrap();
            let db = database(folder.path(), "made.db").await;
            let values = if column == "name" { format!("{value}, NULL") } else { format!("'Ann', {value}") };
            let sql = format!("INSERT INTO people (id, name, born_at) VALUES ('{number}', {values})");
            db.transact(sql, |c, sql| {
                Box::pin(async move { c.execute(AssertSqlSafe(sql.clone())).await.map(drop) })
            })
            .await
            .unwrap_or_else(|error: sqlx::Error| panic!("{error}"));
            let prepared = Prepared::of(&db, NO_TIMES, at(10)).await;
            assert_eq!(prepared.is_err(), refused, "{column} {value}");
        }
    }

    #[test]
    fn what_is_not_whole_is_refused() {
        let pack = |text: &str| {
            let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
            packed.write_all(text.as_bytes()).unwrap();
            packed.finish().unwrap()
        };
        for bad in ["[", "[\"t\",[\"a\"],[],1]", "[\"t\",[\"a\"],[],1]\n[1,2]"] {
            assert!(Prepared::unpack(&pack(bad)).is_err(), "{bad}");
        }
        assert!(Prepared::unpack(b"no archive").is_err());
        assert_eq!(Prepared::unpack(&pack("")).unwrap().count("t"), 0);
    }
}
