//! Holds: money that stays in its account but cannot be spent until the hold is captured or released.
//! Each hold is resolved once.

use crate::posting::why_unchanged;
use crate::{Account, LedgerError, Transaction, post};
use jiff::Timestamp;
use money::Money;
use sqlx::AnyConnection;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    pub id: String,
    /// A stored account.
    pub account: Account,
    /// More than zero.
    pub amount: Money,
    pub placed_at: Timestamp,
}

/// Holds back part of what the account has free.
pub async fn place_hold(c: &mut AnyConnection, hold: &Hold) -> Result<(), LedgerError> {
    sqlx::query(
        "INSERT INTO ledger_holds (id, account_id, amount, state, placed_at) VALUES ($1, $2, $3, 'Active', $4)",
    )
    .bind(&hold.id)
    .bind(hold.account.id())
    .bind(hold.amount.micros())
    .bind(hold.placed_at.as_microsecond())
    .execute(&mut *c)
    .await?;
    let changed = sqlx::query(
        "UPDATE ledger_accounts SET held = held + $1 WHERE id = $2 AND kind = 'Stored' AND balance >= held + $1",
    )
    .bind(hold.amount.micros())
    .bind(hold.account.id())
    .execute(&mut *c)
    .await?;
    if changed.rows_affected() == 1 { Ok(()) } else { Err(why_unchanged(c, &hold.account).await?) }
}

/// Ends the hold by the transaction that takes the money: at most what was held need be taken, the rest
/// is free again.
pub async fn capture(c: &mut AnyConnection, id: &str, transaction: &Transaction) -> Result<(), LedgerError> {
    resolve(c, id, "Captured", transaction.posted_at()).await?;
    post(c, transaction).await
}

/// Ends the hold; the money is free again.
pub async fn release(c: &mut AnyConnection, id: &str, at: Timestamp) -> Result<(), LedgerError> {
    resolve(c, id, "Released", at).await
}

async fn resolve(
    c: &mut AnyConnection,
    id: &str,
    state: &'static str,
    at: Timestamp,
) -> Result<(), LedgerError> {
    let resolved: Option<(String, i64)> = sqlx::query_as(
        "UPDATE ledger_holds SET state = $1, ended_at = $2 WHERE id = $3 AND state = 'Active' \
         RETURNING account_id, amount",
    )
    .bind(state)
    .bind(at.as_microsecond())
    .bind(id)
    .fetch_optional(&mut *c)
    .await?;
    let Some((account_id, amount)) = resolved else {
        return Err(why_unresolved(c, id).await?);
    };
    sqlx::query("UPDATE ledger_accounts SET held = held - $1 WHERE id = $2")
        .bind(amount)
        .bind(account_id)
        .execute(c)
        .await?;
    Ok(())
}

async fn why_unresolved(c: &mut AnyConnection, id: &str) -> Result<LedgerError, sqlx::Error> {
    let found: Option<(String,)> =
        sqlx::query_as("SELECT state FROM ledger_holds WHERE id = $1").bind(id).fetch_optional(c).await?;
    let id = id.to_owned();
    Ok(match found {
        Some(_) => LedgerError::HoldAlreadyResolved { id },
        None => LedgerError::UnknownHold { id },
    })
}
