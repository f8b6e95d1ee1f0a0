//! The SQL of `merchants`.

use super::Merchant;
use platform::Database;
use sqlx::AnyConnection;

pub async fn by_user(db: &Database, user_id: &str) -> Result<Option<Merchant>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, user_id, name, registration_reference, recipient_token_id, refund_token_id, registered_at, \
             cancelled_at FROM merchants WHERE user_id = $1",
    )
    .bind(user_id)
    .fetch_optional(db.readers())
    .await
}

/// The merchant whose registration the callerReference names.
pub async fn by_registration_reference(
    db: &Database,
    reference: &str,
) -> Result<Option<Merchant>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, user_id, name, registration_reference, recipient_token_id, refund_token_id, registered_at, \
             cancelled_at FROM merchants WHERE registration_reference = $1",
    )
    .bind(reference)
    .fetch_optional(db.readers())
    .await
}

/// Adds the merchant and answers `true`, or `false` when the user is one already.
pub async fn insert(
    connection: &mut AnyConnection,
    merchant: &Merchant,
    created_at: i64,
) -> Result<bool, sqlx::Error> {
    let inserted = sqlx::query(
        "INSERT INTO merchants (id, user_id, name, registration_reference, recipient_token_id, refund_token_id, \
         registered_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
    )
    .bind(&merchant.id)
    .bind(&merchant.user_id)
    .bind(&merchant.name)
    .bind(&merchant.registration_reference)
    .bind(&merchant.recipient_token_id)
    .bind(&merchant.refund_token_id)
    .bind(merchant.registered_at)
    .bind(created_at)
    .execute(connection)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

/// Remembers under which callerReference a registration was begun.
pub async fn begin_registration(
    connection: &mut AnyConnection,
    id: &str,
    reference: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE merchants SET registration_reference = $1 WHERE id = $2 AND registered_at IS NULL")
        .bind(reference)
        .bind(id)
        .execute(connection)
        .await?;
    Ok(())
}

/// Forgets a registration whose recipient or refund token was cancelled at Amazon Payments; answers how
/// many merchants had it. Its reference goes too: the way back from it must not bring it back.
pub async fn forget_registration(
    connection: &mut AnyConnection,
    token_id: &str,
    at: i64,
) -> Result<u64, sqlx::Error> {
    let updated = sqlx::query(
        "UPDATE merchants SET recipient_token_id = NULL, refund_token_id = NULL, registered_at = NULL, \
             registration_reference = NULL, cancelled_at = $1 \
         WHERE recipient_token_id = $2 OR refund_token_id = $2",
    )
    .bind(at)
    .bind(token_id)
    .execute(connection)
    .await?;
    Ok(updated.rows_affected())
}

/// Whether the merchant's items can be bought.
pub async fn is_registered(db: &Database, id: &str) -> Result<bool, sqlx::Error> {
    let row: Option<(i64,)> = sqlx::query_as(
        "SELECT 1 FROM merchants WHERE id = $1 AND recipient_token_id IS NOT NULL AND refund_token_id IS NOT NULL",
    )
    .bind(id)
    .fetch_optional(db.readers())
    .await?;
    Ok(row.is_some())
}

/// Keeps the tokens of the Recipient pipeline; answers `false` when the merchant is registered already.
pub async fn complete_registration(
    connection: &mut AnyConnection,
    id: &str,
    recipient_token_id: &str,
    refund_token_id: &str,
    at: i64,
) -> Result<bool, sqlx::Error> {
    let updated = sqlx::query(
        "UPDATE merchants SET recipient_token_id = $1, refund_token_id = $2, registered_at = $3, \
             cancelled_at = NULL WHERE id = $4 AND registered_at IS NULL",
    )
    .bind(recipient_token_id)
    .bind(refund_token_id)
    .bind(at)
    .bind(id)
    .execute(connection)
    .await?;
    Ok(updated.rows_affected() == 1)
}

pub async fn id_of_user(connection: &mut AnyConnection, user_id: &str) -> Result<String, sqlx::Error> {
    let (id,): (String,) = sqlx::query_as("SELECT id FROM merchants WHERE user_id = $1")
        .bind(user_id)
        .fetch_one(connection)
        .await?;
    Ok(id)
}
