//! What the lab is made of, apart from its routes.

use crate::doctor::Check;
use crate::doors::Demo;
use crate::faults::FaultBook;
use crate::store::Store;
use crate::web::Answers;
use platform::deeds::{Arguments, Deed, DeedRefused, Offer};
use platform::jobs::Jobs;
use platform::lab::{self as ports, Keys, SnapshotPart};
use platform::{Clock, Random, Tls};
use secrecy::SecretString;
use serde_json::Value;
use std::fmt;
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use url::Url;

/// What can be set from outside.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where the lab keeps what it keeps.
    pub folder: PathBuf,
    /// Where the payments site is, whose pages the lab's are.
    pub payments_url: Url,
    /// Where the shop is, when it runs in this process.
    pub shop_url: Option<Url>,
    /// Asked of every control call when set.
    pub control_token: Option<SecretString>,
    /// Who can be played; `None` where the published passwords open nothing.
    pub demo: Option<Demo>,
    /// Whom the lab trusts when it calls the sites.
    pub tls: Tls,
    /// Whether the sites tell it what happens.
    pub recording: Recording,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recording {
    On,
    /// The lab stands empty: for measuring what the other costs.
    Off,
}

/// The lab; clones share everything.
#[derive(Debug, Clone)]
pub struct Lab(Arc<Parts>);

/// What it is made of.
pub struct Parts {
    pub(crate) settings: Settings,
    pub(crate) clock: Clock,
    pub(crate) random: Random,
    pub(crate) store: Store,
    pub(crate) faults: FaultBook,
    pub(crate) jobs: Jobs,
    pub(crate) answers: Answers,
    /// What the sites offer, once they are open.
    pub(crate) sites: OnceLock<Vec<Offer>>,
    /// What signatures are checked with, once the payments site is open.
    pub(crate) keys: OnceLock<Arc<dyn Keys>>,
    /// The sites' parts in snapshots, once they are open.
    pub(crate) snapshotted: OnceLock<Vec<Arc<dyn SnapshotPart>>>,
    /// What `doctor` looks at beside what it asks of the sites.
    pub(crate) checks: OnceLock<Vec<Box<dyn Check>>>,
    /// What the sites are given.
    pub(crate) ports: ports::Lab,
}

impl fmt::Debug for Parts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lab").finish_non_exhaustive()
    }
}

impl From<Parts> for Lab {
    fn from(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl Deref for Lab {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl Lab {
    /// The sites' deeds, and then its own: each recorded.
    pub(crate) fn offers(&self) -> Vec<Offer> {
        let own: Offer = Arc::new(crate::control::Control::new(self.clone()));
        let all = self.sites.get().into_iter().flatten().cloned().chain([own]);
        all.map(|offer| -> Offer { Arc::new(crate::control::Recorded::new(self.clone(), offer)) }).collect()
    }

    /// All deeds that can be done here.
    pub(crate) fn deeds(&self) -> Vec<&'static Deed> {
        self.offers().iter().flat_map(|offer| offer.table()).collect()
    }

    /// Does one of them by its name.
    pub(crate) async fn perform(&self, name: &str, arguments: Arguments) -> Result<Value, DeedRefused> {
        for offer in self.offers() {
            if let Some(deed) = offer.table().iter().find(|deed| deed.name == name) {
                arguments.check(deed)?;
                return offer.perform(deed, arguments).await;
            }
        }
        Err(DeedRefused::NoSuchCall)
    }
}
