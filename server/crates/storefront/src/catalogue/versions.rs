//! The SQL of `item_versions` and `item_files`: what is sold under an item's name, now and earlier. A version that was
//! on sale is never changed: whoever bought it has a right to just these files.

use super::storage::{self, FILE_COLUMNS};
use super::{Item, StoredFile};
use crate::ids::ItemId;
use jiff::Timestamp;
use platform::Database;
use platform::db::Columns;
use sqlx::{AnyConnection, AnyExecutor, AssertSqlSafe, FromRow};

/// What the seller says of a new version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    pub number: i64,
    /// What is new in it; can be empty.
    pub notes: String,
    /// Whether those who bought an earlier one get it.
    pub for_earlier_buyers: bool,
    pub at: Timestamp,
}

/// The number of the version whose files a buyer gets who bought version `$bought` of the item `$item`: the newest that
/// is theirs.
macro_rules! version_of_buyer {
    ($item:literal, $bought:literal) => {
        concat!(
            "(SELECT MAX(v.number) FROM item_versions v WHERE v.item_id = ",
            $item,
            " AND v.number >= ",
            $bought,
            " AND (v.number = ",
            $bought,
            " OR v.for_earlier_buyers = 1))"
        )
    };
}
pub(crate) use version_of_buyer;

/// Adds a version with its files, in their order, and keeps these from being swept.
pub async fn add(
    connection: &mut AnyConnection,
    item: &ItemId,
    version: &Version,
    files: &[StoredFile],
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO item_versions (item_id, number, notes, for_earlier_buyers, at) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(item.as_str())
    .bind(version.number)
    .bind(&version.notes)
    .bind(i64::from(version.for_earlier_buyers))
    .bind(version.at.as_microsecond())
    .execute(&mut *connection)
    .await?;
    put_files(connection, item, version.number, files).await
}

/// Puts other files in the place of those of a version that nobody could buy yet.
pub async fn replace_files(
    connection: &mut AnyConnection,
    item: &ItemId,
    number: i64,
    files: &[StoredFile],
) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM item_files WHERE item_id = $1 AND version = $2")
        .bind(item.as_str())
        .bind(number)
        .execute(&mut *connection)
        .await?;
    put_files(connection, item, number, files).await
}

async fn put_files(
    connection: &mut AnyConnection,
    item: &ItemId,
    number: i64,
    files: &[StoredFile],
) -> Result<(), sqlx::Error> {
    for (position, file) in (1_i64..).zip(files) {
        sqlx::query("INSERT INTO item_files (item_id, version, position, key) VALUES ($1, $2, $3, $4)")
            .bind(item.as_str())
            .bind(number)
            .bind(position)
            .bind(&file.key)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// The number of the item's next version.
pub async fn next_number(connection: &mut AnyConnection, item: &ItemId) -> Result<i64, sqlx::Error> {
    let row = sqlx::query(
        "SELECT CAST(COALESCE(MAX(number), 0) + 1 AS BIGINT) AS next FROM item_versions WHERE item_id = $1",
    )
    .bind(item.as_str())
    .fetch_one(connection)
    .await?;
    row.integer("next")
}

/// Whether any version of any item has the file.
pub async fn has_file(connection: &mut AnyConnection, key: &str) -> Result<bool, sqlx::Error> {
    let found = sqlx::query("SELECT 1 FROM item_files WHERE key = $1 LIMIT 1")
        .bind(key)
        .fetch_optional(connection)
        .await?;
    Ok(found.is_some())
}

/// The files of a version, in their order.
pub async fn files(
    executor: impl AnyExecutor<'_>,
    item: &ItemId,
    number: i64,
) -> Result<Vec<StoredFile>, sqlx::Error> {
    let sql = format!(
        "SELECT {FILE_COLUMNS} FROM item_files f JOIN stored_files s ON s.key = f.key \
         WHERE f.item_id = $1 AND f.version = $2 ORDER BY f.position"
    );
    sqlx::query_as(AssertSqlSafe(sql)).bind(item.as_str()).bind(number).fetch_all(executor).await
}

/// The files that are sold now.
pub async fn files_of(db: &Database, item: &Item) -> Result<Vec<StoredFile>, sqlx::Error> {
    match item.version {
        Some(number) => files(db.readers(), &item.id, number).await,
        None => Ok(Vec::new()),
    }
}

/// The files of several versions, each as (item, version), in their order.
pub async fn files_of_all(
    db: &Database,
    versions: &[(ItemId, i64)],
) -> Result<Vec<((ItemId, i64), StoredFile)>, sqlx::Error> {
    if versions.is_empty() {
        return Ok(Vec::new());
    }
    let one = |index: usize| format!("(f.item_id = ${} AND f.version = ${})", 2 * index + 1, 2 * index + 2);
    let which: Vec<_> = (0..versions.len()).map(one).collect();
    let sql = format!(
        "SELECT f.item_id, f.version, {FILE_COLUMNS} FROM item_files f JOIN stored_files s ON s.key = f.key \
         WHERE {} ORDER BY f.item_id, f.version, f.position",
        which.join(" OR ")
    );
    let mut query = sqlx::query(AssertSqlSafe(sql));
    for (item, number) in versions {
        query = query.bind(item.as_str()).bind(*number);
    }
    let rows = query.fetch_all(db.readers()).await?;
    let read = |row| {
        Ok((
            (Columns::parsed(row, "item_id")?, Columns::integer(row, "version")?),
            StoredFile::from_row(row)?,
        ))
    };
    rows.iter().map(read).collect()
}

/// All versions, the newest first.
pub async fn of_item(db: &Database, item: &ItemId) -> Result<Vec<Version>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT number, notes, for_earlier_buyers, at FROM item_versions WHERE item_id = $1 ORDER BY number DESC",
    )
    .bind(item.as_str())
    .fetch_all(db.readers())
    .await?;
    let read = |row: &sqlx::any::AnyRow| {
        Ok(Version {
            number: row.integer("number")?,
            notes: row.text("notes")?,
            for_earlier_buyers: row.flag("for_earlier_buyers")?,
            at: row.time("at")?,
        })
    };
    rows.iter().map(read).collect()
}

/// The first version of an item whose files are part of the program's own data.
pub async fn add_first(
    connection: &mut AnyConnection,
    item: &Item,
    files: &[StoredFile],
) -> Result<(), sqlx::Error> {
    let Some(number) = item.version else { return Ok(()) };
    for file in files {
        storage::insert_kept(connection, &item.merchant_id, file, item.created_at).await?;
    }
    let version = Version { number, notes: String::new(), for_earlier_buyers: false, at: item.created_at };
    add(connection, &item.id, &version, files).await
}
