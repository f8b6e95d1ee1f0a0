//! Orders that are for somebody else: the SQL of `gifts`. The buyer pays, cancels and gets refunds; the right to download is
//! the recipient's, from the moment that they accept.

use crate::ids::{OrderId, UserId};
use jiff::Timestamp;
use platform::db::Columns;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AnyExecutor, FromRow};

/// Whom a gift is for, as the giver says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addressee {
    /// In lower case, as it is kept.
    pub email: String,
    /// Empty where the giver gave none; so is the message.
    pub name: String,
    pub message: String,
}

/// A gift as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gift {
    pub to: Addressee,
    /// When the recipient was written to last; `None`: it is not paid yet.
    pub sent_at: Option<Timestamp>,
    /// Who has accepted it, and when.
    pub accepted: Option<(UserId, Timestamp)>,
}

impl FromRow<'_, AnyRow> for Gift {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        let recipient = row.optional("recipient_id", Columns::parsed)?;
        let at = row.optional("accepted_at", Columns::time)?;
        Ok(Self {
            to: Addressee {
                email: row.text("email")?,
                name: row.text("name")?,
                message: row.text("message")?,
            },
            sent_at: row.optional("sent_at", Columns::time)?,
            accepted: recipient.zip(at),
        })
    }
}

pub async fn insert(
    connection: &mut AnyConnection,
    order: &OrderId,
    to: &Addressee,
) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO gifts (order_id, email, name, message) VALUES ($1, $2, $3, $4)")
        .bind(order.as_str())
        .bind(&to.email)
        .bind(&to.name)
        .bind(&to.message)
        .execute(connection)
        .await?;
    Ok(())
}

/// `None`: the order is its buyer's own.
pub async fn of_order(executor: impl AnyExecutor<'_>, order: &OrderId) -> Result<Option<Gift>, sqlx::Error> {
    sqlx::query_as(
        "SELECT email, name, message, sent_at, recipient_id, accepted_at FROM gifts WHERE order_id = $1",
    )
    .bind(order.as_str())
    .fetch_optional(executor)
    .await
}

/// The recipient is written to, at this address from now on. Answers `false` where the gift was accepted meanwhile.
pub async fn send_to(
    connection: &mut AnyConnection,
    order: &OrderId,
    email: &str,
    at: Timestamp,
) -> Result<bool, sqlx::Error> {
    let sent =
        sqlx::query("UPDATE gifts SET email = $1, sent_at = $2 WHERE order_id = $3 AND recipient_id IS NULL")
            .bind(email)
            .bind(at.as_microsecond())
            .bind(order.as_str())
            .execute(connection)
            .await?;
    Ok(sent.rows_affected() == 1)
}

/// It is this user's. Answers `false` where somebody has accepted it before.
pub async fn accept(
    connection: &mut AnyConnection,
    order: &OrderId,
    recipient: &UserId,
    at: Timestamp,
) -> Result<bool, sqlx::Error> {
    let accepted = sqlx::query(
        "UPDATE gifts SET recipient_id = $1, accepted_at = $2 WHERE order_id = $3 AND recipient_id IS NULL",
    )
    .bind(recipient.as_str())
    .bind(at.as_microsecond())
    .bind(order.as_str())
    .execute(connection)
    .await?;
    Ok(accepted.rows_affected() == 1)
}
