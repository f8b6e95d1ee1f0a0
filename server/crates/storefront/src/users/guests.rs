//! People who buy without an account: users who cannot sign in, until somebody claims what they bought. The SQL of what is
//! theirs alone in `users`.

use super::User;
use super::store::{find_by, select_users};
use crate::ids::UserId;
use jiff::Timestamp;
use platform::Database;
use sqlx::{AnyConnection, AnyExecutor};

/// How many of an address are looked at.
const MOST: i64 = 20;

/// What stands in the place of an account's address: no address is like it.
fn no_address(id: &UserId) -> String {
    format!("guest:{id}")
}

/// `user.email` is where they are written to; it is nobody's account.
pub async fn insert(connection: &mut AnyConnection, user: &User, at: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO users (id, email, name, password_hash, operator, created_at, guest_email) \
         VALUES ($1, $2, $3, 'none', 0, $4, $5)",
    )
    .bind(user.id.as_str())
    .bind(no_address(&user.id))
    .bind(&user.name)
    .bind(at.as_microsecond())
    .bind(&user.email)
    .execute(&mut *connection)
    .await?;
    find_by(connection, &user.id, &user.email).await
}

/// The guest, unless what they bought was claimed or the operator closed the door on them.
pub async fn find(executor: impl AnyExecutor<'_>, id: &UserId) -> Result<Option<User>, sqlx::Error> {
    sqlx::query_as(select_users!(
        "",
        "WHERE u.id = $1 AND u.guest_email IS NOT NULL AND u.claimed_by IS NULL AND u.held_at IS NULL"
    ))
    .bind(id.as_str())
    .fetch_optional(executor)
    .await
}

/// Those of the address, in lower case, whose purchases nobody has claimed.
pub async fn of_address(db: &Database, email: &str) -> Result<Vec<User>, sqlx::Error> {
    sqlx::query_as(select_users!(
        "",
        "WHERE u.guest_email = $1 AND u.claimed_by IS NULL AND u.held_at IS NULL ORDER BY u.created_at LIMIT $2"
    ))
    .bind(email)
    .bind(MOST)
    .fetch_all(db.readers())
    .await
}

/// What the guest bought is this user's now. Answers `false` where somebody was faster.
pub async fn claim(
    connection: &mut AnyConnection,
    guest: &UserId,
    by: &UserId,
    at: Timestamp,
) -> Result<bool, sqlx::Error> {
    let claimed = sqlx::query(
        "UPDATE users SET claimed_by = $1, claimed_at = $2 WHERE id = $3 AND guest_email IS NOT NULL \
         AND claimed_by IS NULL AND held_at IS NULL",
    )
    .bind(by.as_str())
    .bind(at.as_microsecond())
    .bind(guest.as_str())
    .execute(connection)
    .await?;
    Ok(claimed.rows_affected() == 1)
}
