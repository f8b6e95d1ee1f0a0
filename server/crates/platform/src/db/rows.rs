//! Reading a row's columns into types that cannot be wrong. A column that holds something else than its type
//! is an error that names the column, never a default: what nobody understands must not become the most
//! powerful role or "all methods".

use jiff::Timestamp;
use money::{Money, Percent};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Database, Row, Sqlite, ValueRef};
use std::any::type_name;
use std::error::Error;
use std::str::FromStr;

/// What an INSERT writes into the column `number` of a table, which has an index of it. SQLite looks through all rows that
/// refer to a number when it is changed, also from NULL: no trigger can give it later.
pub fn next_number(connection: &AnyConnection, table: &'static str) -> String {
    if connection.backend_name() == Sqlite::NAME {
        format!("(SELECT COALESCE(MAX(number), 0) + 1 FROM {table})")
    } else {
        "DEFAULT".to_owned()
    }
}

/// Methods of a database row; `column` is the name that the query gives it. All fail with
/// [`sqlx::Error::ColumnNotFound`] or [`sqlx::Error::ColumnDecode`].
pub trait Columns {
    fn text(&self, column: &str) -> Result<String, sqlx::Error>;

    fn integer(&self, column: &str) -> Result<i64, sqlx::Error>;

    /// 0 or 1.
    fn flag(&self, column: &str) -> Result<bool, sqlx::Error>;

    /// Microseconds since the epoch.
    fn time(&self, column: &str) -> Result<Timestamp, sqlx::Error>;

    /// Millionths of a dollar.
    fn money(&self, column: &str) -> Result<Money, sqlx::Error>;

    /// Ten-thousandths of a per cent.
    fn percent(&self, column: &str) -> Result<Percent, sqlx::Error>;

    /// An identifier, or a word of a closed set.
    fn parsed<T: FromStr<Err: Error>>(&self, column: &str) -> Result<T, sqlx::Error>;

    /// Such values, separated by commas; of an empty text none.
    fn list<T: FromStr<Err: Error>>(&self, column: &str) -> Result<Vec<T>, sqlx::Error>;

    /// What another method reads, `None` for NULL: `row.optional("expires_at", Columns::time)`.
    fn optional<T>(
        &self,
        column: &str,
        read: impl FnOnce(&Self, &str) -> Result<T, sqlx::Error>,
    ) -> Result<Option<T>, sqlx::Error>;
}

impl Columns for AnyRow {
    fn text(&self, column: &str) -> Result<String, sqlx::Error> {
        self.try_get(column)
    }

    fn integer(&self, column: &str) -> Result<i64, sqlx::Error> {
        self.try_get(column)
    }

    fn flag(&self, column: &str) -> Result<bool, sqlx::Error> {
        match self.integer(column)? {
            0 => Ok(false),
            1 => Ok(true),
            other => Err(wrong(column, format!("{other} is neither 0 nor 1"))),
        }
    }

    fn time(&self, column: &str) -> Result<Timestamp, sqlx::Error> {
        let micros = self.integer(column)?;
        Timestamp::from_microsecond(micros).map_err(|error| wrong(column, error))
    }

    fn money(&self, column: &str) -> Result<Money, sqlx::Error> {
        self.integer(column).map(Money::from_micros)
    }

    fn percent(&self, column: &str) -> Result<Percent, sqlx::Error> {
        self.integer(column).map(Percent::from_ten_thousandths)
    }

    fn parsed<T: FromStr<Err: Error>>(&self, column: &str) -> Result<T, sqlx::Error> {
        parse(column, self.try_get(column)?)
    }

    fn list<T: FromStr<Err: Error>>(&self, column: &str) -> Result<Vec<T>, sqlx::Error> {
        let text: &str = self.try_get(column)?;
        if text.is_empty() {
            return Ok(Vec::new());
        }
        text.split(',').map(|value| parse(column, value)).collect()
    }

    fn optional<T>(
        &self,
        column: &str,
        read: impl FnOnce(&Self, &str) -> Result<T, sqlx::Error>,
    ) -> Result<Option<T>, sqlx::Error> {
        if self.try_get_raw(column)?.is_null() { Ok(None) } else { read(self, column).map(Some) }
    }
}

/// What [`Columns::list`] reads.
pub fn joined<T: AsRef<str>>(values: &[T]) -> String {
    values.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(",")
}

fn parse<T: FromStr<Err: Error>>(column: &str, text: &str) -> Result<T, sqlx::Error> {
    text.parse().map_err(|error| wrong(column, format!("{text:?} as {}: {error}", type_name::<T>())))
}

fn wrong(column: &str, why: impl Into<Box<dyn Error + Send + Sync>>) -> sqlx::Error {
    sqlx::Error::ColumnDecode { index: column.to_owned(), source: why.into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sqlx::{AnyConnection, Connection};

    text_types::words! {
        enum Colour {
            Red = "Red",
            Blue = "Blue",
        }
    }

    async fn row(select: &'static str) -> AnyRow {
        sqlx::any::install_default_drivers();
        let mut connection = AnyConnection::connect("sqlite::memory:").await.unwrap();
        sqlx::query(select).fetch_one(&mut connection).await.unwrap()
    }

    #[tokio::test]
    async fn what_is_right_is_read() {
        let row = row("SELECT 'Red' AS a, 'Red,Blue' AS b, '' AS c, 1 AS d, NULL AS e").await;
        assert_eq!(row.parsed::<Colour>("a").unwrap(), Colour::Red);
        assert_eq!(row.list::<Colour>("b").unwrap(), Colour::ALL);
        assert_eq!(row.list::<Colour>("c").unwrap(), []);
        assert!(row.flag("d").unwrap());
        assert_eq!(row.time("d").unwrap().as_microsecond(), 1);
        assert_eq!(row.optional("e", Columns::time).unwrap(), None);
        assert_eq!(row.optional("a", Columns::parsed).unwrap(), Some(Colour::Red));
    }

    #[tokio::test]
    async fn a_word_that_nobody_knows_is_an_error_that_names_its_column() {
        let row = row("SELECT 'Green' AS a, 'Red,Green' AS b, 2 AS c").await;
        let errors = [
            row.parsed::<Colour>("a").unwrap_err(),
            row.optional("a", AnyRow::parsed::<Colour>).unwrap_err(),
            row.list::<Colour>("b").unwrap_err(),
            row.flag("c").unwrap_err(),
        ];
        for (error, column) in errors.iter().zip(["a", "a", "b", "c"]) {
            assert!(matches!(error, sqlx::Error::ColumnDecode { index, .. } if index == column), "{error}");
        }
        assert!(errors[0].to_string().contains("Green"), "{}", errors[0]);
    }
}
