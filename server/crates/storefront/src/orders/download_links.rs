//! Links to a file that was bought, for a device on which its buyer is not signed in: the SQL of `download_links`.

use crate::ids::{LinkId, OrderId};
use jiff::{SignedDuration, Timestamp};
use platform::Database;
use platform::db::Columns;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, FromRow};

/// How long one works.
pub const LIFETIME: SignedDuration = SignedDuration::from_hours(24);
/// How often a file can be begun with it; going on soon where it broke off does not count.
pub const USES: i64 = 5;
/// How long after it was begun a download goes on without counting, and how often.
const GOES_ON_FOR: SignedDuration = SignedDuration::from_hours(1);
const GOES_ON: i64 = 50;
/// As many of an order work at a time.
pub const MOST: usize = 10;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DownloadLink {
    pub id: LinkId,
    pub order_id: OrderId,
    /// Which of the order's files, counted from 1.
    pub file: usize,
    pub expires_at: Timestamp,
    pub uses: i64,
}

impl DownloadLink {
    pub fn uses_left(&self) -> i64 {
        (USES - self.uses).max(0)
    }
}

impl FromRow<'_, AnyRow> for DownloadLink {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: row.parsed("id")?,
            order_id: row.parsed("order_id")?,
            file: usize::try_from(row.integer("file")?).unwrap_or(0),
            expires_at: row.time("expires_at")?,
            uses: row.integer("uses")?,
        })
    }
}

pub async fn insert(
    connection: &mut AnyConnection,
    link: &DownloadLink,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO download_links (id, order_id, file, made_at, expires_at) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(link.id.as_str())
    .bind(link.order_id.as_str())
    .bind(i64::try_from(link.file).unwrap_or(0))
    .bind(now.as_microsecond())
    .bind(link.expires_at.as_microsecond())
    .execute(connection)
    .await?;
    Ok(())
}

/// Those of an order that still work, the newest first.
pub async fn of_order(
    db: &Database,
    order: &OrderId,
    now: Timestamp,
) -> Result<Vec<DownloadLink>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, order_id, file, expires_at, uses FROM download_links \
         WHERE order_id = $1 AND expires_at > $2 AND uses < $3 ORDER BY made_at DESC, id DESC LIMIT $4",
    )
    .bind(order.as_str())
    .bind(now.as_microsecond())
    .bind(USES)
    .bind(i64::try_from(MOST).unwrap_or(i64::MAX))
    .fetch_all(db.readers())
    .await
}

pub async fn load(db: &Database, id: &LinkId) -> Result<Option<DownloadLink>, sqlx::Error> {
    sqlx::query_as("SELECT id, order_id, file, expires_at, uses FROM download_links WHERE id = $1")
        .bind(id.as_str())
        .fetch_optional(db.readers())
        .await
}

/// Takes one of its uses; `false` where it has none left or its time is over.
pub async fn use_once(
    connection: &mut AnyConnection,
    id: &LinkId,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let used = sqlx::query(
        "UPDATE download_links SET uses = uses + 1, begun_at = $3, gone_on = 0 \
         WHERE id = $1 AND uses < $2 AND expires_at > $3",
    )
    .bind(id.as_str())
    .bind(USES)
    .bind(now.as_microsecond())
    .execute(connection)
    .await?;
    Ok(used.rows_affected() > 0)
}

/// Whether what was begun goes on; `false` where that is too long ago, or it went on too often.
pub async fn go_on(connection: &mut AnyConnection, id: &LinkId, now: Timestamp) -> Result<bool, sqlx::Error> {
    let begun_after = now.saturating_sub(GOES_ON_FOR).unwrap_or(Timestamp::MIN);
    let gone_on = sqlx::query(
        "UPDATE download_links SET gone_on = gone_on + 1 \
         WHERE id = $1 AND begun_at > $2 AND gone_on < $3 AND expires_at > $4",
    )
    .bind(id.as_str())
    .bind(begun_after.as_microsecond())
    .bind(GOES_ON)
    .bind(now.as_microsecond())
    .execute(connection)
    .await?;
    Ok(gone_on.rows_affected() > 0)
}

/// Forgets those that work no more; answers how many.
pub async fn forget_old(connection: &mut AnyConnection, now: Timestamp) -> Result<usize, sqlx::Error> {
    let done = sqlx::query("DELETE FROM download_links WHERE expires_at <= $1")
        .bind(now.as_microsecond())
        .execute(connection)
        .await?;
    Ok(usize::try_from(done.rows_affected()).unwrap_or(0))
}
