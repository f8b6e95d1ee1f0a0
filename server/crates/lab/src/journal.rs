//! The journal: events as lines of JSON in two files, the older of which goes when the newer is full. It is written behind
//! what happens, so that nothing waits for it; what a crash takes away is the last moment of what was seen, never anything
//! that happened.

use crate::store::{Kept, MOST_EVENTS, Store, Unwritten};
use async_trait::async_trait;
use platform::background::BackgroundTasks;
use platform::jobs::{DueWork, JobError};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

const NEWER: &str = "events.ndjson";
const OLDER: &str = "events.1.ndjson";

/// The job that writes it.
#[derive(Debug, Clone)]
pub struct Journal {
    store: Store,
    files: Arc<Mutex<Files>>,
    /// Where it is written: it takes as much time as all that it tells of, and nobody waits for it.
    background: BackgroundTasks,
}

#[derive(Debug)]
struct Files {
    folder: PathBuf,
    /// Lines of the newer file.
    lines: usize,
    emptied: u64,
}

impl Journal {
    /// Reads what is there. A line that cannot be read, such as the last one of a program that was killed, is passed over.
    pub fn open(folder: &Path) -> io::Result<(Store, Self)> {
        fs::create_dir_all(folder)?;
        let older = read(&folder.join(OLDER))?;
        let newer = read(&folder.join(NEWER))?;
        let lines = newer.len();
        let store = Store::new(older.into_iter().chain(newer).collect());
        let files = Files { folder: folder.to_owned(), lines, emptied: 0 };
        let files = Arc::new(Mutex::new(files));
        let journal = Self { store: store.clone(), files, background: BackgroundTasks::default() };
        Ok((store, journal))
    }

    fn files(&self) -> MutexGuard<'_, Files> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Files {
    fn write(&mut self, unwritten: &Unwritten) -> io::Result<()> {
        if unwritten.afresh {
            self.start_afresh()?;
        }
        self.append(&unwritten.events)
    }

    fn start_afresh(&mut self) -> io::Result<()> {
        for name in [OLDER, NEWER] {
            match fs::remove_file(self.folder.join(name)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        self.lines = 0;
        Ok(())
    }

    fn append(&mut self, events: &[Kept]) -> io::Result<()> {
        for part in events.chunks(MOST_EVENTS) {
            if part.is_empty() {
                return Ok(());
            }
            if self.lines >= MOST_EVENTS {
                fs::rename(self.folder.join(NEWER), self.folder.join(OLDER))?;
                self.lines = 0;
            }
            let mut text = Vec::new();
            for kept in part {
                serde_json::to_writer(&mut text, kept)?;
                text.push(b'\n');
            }
            let mut file = OpenOptions::new().create(true).append(true).open(self.folder.join(NEWER))?;
            file.write_all(&text)?;
            self.lines += part.len();
        }
        Ok(())
    }
}

fn read(path: &Path) -> io::Result<Vec<Kept>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut kept = Vec::new();
    for line in BufReader::new(file).split(b'\n') {
        kept.extend(serde_json::from_slice::<Kept>(&line?).ok());
    }
    Ok(kept)
}

#[async_trait]
impl DueWork for Journal {
    fn name(&self) -> &'static str {
        "lab journal"
    }

    /// Nobody waits for it: whoever asks for the due work has nothing more to do by it.
    async fn run_due(&self) -> Result<usize, JobError> {
        // Not from that thread: it would have others wait for the store while it gets no time itself.
        let unwritten = self.store.unwritten(&mut self.files().emptied);
        let journal = self.clone();
        let written = self.background.spawn_blocking(move || journal.files().write(&unwritten)).await;
        written
            .map_err(|error| JobError::from(Box::from(error)))?
            .map_err(|error| JobError::from(Box::from(error)))?;
        Ok(0)
    }

    async fn stop(&self) {
        if let Err(error) = self.run_due().await {
            tracing::warn!(%error, "the last events of the lab were not written");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tests::event;
    use platform::lab::Recorder;

    #[tokio::test]
    async fn a_next_start_goes_on_and_a_reset_is_kept_too() {
        let folder = tempfile::tempdir().unwrap();
        let (store, journal) = Journal::open(folder.path()).unwrap();
        for at in 1..=3 {
            store.record(event(at));
        }
        journal.run_due().await.unwrap();
        let (again, journal) = Journal::open(folder.path()).unwrap();
        assert_eq!(again.after(0, 9), store.after(0, 9));
        again.record(event(4));
        again.empty();
        again.record(event(5));
        journal.run_due().await.unwrap();
        let (last, _) = Journal::open(folder.path()).unwrap();
        assert_eq!(last.after(0, 9).iter().map(|kept| kept.id).collect::<Vec<_>>(), [5]);
    }

    #[tokio::test]
    async fn half_a_line_is_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let (store, journal) = Journal::open(folder.path()).unwrap();
        store.record(event(1));
        journal.run_due().await.unwrap();
        let mut file = OpenOptions::new().append(true).open(folder.path().join(NEWER)).unwrap();
        file.write_all(b"{\"id\":2,\"at\":\"1970").unwrap();
        drop(file);
        assert_eq!(Journal::open(folder.path()).unwrap().0.newest_id(), 1);
    }
}
