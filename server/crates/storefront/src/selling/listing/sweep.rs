//! What no listing has, after a while.

use crate::Shop;
use crate::catalogue::storage;
use crate::files::FilesError;
use jiff::SignedDuration;

/// How long a file waits for its form to be sent again.
const WAITS: SignedDuration = SignedDuration::from_hours(24);
/// Files looked at in one round.
const AT_ONCE: i64 = 100;

#[derive(Debug, thiserror::Error)]
pub enum SweepError {
    #[error(transparent)]
    Files(#[from] FilesError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Deletes drafts that nobody came back for, and what is left of files that were never whole. Answers how many. It can
/// be stopped anywhere: a file is forgotten only when it is gone.
pub async fn sweep(shop: &Shop) -> Result<usize, SweepError> {
    let Ok(since) = shop.clock.now().checked_sub(WAITS) else { return Ok(0) };
    let keys = storage::to_sweep(&shop.db, since, AT_ONCE).await?;
    let mut swept = 0;
    for key in keys {
        let leaves: Result<bool, sqlx::Error> =
            shop.db.transact(key.clone(), |c, key| Box::pin(storage::leave(c, key))).await;
        if leaves? {
            shop.files.delete_whatever(&key).await?;
            let forgotten: Result<(), sqlx::Error> =
                shop.db.transact(key, |c, key| Box::pin(storage::forget(c, key))).await;
            forgotten?;
            swept += 1;
        }
    }
    Ok(swept)
}
