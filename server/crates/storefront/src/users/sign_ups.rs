//! Sign-ups that wait for the link in their mail: the SQL of `sign_ups`.

use super::mailed::mailed_links;
use crate::ids::LinkId;
use jiff::Timestamp;
use platform::db::Columns;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AnyExecutor, FromRow};

mailed_links!("sign_ups");

/// What becomes an account when the link is followed.
#[derive(Debug, Clone)]
pub struct SignUp {
    pub email: String,
    pub name: String,
    pub password_hash: String,
    /// Where the person was going.
    pub next: String,
}

impl FromRow<'_, AnyRow> for SignUp {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            email: row.text("email")?,
            name: row.text("name")?,
            password_hash: row.text("password_hash")?,
            next: row.text("next")?,
        })
    }
}

pub async fn keep(
    connection: &mut AnyConnection,
    id: &LinkId,
    digest: &str,
    sign_up: &SignUp,
    expires_at: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO sign_ups (id, email, name, password_hash, next, digest, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(id.as_str())
    .bind(&sign_up.email)
    .bind(&sign_up.name)
    .bind(&sign_up.password_hash)
    .bind(&sign_up.next)
    .bind(digest)
    .bind(expires_at.as_microsecond())
    .execute(connection)
    .await?;
    Ok(())
}

/// The sign-up whose link has this digest, while it is good.
pub async fn of_link(
    executor: impl AnyExecutor<'_>,
    digest: &str,
    now: Timestamp,
) -> Result<Option<SignUp>, sqlx::Error> {
    sqlx::query_as(
        "SELECT email, name, password_hash, next FROM sign_ups WHERE digest = $1 AND expires_at > $2",
    )
    .bind(digest)
    .bind(now.as_microsecond())
    .fetch_optional(executor)
    .await
}
