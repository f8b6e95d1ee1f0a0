//! What one state of everything has otherwise than another.

use super::SnapshotTrouble;
use crate::state::Lab;
use platform::db::snapshots::{DiffOptions, SnapshotSide, TableDiff};
use platform::lab::PostingDiff;
use serde::Serialize;
use std::collections::BTreeMap;

/// Rows of each table that are looked at: postings among them are told in words.
const LOOKED_AT: u32 = 1_000;

#[derive(Debug, Clone, Serialize)]
pub struct Comparison {
    /// A snapshot's name, or `now`.
    pub before: String,
    pub after: String,
    /// Of each site the tables that differ, by name.
    pub sites: BTreeMap<&'static str, Vec<TableDiff>>,
    /// Lines of the books, of so many as [`LOOKED_AT`].
    pub postings: Vec<PostingDiff>,
}

impl Lab {
    /// `rows`: of each table so many are shown; all are counted.
    pub(crate) async fn compare(
        &self,
        before: &SnapshotSide,
        after: &SnapshotSide,
        rows: usize,
    ) -> Result<Comparison, SnapshotTrouble> {
        for side in [before, after] {
            if let SnapshotSide::Saved(name) = side {
                self.snapshot(name).await?;
            }
        }
        let mut comparison = Comparison {
            before: before.to_string(),
            after: after.to_string(),
            sites: BTreeMap::new(),
            postings: Vec::new(),
        };
        for part in self.parts() {
            let options = DiffOptions { rows: LOOKED_AT, masked: part.site.secrets() };
            let mut diff = part.rows.diff(before, after, &options).await?;
            comparison.postings.extend(
                part.site.postings(&diff).await.map_err(platform::db::snapshots::SnapshotError::from)?,
            );
            diff.tables.iter_mut().for_each(|table| table.rows.truncate(rows));
            comparison.sites.insert(part.site.site().as_str(), diff.tables);
        }
        Ok(comparison)
    }
}
