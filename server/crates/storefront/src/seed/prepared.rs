//! The demo data as it was made once: which tables it has.

use jiff::Timestamp;
use platform::Database;
use platform::db::{Prepared, PreparedError, PreparedTable};

/// In an order in which each row is there before another refers to it.
const TABLES: &[PreparedTable] = &[
    PreparedTable { blank: &["password_hash"], ..PreparedTable::new("users", &["created_at"]) },
    PreparedTable::new("merchants", &["registered_at", "cancelled_at", "created_at"]),
    PreparedTable::new("merchant_names", &[]),
    PreparedTable { without: &["items"], ..PreparedTable::new("categories", &[]) },
    PreparedTable::new("items", &["created_at"]),
    PreparedTable::new("orders", &["shipped_at", "check_at", "compare_at", "created_at", "updated_at"]),
    PreparedTable::new("order_attempts", &[]),
    PreparedTable::new("order_events", &["at"]),
    PreparedTable::new("order_refunds", &["at"]),
    PreparedTable::new("refund_requests", &["at"]),
    PreparedTable::new("download_grants", &["granted_at", "revoked_at"]),
    PreparedTable::new("merchant_notices", &["at", "read_at"]),
];

/// Those that are left out: what triggers count and index, what is of the moment, and what Amazon signed with a key of
/// the making.
#[cfg(test)]
const LEFT_OUT: &[&str] = &[
    "sessions",
    "catalogue_generation",
    "order_totals",
    "merchant_totals",
    "item_totals",
    "item_days",
    "item_search",
    "item_numbers",
    "received_notifications",
    "order_differences",
];

/// All that a shop on SQLite has, as demo data of the moment `now`.
pub async fn prepare(db: &Database, now: Timestamp) -> Result<Vec<u8>, PreparedError> {
    Prepared::of(db, TABLES, now).await?.pack()
}
