//! Second factors and their recovery codes: the SQL of `second_factors` and `recovery_codes`.

use crate::ids::{LinkId, UserId};
use jiff::Timestamp;
use platform::db::Columns;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AnyExecutor, FromRow};

/// What codes are checked against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecondFactor {
    /// What codes are made from follows from it.
    pub id: LinkId,
    pub begun_at: Timestamp,
    /// `None`: no right code was given yet, so none is asked for.
    pub enabled_at: Option<Timestamp>,
    /// Wrong codes since a right one.
    pub wrong: i64,
}

impl FromRow<'_, AnyRow> for SecondFactor {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: row.parsed("id")?,
            begun_at: row.time("begun_at")?,
            enabled_at: row.optional("enabled_at", Columns::time)?,
            wrong: row.integer("wrong")?,
        })
    }
}

/// `None` for who has none, nor is about to.
pub async fn of_user(
    executor: impl AnyExecutor<'_>,
    user: &UserId,
) -> Result<Option<SecondFactor>, sqlx::Error> {
    sqlx::query_as("SELECT id, begun_at, enabled_at, wrong FROM second_factors WHERE user_id = $1")
        .bind(user.as_str())
        .fetch_optional(executor)
        .await
}

/// A new one that no code was given of yet, in place of another such; one that is on stays.
pub async fn begin(
    connection: &mut AnyConnection,
    user: &UserId,
    id: &LinkId,
    at: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO second_factors (user_id, id, begun_at) VALUES ($1, $2, $3) \
         ON CONFLICT (user_id) DO UPDATE SET id = excluded.id, begun_at = excluded.begun_at \
         WHERE second_factors.enabled_at IS NULL",
    )
    .bind(user.as_str())
    .bind(id.as_str())
    .bind(at.as_microsecond())
    .execute(connection)
    .await?;
    Ok(())
}

/// From now on it is asked for; answers `false` where it was so already, or there is another one.
pub async fn turn_on(
    connection: &mut AnyConnection,
    user: &UserId,
    id: &LinkId,
    step: i64,
    at: Timestamp,
) -> Result<bool, sqlx::Error> {
    let changed = sqlx::query(
        "UPDATE second_factors SET enabled_at = $1, last_step = $2 \
         WHERE user_id = $3 AND id = $4 AND enabled_at IS NULL",
    )
    .bind(at.as_microsecond())
    .bind(step)
    .bind(user.as_str())
    .bind(id.as_str())
    .execute(connection)
    .await?;
    Ok(changed.rows_affected() == 1)
}

/// Takes the code of this step: answers `false` where it, or a later one, was taken before.
pub async fn take_step(
    connection: &mut AnyConnection,
    user: &UserId,
    id: &LinkId,
    step: i64,
) -> Result<bool, sqlx::Error> {
    let taken = sqlx::query(
        "UPDATE second_factors SET last_step = $1, wrong = 0 WHERE user_id = $2 AND id = $3 AND last_step < $1",
    )
    .bind(step)
    .bind(user.as_str())
    .bind(id.as_str())
    .execute(connection)
    .await?;
    Ok(taken.rows_affected() == 1)
}

/// Counts a wrong code; answers how many those are since a right one.
pub async fn count_wrong(connection: &mut AnyConnection, user: &UserId) -> Result<i64, sqlx::Error> {
    let statement = "UPDATE second_factors SET wrong = wrong + 1 WHERE user_id = $1 RETURNING wrong";
    let row = sqlx::query(statement).bind(user.as_str()).fetch_optional(connection).await?;
    row.map_or(Ok(0), |row| row.integer("wrong"))
}

/// Forgets the wrong codes.
pub async fn forgive(connection: &mut AnyConnection, user: &UserId) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE second_factors SET wrong = 0 WHERE user_id = $1")
        .bind(user.as_str())
        .execute(connection)
        .await?;
    Ok(())
}

/// Takes a recovery code: answers whether it was there.
pub async fn take_recovery_code(
    connection: &mut AnyConnection,
    user: &UserId,
    digest: &str,
) -> Result<bool, sqlx::Error> {
    let taken = sqlx::query("DELETE FROM recovery_codes WHERE user_id = $1 AND digest = $2")
        .bind(user.as_str())
        .bind(digest)
        .execute(connection)
        .await?;
    Ok(taken.rows_affected() == 1)
}

/// How many recovery codes are left.
pub async fn recovery_codes(executor: impl AnyExecutor<'_>, user: &UserId) -> Result<u32, sqlx::Error> {
    let row = sqlx::query("SELECT COUNT(*) AS codes FROM recovery_codes WHERE user_id = $1")
        .bind(user.as_str())
        .fetch_one(executor)
        .await?;
    Ok(u32::try_from(row.integer("codes")?).unwrap_or_default())
}

/// These and no others are the person's recovery codes.
pub async fn set_recovery_codes(
    connection: &mut AnyConnection,
    user: &UserId,
    digests: &[String],
) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM recovery_codes WHERE user_id = $1")
        .bind(user.as_str())
        .execute(&mut *connection)
        .await?;
    for digest in digests {
        sqlx::query("INSERT INTO recovery_codes (user_id, digest) VALUES ($1, $2)")
            .bind(user.as_str())
            .bind(digest)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// Takes it away, with its recovery codes; answers whether there was one.
pub async fn turn_off(connection: &mut AnyConnection, user: &UserId) -> Result<bool, sqlx::Error> {
    set_recovery_codes(&mut *connection, user, &[]).await?;
    let gone = sqlx::query("DELETE FROM second_factors WHERE user_id = $1").bind(user.as_str());
    Ok(gone.execute(connection).await?.rows_affected() == 1)
}
