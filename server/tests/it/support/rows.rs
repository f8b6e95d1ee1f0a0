//! What stands in a database, for comparisons that no page and no call shows.

use sqlx::{AnyConnection, AssertSqlSafe, Connection, Row};

/// Rows of texts; NULL is empty.
pub async fn rows(database: &str, columns: &[&str], rest: &str) -> Vec<Vec<String>> {
    sqlx::any::install_default_drivers();
    let mut connection = AnyConnection::connect(database).await.unwrap();
    let texts: Vec<String> =
        columns.iter().map(|column| format!("COALESCE(CAST({column} AS TEXT), '')")).collect();
    let statement = format!("SELECT {} FROM {rest}", texts.join(", "));
    let rows = sqlx::query(AssertSqlSafe(statement)).fetch_all(&mut connection).await.unwrap();
    rows.iter().map(|row| (0..columns.len()).map(|column| row.get(column)).collect()).collect()
}
