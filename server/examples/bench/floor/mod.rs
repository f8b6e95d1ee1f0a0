//! What a Pay writes, and nothing else: the rows that the emulator itself wrote, recorded by triggers, and written once
//! more through the database alone. Whatever the schema is, these are its rows, with its indexes and triggers.

pub mod numbered;
mod pgbench;
pub mod record;
mod sqlite;

pub use pgbench::Pgbench;
pub use sqlite::SqliteFloor;

use std::collections::BTreeMap;

/// A value as a database keeps it.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    Null,
    Integer(i64),
    Text(String),
    Blob(Vec<u8>),
}

/// By column.
pub type Row = BTreeMap<String, Cell>;

/// A row that was written.
#[derive(Debug, Clone)]
pub struct Change {
    pub table: String,
    /// `None`: it is a new one.
    pub before: Option<Row>,
    pub after: Row,
    /// The columns of the primary key.
    pub key: Vec<String>,
}

impl Change {
    /// The columns that an UPDATE changed.
    fn changed(&self) -> Vec<&str> {
        let Some(before) = &self.before else { return Vec::new() };
        let differs = |(column, value): &(&String, &Cell)| before.get(*column) != Some(*value);
        self.after.iter().filter(differs).map(|(column, _)| column.as_str()).collect()
    }

    /// Whether it is the same statement, with other values.
    fn is_like(&self, other: &Self) -> bool {
        self.table == other.table
            && self.before.is_some() == other.before.is_some()
            && self.after.keys().eq(other.after.keys())
            && self.changed() == other.changed()
    }
}

/// One Pay: what it wrote, in the order in which it did.
pub type Pay = Vec<Change>;
