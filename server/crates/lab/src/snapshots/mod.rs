//! All that the sites of this process know, kept by name: rows, files, the clock and what happened.
//!
//! `<folder>/snapshots/<name>/` has the files, on SQLite the rows, and at last `snapshot.json`: without it there is no
//! such snapshot. Both databases are held while they are kept, so that all of it is of one moment. A restore is done up
//! to its last word in both before either is changed, and `<folder>/restoring` says so until it is over: whoever is
//! killed in between finds it done at the next start.

mod comparing;
mod deeds;
mod description;
mod files;
mod restoring;

pub use deeds::{DELETE, DIFF, LIST, PAGE, RESTORE, SAVE, perform};
pub use description::Description;
pub use restoring::Unfinished;

use crate::state::Lab;
use description::Of;
use files::Folder;
use platform::db::snapshots::{SnapshotError, SnapshotName, Snapshots};
use platform::jobs::JobError;
use platform::lab::SnapshotPart;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::task::JoinError;

/// Why nothing was kept, put back or compared.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotTrouble {
    #[error("there is no snapshot \"{0}\"; GET /_control/snapshots lists those that there are")]
    NotThere(SnapshotName),
    #[error("there is a snapshot \"{0}\" already: delete it first, or choose another name")]
    AlreadyThere(SnapshotName),
    #[error("the snapshot \"{name}\" is of {of}, and this program runs {here}: start it the same way")]
    OfOtherSites { name: SnapshotName, of: Of, here: Of },
    #[error("no site of this program can be kept")]
    NoSites,
    #[error(transparent)]
    Rows(#[from] SnapshotError),
    #[error("the folder of the snapshots: {0}")]
    File(#[from] std::io::Error),
    #[error("its rows are back, but what follows from them is not: {0}")]
    Following(#[from] JobError),
    /// The task panicked, or the program stops.
    #[error(transparent)]
    Interrupted(#[from] JoinError),
}

/// One site, with its rows of all snapshots.
struct Part {
    site: Arc<dyn SnapshotPart>,
    rows: Snapshots,
}

fn of(parts: &[Part]) -> Of {
    Of(parts.iter().map(|part| part.site.site()).collect())
}

impl Lab {
    fn snapshots_folder(&self) -> PathBuf {
        self.settings.folder.join("snapshots")
    }

    fn folder_of(&self, name: &SnapshotName) -> Folder {
        Folder::new(self.snapshots_folder().join(name.as_str()))
    }

    fn parts(&self) -> Vec<Part> {
        let folder = self.snapshots_folder();
        let part = |site: &Arc<dyn SnapshotPart>| {
            let file = format!("{}.db", site.site().as_str());
            Part { site: site.clone(), rows: Snapshots::of(site.database().clone(), &folder, &file) }
        };
        self.snapshotted.get().into_iter().flatten().map(part).collect()
    }

    /// The snapshots that there are, by name.
    pub(crate) async fn snapshots(&self) -> Result<Vec<Description>, SnapshotTrouble> {
        Ok(description::all(&self.snapshots_folder()).await?)
    }

    async fn snapshot(&self, name: &SnapshotName) -> Result<Description, SnapshotTrouble> {
        let found = self.folder_of(name).description().await?;
        found.ok_or_else(|| SnapshotTrouble::NotThere(name.clone()))
    }

    /// Keeps everything as it is at one moment.
    pub(crate) async fn save_snapshot(&self, name: SnapshotName) -> Result<Description, SnapshotTrouble> {
        let lab = self.clone();
        // To the end, also when whoever asked for it goes away.
        tokio::spawn(async move {
            let _alone = lab.ports.alone().await;
            if lab.folder_of(&name).description().await?.is_some() {
                return Err(SnapshotTrouble::AlreadyThere(name));
            }
            // What somebody who was killed has left.
            lab.clear(&name).await?;
            let saved = lab.save(&name).await;
            if saved.is_err() {
                lab.clear(&name).await?;
            }
            saved
        })
        .await?
    }

    async fn save(&self, name: &SnapshotName) -> Result<Description, SnapshotTrouble> {
        let (parts, folder) = (self.parts(), self.folder_of(name));
        if parts.is_empty() {
            return Err(SnapshotTrouble::NoSites);
        }
        let mut held = Vec::with_capacity(parts.len());
        for part in &parts {
            held.push(part.rows.hold_still().await?);
        }
        let (clock, newest_event) = (self.clock.stand(), self.store.newest_id());
        let mut files = 0;
        for part in &parts {
            part.rows.save(name).await?;
            if let Some(live) = part.site.files() {
                files += folder.keep_files(live).await?;
            }
        }
        for held in held {
            held.release().await?;
        }
        let mut bytes = 0;
        for part in &parts {
            let saved = part.rows.list().await?;
            bytes += saved.iter().filter(|saved| saved.name == *name).map(|saved| saved.bytes).sum::<u64>();
        }
        let of = of(&parts);
        let description = Description {
            name: name.clone(),
            of,
            saved_at: self.clock.wall(),
            clock,
            newest_event,
            bytes,
            files,
        };
        folder.describe(&description).await?;
        Ok(description)
    }

    pub(crate) async fn delete_snapshot(&self, name: SnapshotName) -> Result<(), SnapshotTrouble> {
        let lab = self.clone();
        tokio::spawn(async move {
            let _alone = lab.ports.alone().await;
            lab.snapshot(&name).await?;
            lab.clear(&name).await
        })
        .await?
    }

    /// Whatever there is of a snapshot; first of all that it is one.
    async fn clear(&self, name: &SnapshotName) -> Result<(), SnapshotTrouble> {
        let folder = self.folder_of(name);
        folder.forget().await?;
        for part in self.parts() {
            match part.rows.delete(name).await {
                Err(SnapshotError::NotThere(_)) => {}
                deleted => deleted?,
            }
        }
        Ok(folder.remove().await?)
    }

    /// All of them are gone, whole and half ones.
    pub(crate) async fn clear_snapshots(&self) -> Result<(), SnapshotTrouble> {
        self.forget_intent().await?;
        let mut names = description::names(&self.snapshots_folder()).await?;
        for part in self.parts() {
            names.extend(part.rows.list().await?.into_iter().map(|saved| saved.name));
        }
        for name in names {
            self.clear(&name).await?;
        }
        Ok(())
    }
}
