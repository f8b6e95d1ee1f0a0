//! The shop's part in snapshots.

use crate::Shop;
use async_trait::async_trait;
use platform::Database;
use platform::clock::Stand;
use platform::db::snapshots::Kept;
use platform::jobs::JobError;
use platform::lab::{Site, SnapshotPart};
use std::path::Path;
use std::sync::Arc;

/// Whoever has one of these could be somebody else.
const SECRETS: &[(&str, &str)] = &[
    ("cart_items", "owner"),
    ("download_links", "id"),
    ("email_changes", "digest"),
    ("email_changes", "id"),
    ("password_resets", "digest"),
    ("password_resets", "id"),
    ("recovery_codes", "digest"),
    ("second_factors", "id"),
    ("sessions", "data"),
    ("sessions", "id"),
    ("sign_ups", "digest"),
    ("sign_ups", "id"),
    ("sign_ups", "password_hash"),
    ("users", "password_hash"),
    ("wishes", "owner"),
];

impl Shop {
    /// What the lab keeps and puts back of it.
    pub fn snapshot_part(&self) -> Arc<dyn SnapshotPart> {
        Arc::new(self.clone())
    }
}

#[async_trait]
impl SnapshotPart for Shop {
    fn site(&self) -> Site {
        Site::Shop
    }

    fn database(&self) -> &Database {
        &self.db
    }

    fn kept(&self) -> &'static [Kept] {
        &[]
    }

    fn secrets(&self) -> &'static [(&'static str, &'static str)] {
        SECRETS
    }

    fn files(&self) -> Option<&Path> {
        Some(&self.config.files_dir)
    }

    /// The clock is the payments site's.
    async fn restored(&self, _: Stand) -> Result<(), JobError> {
        self.shared_pages.forget();
        self.payment_tracking.wake();
        self.credit_tracking.wake();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// By their names; this one is of a notification, which stands beside it.
    const NO_SECRETS: [(&str, &str); 1] = [("received_notifications", "digest")];

    #[tokio::test]
    async fn no_column_of_a_secret_is_compared_in_the_open() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("a.db").display());
        let db = Database::open(&url).await.unwrap();
        db.migrate(&crate::MIGRATIONS).await.unwrap();
        let columns: Vec<(String, String)> = sqlx::query_as(
            "SELECT t.name, c.name FROM pragma_table_list t JOIN pragma_table_xinfo(t.name) c WHERE t.schema = 'main' \
             AND (c.name LIKE '%digest%' OR c.name LIKE '%hash%' OR c.name LIKE '%secret%' OR t.name = 'sessions' \
                  AND c.name IN ('id', 'data'))",
        )
        .fetch_all(db.readers())
        .await
        .unwrap();
        let known: BTreeSet<_> = SECRETS.iter().chain(&NO_SECRETS).copied().collect();
        let open = columns.iter().map(|(table, column)| (table.as_str(), column.as_str()));
        assert_eq!(open.filter(|column| !known.contains(column)).collect::<Vec<_>>(), []);
        assert!(columns.len() > 4, "{columns:?}");
    }
}
