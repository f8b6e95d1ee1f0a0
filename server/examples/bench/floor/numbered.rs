//! Rows like two that were written one after the other: everything that differs between the two follows from a number.

use super::Cell;
use crate::Failure;
use sqlx::PgConnection;
use std::collections::HashMap;

/// How much of a text that differs is the number; the rest keeps texts apart that differ in one row.
const PREFIX: usize = 12;
/// Integers of this size are moments, in microseconds since the epoch: in this century.
const MOMENTS: std::ops::Range<i64> = 946_684_800_000_000..4_102_444_800_000_000;
const YEARS_10: i64 = 10 * 365 * 86_400_000_000;

/// How the rows' values are written as SQL.
#[derive(Debug)]
pub struct Numbered {
    dialect: Dialect,
    times: Option<Times>,
}

#[derive(Debug)]
enum Dialect {
    Sqlite,
    /// With the type of each column.
    Postgres(HashMap<(String, String), String>),
}

/// Moments are spread: each number is so many microseconds after the one before. What lay in the future of the moment
/// `now` stays in the future.
#[derive(Debug, Clone, Copy)]
pub struct Times {
    pub now: i64,
    pub step: i64,
}

const TYPES: &str = "SELECT table_name::text, column_name::text, data_type::text FROM information_schema.columns \
     WHERE table_schema = current_schema()";

impl Numbered {
    pub fn on_sqlite() -> Self {
        Self { dialect: Dialect::Sqlite, times: None }
    }

    pub async fn on_postgres(db: &mut PgConnection) -> Result<Self, Failure> {
        let types: Vec<(String, String, String)> = sqlx::query_as(TYPES).fetch_all(db).await?;
        let types = types.into_iter().map(|(table, column, of)| ((table, column), of)).collect();
        Ok(Self { dialect: Dialect::Postgres(types), times: None })
    }

    #[must_use]
    pub fn spread(self, times: Times) -> Self {
        Self { times: Some(times), ..self }
    }

    /// The value in the row of this number; `one` and `other` are those of two rows, one after the other, which the
    /// numbers from 1 go on after.
    pub fn cell(
        &self,
        table: &str,
        column: &str,
        (one, other): (&Cell, &Cell),
        number: &str,
    ) -> Result<String, Failure> {
        let value = self.value((one, other), number);
        Ok(match &self.dialect {
            Dialect::Sqlite => value,
            Dialect::Postgres(types) => {
                let of = types.get(&(table.to_owned(), column.to_owned()));
                let of = of.ok_or_else(|| format!("the type of {table}.{column} is not known"))?;
                format!("({value})::{of}")
            }
        })
    }

    fn value(&self, (one, other): (&Cell, &Cell), number: &str) -> String {
        let integer = match self.dialect {
            Dialect::Sqlite => number.to_owned(),
            Dialect::Postgres(_) => format!("({number})::bigint"),
        };
        match (one, other) {
            (_, Cell::Integer(moment))
                if let Some(times) = self.times.filter(|_| MOMENTS.contains(moment)) =>
            {
                // A minute for what was reckoned from a moment a little later.
                let ahead = *moment > times.now + 60_000_000;
                let from = if ahead { moment + YEARS_10 } else { *moment };
                format!("{from} + {integer} * {}", times.step)
            }
            (one, other) if one == other => self.literal(other),
            (Cell::Integer(one), Cell::Integer(other)) => format!("{other} + {integer} * ({})", other - one),
            (Cell::Text(one), Cell::Text(other)) => self.named(one, other, &integer),
            (Cell::Blob(_), Cell::Blob(other)) => self.blob(other, &integer),
            (_, other) => self.literal(other),
        }
    }

    /// The number with leading zeros, so many digits in all.
    fn digits(&self, integer: &str, count: usize) -> String {
        match self.dialect {
            Dialect::Sqlite => format!("printf('%0{count}d', {integer})"),
            Dialect::Postgres(_) => format!("lpad(({integer})::text, {count}, '0')"),
        }
    }

    /// What two texts have in common up to a colon says what they name, and stays.
    fn named(&self, one: &str, other: &str, integer: &str) -> String {
        let common = one.bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count();
        match other.as_bytes()[..common].iter().rposition(|byte| *byte == b':') {
            Some(colon) => {
                let (what, name) = other.split_at(colon + 1);
                format!("{} || {}", self.literal(&Cell::Text(what.to_owned())), self.text(name, integer))
            }
            None => self.text(other, integer),
        }
    }

    /// The number stands for the first letters and digits; what stands between them stays.
    fn text(&self, text: &str, integer: &str) -> String {
        let mut shape: Vec<char> = text.chars().take(PREFIX).collect();
        // A short one gets as long as it has to be.
        shape.resize(PREFIX.max(shape.len()), '0');
        let digits = self.digits(integer, shape.iter().filter(|c| c.is_alphanumeric()).count());
        let (mut parts, mut at) = (Vec::new(), 1);
        for piece in shape.chunk_by(|one, other| one.is_alphanumeric() == other.is_alphanumeric()) {
            if piece[0].is_alphanumeric() {
                parts.push(format!("substr({digits}, {at}, {})", piece.len()));
                at += piece.len();
            } else {
                parts.push(self.literal(&Cell::Text(piece.iter().collect())));
            }
        }
        if let [_] = parts.as_slice() {
            parts = vec![digits];
        }
        parts.push(self.literal(&Cell::Text(text.chars().skip(PREFIX).collect())));
        parts.join(" || ")
    }

    fn blob(&self, bytes: &[u8], integer: &str) -> String {
        let rest = hex(bytes.get(PREFIX / 2..).unwrap_or_default());
        let digits = self.digits(integer, PREFIX);
        match self.dialect {
            Dialect::Sqlite => format!("unhex({digits} || '{rest}')"),
            Dialect::Postgres(_) => format!("decode({digits} || '{rest}', 'hex')"),
        }
    }

    fn literal(&self, cell: &Cell) -> String {
        match (cell, &self.dialect) {
            (Cell::Null, _) => "NULL".to_owned(),
            (Cell::Integer(number), _) => number.to_string(),
            (Cell::Text(text), Dialect::Sqlite) => format!("'{}'", text.replace('\'', "''")),
            (Cell::Text(text), Dialect::Postgres(_)) => {
                // pgbench takes a colon for the beginning of a variable.
                let text = text.replace('\\', "\\\\").replace('\'', "''").replace(':', "\\x3A");
                format!("E'{text}'")
            }
            (Cell::Blob(bytes), Dialect::Sqlite) => format!("X'{}'", hex(bytes)),
            (Cell::Blob(bytes), Dialect::Postgres(_)) => format!("'\\x{}'", hex(bytes)),
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat()
}
