//! Holds: money that stays in its account but cannot be spent until the hold is captured or released.
//! Each hold is resolved once.

use crate::changes::Changes;
use crate::guard::Guard;
use crate::posting::write;
use crate::rows::wrong;
use crate::{Account, LedgerError, Transaction};
use jiff::Timestamp;
use money::Money;
use platform::db::{Batch, Statement};
use sqlx::AnyExecutor;
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

/// All that hold something now, by name.
pub async fn active_holds<'c>(reader: impl AnyExecutor<'c>) -> Result<Vec<HoldId>, sqlx::Error> {
    let rows: Vec<(String,)> =
        sqlx::query_as("SELECT id FROM ledger_holds WHERE state = 'Active' ORDER BY id")
            .fetch_all(reader)
            .await?;
    rows.into_iter().map(|(id,)| HoldId::new(id).map_err(|error| wrong("id", error))).collect()
}

/// Holds back part of what the account has free.
pub fn place_hold<G: From<Guard>>(batch: &mut Batch<G>, hold: &Hold) {
    let insert = "INSERT INTO ledger_holds (id, account_number, amount, state, placed_at) \
                  VALUES ($1, (SELECT number FROM ledger_accounts WHERE id = $2), $3, 'Active', $4)";
    batch.push(
        Statement::new(insert)
            .bind(hold.id.as_str())
            .bind(hold.account.id())
            .bind(hold.amount.micros())
            .bind(hold.placed_at.as_microsecond()),
    );
    let update = "UPDATE ledger_accounts SET held = held + $1 WHERE id = $2 AND kind = 'Stored' AND balance >= held + $1";
    batch.guard(
        Statement::new(update).bind(hold.amount.micros()).bind(hold.account.id()),
        Guard::Account(hold.account.clone()).into(),
    );
}

/// Ends the hold by the transactions that take the money: at most what was held need be taken, the rest
/// is free again.
pub fn capture<G: From<Guard>>(
    batch: &mut Batch<G>,
    hold: &Hold,
    transactions: &[Transaction],
    at: Timestamp,
) -> Result<(), LedgerError> {
    resolve(batch, hold, "Captured", at);
    write(batch, transactions);
    // Together, so that the holder's account has no other place in the order than anybody's.
    let mut changes = Changes::of(transactions);
    changes.free(&hold.account, hold.amount.micros());
    changes.apply(batch)
}

/// Ends the hold; the money is free again.
pub fn release<G: From<Guard>>(batch: &mut Batch<G>, hold: &Hold, at: Timestamp) -> Result<(), LedgerError> {
    resolve(batch, hold, "Released", at);
    let mut changes = Changes::default();
    changes.free(&hold.account, hold.amount.micros());
    changes.apply(batch)
}

/// Ends the hold once, of just this account and amount.
fn resolve<G: From<Guard>>(batch: &mut Batch<G>, hold: &Hold, state: &'static str, at: Timestamp) {
    let update = "UPDATE ledger_holds SET state = $1, ended_at = $2 \
                  WHERE id = $3 AND state = 'Active' AND amount = $5 \
                  AND account_number = (SELECT number FROM ledger_accounts WHERE id = $4)";
    batch.guard(
        Statement::new(update)
            .bind(state)
            .bind(at.as_microsecond())
            .bind(hold.id.as_str())
            .bind(hold.account.id())
            .bind(hold.amount.micros()),
        Guard::Hold(hold.id.clone()).into(),
    );
}
