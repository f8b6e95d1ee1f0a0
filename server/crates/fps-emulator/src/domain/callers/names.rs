//! How callers' names look: each look is one caller's, so that nobody asks for payments in another's name.

use fps_protocol::ids::AccessKey;
use platform::Database;
use platform::db::Columns;
use sqlx::AnyConnection;

/// Gives the caller all looks of its name and takes those of an earlier one from it; answers `false` when another has
/// one of them. Then the transaction must be undone.
pub async fn claim(
    c: &mut AnyConnection,
    access_key: &AccessKey,
    display_name: &str,
) -> Result<bool, sqlx::Error> {
    sqlx::query("DELETE FROM caller_names WHERE access_key = $1")
        .bind(access_key.as_str())
        .execute(&mut *c)
        .await?;
    let mut free = true;
    for look in identity::looks(display_name) {
        let claimed =
            sqlx::query("INSERT INTO caller_names (look, access_key) VALUES ($1, $2) ON CONFLICT DO NOTHING")
                .bind(look)
                .bind(access_key.as_str())
                .execute(&mut *c)
                .await?;
        free &= claimed.rows_affected() == 1;
    }
    Ok(free)
}

/// Keeps the looks of names that are not kept yet, the oldest caller's first: those of the demo data, and those from
/// before looks were kept. Where two look alike, both keep their names.
pub async fn claim_missing(db: &Database) -> Result<(), sqlx::Error> {
    let rows = sqlx::query(
        "SELECT c.access_key, c.display_name FROM callers c \
         WHERE NOT EXISTS (SELECT 1 FROM caller_names n WHERE n.access_key = c.access_key) \
         ORDER BY c.created_at, c.access_key",
    )
    .fetch_all(db.readers())
    .await?;
    let missing = rows.iter().map(|row| Ok((row.parsed("access_key")?, row.text("display_name")?)));
    let missing = missing.collect::<Result<Vec<(AccessKey, String)>, sqlx::Error>>()?;
    db.transact(missing, |c, missing| {
        Box::pin(async move {
            for (access_key, display_name) in missing {
                claim(&mut *c, access_key, display_name).await?;
            }
            Ok(())
        })
    })
    .await
}
