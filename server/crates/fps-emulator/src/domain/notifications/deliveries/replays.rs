//! Notifications that are sent once more by hand.

use super::{Attempt, Delivery, Ended, signatures};
use crate::domain::notifications::{NotificationId, SubjectId, short_body};
use fps_protocol::ids::AccessKey;
use fps_protocol::outbound::Signature;
use jiff::Timestamp;
use platform::Database;
use platform::db::Columns;
use sqlx::{AnyConnection, Row};

/// A notification with what was sent of it last.
#[derive(Debug, Clone)]
pub struct Sent {
    pub number: i64,
    pub id: NotificationId,
    pub access_key: AccessKey,
    pub subject_id: SubjectId,
    /// `None`: its caller had no address.
    pub url: Option<String>,
    /// The parameters, form-encoded, without the signature.
    pub body: String,
    pub created_at: Timestamp,
    pub delivery: Delivery,
    /// How often it was tried already.
    pub attempts: i64,
    /// `None`: nothing was sent of it yet.
    pub signature: Option<Signature>,
}

/// `None`: there is no such notification.
pub async fn find_sent(db: &Database, id: &NotificationId) -> Result<Option<Sent>, sqlx::Error> {
    let row = sqlx::query(
        "SELECT number, id, access_key, subject_id, url, body, created_at, next_attempt_at, delivered_at, \
             (SELECT COUNT(*) FROM notification_attempts WHERE notification = notifications.number) AS attempts \
         FROM notifications WHERE id = $1",
    )
    .bind(id.as_str())
    .fetch_optional(db.readers())
    .await?;
    let Some(row) = row else { return Ok(None) };
    let (number, subject_id, created_at) =
        (row.integer("number")?, row.parsed("subject_id")?, row.time("created_at")?);
    Ok(Some(Sent {
        id: row.parsed("id")?,
        access_key: row.parsed("access_key")?,
        url: row.optional("url", Columns::text)?,
        body: short_body::whole(&row.text("body")?, &subject_id, created_at),
        delivery: Delivery::read(&row)?,
        attempts: row.integer("attempts")?,
        signature: signatures::last_of(db, &[number]).await?.remove(&number),
        number,
        subject_id,
        created_at,
    }))
}

/// Records the attempt after all others, and answers its number. One that was taken ends what was to be sent again; one that
/// was not leaves all as it was.
pub async fn record_replay(db: &Database, ended: Ended) -> Result<i64, sqlx::Error> {
    signatures::name_certificates(db, std::slice::from_ref(&ended)).await?;
    db.transact(ended, |c, ended| {
        Box::pin(async move {
            let Ended { notification, attempt } = ended;
            let number = insert(&mut *c, notification.number, attempt).await?;
            if let Delivery::Delivered { at } = attempt.then {
                sqlx::query(
                    "UPDATE notifications SET next_attempt_at = NULL, delivered_at = $1, sender = NULL \
                     WHERE number = $2 AND receiver IS NOT NULL AND delivered_at IS NULL",
                )
                .bind(at.as_microsecond())
                .bind(notification.number)
                .execute(c)
                .await?;
            }
            Ok(number)
        })
    })
    .await
}

async fn insert(c: &mut AnyConnection, notification: i64, attempt: &Attempt) -> Result<i64, sqlx::Error> {
    let signature = attempt.signature.as_ref();
    let row = sqlx::query(
        "INSERT INTO notification_attempts (notification, number, at, http_status, error, certificate, signature) \
         VALUES ($1, (SELECT COALESCE(MAX(a.number), 0) + 1 FROM notification_attempts a WHERE a.notification = $1), \
             $2, $3, $4, (SELECT c.number FROM certificate_addresses c WHERE c.url = $5), $6) RETURNING number",
    )
    .bind(notification)
    .bind(attempt.at.as_microsecond())
    .bind(attempt.http_status)
    .bind(attempt.error.as_deref())
    .bind(signature.map(|signature| signature.certificate_url.as_str()))
    .bind(signature.map(|signature| signature.bytes.clone()))
    .fetch_one(c)
    .await?;
    row.try_get("number")
}
