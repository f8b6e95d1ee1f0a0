//! What the site is made of, apart from its routes.

use crate::config::Config;
use crate::engine::authorizations::Authorizations;
use crate::engine::clock::{ClockError, SharedClock};
use crate::engine::outbox_bell::OutboxBell;
use crate::engine::signer::Signer;
use crate::engine::{ConflictQueue, Engine};
use async_trait::async_trait;
use platform::background::BackgroundTasks;
use platform::jobs::{JobError, Jobs, Wake};
use platform::password::Passwords;
use platform::sessions::SessionStore;
use platform::throttle::SignInThrottle;
use platform::{Clock, Database, Random};
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;
use tokio::task::JoinError;

/// The session's key of the id of the account whose holder is signed in.
pub(crate) const SESSION_OWNER: &str = "account";

/// The payments site; clones share everything. Routes and the layers around them are cloned for every request, with what
/// they hold: one count, not one for each part.
#[derive(Debug, Clone)]
pub struct Payments(Arc<Parts>);

/// What it is made of.
#[derive(Debug, Clone)]
pub struct Parts {
    pub(crate) db: Database,
    pub(crate) clock: Clock,
    pub(crate) random: Random,
    pub(crate) config: Arc<Config>,
    /// Signs returns and notifications.
    pub(crate) signer: Signer,
    /// What has only the time that payments leave over.
    pub(crate) background: BackgroundTasks,
    /// Rung when notifications were written to the outbox.
    pub(crate) outbox_bell: OutboxBell,
    /// Wakes the processor when a card or bank payment was taken on.
    pub(crate) processor: Wake,
    /// The clock as all processes of the site have it.
    pub(crate) shared_clock: SharedClock,
    /// Where actions wait that were too slow once.
    pub(crate) conflicts: ConflictQueue,
    /// The jobs, shared so that a run asked for waits for one under way.
    pub(crate) jobs: Jobs,
    pub(crate) companions: Companions,
}

/// Why a change of the whole process, by the control API, was not made or not finished.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ChangeError {
    #[error(transparent)]
    Clock(#[from] ClockError),
    #[error(transparent)]
    Job(#[from] JobError),
    /// The task panicked, or the site stops.
    #[error(transparent)]
    Interrupted(#[from] JoinError),
}

impl From<Parts> for Payments {
    fn from(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl Deref for Payments {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl Payments {
    /// What the actions work with.
    pub(crate) fn engine(&self) -> Engine {
        Engine {
            db: self.db.clone(),
            clock: self.clock.clone(),
            random: self.random.clone(),
            config: self.config.clone(),
            background: self.background.clone(),
            outbox_bell: self.outbox_bell.clone(),
            processor: self.processor.clone(),
            conflicts: self.conflicts.clone(),
        }
    }

    /// Where the site's sessions are kept.
    pub(crate) fn session_store(&self) -> SessionStore {
        SessionStore::new(self.db.clone(), self.clock.clone(), SESSION_OWNER)
    }

    /// The service behind the Co-Branded UI's pages and the control API's tokens.
    pub(crate) fn authorizations(&self) -> Authorizations {
        Authorizations::new(self.engine(), self.signer.clone())
    }
}

/// What the page handlers need beside the payments themselves.
#[derive(Debug, Clone)]
pub(crate) struct Site {
    pub payments: Payments,
    pub passwords: Passwords,
    pub throttle: Arc<SignInThrottle>,
}

/// Another site in the same process that shares the clock: when the control API moves the clock or
/// resets, it does the same there.
#[async_trait]
pub trait Companion: Send + Sync {
    /// Back to the demo data.
    async fn reset(&self) -> Result<(), JobError>;
    /// What falls due there.
    fn jobs(&self) -> &Jobs;
}

#[derive(Clone, Default)]
pub(crate) struct Companions(pub Arc<[Arc<dyn Companion>]>);

impl fmt::Debug for Companions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Companions").field(&self.0.len()).finish()
    }
}
