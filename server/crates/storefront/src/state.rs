//! What every part of the shop shares.

use crate::Config;
use crate::files::Files;
use crate::fps_client::FpsClient;
use crate::live_pages::LivePages;
use crate::mail::Stamp;
use crate::shared_pages::SharedPages;
use platform::jobs::{Jobs, Wake};
use platform::password::Passwords;
use platform::sessions::SessionStore;
use platform::throttle::SignInThrottle;
use platform::{Clock, Database, Random};
use std::ops::Deref;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use text_types::InvalidId;
use tokio::sync::Mutex;

/// The session's key of the id of the user who is signed in.
pub(crate) const SESSION_OWNER: &str = "user";

/// The name of the session's cookie.
pub(crate) const SESSION_COOKIE: &str = "digitaldownload_session";

/// The shop; clones share everything. Each route has one, and so has each layer around it, and all are cloned for every
/// request: one count, not one for each part.
#[derive(Debug, Clone)]
pub struct Shop(Arc<Parts>);

/// What it is made of.
#[derive(Debug, Clone)]
pub struct Parts {
    pub(crate) db: Database,
    pub(crate) clock: Clock,
    pub(crate) random: Random,
    pub(crate) config: Arc<Config>,
    /// Amazon's web service, called with the shop's keys.
    pub(crate) fps: FpsClient,
    /// The files for sale, covers and previews.
    pub(crate) files: Files,
    /// Held by whoever makes files of the demo data.
    pub(crate) making: Arc<Mutex<()>>,
    /// Wakes the job that asks after payments, when one's end is not known yet.
    pub(crate) payment_tracking: Wake,
    /// Wakes the job that asks after credits that are being filled.
    pub(crate) credit_tracking: Wake,
    pub(crate) passwords: Passwords,
    pub(crate) throttle: SignInThrottle,
    /// What all visitors see alike, kept ready.
    pub(crate) shared_pages: Arc<SharedPages>,
    /// Pages that wait for news.
    pub(crate) live: LivePages,
    /// Notifications that Amazon did not sign, since the program started.
    pub(crate) forged_notifications: Arc<AtomicU64>,
    /// The background work; empty in what the jobs themselves hold.
    pub(crate) jobs: Jobs,
}

impl From<Parts> for Shop {
    fn from(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl Deref for Shop {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl Shop {
    /// Where its sessions are kept.
    pub(crate) fn session_store(&self) -> SessionStore {
        SessionStore::new(self.db.clone(), self.clock.clone(), SESSION_OWNER)
    }

    /// For a mail that is written now.
    pub(crate) fn mail_stamp(&self) -> Stamp {
        Stamp { id: self.new_id(), at: self.clock.now(), send: self.config.smtp.is_some() }
    }

    /// A new id of one of the shop's own kinds, or a `CallerReference`: each takes a UUID.
    pub(crate) fn new_id<T: FromStr<Err = InvalidId>>(&self) -> T {
        let id = self.random.uuid(self.clock.now()).to_string();
        id.parse().expect("a UUID can be an id")
    }
}
