//! Which process has claimed what, and which processes live. A claim has no end by the clock, which can be moved: it
//! ends when the attempt is recorded, or when its process has died.

use super::super::NotificationId;
use jiff::Timestamp;
use platform::db::Columns;
use platform::{Database, Random};
use text_types::id;

id!(
    /// A process that sends notifications: a UUID.
    pub SenderId,
    |text| (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
);

impl SenderId {
    pub fn random(random: &Random, at: Timestamp) -> Self {
        Self(random.uuid(at).to_string())
    }
}

/// What a process has claimed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    pub sender: SenderId,
    pub notification: NotificationId,
}

/// All claims there are: those under way, and what dead processes have left.
pub async fn all(db: &Database) -> Result<Vec<Claim>, sqlx::Error> {
    let rows = sqlx::query("SELECT id, sender FROM notifications WHERE sender IS NOT NULL")
        .fetch_all(db.readers())
        .await?;
    rows.iter()
        .map(|row| Ok(Claim { sender: row.parsed("sender")?, notification: row.parsed("id")? }))
        .collect()
}

/// How far each process has counted.
pub async fn beats(db: &Database) -> Result<Vec<(SenderId, i64)>, sqlx::Error> {
    let rows = sqlx::query("SELECT id, beat FROM notification_senders").fetch_all(db.readers()).await?;
    rows.iter().map(|row| Ok((row.parsed("id")?, row.integer("beat")?))).collect()
}

/// Says that this process lives.
pub async fn beat(db: &Database, sender: &SenderId) -> Result<(), sqlx::Error> {
    db.transact(sender.clone(), |c, sender| {
        Box::pin(async move {
            sqlx::query(
                "INSERT INTO notification_senders (id, beat) VALUES ($1, 1) \
                 ON CONFLICT (id) DO UPDATE SET beat = notification_senders.beat + 1",
            )
            .bind(sender.as_str())
            .execute(c)
            .await?;
            Ok(())
        })
    })
    .await
}

/// Ends claims, so that what they held can be sent again, and forgets processes.
pub async fn take_back(db: &Database, claims: Vec<Claim>, senders: Vec<SenderId>) -> Result<(), sqlx::Error> {
    if claims.is_empty() && senders.is_empty() {
        return Ok(());
    }
    db.transact((claims, senders), |c, (claims, senders)| {
        Box::pin(async move {
            for claim in claims {
                sqlx::query("UPDATE notifications SET sender = NULL WHERE id = $1 AND sender = $2")
                    .bind(claim.notification.as_str())
                    .bind(claim.sender.as_str())
                    .execute(&mut *c)
                    .await?;
            }
            for sender in senders {
                sqlx::query("DELETE FROM notification_senders WHERE id = $1")
                    .bind(sender.as_str())
                    .execute(&mut *c)
                    .await?;
            }
            Ok(())
        })
    })
    .await
}
