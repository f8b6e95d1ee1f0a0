//! What the operator holds: a user's account, a seller's shop, an item.

use jiff::Timestamp;
use platform::db::Columns;
use sqlx::any::AnyRow;

/// Since when, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    pub at: Timestamp,
    pub reason: String,
}

impl Hold {
    /// From the columns `held_at` and `held_reason`; `None` where nothing is held.
    pub fn from_row(row: &AnyRow) -> Result<Option<Self>, sqlx::Error> {
        let Some(at) = row.optional("held_at", Columns::time)? else { return Ok(None) };
        Ok(Some(Self { at, reason: row.text("held_reason")? }))
    }
}
