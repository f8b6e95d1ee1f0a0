//! Holds: money that stays in its account but cannot be spent until the hold is captured or released.
//! Each hold is resolved once.

use crate::changes::Changes;
use crate::posting::{why_unchanged, write};
use crate::{Account, LedgerError, Transaction};
use jiff::Timestamp;
use money::Money;
use sqlx::AnyConnection;
use text_types::id;

id!(
    /// Names a hold; whoever places it chooses the name.
    pub HoldId,
    |text| !text.is_empty()
);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    pub id: HoldId,
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
    .bind(hold.id.as_str())
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

/// Ends the hold by the transactions that take the money: at most what was held need be taken, the rest
/// is free again.
pub async fn capture(
    c: &mut AnyConnection,
    id: &HoldId,
    transactions: &[Transaction],
    at: Timestamp,
) -> Result<(), LedgerError> {
    let (account, amount) = resolve(c, id, "Captured", at).await?;
    write(c, transactions).await?;
    // Together, so that the holder's account has no other place in the order than anybody's.
    let mut changes = Changes::of(transactions);
    changes.free(&account, amount);
    changes.apply(c).await
}

/// Ends the hold; the money is free again.
pub async fn release(c: &mut AnyConnection, id: &HoldId, at: Timestamp) -> Result<(), LedgerError> {
    let (account, amount) = resolve(c, id, "Released", at).await?;
    let mut changes = Changes::default();
    changes.free(&account, amount);
    changes.apply(c).await
}

/// Ends the hold once; returns what was held, of which account.
async fn resolve(
    c: &mut AnyConnection,
    id: &HoldId,
    state: &'static str,
    at: Timestamp,
) -> Result<(Account, i64), LedgerError> {
    let resolved: Option<(String, i64)> = sqlx::query_as(
        "UPDATE ledger_holds SET state = $1, ended_at = $2 WHERE id = $3 AND state = 'Active' \
         RETURNING account_id, amount",
    )
    .bind(state)
    .bind(at.as_microsecond())
    .bind(id.as_str())
    .fetch_optional(&mut *c)
    .await?;
    match resolved {
        Some((account_id, amount)) => Ok((Account::stored(account_id), amount)),
        None => Err(why_unresolved(c, id).await?),
    }
}

async fn why_unresolved(c: &mut AnyConnection, id: &HoldId) -> Result<LedgerError, sqlx::Error> {
    let found: Option<(String,)> = sqlx::query_as("SELECT state FROM ledger_holds WHERE id = $1")
        .bind(id.as_str())
        .fetch_optional(c)
        .await?;
    let id = id.clone();
    Ok(match found {
        Some(_) => LedgerError::HoldAlreadyResolved { id },
        None => LedgerError::UnknownHold { id },
    })
}
