//! Pages that look alike for all visitors but for the line with their name, kept ready for a moment.
//!
//! A listing forgets them all, so that it shows at once. What another process changes on the same
//! database, and what the clock changes, shows after [`FRESH`], or a moment later under load: one request
//! renders the page anew while the others still get the old one.

use bytes::Bytes;
use shop_pages::model::Fragment;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

const FRESH: Duration = Duration::from_secs(2);
/// Nobody gets an older page, not even while it is rendered anew.
const OLDEST: Duration = Duration::from_secs(3);
/// Addresses are free for anyone to invent (`?q=…`): beyond this nothing more is kept for the moment.
const MOST: usize = 512;

/// A page's main part, and the whole page as people without an account see it.
#[derive(Debug)]
pub struct SharedPage {
    pub main: Fragment,
    pub for_strangers: Bytes,
}

/// Rendered pages by path and query.
#[derive(Debug, Default)]
pub struct SharedPages {
    pages: RwLock<HashMap<String, Kept>>,
    version: AtomicU64,
}

#[derive(Debug)]
struct Kept {
    page: Arc<SharedPage>,
    at: Instant,
    /// Somebody renders it anew.
    renewed: AtomicBool,
}

impl Kept {
    /// Whether this request may have it, or is the one to render it anew.
    fn is_good(&self) -> bool {
        let age = self.at.elapsed();
        age < FRESH || (age < OLDEST && self.renewed.swap(true, Ordering::AcqRel))
    }
}

/// The version of the data that a page is about to be made from.
#[derive(Debug, Clone, Copy)]
pub struct Version(u64);

impl SharedPages {
    /// `None`: make it. Of an old one only the first who asks is told so, and the others get it meanwhile.
    pub fn get(&self, address: &str) -> Option<Arc<SharedPage>> {
        let pages = self.pages.read().unwrap_or_else(PoisonError::into_inner);
        pages.get(address).filter(|kept| kept.is_good()).map(|kept| Arc::clone(&kept.page))
    }

    /// Ask before reading the data, hand it to [`keep`](Self::keep) after.
    pub fn version(&self) -> Version {
        Version(self.version.load(Ordering::Acquire))
    }

    /// Keeps the page unless the data changed while it was made.
    pub fn keep(&self, address: &str, page: SharedPage, version: Version) -> Arc<SharedPage> {
        let page = Arc::new(page);
        let mut pages = self.pages.write().unwrap_or_else(PoisonError::into_inner);
        if self.version.load(Ordering::Acquire) == version.0 {
            if pages.len() >= MOST {
                pages.retain(|_, kept| kept.at.elapsed() < FRESH);
            }
            if pages.len() < MOST {
                let kept =
                    Kept { page: Arc::clone(&page), at: Instant::now(), renewed: AtomicBool::new(false) };
                pages.insert(address.to_owned(), kept);
            }
        }
        page
    }

    /// Something that the pages show has changed.
    pub fn forget(&self) {
        let mut pages = self.pages.write().unwrap_or_else(PoisonError::into_inner);
        self.version.fetch_add(1, Ordering::AcqRel);
        pages.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shop_pages::model::Head;

    fn page(text: &'static str) -> SharedPage {
        let main = Fragment { head: Head::default(), html: text.into() };
        SharedPage { main, for_strangers: Bytes::from_static(text.as_bytes()) }
    }

    #[test]
    fn a_page_made_from_old_data_is_not_kept() {
        let pages = SharedPages::default();
        let before = pages.version();
        pages.forget();
        pages.keep("/", page("old"), before);
        assert!(pages.get("/").is_none());
        pages.keep("/", page("new"), pages.version());
        assert_eq!(&*pages.get("/").unwrap().main.html, "new");
    }

    #[test]
    fn one_request_renders_an_old_page_anew() {
        let old = |age: Duration| Kept {
            page: Arc::new(page("")),
            at: Instant::now().checked_sub(age).unwrap(),
            renewed: AtomicBool::new(false),
        };
        let (fresh, stale, ancient) = (old(Duration::ZERO), old(FRESH), old(OLDEST));
        assert_eq!([fresh.is_good(), fresh.is_good()], [true, true]);
        assert_eq!([stale.is_good(), stale.is_good()], [false, true]);
        assert_eq!([ancient.is_good(), ancient.is_good()], [false, false]);
    }

    #[test]
    fn invented_addresses_do_not_fill_the_memory() {
        let pages = SharedPages::default();
        for number in 0..2 * MOST {
            pages.keep(&format!("/?q={number}"), page(""), pages.version());
        }
        assert_eq!(pages.pages.read().unwrap().len(), MOST);
    }
}
