//! The demo data as it was made once: which tables it has.

use super::SeedError;
use crate::domain::instruments::{self, simulated};
use jiff::Timestamp;
use platform::Database;
use platform::db::{Backend, Prepared, PreparedError, PreparedTable};
use sqlx::AnyConnection;

const PREPARED: &[u8] = include_bytes!("../../seed/payments.json.gz");

/// In an order in which each row is there before another refers to it.
const TABLES: &[PreparedTable] = &[
    PreparedTable { blank: &["password_hash"], ..PreparedTable::new("accounts", &["created_at"]) },
    PreparedTable { blank: &["secret", "ipn_url"], ..PreparedTable::new("callers", &["created_at"]) },
    PreparedTable::new("caller_names", &[]),
    PreparedTable::new("instruments", &["created_at"]),
    PreparedTable::new("tokens", &["used_at", "valid_from", "expires_at", "created_at"]),
    PreparedTable::new("token_limits", &["window_start"]),
    PreparedTable::new("addresses", &["created_at"]),
    PreparedTable::new("transactions", &["process_at", "expires_at", "received_at", "completed_at"]),
    PreparedTable::new("transaction_history", &["at"]),
    PreparedTable::new("refund_requests", &["created_at"]),
    PreparedTable::new("idempotency", &["created_at"]),
    PreparedTable::new("mails", &["at"]),
    PreparedTable::new("mailboxes", &["read_at"]),
    PreparedTable::new("mails_read", &["at"]),
];

/// Those that are left out: keys, sessions, addresses that follow the configuration, ways through the Co-Branded UI that
/// are over, and notifications, which were delivered and are signed with a key of the making.
#[cfg(test)]
const LEFT_OUT: &[&str] = &[
    "settings",
    "sessions",
    "caller_sites",
    "authorizations",
    "notifications",
    "notification_attempts",
    "notification_senders",
    "certificate_addresses",
    "retired_certificates",
];

fn tables() -> impl Iterator<Item = PreparedTable> {
    ledger::PREPARED.into_iter().chain(TABLES.iter().copied())
}

/// All that an Amazon Payments on SQLite has, as demo data of the moment `now`.
pub async fn prepare(db: &Database, now: Timestamp) -> Result<Vec<u8>, PreparedError> {
    Prepared::of(db, &tables().collect::<Vec<_>>(), now).await?.pack()
}

/// Puts the demo data into an empty database, as of the moment `now`. Secrets and addresses are still missing.
pub async fn load(connection: &mut AnyConnection, backend: Backend, now: Timestamp) -> Result<(), SeedError> {
    Prepared::unpack(PREPARED)?.load(&mut *connection, backend, now).await?;
    // A card's last month is words, and does not move along with the clock.
    Ok(instruments::renew_cards(connection, &simulated::good_until(now)).await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[tokio::test]
    async fn no_table_is_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("payments.db").display());
        let db = Database::open(&url).await.unwrap();
        db.migrate(&crate::MIGRATIONS).await.unwrap();
        let there = sqlx::query_scalar(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!' \
             AND name <> '_sqlx_migrations'",
        );
        let there: Vec<String> = there.fetch_all(db.readers()).await.unwrap();
        let kept = tables().map(|table| table.name);
        let named: BTreeSet<String> = kept.chain(LEFT_OUT.iter().copied()).map(str::to_owned).collect();
        assert_eq!(named, there.into_iter().collect());
    }
}
