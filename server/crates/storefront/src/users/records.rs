//! The SQL of `users`.

use super::User;
use platform::Database;
use sqlx::AnyConnection;

#[derive(sqlx::FromRow)]
struct UserRow {
    id: String,
    email: String,
    name: String,
    password_hash: String,
    operator: i64,
}

impl UserRow {
    fn into_user(self) -> User {
        User { id: self.id, email: self.email, name: self.name, operator: self.operator != 0 }
    }
}

/// A user with all that is kept of them.
#[derive(Debug, Clone)]
pub struct NewUser {
    pub user: User,
    pub password_hash: String,
    pub created_at: i64,
}

/// A user as every page's head shows them.
#[derive(Debug, Clone)]
pub struct SignedInUser {
    pub user: User,
    pub merchant: bool,
    /// Unread merchant notices.
    pub unread: u32,
}

#[derive(sqlx::FromRow)]
struct SignedInRow {
    email: String,
    name: String,
    operator: i64,
    merchants: i64,
    unread: i64,
}

/// One statement, because it runs for every page that a signed-in person opens.
pub async fn signed_in(db: &Database, id: &str) -> Result<Option<SignedInUser>, sqlx::Error> {
    let row: Option<SignedInRow> = sqlx::query_as(
        "SELECT u.email, u.name, u.operator, COUNT(m.id) AS merchants, COUNT(n.id) AS unread FROM users u \
         LEFT JOIN merchants m ON m.user_id = u.id \
         LEFT JOIN merchant_notices n ON n.merchant_id = m.id AND n.read_at IS NULL \
         WHERE u.id = $1 GROUP BY u.email, u.name, u.operator",
    )
    .bind(id)
    .fetch_optional(db.readers())
    .await?;
    Ok(row.map(|row| SignedInUser {
        user: User { id: id.to_owned(), email: row.email, name: row.name, operator: row.operator != 0 },
        merchant: row.merchants > 0,
        unread: u32::try_from(row.unread).unwrap_or(u32::MAX),
    }))
}

/// The user of this address (in lower case), and the hash of the password.
pub async fn by_email(db: &Database, email: &str) -> Result<Option<(User, String)>, sqlx::Error> {
    let row: Option<UserRow> =
        sqlx::query_as("SELECT id, email, name, password_hash, operator FROM users WHERE email = $1")
            .bind(email)
            .fetch_optional(db.readers())
            .await?;
    Ok(row.map(|mut row| {
        let hash = std::mem::take(&mut row.password_hash);
        (row.into_user(), hash)
    }))
}

pub async fn any(db: &Database) -> Result<bool, sqlx::Error> {
    let found: Option<(i64,)> =
        sqlx::query_as("SELECT 1 FROM users LIMIT 1").fetch_optional(db.readers()).await?;
    Ok(found.is_some())
}

/// Adds the user and answers `true`, or `false` when the address is taken.
pub async fn insert(connection: &mut AnyConnection, new: &NewUser) -> Result<bool, sqlx::Error> {
    let inserted = sqlx::query(
        "INSERT INTO users (id, email, name, password_hash, operator, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
    )
    .bind(&new.user.id)
    .bind(&new.user.email)
    .bind(&new.user.name)
    .bind(&new.password_hash)
    .bind(i64::from(new.user.operator))
    .bind(new.created_at)
    .execute(connection)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

pub async fn id_of_email(connection: &mut AnyConnection, email: &str) -> Result<String, sqlx::Error> {
    let (id,): (String,) =
        sqlx::query_as("SELECT id FROM users WHERE email = $1").bind(email).fetch_one(connection).await?;
    Ok(id)
}
