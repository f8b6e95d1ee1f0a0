//! The sessions of one person: where they are signed in, and how that ends (OWASP ASVS 5.0, 7.4.3 and 7.5.2).

use super::{Device, LIFETIME, Session, key};
use crate::db::Columns;
use crate::{Clock, Database};
use jiff::Timestamp;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, FromRow};
use tower_sessions::session::Error;

/// The session's key of the [`Device`] that it began on.
const DEVICE: &str = "device";
/// Of one person as many are listed, those used last.
const MOST_LISTED: i64 = 50;

/// Whoever has this session is `owner` from now on, under the key that the session's store was made with. It has a new
/// id: one that somebody else has planted before is worth nothing.
pub async fn sign_in(session: &Session, owner_key: &str, owner: &str, device: &Device) -> Result<(), Error> {
    session.cycle_id().await?;
    session.insert(owner_key, owner).await?;
    session.insert(DEVICE, device).await
}

/// A session of somebody who is signed in, as they see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnedSession {
    /// Names the session to its owner; the hash of its id, which opens nothing.
    pub handle: String,
    pub device: Device,
    pub begun_at: Timestamp,
    /// To some minutes.
    pub used_at: Timestamp,
}

impl FromRow<'_, AnyRow> for OwnedSession {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            handle: row.text("id")?,
            device: device_of(&row.text("data")?)?,
            begun_at: row.time("begun_at")?,
            used_at: row.time("used_at")?,
        })
    }
}

/// On which device a session began, from its column `data`.
pub fn device_of(data: &str) -> Result<Device, sqlx::Error> {
    let data: serde_json::Value =
        serde_json::from_str(data).map_err(|error| sqlx::Error::Decode(error.into()))?;
    let device = data.get(DEVICE).and_then(|device| serde_json::from_value(device.clone()).ok());
    Ok(device.unwrap_or_default())
}

/// The handle of this session; `None` before it is stored.
pub fn handle(session: &Session) -> Option<String> {
    session.id().map(|id| key(&id))
}

/// Where this person is signed in, the session used last first.
pub async fn of_owner(db: &Database, clock: &Clock, owner: &str) -> Result<Vec<OwnedSession>, sqlx::Error> {
    let now = clock.now_micros();
    sqlx::query_as(
        "SELECT id, data, begun_at, used_at FROM sessions \
         WHERE owner = $1 AND expires_at > $2 AND begun_at > $3 ORDER BY used_at DESC, begun_at DESC, id LIMIT $4",
    )
    .bind(owner)
    .bind(now)
    .bind(now - LIFETIME)
    .bind(MOST_LISTED)
    .fetch_all(db.readers())
    .await
}

/// Whether the session of this handle is still there, and still this person's; `None`: nobody's who signed in.
pub async fn is_alive(
    db: &Database,
    clock: &Clock,
    owner: Option<&str>,
    handle: &str,
) -> Result<bool, sqlx::Error> {
    let now = clock.now_micros();
    let statement = "SELECT COALESCE(owner, '') AS owner FROM sessions \
                     WHERE id = $1 AND expires_at > $2 AND begun_at > $3";
    let query = sqlx::query(statement).bind(handle).bind(now).bind(now - LIFETIME);
    let found = query.fetch_optional(db.readers()).await?;
    Ok(match found {
        Some(row) => row.text("owner")? == owner.unwrap_or_default(),
        None => false,
    })
}

/// Ends one session of this person; nothing happens if there is no such session of theirs.
pub async fn end(c: &mut AnyConnection, owner: &str, handle: &str) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM sessions WHERE owner = $1 AND id = $2")
        .bind(owner)
        .bind(handle)
        .execute(c)
        .await?;
    Ok(())
}

/// Ends all sessions of this person but the one of this handle.
pub async fn end_others(c: &mut AnyConnection, owner: &str, handle: &str) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM sessions WHERE owner = $1 AND id <> $2")
        .bind(owner)
        .bind(handle)
        .execute(c)
        .await?;
    Ok(())
}
