//! Tells the notifier for whom something new is in the outbox, so that it need not look through all that is due.

use crate::domain::notifications::NewNotification;
use crate::domain::notifications::deliveries::Queue;
use platform::jobs::Wake;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Clones are one bell.
#[derive(Debug, Clone, Default)]
pub struct OutboxBell {
    pub wake: Wake,
    rung_for: Arc<Mutex<BTreeSet<Queue>>>,
}

impl OutboxBell {
    /// These are committed, due at once where they have an address.
    pub fn ring<'a>(&self, written: impl IntoIterator<Item = &'a NewNotification>) {
        let queues: Vec<Queue> = written.into_iter().filter_map(NewNotification::queue).collect();
        if !queues.is_empty() {
            self.lock().extend(queues);
            self.wake.wake();
        }
    }

    /// The queues that it was rung for since the last time that somebody asked.
    pub fn take(&self) -> BTreeSet<Queue> {
        std::mem::take(&mut *self.lock())
    }

    fn lock(&self) -> MutexGuard<'_, BTreeSet<Queue>> {
        self.rung_for.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::notifier::new;
    use crate::tests::support::App;

    #[tokio::test]
    async fn it_says_once_for_whom_and_is_silent_without_an_address() {
        let app = App::new().await;
        let bell = OutboxBell::default();
        let of = |id, url: Option<&str>| {
            new(&app, "DDCALLER000000000001", id, id, url.map(|url| url.parse().unwrap()).as_ref())
        };
        bell.ring([&of("n1", None)]);
        assert!(bell.take().is_empty());
        let written = [of("n2", Some("http://127.0.0.1:9/a")), of("n3", Some("http://127.0.0.1:9/b"))];
        bell.ring(&written);
        bell.clone().ring([&of("n4", Some("http://127.0.0.1:8/a"))]);
        let queues: Vec<_> = bell.take().into_iter().map(Queue::into_string).collect();
        let caller = "DDCALLER000000000001 http://127.0.0.1:";
        assert_eq!(queues, [format!("{caller}8"), format!("{caller}9")]);
        assert!(bell.take().is_empty());
    }
}
