//! The SQL of `stored_files` and `merchant_storage`: every file that a seller sent, from its first byte on, and what
//! they take together. A file begins as arriving, becomes a draft when it is whole, and is kept once a listing has it;
//! what no listing has is swept after a while.

use super::StoredFile;
use crate::ids::MerchantId;
use jiff::Timestamp;
use platform::Database;
use platform::db::Columns;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, FromRow};
use text_types::sql::placeholders;

/// Of `stored_files s`, as [`StoredFile`] reads them.
pub(super) const FILE_COLUMNS: &str = "s.key, s.name, s.media_type, s.bytes, s.sha256";

impl FromRow<'_, AnyRow> for StoredFile {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        let bytes = u64::try_from(row.integer("bytes")?);
        Ok(Self {
            key: row.text("key")?,
            name: row.text("name")?,
            media_type: row.text("media_type")?,
            bytes: bytes.map_err(|error| sqlx::Error::ColumnDecode {
                index: "bytes".to_owned(),
                source: error.into(),
            })?,
            sha256: row.optional("sha256", Columns::text)?,
        })
    }
}

/// Notes that a file will be written under the key, so that whatever is left of it is found.
pub async fn begin(
    connection: &mut AnyConnection,
    merchant: &MerchantId,
    key: &str,
    at: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO stored_files (key, merchant_id, state, name, media_type, bytes, at) \
         VALUES ($1, $2, 'Arriving', '', '', 0, $3)",
    )
    .bind(key)
    .bind(merchant.as_str())
    .bind(at.as_microsecond())
    .execute(connection)
    .await?;
    Ok(())
}

/// Makes a draft of a file that has arrived, and answers what all files of its seller take with it. Of two that arrive at
/// once the second one's answer has the first: the count's row is locked until the transaction ends.
pub async fn finish(
    connection: &mut AnyConnection,
    merchant: &MerchantId,
    file: &StoredFile,
    at: Timestamp,
) -> Result<u64, sqlx::Error> {
    sqlx::query(
        "UPDATE stored_files SET state = 'Draft', name = $1, media_type = $2, bytes = $3, sha256 = $4, at = $5 \
         WHERE key = $6 AND state = 'Arriving'",
    )
    .bind(&file.name)
    .bind(&file.media_type)
    .bind(i64::try_from(file.bytes).unwrap_or(i64::MAX))
    .bind(&file.sha256)
    .bind(at.as_microsecond())
    .bind(&file.key)
    .execute(&mut *connection)
    .await?;
    let row = sqlx::query("SELECT bytes FROM merchant_storage WHERE merchant_id = $1")
        .bind(merchant.as_str())
        .fetch_one(connection)
        .await?;
    Ok(row.integer("bytes")?.unsigned_abs())
}

/// Forgets a file that is not kept.
pub async fn forget(connection: &mut AnyConnection, key: &str) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM sounds WHERE key = $1").bind(key).execute(&mut *connection).await?;
    sqlx::query("DELETE FROM stored_files WHERE key = $1 AND state <> 'Kept'")
        .bind(key)
        .execute(connection)
        .await?;
    Ok(())
}

/// A file of the program's own data, which is there already. Leaves one that is noted as it is.
pub async fn insert_kept(
    connection: &mut AnyConnection,
    merchant: &MerchantId,
    file: &StoredFile,
    at: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO stored_files (key, merchant_id, state, name, media_type, bytes, sha256, at) \
         VALUES ($1, $2, 'Kept', $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
    )
    .bind(&file.key)
    .bind(merchant.as_str())
    .bind(&file.name)
    .bind(&file.media_type)
    .bind(i64::try_from(file.bytes).unwrap_or(i64::MAX))
    .bind(&file.sha256)
    .bind(at.as_microsecond())
    .execute(connection)
    .await?;
    Ok(())
}

/// Notes what a file of the program's own data really is.
pub async fn correct(db: &Database, key: &str, bytes: u64, sha256: &str) -> Result<(), sqlx::Error> {
    let input = (key.to_owned(), i64::try_from(bytes).unwrap_or(i64::MAX), sha256.to_owned());
    db.transact(input, |c, (key, bytes, sha256)| {
        Box::pin(async move {
            sqlx::query("UPDATE stored_files SET bytes = $1, sha256 = $2 WHERE key = $3")
                .bind(*bytes)
                .bind(&*sha256)
                .bind(&*key)
                .execute(c)
                .await
                .map(drop)
        })
    })
    .await
}

/// Those of the merchant's drafts that have these keys, in any order.
pub async fn drafts(
    db: &Database,
    merchant: &MerchantId,
    keys: &[&str],
) -> Result<Vec<StoredFile>, sqlx::Error> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT {FILE_COLUMNS} FROM stored_files s WHERE s.merchant_id = $1 AND s.state = 'Draft' AND s.key IN ({})",
        placeholders(2, keys.len())
    );
    let mut query = sqlx::query_as(AssertSqlSafe(sql)).bind(merchant.as_str());
    for key in keys {
        query = query.bind(*key);
    }
    query.fetch_all(db.readers()).await
}

/// Keeps one of the merchant's files; `false`: it was swept meanwhile, or is somebody else's.
pub async fn keep(
    connection: &mut AnyConnection,
    merchant: &MerchantId,
    key: &str,
    at: Timestamp,
) -> Result<bool, sqlx::Error> {
    let kept = sqlx::query(
        "UPDATE stored_files SET state = 'Kept', at = $1 \
         WHERE key = $2 AND merchant_id = $3 AND state IN ('Draft', 'Kept')",
    )
    .bind(at.as_microsecond())
    .bind(key)
    .bind(merchant.as_str())
    .execute(connection)
    .await?;
    Ok(kept.rows_affected() == 1)
}

/// Makes a draft of a file that a listing has let go.
pub async fn release(connection: &mut AnyConnection, key: &str, at: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE stored_files SET state = 'Draft', at = $1 WHERE key = $2 AND state = 'Kept'")
        .bind(at.as_microsecond())
        .bind(key)
        .execute(connection)
        .await?;
    Ok(())
}

/// What a stored file is, where that is known.
pub async fn media_type_of(db: &Database, key: &str) -> Result<Option<String>, sqlx::Error> {
    let row = sqlx::query("SELECT media_type FROM stored_files WHERE key = $1 AND media_type <> ''")
        .bind(key)
        .fetch_optional(db.readers())
        .await?;
    row.map(|row| row.text("media_type")).transpose()
}

/// What the files of a seller take together, in bytes.
pub async fn used_by(db: &Database, merchant: &MerchantId) -> Result<u64, sqlx::Error> {
    let row = sqlx::query("SELECT bytes FROM merchant_storage WHERE merchant_id = $1")
        .bind(merchant.as_str())
        .fetch_optional(db.readers())
        .await?;
    row.map_or(Ok(0), |row| Ok(row.integer("bytes")?.unsigned_abs()))
}

/// What no listing has had since then, the oldest first.
pub async fn to_sweep(db: &Database, since: Timestamp, limit: i64) -> Result<Vec<String>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT key FROM stored_files WHERE state <> 'Kept' AND at <= $1 ORDER BY at, key LIMIT $2",
    )
    .bind(since.as_microsecond())
    .bind(limit)
    .fetch_all(db.readers())
    .await?;
    rows.iter().map(|row| row.text("key")).collect()
}

/// From now on no listing can take it; `false`: one has.
pub async fn leave(connection: &mut AnyConnection, key: &str) -> Result<bool, sqlx::Error> {
    let leaving = sqlx::query("UPDATE stored_files SET state = 'Leaving' WHERE key = $1 AND state <> 'Kept'")
        .bind(key)
        .execute(connection)
        .await?;
    Ok(leaving.rows_affected() == 1)
}
