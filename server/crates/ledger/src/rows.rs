//! Columns that hold something else than they should: an error that names the column, never a default.

use jiff::Timestamp;

/// Microseconds since the epoch.
pub(crate) fn time(column: &str, micros: i64) -> Result<Timestamp, sqlx::Error> {
    Timestamp::from_microsecond(micros).map_err(|error| wrong(column, error))
}

pub(crate) fn wrong(column: &str, why: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> sqlx::Error {
    sqlx::Error::ColumnDecode { index: column.to_owned(), source: why.into() }
}
