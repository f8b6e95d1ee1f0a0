//! One thing that happened (a purchase, a listing) as the rows that it left, and many like it.

use super::raw::Raw;
use crate::Failure;
use crate::floor::numbered::Numbered;
use crate::floor::{Cell, Change, Pay, Row};
use std::collections::BTreeMap;
use std::fmt::Write;

/// The rows that were new, each as it was at the end; and those that were there before and count something.
#[derive(Debug, Default)]
pub struct Unit {
    /// By table, in the order in which they came.
    rows: BTreeMap<String, Vec<Row>>,
    counted: BTreeMap<String, Counted>,
}

#[derive(Debug)]
struct Counted {
    first: Change,
    last: Row,
}

impl Unit {
    pub fn of(changes: Pay) -> Self {
        let mut unit = Self::default();
        // Where the row of a key lies.
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        for change in changes {
            let key: Vec<&Cell> = change.key.iter().map(|column| &change.after[column]).collect();
            let name = format!("{} {key:?}", change.table);
            let rows = unit.rows.entry(change.table.clone()).or_default();
            if change.before.is_none() {
                places.insert(name, rows.len());
                rows.push(change.after);
            } else if let Some(place) = places.get(&name) {
                rows[*place] = change.after;
            } else {
                let last = change.after.clone();
                unit.counted
                    .entry(name)
                    .and_modify(|counted| counted.last = last.clone())
                    .or_insert(Counted { first: change, last });
            }
        }
        unit.rows.retain(|_, rows| !rows.is_empty());
        unit
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Whether it left the same rows as another, with other values, and counted the same.
    pub fn is_like(&self, other: &Self) -> bool {
        let rows = |unit: &Self| {
            unit.rows.iter().map(|(table, rows)| (table.clone(), rows.len())).collect::<Vec<_>>()
        };
        let counts = |unit: &Self| {
            let counted = unit.counted.iter().map(|(name, counted)| (name.clone(), counted.by()));
            counted.filter(|(_, by)| !by.is_empty()).collect::<Vec<_>>()
        };
        rows(self) == rows(other) && counts(self) == counts(other)
    }

    /// Why two are not alike, in a few words.
    pub fn difference(&self, other: &Self) -> String {
        let words = |unit: &Self| {
            let rows = unit.rows.iter().map(|(table, rows)| format!("{table} {}", rows.len()));
            let counts = unit.counted.iter().map(|(name, counted)| format!("{name} {:?}", counted.by()));
            rows.chain(counts).collect::<Vec<_>>().join(", ")
        };
        format!("{}; {}", words(self), words(other))
    }
}

impl Counted {
    /// The columns that count, and by how much.
    fn by(&self) -> Vec<(String, i64)> {
        let Some(before) = &self.first.before else { return Vec::new() };
        let columns = self.last.iter().filter_map(|(column, last)| match (&before[column], last) {
            // Moments, which are larger than anything that is counted here, are no counts.
            (Cell::Integer(before), Cell::Integer(last)) if before != last && *last < 900_000_000_000_000 => {
                Some((column.clone(), last - before))
            }
            _ => None,
        });
        columns.collect()
    }
}

/// The statements that write the units of the numbers from `@FIRST@` to `@LAST@`, when two are known that came one
/// after the other.
pub fn statements(raw: &Raw, numbered: &Numbered, one: &Unit, other: &Unit) -> Result<String, Failure> {
    let mut text = String::new();
    for (table, rows) in &other.rows {
        for (row, earlier) in rows.iter().zip(&one.rows[table]) {
            let columns: Vec<&str> = row.keys().map(String::as_str).collect();
            let values = columns
                .iter()
                .map(|column| numbered.cell(table, column, (&earlier[*column], &row[*column]), "number"));
            let values: Vec<String> = values.collect::<Result<_, _>>()?;
            text.push_str(&raw.insert_series(table, &columns.join(", "), &values.join(", ")));
        }
    }
    for counted in other.counted.values() {
        let change = &counted.first;
        let set = counted.by().into_iter().map(|(column, by)| {
            format!("{column} = {column} + CAST({by} AS BIGINT) * (@LAST@ - @FIRST@ + 1)")
        });
        let set = set.collect::<Vec<_>>().join(", ");
        if set.is_empty() {
            continue;
        }
        let found = change.key.iter().map(|column| {
            let value = &change.after[column];
            Ok(format!("{column} = {}", numbered.cell(&change.table, column, (value, value), "0")?))
        });
        let found = found.collect::<Result<Vec<_>, Failure>>()?.join(" AND ");
        writeln!(text, "UPDATE {} SET {set} WHERE {found};", change.table)?;
    }
    Ok(text)
}
