//! Rows of a table, many with one statement.

use sqlx::any::AnyArguments;
use sqlx::error::BoxDynError;
use sqlx::{AnyConnection, AssertSqlSafe};
use text_types::sql::rows_of_placeholders;

const AT_ONCE: usize = 200;

/// Adds rows of so many values, except those that are there.
pub async fn insert<T>(
    connection: &mut AnyConnection,
    into: &str,
    values: usize,
    rows: &[T],
    add: impl Fn(&mut AnyArguments, &T) -> Result<(), BoxDynError>,
) -> Result<(), sqlx::Error> {
    for some in rows.chunks(AT_ONCE) {
        let mut arguments = AnyArguments::default();
        for row in some {
            add(&mut arguments, row).map_err(sqlx::Error::Encode)?;
        }
        let rows = rows_of_placeholders(some.len(), values);
        let sql = format!("INSERT INTO {into} VALUES {rows} ON CONFLICT DO NOTHING");
        // A whole number of rows is met again.
        let query = sqlx::query_with(AssertSqlSafe(sql), arguments).persistent(some.len() == AT_ONCE);
        query.execute(&mut *connection).await?;
    }
    Ok(())
}
