//! Triggers that write down each row that is written; only in databases that are thrown away.

use super::{Cell, Change, Pay, Row};
use crate::Failure;
use rusqlite::Connection;
use serde_json::Value;
use sqlx::{AssertSqlSafe, Executor, PgConnection};
use std::collections::BTreeMap;

/// What is written beside Pays by other work of the site: whoever is signed in, and the sending of notifications.
pub const BESIDE: [&str; 5] =
    ["sessions", "settings", "notification_senders", "notification_attempts", SENT_LATER];
/// A Pay writes a notification; who changes it is the sender.
const SENT_LATER: &str = "notifications";

/// Each table that may be written.
pub type Tables = BTreeMap<String, Shape>;

#[derive(Debug, Default)]
pub struct Shape {
    /// The columns of the primary key.
    key: Vec<String>,
    /// Columns that the database reckons from others: they are never written.
    reckoned: Vec<String>,
}

fn is_beside(table: &str, beside: &[&str]) -> bool {
    let of_tools = ["sqlite_", "bench_", "_sqlx_"].iter().any(|start| table.starts_with(start));
    of_tools || (table != SENT_LATER && beside.contains(&table))
}

fn events(table: &str, beside: &[&str]) -> &'static [&'static str] {
    if table == SENT_LATER && beside.contains(&table) { &["INSERT"] } else { &["INSERT", "UPDATE"] }
}

/// From now on everything is written down but what stands beside.
pub fn begin_on_sqlite(db: &Connection, beside: &[&str]) -> Result<Tables, Failure> {
    db.execute_batch(
        "CREATE TABLE bench_log (id INTEGER PRIMARY KEY, name TEXT NOT NULL, before TEXT, after TEXT NOT NULL)",
    )?;
    let mut tables = Tables::new();
    for table in names(
        db,
        "SELECT name FROM pragma_table_list WHERE type = 'table' AND schema = 'main' AND name NOT LIKE ?",
        "bench_%",
    )? {
        if is_beside(&table, beside) {
            continue;
        }
        let key = names(db, "SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk", &table)?;
        if key.is_empty() {
            // One row that says how often something changed, and nothing of what happened; PostgreSQL leaves it out, too.
            continue;
        }
        let columns = names(db, "SELECT name FROM pragma_table_info(?)", &table)?;
        let row = |which: &str| {
            let cells = columns.iter().map(|column| format!("'{column}', quote({which}.{column})"));
            format!("json_object({})", cells.collect::<Vec<_>>().join(", "))
        };
        for event in events(&table, beside) {
            let before = if *event == "UPDATE" { row("OLD") } else { "NULL".to_owned() };
            let after = row("NEW");
            db.execute_batch(&format!(
                "CREATE TRIGGER bench_{table}_{event} AFTER {event} ON {table} BEGIN \
                 INSERT INTO bench_log (name, before, after) VALUES ('{table}', {before}, {after}); END"
            ))?;
        }
        // Columns that are reckoned are not among those that SQLite tells here.
        tables.insert(table, Shape { key, reckoned: Vec::new() });
    }
    Ok(tables)
}

fn names(db: &Connection, query: &str, about: &str) -> Result<Vec<String>, Failure> {
    let mut statement = db.prepare(query)?;
    let names = statement.query_map([about], |row| row.get(0))?;
    Ok(names.collect::<Result<_, _>>()?)
}

/// What was written since the row of this number.
pub fn since(db: &Connection, tables: &Tables, last: i64) -> Result<(i64, Pay), Failure> {
    let mut statement =
        db.prepare("SELECT id, name, before, after FROM bench_log WHERE id > ? ORDER BY id")?;
    let mut rows = statement.query([last])?;
    let (mut last, mut pay) = (last, Pay::new());
    while let Some(row) = rows.next()? {
        last = row.get(0)?;
        let (name, before, after): (String, Option<String>, String) = (row.get(1)?, row.get(2)?, row.get(3)?);
        let before = before.map(|before| read(&before, literal)).transpose()?;
        pay.push(change(tables, name, before, read(&after, literal)?)?);
    }
    Ok((last, pay))
}

fn change(
    tables: &Tables,
    table: String,
    mut before: Option<Row>,
    mut after: Row,
) -> Result<Change, Failure> {
    let shape = tables.get(&table).ok_or_else(|| format!("{table} was not looked at"))?;
    if shape.key.is_empty() {
        return Err(format!("{table} has no primary key").into());
    }
    for row in before.iter_mut().chain([&mut after]) {
        row.retain(|column, _| !shape.reckoned.contains(column));
    }
    Ok(Change { table, before, after, key: shape.key.clone() })
}

/// A row that was written down as JSON, each value as `cell` reads it.
fn read(json: &str, cell: impl Fn(&Value) -> Option<Cell>) -> Result<Row, Failure> {
    let row: serde_json::Map<String, Value> = serde_json::from_str(json)?;
    let cells = row.into_iter().map(|(column, value)| {
        let cell = cell(&value).ok_or_else(|| format!("{column} holds {value}"))?;
        Ok((column, cell))
    });
    cells.collect()
}

/// What SQLite's `quote` made of a value.
fn literal(value: &Value) -> Option<Cell> {
    let text = value.as_str()?;
    if text == "NULL" {
        return Some(Cell::Null);
    }
    let inner = |prefix: &str| text.strip_prefix(prefix)?.strip_suffix('\'');
    if let Some(hex) = inner("X'") {
        return bytes(hex).map(Cell::Blob);
    }
    match inner("'") {
        Some(quoted) => Some(Cell::Text(quoted.replace("''", "'"))),
        None => text.parse().ok().map(Cell::Integer),
    }
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    let pairs = (0..hex.len()).step_by(2);
    pairs.map(|at| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok()).collect()
}

/// The same on PostgreSQL.
pub async fn begin_on_postgres(db: &mut PgConnection, beside: &[&str]) -> Result<Tables, Failure> {
    let keys: Vec<(String, String)> = sqlx::query_as(KEYS).fetch_all(&mut *db).await?;
    let mut tables = Tables::new();
    for (table, column) in keys.into_iter().filter(|(table, _)| !is_beside(table, beside)) {
        tables.entry(table).or_default().key.push(column);
    }
    let reckoned: Vec<(String, String)> = sqlx::query_as(RECKONED).fetch_all(&mut *db).await?;
    for (table, column) in reckoned {
        if let Some(shape) = tables.get_mut(&table) {
            shape.reckoned.push(column);
        }
    }
    let mut text =
        "CREATE TABLE bench_log (id BIGSERIAL PRIMARY KEY, name TEXT, before JSONB, after JSONB);\n\
        CREATE FUNCTION bench_write_down() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
            INSERT INTO bench_log (name, before, after) VALUES (TG_TABLE_NAME, \
                CASE TG_OP WHEN 'UPDATE' THEN to_jsonb(OLD) END, to_jsonb(NEW)); \
            RETURN NULL; END $$;\n"
            .to_owned();
    text.extend(tables.keys().map(|table| {
        let events = events(table, beside).join(" OR ");
        format!(
            "CREATE TRIGGER bench_write_down AFTER {events} ON {table} \
             FOR EACH ROW EXECUTE FUNCTION bench_write_down();\n"
        )
    }));
    db.execute(AssertSqlSafe(text)).await?;
    Ok(tables)
}

/// Takes the triggers away again: they would cost what is measured.
pub async fn end_on_postgres(db: &mut PgConnection, tables: &Tables) -> Result<(), Failure> {
    let drops = tables.keys().map(|table| format!("DROP TRIGGER bench_write_down ON {table};\n"));
    let drops: Vec<String> = drops.collect();
    db.execute(AssertSqlSafe(drops.concat() + "DROP TABLE bench_log")).await?;
    Ok(())
}

pub fn end_on_sqlite(db: &Connection, tables: &Tables) -> Result<(), Failure> {
    for table in tables.keys() {
        for event in ["INSERT", "UPDATE"] {
            db.execute_batch(&format!("DROP TRIGGER IF EXISTS bench_{table}_{event}"))?;
        }
    }
    Ok(db.execute_batch("DROP TABLE bench_log")?)
}

const KEYS: &str = "SELECT k.table_name::text, k.column_name::text FROM information_schema.key_column_usage k \
     JOIN information_schema.table_constraints t USING (constraint_schema, constraint_name) \
     WHERE t.constraint_type = 'PRIMARY KEY' AND k.table_schema = current_schema() \
     ORDER BY k.table_name, k.ordinal_position";

const RECKONED: &str = "SELECT table_name::text, column_name::text FROM information_schema.columns \
     WHERE is_generated = 'ALWAYS' AND table_schema = current_schema()";

pub async fn since_on_postgres(
    db: &mut PgConnection,
    tables: &Tables,
    last: &mut i64,
) -> Result<Pay, Failure> {
    let rows: Vec<(i64, String, Option<String>, String)> =
        sqlx::query_as("SELECT id, name, before::text, after::text FROM bench_log WHERE id > $1 ORDER BY id")
            .bind(*last)
            .fetch_all(db)
            .await?;
    let mut pay = Pay::new();
    for (id, table, before, after) in rows {
        *last = id;
        let before = before.map(|before| read(&before, json_cell)).transpose()?;
        pay.push(change(tables, table, before, read(&after, json_cell)?)?);
    }
    Ok(pay)
}

fn json_cell(value: &Value) -> Option<Cell> {
    match value {
        Value::Null => Some(Cell::Null),
        Value::Number(number) => number.as_i64().map(Cell::Integer),
        Value::String(text) => match text.strip_prefix("\\x").and_then(bytes) {
            Some(bytes) => Some(Cell::Blob(bytes)),
            None => Some(Cell::Text(text.clone())),
        },
        _ => None,
    }
}
