//! Pages that look alike for all visitors but for the line with their name, kept ready.
//!
//! What they show is in the database, which counts its changes (the catalogue's generation). A change through this
//! process forgets all of them before it is answered; one through another process is seen by the look at the
//! generation that the first request after [`LOOK_EVERY`] makes. What no generation counts, which is what was sold
//! within a week, shows after [`FRESH`], or a moment later under load: one request renders the page anew while the
//! others still get the old one.

use platform::web::KeptContent;
use shop_pages::pages::OwnParts;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

/// One read of the database for so long: a page that each request asked for would cost more than sending it.
const LOOK_EVERY: Duration = Duration::from_millis(10);
/// While somebody looks the others trust the look before, but none that is older.
const LOOKED_AT_LEAST: Duration = Duration::from_millis(100);
const FRESH: Duration = Duration::from_secs(2);
/// Nobody gets an older page, not even while it is rendered anew.
const OLDEST: Duration = Duration::from_secs(3);
/// Bytes of all pages together, each with its encodings. Addresses are free for anyone to invent (`?q=…`): beyond
/// this nothing more is kept for the moment.
const MOST: usize = 6 << 20;

/// A whole page as people without an account see it, and where it is another one for those who have one.
#[derive(Debug)]
pub struct SharedPage {
    pub for_strangers: KeptContent,
    pub own_parts: OwnParts,
}

/// Rendered pages by path and query.
#[derive(Debug)]
pub struct SharedPages {
    look_every: Duration,
    pages: RwLock<Pages>,
    version: AtomicU64,
    seen: Mutex<Option<Seen>>,
    /// Somebody looks at the generation now.
    looking: AtomicBool,
}

#[derive(Debug, Default)]
struct Pages {
    by_address: HashMap<String, Kept>,
    /// What they take together.
    bytes: usize,
}

#[derive(Debug)]
struct Kept {
    page: Arc<SharedPage>,
    at: Instant,
    /// Somebody renders it anew.
    renewed: AtomicBool,
}

impl Kept {
    fn new(page: Arc<SharedPage>) -> Self {
        Self { page, at: Instant::now(), renewed: AtomicBool::new(false) }
    }

    /// Whether this request may have it, or is the one to render it anew.
    fn is_good(&self) -> bool {
        let age = self.at.elapsed();
        age < FRESH || (age < OLDEST && self.renewed.swap(true, Ordering::AcqRel))
    }

    fn bytes(&self) -> usize {
        self.page.for_strangers.most_bytes()
    }
}

/// The generation that a look has found.
#[derive(Debug, Clone, Copy)]
struct Seen {
    generation: i64,
    /// When the look began.
    at: Instant,
}

/// A look at the generation that is to be made now.
#[derive(Debug, Clone, Copy)]
#[must_use]
pub struct Look(Instant);

/// The version of the data that a page is about to be made from.
#[derive(Debug, Clone, Copy)]
pub struct Version(u64);

impl Default for SharedPages {
    fn default() -> Self {
        Self::that_look_every(LOOK_EVERY)
    }
}

impl SharedPages {
    /// With another one in place of [`LOOK_EVERY`].
    pub fn that_look_every(look_every: Duration) -> Self {
        let (pages, version) = (RwLock::default(), AtomicU64::default());
        Self { look_every, pages, version, seen: Mutex::default(), looking: AtomicBool::default() }
    }

    /// `Some`: before [`get`](Self::get) ask the database for its generation, and tell it to [`seen`](Self::seen).
    pub fn must_look(&self) -> Option<Look> {
        let now = Instant::now();
        let seen = *self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let age = seen.map_or(Duration::MAX, |seen| now.saturating_duration_since(seen.at));
        let known =
            age < self.look_every || (age < LOOKED_AT_LEAST && self.looking.swap(true, Ordering::AcqRel));
        (!known).then_some(Look(now))
    }

    /// Forgets the pages of another generation.
    pub fn seen(&self, look: Look, generation: i64) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        // Of two looks that overtook each other the later one counts.
        if seen.is_none_or(|seen| seen.at <= look.0) {
            let before = seen.replace(Seen { generation, at: look.0 });
            if before.is_none_or(|before| before.generation != generation) {
                self.forget();
            }
        }
        self.looking.store(false, Ordering::Release);
    }

    /// The page, if nobody has to look at the generation now or to make the page anew.
    pub fn at_hand(&self, address: &str) -> Option<Arc<SharedPage>> {
        let seen = *self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.filter(|seen| seen.at.elapsed() < self.look_every)?;
        let pages = self.pages.read().unwrap_or_else(PoisonError::into_inner);
        pages
            .by_address
            .get(address)
            .filter(|kept| kept.at.elapsed() < FRESH)
            .map(|kept| Arc::clone(&kept.page))
    }

    /// `None`: make it. Of an old one only the first who asks is told so, and the others get it meanwhile.
    pub fn get(&self, address: &str) -> Option<Arc<SharedPage>> {
        let pages = self.pages.read().unwrap_or_else(PoisonError::into_inner);
        pages.by_address.get(address).filter(|kept| kept.is_good()).map(|kept| Arc::clone(&kept.page))
    }

    /// Ask before reading the data, hand it to [`keep`](Self::keep) after.
    pub fn version(&self) -> Version {
        Version(self.version.load(Ordering::Acquire))
    }

    /// Keeps the page unless the data changed while it was made. One that came out as before keeps what was made of
    /// it, its encodings.
    pub fn keep(&self, address: &str, page: SharedPage, version: Version) -> Arc<SharedPage> {
        let mut pages = self.pages.write().unwrap_or_else(PoisonError::into_inner);
        let before = pages.remove(address);
        let page = before
            .filter(|before| before.page.for_strangers.content() == page.for_strangers.content())
            .map_or_else(|| Arc::new(page), |before| before.page);
        if self.version.load(Ordering::Acquire) == version.0 {
            pages.insert(address, Kept::new(Arc::clone(&page)));
        }
        page
    }

    /// Something that the pages show has changed.
    pub fn forget(&self) {
        let mut pages = self.pages.write().unwrap_or_else(PoisonError::into_inner);
        self.version.fetch_add(1, Ordering::AcqRel);
        *pages = Pages::default();
    }
}

impl Pages {
    fn remove(&mut self, address: &str) -> Option<Kept> {
        let removed = self.by_address.remove(address)?;
        self.bytes -= removed.bytes();
        Some(removed)
    }

    /// If there is room for it, or can be made.
    fn insert(&mut self, address: &str, kept: Kept) {
        let bytes = kept.bytes();
        if self.bytes + bytes > MOST {
            self.by_address.retain(|_, kept| kept.at.elapsed() < FRESH);
            self.bytes = self.by_address.values().map(Kept::bytes).sum();
        }
        if self.bytes + bytes <= MOST {
            self.bytes += bytes;
            self.by_address.insert(address.to_owned(), kept);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shop_pages::model::{Chrome, Fragment, Head};

    fn page(text: &str) -> SharedPage {
        let main = Fragment { head: Head::default(), html: text.into() };
        let html = shop_pages::pages::complete(&Chrome::default(), &main);
        SharedPage { own_parts: OwnParts::of(&html), for_strangers: KeptContent::page(html.into()) }
    }

    #[test]
    fn a_page_made_from_old_data_is_not_kept() {
        let pages = SharedPages::default();
        let before = pages.version();
        pages.forget();
        pages.keep("/", page("old"), before);
        assert!(pages.get("/").is_none());
        pages.keep("/", page("new"), pages.version());
        let kept = pages.get("/").unwrap();
        assert_eq!(kept.for_strangers.content(), page("new").for_strangers.content());
    }

    #[test]
    fn a_page_that_came_out_as_before_keeps_its_encodings() {
        let pages = SharedPages::default();
        let first = pages.keep("/", page("same"), pages.version());
        let again = pages.keep("/", page("same"), pages.version());
        assert!(Arc::ptr_eq(&first, &again));
        assert!(!Arc::ptr_eq(&first, &pages.keep("/", page("another"), pages.version())));
    }

    #[test]
    fn pages_of_another_generation_are_forgotten() {
        let pages = SharedPages::default();
        let look = || pages.must_look();
        pages.seen(look().unwrap(), 7);
        pages.keep("/", page(""), pages.version());
        let later = |after: Duration| Look(Instant::now() + after);
        pages.seen(later(LOOK_EVERY), 7);
        assert!(pages.get("/").is_some(), "nothing has changed");
        let made_before = pages.version();
        pages.seen(later(2 * LOOK_EVERY), 8);
        assert!(pages.get("/").is_none());
        pages.keep("/", page("old"), made_before);
        assert!(pages.get("/").is_none(), "read before the change was seen");
        pages.keep("/", page("new"), pages.version());
        pages.seen(later(LOOK_EVERY), 7);
        assert!(pages.get("/").is_some(), "a look that was overtaken says nothing");
    }

    #[test]
    fn one_request_looks_while_the_others_trust_the_look_before_for_a_moment() {
        let pages = SharedPages::default();
        assert!(pages.must_look().is_some() && pages.must_look().is_some(), "nobody has looked yet");
        let seen_before = |age: Duration| {
            let at = Instant::now().checked_sub(age).unwrap();
            *pages.seen.lock().unwrap() = Some(Seen { generation: 1, at });
            pages.looking.store(false, Ordering::Release);
            [pages.must_look().is_some(), pages.must_look().is_some()]
        };
        assert_eq!(seen_before(LOOK_EVERY), [true, false]);
        assert_eq!(seen_before(LOOKED_AT_LEAST), [true, true]);
    }

    #[test]
    fn one_request_renders_an_old_page_anew() {
        let old = |age: Duration| Kept {
            at: Instant::now().checked_sub(age).unwrap(),
            ..Kept::new(Arc::new(page("")))
        };
        let (fresh, stale, ancient) = (old(Duration::ZERO), old(FRESH), old(OLDEST));
        assert_eq!([fresh.is_good(), fresh.is_good()], [true, true]);
        assert_eq!([stale.is_good(), stale.is_good()], [false, true]);
        assert_eq!([ancient.is_good(), ancient.is_good()], [false, false]);
    }

    #[test]
    fn invented_addresses_do_not_fill_the_memory() {
        let (pages, text) = (SharedPages::default(), "x".repeat(100_000));
        for number in 0..MOST / 100_000 {
            pages.keep(&format!("/?q={number}"), page(&text), pages.version());
        }
        let pages = pages.pages.read().unwrap();
        let bytes = pages.by_address.values().map(Kept::bytes).sum::<usize>();
        assert_eq!(bytes, pages.bytes);
        assert!((MOST - 400_000..=MOST).contains(&bytes), "{bytes}");
    }
}
