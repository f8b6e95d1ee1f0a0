//! The payments site's part in snapshots.

use crate::Payments;
use crate::domain::callers::names;
use crate::engine::clock::ClockChange;
use crate::engine::posting_diff;
use async_trait::async_trait;
use platform::Database;
use platform::clock::Stand;
use platform::db::snapshots::{Kept, SnapshotDiff};
use platform::jobs::JobError;
use platform::lab::{PostingDiff, Site, SnapshotPart};
use std::sync::Arc;

/// As in a reset: what signatures are checked with stays, and so do the keys that programs have.
const KEPT: &[Kept] = &[
    Kept {
        table: "settings",
        condition: "name IN ('signing_key', 'certificate', 'certificate_date', 'fingerprint_key', 'caller_secret')",
        only_new: false,
    },
    Kept { table: "retired_certificates", condition: "1 = 1", only_new: false },
    Kept { table: "callers", condition: "of_the_lab = 0", only_new: true },
    Kept { table: "caller_sites", condition: "1 = 1", only_new: true },
];

const SECRETS: &[(&str, &str)] = &[
    ("accounts", "password_hash"),
    ("callers", "secret"),
    ("sessions", "data"),
    ("sessions", "id"),
    ("settings", "value"),
];

impl Payments {
    /// What the lab keeps and puts back of it.
    pub fn snapshot_part(&self) -> Arc<dyn SnapshotPart> {
        Arc::new(self.clone())
    }
}

#[async_trait]
impl SnapshotPart for Payments {
    fn site(&self) -> Site {
        Site::Payments
    }

    fn database(&self) -> &Database {
        &self.db
    }

    fn kept(&self) -> &'static [Kept] {
        KEPT
    }

    fn secrets(&self) -> &'static [(&'static str, &'static str)] {
        SECRETS
    }

    async fn restored(&self, clock: Stand) -> Result<(), JobError> {
        names::claim_missing(&self.db.unhurried()).await?;
        let set = self.shared_clock.change(ClockChange::GoOnFrom(clock)).await;
        set.map_err(|error| JobError::from(Box::from(error)))?;
        self.record_clock();
        self.outbox_bell.wake.wake();
        self.processor.wake();
        Ok(())
    }

    async fn postings(&self, diff: &SnapshotDiff) -> Result<Vec<PostingDiff>, sqlx::Error> {
        posting_diff::postings(&self.db, diff).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// By their names; this one is of a request, which is shown in the lab.
    const NO_SECRETS: [(&str, &str); 1] = [("idempotency", "request_digest")];

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
