//! Going back to a snapshot, also over an end that came too early.

use super::files::{removed, write_whole};
use super::{Description, SnapshotTrouble, of};
use crate::state::Lab;
use platform::db::snapshots::SnapshotName;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// The file that has the name of the snapshot which is being restored.
const INTENT: &str = "restoring";

/// A restore that a program which was stopped has begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfinished {
    pub name: SnapshotName,
    /// What says so.
    pub file: PathBuf,
}

impl Unfinished {
    /// In the lab's folder, for programs without a lab, too.
    pub fn find(folder: &Path) -> io::Result<Option<Self>> {
        let file = folder.join(INTENT);
        match std::fs::read_to_string(&file) {
            Ok(text) => {
                let name =
                    text.trim().parse().map_err(|error| io::Error::new(ErrorKind::InvalidData, error))?;
                Ok(Some(Self { name, file }))
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

impl Lab {
    /// Everything as it was then.
    pub(crate) async fn restore_snapshot(&self, name: SnapshotName) -> Result<Description, SnapshotTrouble> {
        let lab = self.clone();
        // To the end, also when whoever asked for it goes away.
        tokio::spawn(async move {
            let _alone = lab.ports.alone().await;
            lab.restore(&name).await
        })
        .await?
    }

    /// Ends a restore that a program which was stopped has begun; called before anybody is served.
    pub async fn finish_restoring(&self) -> Result<Option<SnapshotName>, SnapshotTrouble> {
        let Some(Unfinished { name, .. }) = Unfinished::find(&self.settings.folder)? else { return Ok(None) };
        self.restore(&name).await?;
        Ok(Some(name))
    }

    async fn restore(&self, name: &SnapshotName) -> Result<Description, SnapshotTrouble> {
        let (snapshot, parts, folder) = (self.snapshot(name).await?, self.parts(), self.folder_of(name));
        let here = of(&parts);
        if snapshot.of != here {
            return Err(SnapshotTrouble::OfOtherSites { name: name.clone(), of: snapshot.of, here });
        }
        // Up to the last word in each database: what can go wrong does so before anything is changed.
        let mut prepared = Vec::with_capacity(parts.len());
        for part in &parts {
            prepared.push(part.rows.prepare_restore(name, part.site.kept()).await?);
        }
        for live in parts.iter().filter_map(|part| part.site.files()) {
            folder.give_files_back(live).await?;
        }
        write_whole(self.intent(), name.to_string().into_bytes()).await?;
        for prepared in prepared {
            prepared.commit().await?;
        }
        for live in parts.iter().filter_map(|part| part.site.files()) {
            folder.drop_newer_files(live).await?;
        }
        self.store.forget_after(snapshot.newest_event);
        for part in &parts {
            part.site.restored(snapshot.clock).await?;
        }
        self.forget_intent().await?;
        Ok(snapshot)
    }

    pub(super) async fn forget_intent(&self) -> Result<(), SnapshotTrouble> {
        Ok(removed(tokio::fs::remove_file(self.intent()).await)?)
    }

    fn intent(&self) -> PathBuf {
        self.settings.folder.join(INTENT)
    }
}
