//! What happened, as far as it is kept: the newest events, in memory, where they are looked at, and in a journal beside the
//! database, from which a next start goes on.

use jiff::{SignedDuration, Timestamp};
use platform::lab::{About, Event, Recorder, What};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// So many events are kept at the most, ...
pub const MOST_EVENTS: usize = 20_000;
/// ... of so many bytes together, ...
const MOST_BYTES: usize = 48 * 1024 * 1024;
/// ... for so long, by the machine's clock.
pub const DAYS: i64 = 7;
const LONGEST: SignedDuration = SignedDuration::from_hours(24 * DAYS);

/// An event with its number: those of later ones are higher.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    pub id: u64,
    #[serde(flatten)]
    pub event: Arc<Event>,
}

/// The events that are kept; clones share them.
#[derive(Debug, Clone)]
pub struct Store(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    ring: Mutex<Ring>,
    /// The number of the newest.
    news: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct Ring {
    newest: u64,
    kept: VecDeque<Kept>,
    bytes: usize,
    /// The journal has everything up to this one.
    written: u64,
    /// How often all was forgotten: a journal of before is none.
    emptied: u64,
}

/// What the journal has not got yet.
#[derive(Debug)]
pub struct Unwritten {
    pub events: Vec<Kept>,
    /// All that was written before is forgotten.
    pub afresh: bool,
}

impl Store {
    /// Goes on with what a journal had.
    pub fn new(earlier: Vec<Kept>) -> Self {
        let mut ring = Ring::default();
        for kept in earlier {
            ring.newest = ring.newest.max(kept.id);
            drop(ring.push(kept));
        }
        ring.written = ring.newest;
        let (news, _) = watch::channel(ring.newest);
        Self(Arc::new(Shared { ring: Mutex::new(ring), news }))
    }

    fn lock(&self) -> MutexGuard<'_, Ring> {
        self.0.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All that fit, the newest first, `limit` at the most.
    pub fn newest(&self, limit: usize, fits: impl Fn(&Kept) -> bool) -> Vec<Kept> {
        self.lock().kept.iter().rev().filter(|kept| fits(kept)).take(limit).cloned().collect()
    }

    /// All that came after one, the oldest first, `limit` at the most.
    pub fn after(&self, id: u64, limit: usize) -> Vec<Kept> {
        let ring = self.lock();
        let from = ring.kept.partition_point(|kept| kept.id <= id);
        ring.kept.range(from..).take(limit).cloned().collect()
    }

    pub fn newest_id(&self) -> u64 {
        self.lock().newest
    }

    pub fn count(&self) -> usize {
        self.lock().kept.len()
    }

    /// Says when there is something new.
    pub fn news(&self) -> watch::Receiver<u64> {
        self.0.news.subscribe()
    }

    /// Everything is forgotten; numbers go on, so that who follows notices nothing.
    pub fn empty(&self) {
        let mut ring = self.lock();
        ring.kept.clear();
        ring.bytes = 0;
        ring.written = ring.newest;
        ring.emptied += 1;
    }

    /// What came after that one is forgotten, and the journal is written anew; numbers go on.
    pub fn forget_after(&self, id: u64) {
        let mut ring = self.lock();
        ring.kept.retain(|kept| kept.id <= id);
        ring.bytes = ring.kept.iter().map(|kept| size(&kept.event)).sum();
        ring.written = 0;
        ring.emptied += 1;
    }

    /// What is not in the journal yet; `emptied` is how often all had been forgotten at the last look.
    pub fn unwritten(&self, emptied: &mut u64) -> Unwritten {
        let mut ring = self.lock();
        let from = ring.kept.partition_point(|kept| kept.id <= ring.written);
        let events: Vec<Kept> = ring.kept.range(from..).cloned().collect();
        ring.written = ring.newest;
        let afresh = std::mem::replace(emptied, ring.emptied) != ring.emptied;
        Unwritten { events, afresh }
    }
}

impl Recorder for Store {
    fn record(&self, event: Event) {
        let event = Arc::new(event);
        let mut ring = self.lock();
        ring.newest += 1;
        let id = ring.newest;
        let gone = ring.push(Kept { id, event });
        drop(ring);
        // Freed where nobody waits for it.
        drop(gone);
        self.0.news.send_replace(id);
    }
}

impl Ring {
    /// What is not kept any more because of it.
    fn push(&mut self, kept: Kept) -> Vec<Kept> {
        let oldest = kept.event.wall.saturating_sub(LONGEST).unwrap_or(Timestamp::MIN);
        self.bytes += size(&kept.event);
        self.kept.push_back(kept);
        let mut gone = Vec::new();
        while self.kept.len() > MOST_EVENTS
            || self.bytes > MOST_BYTES
            || self.kept.front().is_some_and(|first| first.event.wall < oldest)
        {
            let Some(first) = self.kept.pop_front() else { break };
            self.bytes = self.bytes.saturating_sub(size(&first.event));
            gone.push(first);
        }
        gone
    }
}

/// About what it takes of memory: what clients send is what can be large.
fn size(event: &Event) -> usize {
    const USUAL: usize = 512;
    USUAL
        + match &event.what {
            What::Request { query, body, answer, .. } => query.len() + body.len() + answer.len(),
            What::AuthorizationOpened { query: url, .. }
            | What::AuthorizationEnded { url, .. }
            | What::SentToPay { url, .. } => url.len(),
            _ => 0,
        }
}

/// Whether something is about a word that somebody looks for: an order, a reference, a transaction, a token, whatever.
pub fn is_about(about: &About, word: &str) -> bool {
    let lists = [&about.orders, &about.references, &about.transactions, &about.tokens];
    lists.into_iter().flatten().chain(&about.request).chain(&about.notification).any(|known| known == word)
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use platform::lab::Site;

    pub fn event(at: i64) -> Event {
        let at = Timestamp::from_second(at).unwrap();
        let what = What::Clock { now: at, offset_seconds: 0, frozen: false, speed: 1 };
        Event { at, wall: at, site: Site::Payments, about: About::default(), what }
    }

    fn ids(kept: &[Kept]) -> Vec<u64> {
        kept.iter().map(|kept| kept.id).collect()
    }

    #[test]
    fn the_newest_are_found_first_and_the_next_after_any() {
        let store = Store::new(Vec::new());
        for at in 1..=5 {
            store.record(event(at));
        }
        assert_eq!(ids(&store.newest(2, |_| true)), [5, 4]);
        assert_eq!(ids(&store.newest(9, |kept| kept.id % 2 == 1)), [5, 3, 1]);
        assert_eq!(ids(&store.after(3, 9)), [4, 5]);
        assert_eq!(*store.news().borrow(), 5);
    }

    #[test]
    fn what_is_too_old_or_too_many_goes() {
        let store = Store::new(Vec::new());
        store.record(event(0));
        store.record(event(DAYS * 86_400));
        assert_eq!(store.count(), 2);
        store.record(event(DAYS * 86_400 + 1));
        assert_eq!(ids(&store.after(0, 9)), [2, 3]);
        for at in 0..i64::try_from(MOST_EVENTS).unwrap() {
            store.record(event(DAYS * 86_400 + 2 + at / 1000));
        }
        assert_eq!(store.count(), MOST_EVENTS);
    }

    #[test]
    fn what_came_after_is_forgotten_and_the_rest_is_written_anew() {
        let store = Store::new(Vec::new());
        let mut emptied = 0;
        for at in 1..=4 {
            store.record(event(at));
        }
        assert_eq!(ids(&store.unwritten(&mut emptied).events), [1, 2, 3, 4]);
        store.forget_after(2);
        store.record(event(9));
        assert_eq!(ids(&store.after(0, 9)), [1, 2, 5]);
        let unwritten = store.unwritten(&mut emptied);
        assert_eq!((ids(&unwritten.events), unwritten.afresh), (vec![1, 2, 5], true));
    }

    #[test]
    fn what_was_forgotten_is_not_written_any_more_and_numbers_go_on() {
        let store = Store::new(vec![Kept { id: 7, event: Arc::new(event(1)) }]);
        let mut emptied = 0;
        store.record(event(2));
        let unwritten = store.unwritten(&mut emptied);
        assert_eq!((ids(&unwritten.events), unwritten.afresh), (vec![8], false));
        store.record(event(3));
        store.empty();
        store.record(event(4));
        let unwritten = store.unwritten(&mut emptied);
        assert_eq!((ids(&unwritten.events), unwritten.afresh), (vec![10], true));
        assert!(store.unwritten(&mut emptied).events.is_empty());
    }
}
