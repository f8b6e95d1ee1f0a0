//! The SQL of `audit_log`: adding to it.

use super::{Entry, Who};
use sqlx::AnyConnection;

/// Writes it down, in the transaction of what was done: there is no deed without its line, and no line without its deed.
pub async fn record(connection: &mut AnyConnection, entry: &Entry) -> Result<(), sqlx::Error> {
    let (actor_id, actor) = match &entry.who {
        Who::Person { id, name } => (Some(id.as_str()), name.as_str()),
        Who::Shop => (None, "The shop"),
    };
    sqlx::query(
        "INSERT INTO audit_log (id, at, actor_id, actor, deed, kind, subject_id, subject, subject_look, old_value, \
         new_value, reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(entry.id.as_str())
    .bind(entry.at.as_microsecond())
    .bind(actor_id)
    .bind(actor)
    .bind(entry.deed.as_str())
    .bind(entry.subject.kind.as_str())
    .bind(&entry.subject.id)
    .bind(&entry.subject.title)
    .bind(entry.subject.title.to_lowercase())
    .bind(&entry.old)
    .bind(&entry.new)
    .bind(&entry.reason)
    .execute(connection)
    .await?;
    Ok(())
}
