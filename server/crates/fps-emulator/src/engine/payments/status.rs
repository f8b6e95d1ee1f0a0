use crate::domain::callers::Caller;
use crate::domain::transactions::{Transaction, find_of_caller};
use crate::engine::Engine;
use crate::engine::error::ActionError;
use crate::engine::payments::settle::unknown;
use fps_protocol::ids::TransactionId;

/// A caller's own transaction as it is now.
pub async fn status(
    engine: &Engine,
    caller: &Caller,
    id: &TransactionId,
) -> Result<Transaction, ActionError> {
    let transaction = find_of_caller(&engine.db, &caller.access_key, id).await?;
    Ok(transaction.ok_or_else(|| unknown(id))?)
}
