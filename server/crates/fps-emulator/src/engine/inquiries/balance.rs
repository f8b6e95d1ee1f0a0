//! What an account has and what is on its way.

use crate::domain::accounts;
use crate::domain::callers::Caller;
use crate::domain::transactions::sums;
use crate::engine::{ActionError, Engine};
use fps_protocol::responses::AccountBalanceResult;

/// The balance of the caller's account. What is held for reserves, and the fees of pending payments, are
/// on their way out; pending payments are on their way in.
pub async fn account_balance(engine: &Engine, caller: &Caller) -> Result<AccountBalanceResult, ActionError> {
    let balance = accounts::balance(&engine.db, &caller.account_id).await?;
    let pending = sums::pending(&engine.db, &caller.account_id).await?;
    Ok(AccountBalanceResult {
        total: balance.total,
        pending_in: pending.into_account,
        pending_out: balance.held.add(pending.out_of_account)?,
        disburse: balance.available(),
        refund: balance.available(),
    })
}
