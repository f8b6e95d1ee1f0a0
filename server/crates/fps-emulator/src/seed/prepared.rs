//! The demo data as it was made once: which tables it has.

use jiff::Timestamp;
use platform::Database;
use platform::db::{Prepared, PreparedError, PreparedTable};

/// In an order in which each row is there before another refers to it.
const TABLES: &[PreparedTable] = &[
    PreparedTable { blank: &["password_hash"], ..PreparedTable::new("accounts", &["created_at"]) },
    PreparedTable { blank: &["secret", "ipn_url"], ..PreparedTable::new("callers", &["created_at"]) },
    PreparedTable::new("caller_names", &[]),
    PreparedTable::new("instruments", &["created_at"]),
    PreparedTable::new("tokens", &["used_at", "valid_from", "expires_at", "created_at"]),
    PreparedTable::new("token_limits", &["window_start"]),
    PreparedTable::new("addresses", &["created_at"]),
    PreparedTable::new("ledger_accounts", &[]),
    PreparedTable::new("ledger_names", &[]),
    PreparedTable::new("ledger_transactions", &["posted_at"]),
    PreparedTable::new("ledger_postings", &[]),
    PreparedTable::new("ledger_movements", &["posted_at"]),
    PreparedTable::new("ledger_holds", &["placed_at", "ended_at"]),
    PreparedTable::new("transactions", &["process_at", "expires_at", "received_at", "completed_at"]),
    PreparedTable::new("transaction_history", &["at"]),
    PreparedTable::new("refund_requests", &["created_at"]),
    PreparedTable::new("idempotency", &["created_at"]),
];

/// All that an Amazon Payments on SQLite has, as demo data of the moment `now`.
pub async fn prepare(db: &Database, now: Timestamp) -> Result<Vec<u8>, PreparedError> {
    Prepared::of(db, TABLES, now).await?.pack()
}
