//! What is in a prepaid balance or owed, and what is on its way to it.

use crate::domain::instruments;
use crate::domain::ledger_accounts;
use crate::domain::stored_value::rules;
use crate::domain::transactions::sums;
use fps_protocol::ids::InstrumentId;
use money::Money;
use sqlx::AnyConnection;

/// Whether the balance of this instrument can take so much, asked in the database transaction that fills
/// it. Whoever else fills the same balance waits at the instrument's row for the end of this one.
pub async fn has_room(c: &mut AnyConnection, id: &InstrumentId, amount: Money) -> Result<bool, sqlx::Error> {
    instruments::lock(c, id).await?;
    let held = ledger_accounts::balance(&mut *c, ledger_accounts::prepaid(id)).await?.total;
    let pending = sums::pending_funding(c, id).await?;
    Ok(rules::check_room(held, pending, amount).is_ok())
}
