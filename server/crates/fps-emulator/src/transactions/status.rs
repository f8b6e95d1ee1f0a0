use crate::callers::Caller;
use crate::transactions::error::ActionError;
use crate::transactions::record::Transaction;
use crate::transactions::settle::unknown;
use crate::transactions::{Engine, find_of_caller};

/// A caller's own transaction as it is now.
pub async fn status(engine: &Engine, caller: &Caller, id: &str) -> Result<Transaction, ActionError> {
    let case = find_of_caller(&engine.db, &caller.access_key, id).await?.ok_or_else(|| unknown(id))?;
    Ok(case.transaction)
}
