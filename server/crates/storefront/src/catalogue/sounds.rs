//! The SQL of `sounds`: how loud the pieces to listen to are, and how long.

use crate::pictures::sound::Sound;
use platform::Database;
use platform::db::Columns;
use std::time::Duration;

/// `None`: nobody has looked at it yet.
pub async fn of_file(db: &Database, key: &str) -> Result<Option<Sound>, sqlx::Error> {
    let row = sqlx::query("SELECT length, peaks FROM sounds WHERE key = $1")
        .bind(key)
        .fetch_optional(db.readers())
        .await?;
    let Some(row) = row else { return Ok(None) };
    let peaks = hex::decode(row.text("peaks")?);
    let peaks = peaks
        .map_err(|error| sqlx::Error::ColumnDecode { index: "peaks".to_owned(), source: error.into() })?;
    let length = Duration::from_millis(row.integer("length")?.unsigned_abs());
    Ok(Some(Sound { peaks, length }))
}

/// Leaves one that is there as it is.
pub async fn keep(db: &Database, key: &str, sound: &Sound) -> Result<(), sqlx::Error> {
    let input =
        (key.to_owned(), i64::try_from(sound.length.as_millis()).unwrap_or(i64::MAX), sound.peaks.clone());
    db.transact(input, |c, (key, length, peaks)| {
        Box::pin(async move {
            sqlx::query("INSERT INTO sounds (key, length, peaks) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
                .bind(&*key)
                .bind(*length)
                .bind(hex::encode(peaks))
                .execute(c)
                .await
                .map(drop)
        })
    })
    .await
}
