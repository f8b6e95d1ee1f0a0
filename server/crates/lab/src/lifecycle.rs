//! Opening the lab, and forgetting everything.

use crate::doctor::Check;
use crate::faults::FaultBook;
use crate::journal::Journal;
use crate::snapshots::SnapshotTrouble;
use crate::state::{Lab, Parts, Recording, Settings};
use crate::web::Answers;
use platform::deeds::Offer;
use platform::jobs::{Job, Jobs, Wake};
use platform::lab as ports;
use platform::{Clock, Random};
use std::io;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// How often what happened is written to the journal.
const JOURNAL_INTERVAL: Duration = Duration::from_millis(250);

impl Lab {
    /// Goes on with what was kept before.
    pub fn open(settings: Settings, clock: Clock, random: Random) -> io::Result<Self> {
        let (store, journal) = Journal::open(&settings.folder)?;
        let faults = FaultBook::new(store.clone(), clock.clone(), random.clone());
        let ports = ports::Lab::new(
            (settings.recording == Recording::On).then(|| Arc::new(store.clone()) as _),
            Arc::new(faults.clone()),
        );
        let jobs = Jobs::from_iter([Job::new(Arc::new(journal), Wake::default(), JOURNAL_INTERVAL)]);
        Ok(Parts {
            settings,
            clock,
            random,
            store,
            faults,
            jobs,
            answers: Answers::default(),
            sites: OnceLock::new(),
            keys: OnceLock::new(),
            snapshotted: OnceLock::new(),
            checks: OnceLock::new(),
            ports,
        }
        .into())
    }

    /// What the sites are given before they are opened.
    pub fn ports(&self) -> ports::Lab {
        self.ports.clone()
    }

    /// What the sites offer, when they are open; said once.
    pub fn with_sites(&self, sites: Vec<Offer>) {
        if self.sites.set(sites).is_err() {
            tracing::error!("the lab was told twice what the sites offer");
        }
    }

    /// What signatures are checked with, when the payments site is open; said once.
    pub fn with_keys(&self, keys: Arc<dyn ports::Keys>) {
        if self.keys.set(keys).is_err() {
            tracing::error!("the lab was told twice of the keys");
        }
    }

    /// The sites' parts in snapshots, when they are open; said once.
    pub fn with_snapshot_parts(&self, parts: Vec<Arc<dyn ports::SnapshotPart>>) {
        if self.snapshotted.set(parts).is_err() {
            tracing::error!("the lab was told twice what snapshots are of");
        }
    }

    /// What `doctor` looks at as well; said once.
    pub fn with_checks(&self, checks: Vec<Box<dyn Check>>) {
        if self.checks.set(checks).is_err() {
            tracing::error!("the lab was told twice what to look at");
        }
    }

    /// The background jobs.
    pub fn jobs(&self) -> &Jobs {
        &self.jobs
    }

    /// Forgets what happened and what was kept, and lets everything go right again.
    pub async fn reset(&self) -> Result<(), SnapshotTrouble> {
        self.faults.clear();
        self.store.empty();
        self.clear_snapshots().await
    }
}
