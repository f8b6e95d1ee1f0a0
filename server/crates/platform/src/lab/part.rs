//! What a site has of a snapshot.

use super::Site;
use crate::Database;
use crate::clock::Stand;
use crate::db::snapshots::{Kept, SnapshotDiff};
use crate::jobs::JobError;
use async_trait::async_trait;
use serde::Serialize;
use std::path::Path;

/// A site's part in snapshots: its rows and files are kept and put back by the lab, which knows neither.
#[async_trait]
pub trait SnapshotPart: Send + Sync {
    fn site(&self) -> Site;

    fn database(&self) -> &Database;

    /// Rows that a restore leaves as they are.
    fn kept(&self) -> &'static [Kept];

    /// Columns whose values appear in no comparison.
    fn secrets(&self) -> &'static [(&'static str, &'static str)];

    /// The folder of files that belong to the rows. Each is written once, and by another name than it has in the end.
    fn files(&self) -> Option<&Path> {
        None
    }

    /// Rows and files have been put back: what is in memory of others is forgotten, and whoever has the clock sets it.
    async fn restored(&self, clock: Stand) -> Result<(), JobError>;

    /// The postings among what differs.
    async fn postings(&self, diff: &SnapshotDiff) -> Result<Vec<PostingDiff>, sqlx::Error> {
        let _ = diff;
        Ok(Vec::new())
    }
}

/// A line of the books that one of two states has and the other has not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PostingDiff {
    /// Whether the later one has it.
    pub added: bool,
    /// What it is: a charge, a deposit.
    pub what: String,
    pub transaction_id: Option<String>,
    /// What the books call the account, and whose it is.
    pub account: String,
    pub whose: String,
    /// Dollars with six decimals.
    pub amount: String,
}
