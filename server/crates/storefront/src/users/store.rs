//! The SQL of `users`.

use super::{Hold, User, hold_statements};
use crate::ids::UserId;
use jiff::Timestamp;
use platform::Database;
use platform::db::Columns;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AnyExecutor, FromRow};

/// The name of somebody who has deleted their account, for all who see what stays of it.
pub const DELETED: &str = "Deleted account";

/// Users with `$more` columns beside theirs, and what follows in the statement.
macro_rules! select_users {
    ($more:expr, $rest:expr) => {
        concat!(
            "SELECT u.id, COALESCE(u.guest_email, u.email) AS email, u.name, u.operator",
            $more,
            " FROM users u ",
            $rest
        )
    };
}
pub(crate) use select_users;

/// The user whose id is `$id`, as `u` beside the rows of another table.
macro_rules! join_user {
    ($id:literal) => {
        concat!("JOIN users u ON u.id = ", $id, " ")
    };
}
pub(crate) use join_user;

/// The user whose id is `$id`, as `u`, and nothing else.
macro_rules! from_user {
    ($id:literal) => {
        concat!("FROM users u WHERE u.id = ", $id)
    };
}
pub(crate) use from_user;

impl FromRow<'_, AnyRow> for User {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: row.parsed("id")?,
            email: row.text("email")?,
            name: row.text("name")?,
            operator: row.flag("operator")?,
        })
    }
}

/// A user with all that is kept of them.
#[derive(Debug, Clone)]
pub struct NewUser {
    pub user: User,
    pub password_hash: String,
    pub created_at: Timestamp,
}

/// What a sign-in is checked against.
#[derive(Debug)]
pub struct Credentials {
    pub user: User,
    pub password_hash: String,
    /// The operator closed the account.
    pub closed: bool,
}

impl FromRow<'_, AnyRow> for Credentials {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            user: User::from_row(row)?,
            password_hash: row.text("password_hash")?,
            closed: row.optional("held_at", Columns::time)?.is_some(),
        })
    }
}

/// The user of this address (in lower case), with the hash of the password; `None` where there is none.
pub async fn by_email(db: &Database, email: &str) -> Result<Option<Credentials>, sqlx::Error> {
    sqlx::query_as(select_users!(
        ", u.password_hash, u.held_at",
        "WHERE u.email = $1 AND u.guest_email IS NULL AND u.deleted_at IS NULL"
    ))
    .bind(email)
    .fetch_optional(db.readers())
    .await
}

/// The same by the user's id.
pub async fn with_password(db: &Database, id: &UserId) -> Result<Option<Credentials>, sqlx::Error> {
    sqlx::query_as(select_users!(", u.password_hash, u.held_at", "WHERE u.id = $1 AND u.deleted_at IS NULL"))
        .bind(id.as_str())
        .fetch_optional(db.readers())
        .await
}

/// Whether anybody has an account.
pub async fn any(db: &Database) -> Result<bool, sqlx::Error> {
    Ok(sqlx::query("SELECT 1 FROM users LIMIT 1").fetch_optional(db.readers()).await?.is_some())
}

/// Adds the user and answers `true`, or `false` when the address is taken.
pub async fn insert(connection: &mut AnyConnection, new: &NewUser) -> Result<bool, sqlx::Error> {
    let inserted = sqlx::query(
        "INSERT INTO users (id, email, name, password_hash, operator, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
    )
    .bind(new.user.id.as_str())
    .bind(&new.user.email)
    .bind(&new.user.name)
    .bind(&new.password_hash)
    .bind(i64::from(new.user.operator))
    .bind(new.created_at.as_microsecond())
    .execute(&mut *connection)
    .await?;
    let is_new = inserted.rows_affected() == 1;
    if is_new {
        find_by(&mut *connection, &new.user.id, &new.user.email).await?;
        find_by(connection, &new.user.id, &new.user.name).await?;
    }
    Ok(is_new)
}

/// Lets the user be found by this text, and by each of its words.
pub async fn find_by(connection: &mut AnyConnection, id: &UserId, text: &str) -> Result<(), sqlx::Error> {
    let text = text.to_lowercase();
    for word in text.split_whitespace().chain([text.as_str()]) {
        sqlx::query("INSERT INTO user_words (word, user_id) VALUES ($1, $2) ON CONFLICT DO NOTHING")
            .bind(word)
            .bind(id.as_str())
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// By its address and name of now, and nothing else: whoever has a shop is to be found by its name again.
async fn find_anew(connection: &mut AnyConnection, id: &UserId) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM user_words WHERE user_id = $1")
        .bind(id.as_str())
        .execute(&mut *connection)
        .await?;
    let user = by_id(&mut *connection, id).await?.ok_or(sqlx::Error::RowNotFound)?;
    find_by(&mut *connection, id, &user.email).await?;
    find_by(connection, id, &user.name).await
}

/// Gives the user another name.
pub async fn set_name(connection: &mut AnyConnection, id: &UserId, name: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE users SET name = $1 WHERE id = $2")
        .bind(name)
        .bind(id.as_str())
        .execute(&mut *connection)
        .await?;
    find_anew(connection, id).await
}

/// Gives the user another address, which nobody has.
pub async fn set_email(connection: &mut AnyConnection, id: &UserId, email: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE users SET email = $1 WHERE id = $2")
        .bind(email)
        .bind(id.as_str())
        .execute(&mut *connection)
        .await?;
    find_anew(connection, id).await
}

/// Up to `limit` users whose address, name, or a word of it begins like this, in any case.
pub async fn found_by(db: &Database, beginning: &str, limit: i64) -> Result<Vec<UserId>, sqlx::Error> {
    let beginning = beginning.to_lowercase();
    let rows = sqlx::query(
        "SELECT DISTINCT user_id FROM (SELECT user_id FROM user_words WHERE word >= $1 AND word < $2 LIMIT $3) w",
    )
    .bind(&beginning)
    .bind(format!("{beginning}\u{10ffff}"))
    .bind(limit)
    .fetch_all(db.readers())
    .await?;
    rows.iter().map(|row| row.parsed("user_id")).collect()
}

/// `None` where there is no such user.
pub async fn by_id(executor: impl AnyExecutor<'_>, id: &UserId) -> Result<Option<User>, sqlx::Error> {
    sqlx::query_as(select_users!("", "WHERE u.id = $1")).bind(id.as_str()).fetch_optional(executor).await
}

/// Closes the account, or opens it again; answers `false` where it is so already.
pub async fn set_hold(
    connection: &mut AnyConnection,
    id: &UserId,
    hold: Option<&Hold>,
) -> Result<bool, sqlx::Error> {
    Hold::set(connection, hold_statements!("users"), id.as_str(), hold).await
}

/// Gives the user another password's hash; answers `false` when the one that there is was not the old one any more.
pub async fn change_password(
    connection: &mut AnyConnection,
    id: &UserId,
    old_hash: &str,
    new_hash: &str,
) -> Result<bool, sqlx::Error> {
    let changed = sqlx::query("UPDATE users SET password_hash = $1 WHERE id = $2 AND password_hash = $3")
        .bind(new_hash)
        .bind(id.as_str())
        .bind(old_hash)
        .execute(connection)
        .await?;
    Ok(changed.rows_affected() == 1)
}

/// Gives the user another password's hash, whatever there was.
pub async fn set_password(
    connection: &mut AnyConnection,
    id: &UserId,
    hash: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE users SET password_hash = $1 WHERE id = $2")
        .bind(hash)
        .bind(id.as_str())
        .execute(connection)
        .await?;
    Ok(())
}

/// Gives a password to all who have none: those of the demo data.
pub async fn set_missing_passwords(connection: &mut AnyConnection, hash: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE users SET password_hash = $1 WHERE password_hash = '' AND deleted_at IS NULL")
        .bind(hash)
        .execute(connection)
        .await?;
    Ok(())
}

/// The id of the user of this address; `None` where there is none.
pub async fn find_id(connection: &mut AnyConnection, email: &str) -> Result<Option<UserId>, sqlx::Error> {
    let row = sqlx::query("SELECT id FROM users WHERE email = $1").bind(email).fetch_optional(connection);
    row.await?.map(|row| row.parsed("id")).transpose()
}

/// The id of the user of this address, who must be there.
pub async fn id_of_email(connection: &mut AnyConnection, email: &str) -> Result<UserId, sqlx::Error> {
    sqlx::query("SELECT id FROM users WHERE email = $1").bind(email).fetch_one(connection).await?.parsed("id")
}

/// Lets one transaction after the other do what it does for this user: holds until the transaction ends. Answers `false`
/// for somebody who has deleted the account.
pub async fn lock(connection: &mut AnyConnection, id: &UserId) -> Result<bool, sqlx::Error> {
    // The write takes the row's lock on PostgreSQL; SQLite has only one writer anyway.
    let locked = sqlx::query("UPDATE users SET name = name WHERE id = $1 AND deleted_at IS NULL");
    Ok(locked.bind(id.as_str()).execute(connection).await?.rows_affected() == 1)
}

/// Whether somebody else is an operator who can sign in. Two of them who ask at once do so one after the other.
pub async fn is_another_operator(connection: &mut AnyConnection, id: &UserId) -> Result<bool, sqlx::Error> {
    sqlx::query("UPDATE users SET name = name WHERE operator = 1").execute(&mut *connection).await?;
    let others =
        sqlx::query("SELECT 1 FROM users WHERE operator = 1 AND held_at IS NULL AND id <> $1 LIMIT 1");
    Ok(others.bind(id.as_str()).fetch_optional(connection).await?.is_some())
}

/// Takes from the row whose it was: nobody signs in with it or is found by it, and the address is free. In its place stands
/// the id, which is no address.
pub async fn forget(connection: &mut AnyConnection, id: &UserId, at: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM user_words WHERE user_id = $1")
        .bind(id.as_str())
        .execute(&mut *connection)
        .await?;
    sqlx::query(
        "UPDATE users SET email = id, name = $1, password_hash = '', operator = 0, deleted_at = $2 WHERE id = $3",
    )
    .bind(DELETED)
    .bind(at.as_microsecond())
    .bind(id.as_str())
    .execute(&mut *connection)
    .await?;
    // What they bought without an account, before it was theirs.
    sqlx::query("UPDATE users SET guest_email = email, name = $1, deleted_at = $2 WHERE claimed_by = $3")
        .bind(DELETED)
        .bind(at.as_microsecond())
        .bind(id.as_str())
        .execute(&mut *connection)
        .await?;
    Ok(())
}
