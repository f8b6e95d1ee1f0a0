use super::Delivery;
use crate::domain::notifications::{Kind, NotificationId, SubjectId};
use fps_protocol::ids::AccessKey;
use jiff::Timestamp;
use platform::Database;
use platform::db::Columns;
use serde::{Serialize, Serializer};
use sqlx::any::AnyRow;
use std::collections::HashMap;
use std::fmt::Display;

/// A notification with its attempts, as the control API shows it.
#[derive(Debug, Serialize)]
pub struct Shown {
    #[serde(serialize_with = "as_text")]
    pub id: NotificationId,
    #[serde(serialize_with = "as_text")]
    pub access_key: AccessKey,
    #[serde(serialize_with = "as_text")]
    pub kind: Kind,
    #[serde(serialize_with = "as_text")]
    pub subject_id: SubjectId,
    pub url: String,
    /// What was posted last; before the first attempt, without a signature.
    pub body: String,
    pub created_at: Timestamp,
    #[serde(flatten)]
    pub delivery: Delivery,
    pub attempts: Vec<ShownAttempt>,
}

#[derive(Debug, Serialize)]
pub struct ShownAttempt {
    /// From 1 on.
    pub number: i64,
    pub at: Timestamp,
    /// What the receiver answered, if it did.
    pub http_status: Option<i64>,
    pub error: Option<String>,
}

fn as_text<S: Serializer>(value: &impl Display, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

/// The newest notifications first; of one caller, or of all.
pub async fn latest(db: &Database, access_key: Option<&str>, limit: i64) -> Result<Vec<Shown>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT id, access_key, kind, subject_id, url, body, state, created_at, next_attempt_at, delivered_at \
         FROM notifications WHERE $1 = '' OR access_key = $1 ORDER BY created_at DESC, id DESC LIMIT $2",
    )
    .bind(access_key.unwrap_or_default())
    .bind(limit)
    .fetch_all(db.readers())
    .await?;
    let mut attempts = latest_attempts(db, access_key, limit).await?;
    rows.iter().map(|row| shown(row, &mut attempts)).collect()
}

fn shown(
    row: &AnyRow,
    attempts: &mut HashMap<NotificationId, Vec<ShownAttempt>>,
) -> Result<Shown, sqlx::Error> {
    let id = row.parsed("id")?;
    Ok(Shown {
        attempts: attempts.remove(&id).unwrap_or_default(),
        id,
        access_key: row.parsed("access_key")?,
        kind: row.parsed("kind")?,
        subject_id: row.parsed("subject_id")?,
        url: row.text("url")?,
        body: row.text("body")?,
        created_at: row.time("created_at")?,
        delivery: Delivery::read(row)?,
    })
}

/// The attempts of the newest notifications, by notification.
async fn latest_attempts(
    db: &Database,
    access_key: Option<&str>,
    limit: i64,
) -> Result<HashMap<NotificationId, Vec<ShownAttempt>>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT notification_id, number, at, http_status, error FROM notification_attempts \
         WHERE notification_id IN ( \
             SELECT id FROM notifications WHERE $1 = '' OR access_key = $1 \
             ORDER BY created_at DESC, id DESC LIMIT $2) \
         ORDER BY notification_id, number",
    )
    .bind(access_key.unwrap_or_default())
    .bind(limit)
    .fetch_all(db.readers())
    .await?;
    let mut attempts: HashMap<NotificationId, Vec<ShownAttempt>> = HashMap::new();
    for row in &rows {
        let attempt = ShownAttempt {
            number: row.integer("number")?,
            at: row.time("at")?,
            http_status: row.optional("http_status", Columns::integer)?,
            error: row.optional("error", Columns::text)?,
        };
        attempts.entry(row.parsed("notification_id")?).or_default().push(attempt);
    }
    Ok(attempts)
}
