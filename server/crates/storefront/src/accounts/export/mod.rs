//! All that is kept about a person, as one file of JSON. Not an archive: there is nothing in it but rows, and a text is read
//! by people and programs alike, and can be written piece by piece.

mod tables;
#[cfg(test)]
mod tests;

use crate::Shop;
use crate::ids::UserId;
use app::components::time::machine_readable;
use jiff::Timestamp;
use money::{Money, Percent};
use platform::Database;
use platform::db::Columns;
use platform::sessions::{Device, device_of};
use serde_json::{Map, Value, json};
use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;
use std::collections::HashMap;
use tables::{Column, Kind, Part, SECTIONS, Section};
use text_types::sql::placeholders;

/// Rows of a list that are read at once; few in tests, which are to have several pieces.
const PIECE: usize = if cfg!(test) { 3 } else { 200 };
/// The key under which a row is found again, and which is in no file.
const KEY: &str = "row_key";

/// What of the file is not written yet. One piece of it is in memory, however long it is.
#[derive(Debug)]
pub struct Export {
    db: Database,
    user: UserId,
    now: Timestamp,
    next: Next,
}

#[derive(Debug)]
enum Next {
    Heading,
    /// The list of this number, behind the row of this key.
    Rows {
        section: usize,
        behind: Option<String>,
    },
    Nothing,
}

impl Export {
    pub fn new(shop: &Shop, user: &UserId) -> Self {
        Self { db: shop.db.clone(), user: user.clone(), now: shop.clock.now(), next: Next::Heading }
    }

    /// `digitaldownload-2030-06-03.json`
    pub fn file_name(&self) -> String {
        format!("digitaldownload-{}.json", self.now.strftime("%F"))
    }

    /// A piece of the file, and what is left then; `None` when it is whole.
    pub async fn write(mut self) -> Result<Option<(Vec<u8>, Self)>, sqlx::Error> {
        let text = match std::mem::replace(&mut self.next, Next::Nothing) {
            Next::Heading => {
                self.next = Next::Rows { section: 0, behind: None };
                let about = json!({
                    "from": "DigitalDownload",
                    "made_at": machine_readable(self.now),
                    "times": "UTC",
                    "money": "US dollars",
                });
                format!("{{\n\"about\": {about}")
            }
            Next::Rows { section, behind } => self.rows(section, behind).await?,
            Next::Nothing => return Ok(None),
        };
        Ok(Some((text.into_bytes(), self)))
    }

    async fn rows(&mut self, number: usize, behind: Option<String>) -> Result<String, sqlx::Error> {
        let Some(section) = SECTIONS.into_iter().flatten().nth(number) else { return Ok("\n}\n".to_owned()) };
        let begins = behind.is_none();
        let (rows, last) = read(&self.db, section, &self.user, behind.unwrap_or_default()).await?;
        let mut text = if begins { format!(",\n\"{}\": [", section.name) } else { String::new() };
        for (index, row) in rows.iter().enumerate() {
            text.push_str(if begins && index == 0 { "\n" } else { ",\n" });
            text.push_str(&Value::Object(row.clone()).to_string());
        }
        let more = rows.len() >= PIECE;
        if !more {
            text.push(']');
        }
        self.next = match last.filter(|_| more) {
            Some(last) => Next::Rows { section: number, behind: Some(last) },
            None => Next::Rows { section: number + 1, behind: None },
        };
        Ok(text)
    }
}

type Row = Map<String, Value>;

/// The next rows of a list, with what belongs to each, and the key of the last.
async fn read(
    db: &Database,
    section: &Section,
    user: &UserId,
    behind: String,
) -> Result<(Vec<Row>, Option<String>), sqlx::Error> {
    let Section { table, key, whose, columns, parts, .. } = section;
    let sql = format!(
        "SELECT {key} AS {KEY}{} FROM {table} WHERE {whose} AND {key} > $2 ORDER BY {key} LIMIT $3",
        selected(columns)
    );
    let found = sqlx::query(AssertSqlSafe(sql))
        .bind(user.as_str())
        .bind(behind)
        .bind(i64::try_from(PIECE).unwrap_or(i64::MAX))
        .fetch_all(db.readers())
        .await?;
    let keys = found.iter().map(|row| row.text(KEY)).collect::<Result<Vec<_>, _>>()?;
    let mut rows = found.iter().map(|row| written(row, columns)).collect::<Result<Vec<_>, _>>()?;
    for part in *parts {
        let mut belonging = read_part(db, part, &keys).await?;
        for (key, row) in keys.iter().zip(&mut rows) {
            row.insert(part.name.to_owned(), Value::Array(belonging.remove(key).unwrap_or_default()));
        }
    }
    Ok((rows, keys.into_iter().last()))
}

/// What belongs to the rows of these keys, by key.
async fn read_part(
    db: &Database,
    part: &Part,
    keys: &[String],
) -> Result<HashMap<String, Vec<Value>>, sqlx::Error> {
    let mut belonging: HashMap<String, Vec<Value>> = HashMap::new();
    if keys.is_empty() {
        return Ok(belonging);
    }
    let Part { table, link, order, columns, .. } = part;
    let sql = format!(
        "SELECT {link} AS {KEY}{} FROM {table} WHERE {link} IN ({}) ORDER BY {order}",
        selected(columns),
        placeholders(1, keys.len())
    );
    let query = sqlx::query(AssertSqlSafe(sql));
    let rows = keys.iter().fold(query, sqlx::query::Query::bind).fetch_all(db.readers()).await?;
    for row in &rows {
        belonging.entry(row.text(KEY)?).or_default().push(Value::Object(written(row, columns)?));
    }
    Ok(belonging)
}

fn selected(columns: &[Column]) -> String {
    let one = |column: &Column| match column.expression {
        Some(expression) => format!(", {expression} AS \"{}\"", column.name),
        None => format!(", {}", column.name),
    };
    columns.iter().map(one).collect()
}

fn written(row: &AnyRow, columns: &[Column]) -> Result<Row, sqlx::Error> {
    columns
        .iter()
        .map(|Column { name, kind, .. }| {
            let value = row.optional(name, |row, name| value(row, name, *kind))?;
            let name = if *kind == Kind::Device { "browser" } else { name };
            Ok((name.to_owned(), value.unwrap_or(Value::Null)))
        })
        .collect()
}

fn value(row: &AnyRow, name: &str, kind: Kind) -> Result<Value, sqlx::Error> {
    Ok(match kind {
        Kind::Text => row.text(name)?.into(),
        Kind::Number => row.integer(name)?.into(),
        Kind::Flag => row.flag(name)?.into(),
        Kind::Time => machine_readable(row.time(name)?).into(),
        Kind::Money => Money::to_dollars(row.money(name)?).into(),
        Kind::Percent => Percent::to_string(&row.percent(name)?).into(),
        Kind::Device => {
            let Device { browser, address } = device_of(&row.text(name)?)?;
            if address.is_empty() { browser.into() } else { format!("{browser}, {address}").into() }
        }
    })
}
