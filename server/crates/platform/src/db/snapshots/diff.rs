//! What one state of the database has otherwise than another.

use super::catalogue::Table;
use super::{Columns, equal, listed, quoted, rows};
use serde::Serialize;
use serde_json::{Map, Value};
use sqlx::any::{AnyRow, AnyTypeInfoKind};
use sqlx::{AnyConnection, Row, ValueRef};

/// Bytes of a value that are shown.
const MOST_BYTES: usize = 32;
/// What stands in place of a secret.
const MASK: &str = "…";

/// How a comparison is shown.
#[derive(Debug, Clone)]
pub struct DiffOptions {
    /// Rows of each table at the most; all are counted.
    pub rows: u32,
    /// Tables and columns of secrets: that one differs is shown, what it is not.
    pub masked: &'static [(&'static str, &'static str)],
}

/// The tables that differ, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SnapshotDiff {
    pub tables: Vec<TableDiff>,
}

/// Counts of all rows, and the first of them: those that were added, changed, removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TableDiff {
    pub table: String,
    pub added: u64,
    pub removed: u64,
    /// 0 in a table without a primary key: what was changed there is one row removed and another added.
    pub changed: u64,
    pub rows: Vec<ChangedRow>,
}

/// Columns with integers, texts, and bytes as hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChangedRow {
    /// The primary key; empty where there is none.
    pub key: Map<String, Value>,
    /// `None`: it was added. Of a row that was changed, the columns that differ.
    pub before: Option<Map<String, Value>>,
    /// `None`: it was removed.
    pub after: Option<Map<String, Value>>,
}

/// `sides`: the schemas, before and after.
pub(super) async fn diff(
    connection: &mut AnyConnection,
    tables: &[Table],
    sides: [&str; 2],
    options: &DiffOptions,
) -> Result<SnapshotDiff, sqlx::Error> {
    let mut differing = Vec::new();
    for table in tables {
        let diff = of_table(connection, table, sides, options).await?;
        if diff.added + diff.removed + diff.changed > 0 {
            differing.push(diff);
        }
    }
    Ok(SnapshotDiff { tables: differing })
}

async fn of_table(
    connection: &mut AnyConnection,
    table: &Table,
    [before, after]: [&str; 2],
    options: &DiffOptions,
) -> Result<TableDiff, sqlx::Error> {
    let mut diff =
        TableDiff { table: table.name.clone(), added: 0, removed: 0, changed: 0, rows: Vec::new() };
    let reading = Reading { table, masked: options.masked };
    let count = table.columns.len();
    let added = Found::of(connection, &only_in(table, after, before), options.rows).await?;
    diff.added = added.count;
    for row in &added.rows {
        let after = reading.columns(row, 0..count)?;
        diff.rows.push(ChangedRow { key: reading.key(&after), before: None, after: Some(after) });
    }
    if !table.key.is_empty() {
        let left = left_of(options.rows, &diff);
        let changed = Found::of(connection, &changed(table, before, after), left).await?;
        diff.changed = changed.count;
        for row in &changed.rows {
            diff.rows.push(reading.changed(row)?);
        }
    }
    let left = left_of(options.rows, &diff);
    let removed = Found::of(connection, &only_in(table, before, after), left).await?;
    diff.removed = removed.count;
    for row in &removed.rows {
        let before = reading.columns(row, 0..count)?;
        diff.rows.push(ChangedRow { key: reading.key(&before), before: Some(before), after: None });
    }
    Ok(diff)
}

fn left_of(most: u32, diff: &TableDiff) -> u32 {
    most.saturating_sub(u32::try_from(diff.rows.len()).unwrap_or(u32::MAX))
}

/// A query without its order.
struct Query {
    sql: String,
    order: String,
}

/// By the primary key; where there is none, the row itself with its number among those that are the same.
fn only_in(table: &Table, this: &str, other: &str) -> Query {
    let name = quoted(&table.name);
    if table.key.is_empty() {
        let columns = listed(&table.columns, "");
        let each = |schema: &str| {
            format!(
                "SELECT * FROM (SELECT {columns}, ROW_NUMBER() OVER (PARTITION BY {columns}) AS _copy \
                 FROM {schema}.{name}) AS r"
            )
        };
        let sql = format!("SELECT {columns} FROM ({} EXCEPT {}) AS missing", each(this), each(other));
        return Query { sql, order: columns };
    }
    let (columns, same) = (listed(&table.columns, "n."), equal(&table.key, "o", &table.key, "n"));
    let sql = format!(
        "SELECT {columns} FROM {this}.{name} n WHERE NOT EXISTS (SELECT 1 FROM {other}.{name} o WHERE {same})"
    );
    Query { sql, order: listed(&table.key, "n.") }
}

/// The columns before, then those after.
fn changed(table: &Table, before: &str, after: &str) -> Query {
    let (name, same) = (quoted(&table.name), equal(&table.key, "o", &table.key, "n"));
    let each = |prefix: &str| {
        let columns = table.columns.iter().enumerate();
        let columns =
            columns.map(|(place, column)| format!("{prefix}.{} AS {prefix}{place}", quoted(column)));
        columns.collect::<Vec<_>>().join(", ")
    };
    let differs = table.columns.iter().map(|column| format!("o.{0} IS DISTINCT FROM n.{0}", quoted(column)));
    let sql = format!(
        "SELECT {}, {} FROM {before}.{name} o JOIN {after}.{name} n ON {same} WHERE {}",
        each("o"),
        each("n"),
        differs.collect::<Vec<_>>().join(" OR ")
    );
    Query { sql, order: listed(&table.key, "n.") }
}

struct Found {
    count: u64,
    rows: Vec<AnyRow>,
}

impl Found {
    async fn of(connection: &mut AnyConnection, query: &Query, most: u32) -> Result<Self, sqlx::Error> {
        let Query { sql, order } = query;
        let counted = rows(connection, format!("SELECT COUNT(*) AS n FROM ({sql}) AS counted")).await?;
        let count = counted.first().map_or(Ok(0), |row| row.integer("n"))?.unsigned_abs();
        if count == 0 || most == 0 {
            return Ok(Self { count, rows: Vec::new() });
        }
        let rows = rows(connection, format!("{sql} ORDER BY {order} LIMIT {most}")).await?;
        Ok(Self { count, rows })
    }
}

struct Reading<'t> {
    table: &'t Table,
    masked: &'static [(&'static str, &'static str)],
}

impl Reading<'_> {
    /// Those at the places, which are of the table's columns in their order.
    fn columns(
        &self,
        row: &AnyRow,
        places: std::ops::Range<usize>,
    ) -> Result<Map<String, Value>, sqlx::Error> {
        let columns = self.table.columns.iter().zip(places);
        columns.map(|(column, place)| Ok((column.clone(), self.shown(column, value(row, place)?)))).collect()
    }

    fn shown(&self, column: &str, value: Value) -> Value {
        let masked = self.masked.contains(&(self.table.name.as_str(), column));
        if masked && !value.is_null() { MASK.into() } else { value }
    }

    fn key(&self, columns: &Map<String, Value>) -> Map<String, Value> {
        let key = self.table.key.iter();
        key.filter_map(|column| Some((column.clone(), columns.get(column)?.clone()))).collect()
    }

    fn changed(&self, row: &AnyRow) -> Result<ChangedRow, sqlx::Error> {
        let count = self.table.columns.len();
        let key = self.key(&self.columns(row, 0..count)?);
        let (mut before, mut after) = (Map::new(), Map::new());
        for (place, column) in self.table.columns.iter().enumerate() {
            if !is_same(row, place, count + place)? {
                before.insert(column.clone(), self.shown(column, value(row, place)?));
                after.insert(column.clone(), self.shown(column, value(row, count + place)?));
            }
        }
        Ok(ChangedRow { key, before: Some(before), after: Some(after) })
    }
}

/// By all of their bytes, also those that are not shown.
fn is_same(row: &AnyRow, one: usize, other: usize) -> Result<bool, sqlx::Error> {
    if kind(row, one)? == AnyTypeInfoKind::Blob && kind(row, other)? == AnyTypeInfoKind::Blob {
        return Ok(row.try_get::<&[u8], _>(one)? == row.try_get::<&[u8], _>(other)?);
    }
    Ok(value(row, one)? == value(row, other)?)
}

fn kind(row: &AnyRow, place: usize) -> Result<AnyTypeInfoKind, sqlx::Error> {
    Ok(row.try_get_raw(place)?.type_info().kind())
}

fn value(row: &AnyRow, place: usize) -> Result<Value, sqlx::Error> {
    if row.try_get_raw(place)?.is_null() {
        return Ok(Value::Null);
    }
    Ok(match kind(row, place)? {
        AnyTypeInfoKind::Null => Value::Null,
        AnyTypeInfoKind::Bool => row.try_get::<bool, _>(place)?.into(),
        AnyTypeInfoKind::SmallInt | AnyTypeInfoKind::Integer | AnyTypeInfoKind::BigInt => {
            row.try_get::<i64, _>(place)?.into()
        }
        AnyTypeInfoKind::Real | AnyTypeInfoKind::Double => row.try_get::<f64, _>(place)?.into(),
        AnyTypeInfoKind::Text => row.try_get::<String, _>(place)?.into(),
        AnyTypeInfoKind::Blob => hex_of(row.try_get(place)?).into(),
    })
}

fn hex_of(bytes: &[u8]) -> String {
    match bytes.get(..MOST_BYTES) {
        Some(first) if bytes.len() > MOST_BYTES => format!("{}…", hex::encode(first)),
        _ => hex::encode(bytes),
    }
}
