//! What is written down of a snapshot when it is whole.

use super::files::Folder;
use jiff::Timestamp;
use platform::clock::Stand;
use platform::db::snapshots::SnapshotName;
use platform::lab::Site;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;
use std::io;
use std::path::Path;
use tokio::fs;

/// A snapshot that there is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Description {
    pub name: SnapshotName,
    pub of: Of,
    /// By the machine's clock.
    pub saved_at: Timestamp,
    /// The clock then.
    pub clock: Stand,
    /// The last that had happened.
    pub newest_event: u64,
    /// Of the rows; files take no room while the sites have them too.
    pub bytes: u64,
    pub files: u64,
}

/// The sites of which it is, in the order in which they are put back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Of(pub Vec<Site>);

impl fmt::Display for Of {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shop = self.0.contains(&Site::Shop);
        f.write_str(if shop { "both sites" } else { "Amazon Payments alone" })
    }
}

/// What the folder has a name for, be it whole or not.
pub async fn names(folder: &Path) -> io::Result<BTreeSet<SnapshotName>> {
    let mut folders = match fs::read_dir(folder).await {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeSet::new()),
        folders => folders?,
    };
    let mut names = BTreeSet::new();
    while let Some(entry) = folders.next_entry().await? {
        names.extend(entry.file_name().to_str().and_then(|name| name.parse().ok()));
    }
    Ok(names)
}

/// Those that are whole, by name.
pub async fn all(folder: &Path) -> io::Result<Vec<Description>> {
    let mut all = Vec::new();
    for name in names(folder).await? {
        all.extend(Folder::new(folder.join(name.as_str())).description().await?);
    }
    Ok(all)
}
