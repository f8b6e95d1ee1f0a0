use crate::domain::callers::Caller;
use crate::domain::transactions::find_of_caller;
use crate::domain::transactions::record::Transaction;
use crate::engine::Engine;
use crate::engine::error::ActionError;
use crate::engine::payments::settle::unknown;

/// A caller's own transaction as it is now.
pub async fn status(engine: &Engine, caller: &Caller, id: &str) -> Result<Transaction, ActionError> {
    let case = find_of_caller(&engine.db, &caller.access_key, id).await?.ok_or_else(|| unknown(id))?;
    Ok(case.transaction)
}
