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
