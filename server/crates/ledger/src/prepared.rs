//! What of the books is kept in demo data.

use platform::db::PreparedTable;

/// The tables of the books, in an order in which each row is there before another refers to it.
pub const PREPARED: [PreparedTable; 6] = [
    PreparedTable::new("ledger_accounts", &[]),
    PreparedTable::new("ledger_names", &[]),
    PreparedTable::new("ledger_transactions", &["posted_at"]),
    PreparedTable::new("ledger_postings", &[]),
    PreparedTable::new("ledger_movements", &["posted_at"]),
    PreparedTable::new("ledger_holds", &["placed_at", "ended_at"]),
];
