//! Links for a new password: the SQL of `password_resets`.

use crate::ids::{LinkId, UserId};
use jiff::Timestamp;
use platform::Database;
use platform::db::Columns;
use sqlx::{AnyConnection, AnyExecutor};

/// A link about to be given.
#[derive(Debug, Clone)]
pub struct NewReset {
    pub id: LinkId,
    /// Of what the link carries.
    pub digest: String,
    pub expires_at: Timestamp,
}

/// Gives this user a link; older ones end.
pub async fn give(connection: &mut AnyConnection, user: &UserId, new: &NewReset) -> Result<(), sqlx::Error> {
    end_all(&mut *connection, user).await?;
    sqlx::query("INSERT INTO password_resets (id, user_id, digest, expires_at) VALUES ($1, $2, $3, $4)")
        .bind(new.id.as_str())
        .bind(user.as_str())
        .bind(&new.digest)
        .bind(new.expires_at.as_microsecond())
        .execute(connection)
        .await?;
    Ok(())
}

/// Whose password a link with this digest may change now.
pub async fn user_of(
    executor: impl AnyExecutor<'_>,
    digest: &str,
    now: Timestamp,
) -> Result<Option<UserId>, sqlx::Error> {
    let row = sqlx::query("SELECT user_id FROM password_resets WHERE digest = $1 AND expires_at > $2")
        .bind(digest)
        .bind(now.as_microsecond())
        .fetch_optional(executor)
        .await?;
    row.map(|row| row.parsed("user_id")).transpose()
}

/// Whether a link of this id, with this digest, is good now.
pub async fn is_good(db: &Database, id: &LinkId, digest: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    let found =
        sqlx::query("SELECT 1 FROM password_resets WHERE id = $1 AND digest = $2 AND expires_at > $3")
            .bind(id.as_str())
            .bind(digest)
            .bind(now.as_microsecond())
            .fetch_optional(db.readers())
            .await?;
    Ok(found.is_some())
}

/// Takes the link: answers whether nobody was faster.
pub async fn take(connection: &mut AnyConnection, digest: &str) -> Result<bool, sqlx::Error> {
    let taken = sqlx::query("DELETE FROM password_resets WHERE digest = $1").bind(digest).execute(connection);
    Ok(taken.await?.rows_affected() == 1)
}

/// Ends all links of this user.
pub async fn end_all(connection: &mut AnyConnection, user: &UserId) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM password_resets WHERE user_id = $1")
        .bind(user.as_str())
        .execute(connection)
        .await?;
    Ok(())
}

/// Forgets those that are over.
pub async fn forget_old(connection: &mut AnyConnection, now: Timestamp) -> Result<u64, sqlx::Error> {
    let forgotten = sqlx::query("DELETE FROM password_resets WHERE expires_at <= $1")
        .bind(now.as_microsecond())
        .execute(connection)
        .await?;
    Ok(forgotten.rows_affected())
}
