//! The demo data as it was made once: which tables it has.

use super::SeedError;
use crate::users::store as users;
use jiff::Timestamp;
use platform::Database;
use platform::db::{Backend, Prepared, PreparedError, PreparedTable};
use sqlx::AnyConnection;

const PREPARED: &[u8] = include_bytes!("../../seed/shop.json.gz");

/// In an order in which each row is there before another refers to it.
const TABLES: &[PreparedTable] = &[
    PreparedTable {
        blank: &["password_hash"],
        ..PreparedTable::new("users", &["created_at", "held_at", "deleted_at", "claimed_at"])
    },
    PreparedTable::new("user_words", &[]),
    PreparedTable::new("merchants", &["registered_at", "cancelled_at", "created_at", "held_at"]),
    PreparedTable::new("merchant_names", &[]),
    PreparedTable::new("merchant_slugs", &[]),
    PreparedTable::new("shipping_rates", &[]),
    PreparedTable { without: &["items"], ..PreparedTable::new("categories", &[]) },
    PreparedTable::new("items", &["created_at", "published_at", "updated_at", "held_at"]),
    PreparedTable::new("stored_files", &["at"]),
    PreparedTable::new("item_versions", &["at"]),
    PreparedTable::new("item_files", &[]),
    PreparedTable::new("item_samples", &[]),
    PreparedTable::new("item_tags", &[]),
    PreparedTable {
        except: Some("id = 'general'"),
        ..PreparedTable::new("fee_rules", &["begins_at", "made_at", "withdrawn_at"])
    },
    PreparedTable::new("coupons", &["begins_at", "ends_at", "made_at", "withdrawn_at"]),
    PreparedTable::new("credits", &["balance_at", "check_at", "created_at"]),
    PreparedTable::new("baskets", &["closed_at", "close_at", "created_at"]),
    PreparedTable::new(
        "orders",
        &["shipped_at", "paid_at", "check_at", "compare_at", "created_at", "updated_at"],
    ),
    PreparedTable::new("coupon_uses", &["at"]),
    PreparedTable::new("gifts", &["sent_at", "accepted_at"]),
    PreparedTable::new("order_attempts", &[]),
    PreparedTable::new("order_events", &["at"]),
    PreparedTable::new("order_refunds", &["at"]),
    PreparedTable::new("order_calls", &["at"]),
    PreparedTable::new("refund_requests", &["at", "declined_at", "escalated_at", "ruled_at"]),
    PreparedTable::new("download_grants", &["granted_at", "revoked_at", "fetched_at"]),
    PreparedTable::new("merchant_notices", &["at", "read_at"]),
    PreparedTable::new("messages", &["at"]),
    PreparedTable::new("message_threads", &["last_at"]),
    PreparedTable::new(
        "reviews",
        &["at", "changed_at", "withdrawn_at", "refunded_at", "answered_at", "held_at"],
    ),
    PreparedTable::new("mails", &["at", "read_at", "send_at", "due_at"]),
    PreparedTable::new("fulfil_reminders", &["fulfil_by", "remind_at"]),
    PreparedTable::new("audit_log", &["at"]),
];

/// Those that are left out: what triggers count and index, what is read from files when it is asked for, what is of the moment, and what Amazon signed with a key of
/// the making.
#[cfg(test)]
const LEFT_OUT: &[&str] = &[
    "sessions",
    "sign_ups",
    "cart_items",
    "wishes",
    "download_links",
    "password_resets",
    "email_changes",
    "second_factors",
    "recovery_codes",
    "catalogue_generation",
    "order_totals",
    "merchant_totals",
    "merchant_storage",
    "item_totals",
    "item_days",
    "listed_items",
    "item_words",
    "item_facets",
    "word_trigrams",
    "sales_days",
    "item_sales_days",
    "customers",
    "item_ratings",
    "merchant_ratings",
    "sounds",
    "received_notifications",
    "order_differences",
];

/// All that a shop on SQLite has, as demo data of the moment `now`.
pub async fn prepare(db: &Database, now: Timestamp) -> Result<Vec<u8>, PreparedError> {
    Prepared::of(db, TABLES, now).await?.pack()
}

/// Puts the demo data into an empty database, as of the moment `now`. All people get the password of this hash.
pub async fn load(
    connection: &mut AnyConnection,
    backend: Backend,
    password_hash: &str,
    now: Timestamp,
) -> Result<(), SeedError> {
    Prepared::unpack(PREPARED)?.load(&mut *connection, backend, now).await?;
    Ok(users::set_missing_passwords(connection, password_hash).await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[tokio::test]
    async fn no_table_is_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("shop.db").display());
        let db = Database::open(&url).await.unwrap();
        db.migrate(&crate::MIGRATIONS).await.unwrap();
        let there = sqlx::query_scalar(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!' \
             AND name <> '_sqlx_migrations'",
        );
        let there: Vec<String> = there.fetch_all(db.readers()).await.unwrap();
        let kept = TABLES.iter().map(|table| table.name);
        let named: BTreeSet<String> = kept.chain(LEFT_OUT.iter().copied()).map(str::to_owned).collect();
        assert_eq!(named, there.into_iter().collect());
    }
}
