//! What is in a prepaid balance or owed, and what is on its way to it.

use crate::domain::instruments;
use crate::domain::ledger_accounts;
use crate::domain::stored_value::rules;
use crate::domain::transactions::sums;
use fps_protocol::ids::InstrumentId;
use ledger::Balance;
use money::Money;
use platform::Database;
use sqlx::AnyConnection;

/// Of one of an instrument's accounts.
pub async fn balance(db: &Database, account: &ledger::Account) -> Result<Balance, sqlx::Error> {
    let found = ledger::balance(db.readers(), account).await?;
    Ok(found.unwrap_or(Balance { account: account.clone(), total: Money::ZERO, held: Money::ZERO }))
}

/// Whether the balance of this instrument can take so much, asked in the database transaction that fills
/// it. Whoever else fills the same balance waits at the instrument's row for the end of this one.
pub async fn has_room(c: &mut AnyConnection, id: &InstrumentId, amount: Money) -> Result<bool, sqlx::Error> {
    instruments::lock(c, id).await?;
    let held = ledger::balance(&mut *c, &ledger_accounts::prepaid(id)).await?;
    let held = held.map_or(Money::ZERO, |balance| balance.total);
    let pending = sums::pending_funding(c, id).await?;
    Ok(rules::check_room(held, pending, amount).is_ok())
}
