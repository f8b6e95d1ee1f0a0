//! Other e-mail addresses that wait for the link in their mail: the SQL of `email_changes`.

use crate::ids::{LinkId, UserId};
use jiff::Timestamp;
use platform::Database;
use platform::db::Columns;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AnyExecutor, FromRow};

/// Whose address becomes which when the link is followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmailChange {
    pub user: UserId,
    pub email: String,
}

impl FromRow<'_, AnyRow> for EmailChange {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self { user: row.parsed("user_id")?, email: row.text("email")? })
    }
}

/// Keeps the change; an older one of the same person ends.
pub async fn keep(
    connection: &mut AnyConnection,
    id: &LinkId,
    digest: &str,
    change: &EmailChange,
    expires_at: Timestamp,
) -> Result<(), sqlx::Error> {
    end_all(&mut *connection, &change.user).await?;
    sqlx::query(
        "INSERT INTO email_changes (id, user_id, email, digest, expires_at) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(id.as_str())
    .bind(change.user.as_str())
    .bind(&change.email)
    .bind(digest)
    .bind(expires_at.as_microsecond())
    .execute(connection)
    .await?;
    Ok(())
}

/// The change whose link has this digest, while it is good.
pub async fn of_link(
    executor: impl AnyExecutor<'_>,
    digest: &str,
    now: Timestamp,
) -> Result<Option<EmailChange>, sqlx::Error> {
    sqlx::query_as("SELECT user_id, email FROM email_changes WHERE digest = $1 AND expires_at > $2")
        .bind(digest)
        .bind(now.as_microsecond())
        .fetch_optional(executor)
        .await
}

/// Whether a link of this id, with this digest, is good now.
pub async fn is_good(db: &Database, id: &LinkId, digest: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    let found = sqlx::query("SELECT 1 FROM email_changes WHERE id = $1 AND digest = $2 AND expires_at > $3")
        .bind(id.as_str())
        .bind(digest)
        .bind(now.as_microsecond())
        .fetch_optional(db.readers())
        .await?;
    Ok(found.is_some())
}

/// Takes the link: answers whether nobody was faster.
pub async fn take(connection: &mut AnyConnection, digest: &str) -> Result<bool, sqlx::Error> {
    let taken = sqlx::query("DELETE FROM email_changes WHERE digest = $1").bind(digest).execute(connection);
    Ok(taken.await?.rows_affected() == 1)
}

/// Ends all links of this user.
pub async fn end_all(connection: &mut AnyConnection, user: &UserId) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM email_changes WHERE user_id = $1")
        .bind(user.as_str())
        .execute(connection)
        .await?;
    Ok(())
}

/// Forgets those that are over.
pub async fn forget_old(connection: &mut AnyConnection, now: Timestamp) -> Result<u64, sqlx::Error> {
    let forgotten = sqlx::query("DELETE FROM email_changes WHERE expires_at <= $1")
        .bind(now.as_microsecond())
        .execute(connection)
        .await?;
    Ok(forgotten.rows_affected())
}
