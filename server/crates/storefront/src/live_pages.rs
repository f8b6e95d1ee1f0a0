//! Pages that are open in a browser and wait for news: how many, and whether there may be any.

use crate::ids::UserId;
use platform::Database;
use platform::db::Changes;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Of one person at once: those who look at more of them have the rest ask now and then.
pub const MOST_OF_ONE: usize = 6;

/// Clones share all of it.
#[derive(Debug, Clone)]
pub struct LivePages {
    /// Whether something was committed, by this process or by another.
    pub changes: Changes,
    open: Arc<Mutex<HashMap<UserId, usize>>>,
}

/// An open page's place, free again when dropped.
#[derive(Debug)]
pub struct OpenPage {
    pages: LivePages,
    user: UserId,
}

impl LivePages {
    pub fn of(db: Database) -> Self {
        Self { changes: Changes::of(db), open: Arc::default() }
    }

    /// `None`: the person has as many as one may have.
    pub fn open(&self, user: &UserId) -> Option<OpenPage> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let pages = open.entry(user.clone()).or_default();
        if *pages == MOST_OF_ONE {
            return None;
        }
        *pages += 1;
        Some(OpenPage { pages: self.clone(), user: user.clone() })
    }
}

impl Drop for OpenPage {
    fn drop(&mut self) {
        let mut open = self.pages.open.lock().unwrap_or_else(PoisonError::into_inner);
        match open.get_mut(&self.user) {
            Some(pages) if *pages > 1 => *pages -= 1,
            _ => drop(open.remove(&self.user)),
        }
    }
}
