//! The places for attempts, by what is known of the receiver: how many there are, and how many are taken.

use std::collections::HashMap;

/// What is known of a receiver, from the last that it was sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Standing {
    /// Nothing: it was never spoken to.
    #[default]
    New,
    /// It is not there, or refuses, at once.
    Failing,
    /// Took it, and at once.
    Prompt,
    /// Keeps us waiting.
    Slow,
}

/// How many attempts are made at once: of one queue, of one caller, and in all.
pub struct Bounds {
    pub queue: usize,
    pub caller: usize,
    pub all: usize,
}

impl Standing {
    pub const fn bounds(self) -> Bounds {
        match self {
            Self::Prompt => Bounds { queue: 8, caller: 32, all: 64 },
            Self::New | Self::Slow => Bounds { queue: 1, caller: 64, all: 128 },
            Self::Failing => Bounds { queue: 1, caller: 16, all: 64 },
        }
    }
}

/// Places that are kept for long, at the most: those who turn out to be slow move here without asking, so nobody who is
/// not prompt is begun with that could be too many.
pub const SLOW_OF_CALLER: usize = 128;
const SLOW_OF_ALL: usize = 256;

/// How many places are taken.
#[derive(Debug, Clone, Default)]
pub struct Taken {
    pub by_caller: HashMap<(String, Standing), usize>,
    by_all: HashMap<Standing, usize>,
}

impl Taken {
    fn by(&self, caller: &str, standing: Standing) -> usize {
        self.by_caller.get(&(caller.to_owned(), standing)).copied().unwrap_or(0)
    }

    pub fn by_all(&self, standing: Standing) -> usize {
        self.by_all.get(&standing).copied().unwrap_or(0)
    }

    pub fn has_room(&self, caller: &str, standing: Standing) -> bool {
        let bounds = standing.bounds();
        let in_bounds = self.by(caller, standing) < bounds.caller && self.by_all(standing) < bounds.all;
        in_bounds && (standing == Standing::Prompt || self.has_room_if_slow(caller))
    }

    /// If all that are not prompt turn out to be slow.
    fn has_room_if_slow(&self, caller: &str) -> bool {
        let doubtful = [Standing::New, Standing::Failing, Standing::Slow];
        let of_caller: usize = doubtful.iter().map(|standing| self.by(caller, *standing)).sum();
        let of_all: usize = doubtful.iter().map(|standing| self.by_all(*standing)).sum();
        of_caller < SLOW_OF_CALLER && of_all < SLOW_OF_ALL
    }

    pub fn take(&mut self, caller: &str, standing: Standing) {
        *self.by_caller.entry((caller.to_owned(), standing)).or_default() += 1;
        *self.by_all.entry(standing).or_default() += 1;
    }

    pub fn give_back(&mut self, caller: &str, standing: Standing) {
        let key = (caller.to_owned(), standing);
        if let Some(taken) = self.by_caller.get_mut(&key) {
            *taken -= 1;
            if *taken == 0 {
                self.by_caller.remove(&key);
            }
        }
        if let Some(taken) = self.by_all.get_mut(&standing) {
            *taken -= 1;
        }
    }
}
