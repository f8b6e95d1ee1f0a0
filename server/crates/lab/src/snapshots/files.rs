//! A snapshot's folder.

use super::description::Description;
use std::collections::HashSet;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

const DESCRIPTION: &str = "snapshot.json";
const FILES: &str = "files";

/// Where one snapshot is.
#[derive(Debug, Clone)]
pub struct Folder(PathBuf);

impl Folder {
    pub fn new(path: PathBuf) -> Self {
        Self(path)
    }

    /// `None`: it is not whole.
    pub async fn description(&self) -> io::Result<Option<Description>> {
        match tokio::fs::read(self.0.join(DESCRIPTION)).await {
            Ok(text) => Ok(Some(serde_json::from_slice(&text)?)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub async fn describe(&self, description: &Description) -> io::Result<()> {
        write_whole(self.0.join(DESCRIPTION), serde_json::to_vec_pretty(description)?).await
    }

    /// It is none any more.
    pub async fn forget(&self) -> io::Result<()> {
        removed(tokio::fs::remove_file(self.0.join(DESCRIPTION)).await)
    }

    pub async fn remove(&self) -> io::Result<()> {
        removed(tokio::fs::remove_dir_all(&self.0).await)
    }

    /// Keeps all files of a folder; how many.
    pub async fn keep_files(&self, live: &Path) -> io::Result<u64> {
        let (live, kept) = (live.to_owned(), self.0.join(FILES));
        apart(move || {
            let all = files_below(&live)?;
            for file in &all {
                give(&live.join(file), &kept.join(file))?;
            }
            Ok(u64::try_from(all.len()).unwrap_or(u64::MAX))
        })
        .await
    }

    /// Puts those back that a folder has not any more.
    pub async fn give_files_back(&self, live: &Path) -> io::Result<()> {
        let (live, kept) = (live.to_owned(), self.0.join(FILES));
        apart(move || {
            let missing = files_below(&kept)?.into_iter().filter(|file| !live.join(file).exists());
            missing.into_iter().try_for_each(|file| give(&kept.join(&file), &live.join(&file)))
        })
        .await
    }

    /// Removes what a folder has got since.
    pub async fn drop_newer_files(&self, live: &Path) -> io::Result<()> {
        let (live, kept) = (live.to_owned(), self.0.join(FILES));
        apart(move || {
            let known: HashSet<PathBuf> = files_below(&kept)?.into_iter().collect();
            let newer = files_below(&live)?.into_iter().filter(|file| !known.contains(file));
            newer.into_iter().try_for_each(|file| removed(fs::remove_file(live.join(file))))
        })
        .await
    }
}

/// Written under another name first: it is there as a whole, or not.
pub async fn write_whole(path: PathBuf, content: Vec<u8>) -> io::Result<()> {
    apart(move || {
        let folder = path.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder)?;
        let part = path.with_extension("part");
        fs::write(&part, content)?;
        fs::File::open(&part)?.sync_all()?;
        fs::rename(&part, &path)?;
        fs::File::open(folder)?.sync_all()
    })
    .await
}

/// What is not there need not go.
pub fn removed(outcome: io::Result<()>) -> io::Result<()> {
    match outcome {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

async fn apart<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await?
}

/// All files that are whole, as paths from the folder on; none where there is no folder. What is being written has a `#`
/// in its name.
fn files_below(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(inner) = folders.pop() {
        let entries = match fs::read_dir(folder.join(&inner)) {
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            entries => entries?,
        };
        for entry in entries {
            let entry = entry?;
            let path = inner.join(entry.file_name());
            let kind = entry.file_type()?;
            if kind.is_dir() {
                folders.push(path);
            } else if kind.is_file() && !entry.file_name().to_string_lossy().contains('#') {
                found.push(path);
            }
        }
    }
    Ok(found)
}

/// A second name for the file, since none is ever changed; a copy where the folders are on different disks. One that has
/// gone meanwhile is nobody's any more.
fn give(from: &Path, to: &Path) -> io::Result<()> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    match fs::hard_link(from, to) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) if error.kind() != ErrorKind::NotFound => copy(from, to),
        _ => Ok(()),
    }
}

/// There as a whole, or not.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let part = to.with_file_name("copy#1");
    removed(fs::copy(from, &part).and_then(|_| fs::rename(&part, to)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(folder: &Path) -> Vec<(String, String)> {
        let text = |file: &PathBuf| fs::read_to_string(folder.join(file)).unwrap();
        let files = files_below(folder).unwrap();
        let mut all: Vec<_> = files.iter().map(|file| (file.display().to_string(), text(file))).collect();
        all.sort();
        all
    }

    #[tokio::test]
    async fn files_come_back_as_they_were() {
        let place = tempfile::tempdir().unwrap();
        let live = place.path().join("live");
        let folder = Folder::new(place.path().join("kept"));
        assert_eq!(folder.keep_files(&live).await.unwrap(), 0, "where there is no folder");
        for (file, text) in [("a.txt", "a"), ("in/b.txt", "b"), ("in/c.txt#1", "half")] {
            let file = live.join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        let before = all(&live);
        assert_eq!(folder.keep_files(&live).await.unwrap(), 2);
        fs::remove_file(live.join("in/b.txt")).unwrap();
        // As the shop writes: another file under the name.
        fs::write(live.join("new"), "new").unwrap();
        for _ in 0..2 {
            folder.give_files_back(&live).await.unwrap();
            folder.drop_newer_files(&live).await.unwrap();
            assert_eq!(all(&live), before);
        }
        assert!(live.join("in/c.txt#1").exists(), "what is being written is somebody's");
        folder.remove().await.unwrap();
        folder.remove().await.unwrap();
        assert_eq!(all(&live), before);
    }
}
