//! Which process has claimed what, and which processes live. A claim has no end by the clock, which can be moved: it
//! ends when the attempt is recorded, or when its process has died.

use platform::db::Columns;
use platform::{Database, Random};

/// A process that sends notifications: a number made at random. It is a short one: a row that is claimed grows by it,
/// and would outgrow a page that is full.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SenderId(pub i64);

impl SenderId {
    pub fn random(random: &Random) -> Self {
        Self(i64::from(u32::from_le_bytes(random.bytes()) >> 1))
    }
}

/// What a process has claimed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    pub sender: SenderId,
    /// The notification's number.
    pub notification: i64,
}

/// All claims there are: those under way, and what dead processes have left.
pub async fn all(db: &Database) -> Result<Vec<Claim>, sqlx::Error> {
    let rows = sqlx::query("SELECT number, sender FROM notifications WHERE sender IS NOT NULL")
        .fetch_all(db.readers())
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Claim { sender: SenderId(row.integer("sender")?), notification: row.integer("number")? })
        })
        .collect()
}

/// How far each process has counted.
pub async fn beats(db: &Database) -> Result<Vec<(SenderId, i64)>, sqlx::Error> {
    let rows = sqlx::query("SELECT id, beat FROM notification_senders").fetch_all(db.readers()).await?;
    rows.iter().map(|row| Ok((SenderId(row.integer("id")?), row.integer("beat")?))).collect()
}

/// Says that this process lives.
pub async fn beat(db: &Database, sender: SenderId) -> Result<(), sqlx::Error> {
    db.transact(sender, |c, sender| {
        Box::pin(async move {
            sqlx::query(
                "INSERT INTO notification_senders (id, beat) VALUES ($1, 1) \
                 ON CONFLICT (id) DO UPDATE SET beat = notification_senders.beat + 1",
            )
            .bind(sender.0)
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
                sqlx::query("UPDATE notifications SET sender = NULL WHERE number = $1 AND sender = $2")
                    .bind(claim.notification)
                    .bind(claim.sender.0)
                    .execute(&mut *c)
                    .await?;
            }
            for sender in senders {
                sqlx::query("DELETE FROM notification_senders WHERE id = $1")
                    .bind(sender.0)
                    .execute(&mut *c)
                    .await?;
            }
            Ok(())
        })
    })
    .await
}
