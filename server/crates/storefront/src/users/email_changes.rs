//! Other e-mail addresses that wait for the link in their mail: the SQL of `email_changes`.

use super::mailed::mailed_links;
use crate::ids::{LinkId, UserId};
use jiff::Timestamp;
use platform::db::Columns;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AnyExecutor, FromRow};

mailed_links!("email_changes" of users);

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
