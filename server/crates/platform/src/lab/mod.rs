//! What the sites tell the lab, and what they ask it: what happens is recorded through one small trait, and faults come
//! through another. Without a lab both are nothing.

mod cause;
mod event;
mod faults;
mod keys;
mod part;

pub use cause::Cause;
pub use event::{About, Change, Event, PostedLine, Site, What};
pub use faults::{Faults, LostPart, NotificationFault, RequestFault};
pub use keys::Keys;
pub use part::{PostingDiff, SnapshotPart};

use std::fmt;
use std::sync::Arc;
use tokio::sync::{Mutex, OwnedMutexGuard};

/// Takes what happens. It must not take long, and it cannot fail: what tells it has already happened.
pub trait Recorder: Send + Sync {
    fn record(&self, event: Event);
}

/// A site's way to the lab; clones lead to the same one. The default leads to none.
#[derive(Clone, Default)]
pub struct Lab {
    recorder: Option<Arc<dyn Recorder>>,
    faults: Option<Arc<dyn Faults>>,
    one_change_at_a_time: Arc<Mutex<()>>,
}

impl fmt::Debug for Lab {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lab")
            .field("records", &self.recorder.is_some())
            .field("has_faults", &self.faults.is_some())
            .finish_non_exhaustive()
    }
}

impl Lab {
    pub fn new(recorder: Option<Arc<dyn Recorder>>, faults: Arc<dyn Faults>) -> Self {
        Self { recorder, faults: Some(faults), one_change_at_a_time: Arc::default() }
    }

    /// Held while the whole process is changed by hand: two moves of the clock, a move and a reset, or a reset and a
    /// snapshot must not run into one another.
    pub async fn alone(&self) -> OwnedMutexGuard<()> {
        Arc::clone(&self.one_change_at_a_time).lock_owned().await
    }

    /// Whether anybody wants to know: what is costly to say is said only then.
    pub fn records(&self) -> bool {
        self.recorder.is_some()
    }

    /// Tells what happened, where anybody wants to know.
    pub fn record(&self, event: impl FnOnce() -> Event) {
        if let Some(recorder) = &self.recorder {
            recorder.record(event());
        }
    }

    /// What is to go wrong with this request, if anything is.
    pub fn fault_of_request(&self, action: &str, request: &str) -> Option<RequestFault> {
        self.faults.as_ref()?.of_request(action, request)
    }

    /// What is to go wrong with this sending of a notification, if anything is.
    pub fn fault_of_notification(&self, id: &str) -> Option<NotificationFault> {
        self.faults.as_ref()?.of_notification(id)
    }
}
