//! The outbox: what callers are to be told, written with the state that it tells of. The notifier sends
//! it; what became of that is in `deliveries`.

pub mod deliveries;

use sqlx::AnyConnection;

/// A notification to send: the unsigned body, which the notifier signs anew for every attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewNotification {
    pub id: String,
    pub access_key: String,
    /// The `notificationType`.
    pub kind: &'static str,
    /// The transaction or token that it tells of.
    pub subject_id: String,
    pub url: String,
    pub body: String,
    /// Microseconds since the epoch; it is due at once.
    pub created_at: i64,
}

pub async fn enqueue(c: &mut AnyConnection, new: &NewNotification) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO notifications (id, access_key, kind, subject_id, url, body, state, created_at, next_attempt_at) \
         VALUES ($1, $2, $3, $4, $5, $6, 'Pending', $7, $7)",
    )
    .bind(&new.id)
    .bind(&new.access_key)
    .bind(new.kind)
    .bind(&new.subject_id)
    .bind(&new.url)
    .bind(&new.body)
    .bind(new.created_at)
    .execute(c)
    .await?;
    Ok(())
}
