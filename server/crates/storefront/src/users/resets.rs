//! Links for a new password: the SQL of `password_resets`.

use super::mailed::mailed_links;
use crate::ids::{LinkId, UserId};
use jiff::Timestamp;
use platform::db::Columns;
use sqlx::{AnyConnection, AnyExecutor};

mailed_links!("password_resets" of users);

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
