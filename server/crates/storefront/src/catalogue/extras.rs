//! The SQL of `item_tags` and `item_samples`: words that items are found by, and what of them can be seen before they
//! are bought.

use super::StoredFile;
use super::storage::FILE_COLUMNS;
use crate::ids::ItemId;
use platform::Database;
use platform::db::Columns;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, FromRow};
use text_types::words;

words! {
    /// What of an item can be seen by everybody.
    pub enum SampleKind {
        /// Beside the cover.
        Picture = "Picture",
        /// A page to read.
        Page = "Page",
        /// A game or a program to try: one HTML file.
        Demo = "Demo",
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    pub kind: SampleKind,
    pub file: StoredFile,
}

impl FromRow<'_, AnyRow> for Sample {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self { kind: row.parsed("kind")?, file: StoredFile::from_row(row)? })
    }
}

/// The one sample of a kind of which an item has at most one.
pub fn only(samples: &[Sample], kind: SampleKind) -> Option<&StoredFile> {
    samples.iter().find(|sample| sample.kind == kind).map(|sample| &sample.file)
}

/// In the order of the alphabet.
pub async fn tags(db: &Database, item: &ItemId) -> Result<Vec<String>, sqlx::Error> {
    let rows = sqlx::query("SELECT tag FROM item_tags WHERE item_id = $1 ORDER BY tag")
        .bind(item.as_str())
        .fetch_all(db.readers())
        .await?;
    rows.iter().map(|row| row.text("tag")).collect()
}

/// In their order.
pub async fn samples(db: &Database, item: &ItemId) -> Result<Vec<Sample>, sqlx::Error> {
    let sql = format!(
        "SELECT e.kind, {FILE_COLUMNS} FROM item_samples e JOIN stored_files s ON s.key = e.key \
         WHERE e.item_id = $1 ORDER BY e.position"
    );
    sqlx::query_as(AssertSqlSafe(sql)).bind(item.as_str()).fetch_all(db.readers()).await
}

/// Puts others in the place of all that there are.
pub async fn replace_tags(
    connection: &mut AnyConnection,
    item: &ItemId,
    tags: &[String],
) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM item_tags WHERE item_id = $1")
        .bind(item.as_str())
        .execute(&mut *connection)
        .await?;
    for tag in tags {
        sqlx::query("INSERT INTO item_tags (item_id, tag) VALUES ($1, $2)")
            .bind(item.as_str())
            .bind(tag)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// Puts others in the place of all that there are.
pub async fn replace_samples(
    connection: &mut AnyConnection,
    item: &ItemId,
    samples: &[Sample],
) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM item_samples WHERE item_id = $1")
        .bind(item.as_str())
        .execute(&mut *connection)
        .await?;
    for (position, sample) in (1_i64..).zip(samples) {
        sqlx::query("INSERT INTO item_samples (item_id, position, kind, key) VALUES ($1, $2, $3, $4)")
            .bind(item.as_str())
            .bind(position)
            .bind(sample.kind.as_str())
            .bind(&sample.file.key)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}
