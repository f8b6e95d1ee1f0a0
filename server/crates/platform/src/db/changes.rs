//! Whether something was committed, for many who wait for it.

use super::{Database, Version};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::Instant;

/// One look at the database for so long, whoever asks: shorter than those who wait look again.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// What was committed lately, by this process or by another; clones share the look.
#[derive(Debug, Clone)]
pub struct Changes {
    db: Database,
    seen: Arc<Mutex<Option<Seen>>>,
}

#[derive(Debug)]
struct Seen {
    at: Instant,
    version: Option<Version>,
}

impl Changes {
    pub fn of(db: Database) -> Self {
        Self { db, seen: Arc::default() }
    }

    /// As [`Database::version`], and at most [`LOOK_EVERY`] old. While one looks, the others wait for what it finds.
    pub async fn version(&self) -> Result<Option<Version>, sqlx::Error> {
        let mut seen = self.seen.lock().await;
        if let Some(seen) = seen.as_ref().filter(|seen| seen.at.elapsed() < LOOK_EVERY) {
            return Ok(seen.version.clone());
        }
        let version = self.db.version().await?;
        *seen = Some(Seen { at: Instant::now(), version: version.clone() });
        Ok(version)
    }
}
