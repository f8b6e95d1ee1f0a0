//! Slows down guessing of passwords, and bounds the work of looking at them. Failures keep a person who knows the
//! password out no longer than a quarter of an hour, and not at all where that account was signed in to before, unless
//! they came from there themselves. OWASP ASVS 5.0, 6.1.1 and 6.3.1.

mod limits;
mod line;
mod who;

use crate::Clock;
use crate::web::Refusal;
use limits::{Counts, MICROS};
use line::{Line, Place};
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::OwnedMutexGuard;
use who::Who;

/// How long it is remembered that somebody signed in to an account from an address.
const KNOWN_FOR: i64 = 30 * 24 * 3_600 * MICROS;
/// How many of them are remembered.
const MOST_KNOWN: usize = 10_000;
/// After which the line has moved on.
const LINE_MOVES_IN: Duration = Duration::from_secs(2);

/// Why no password is looked at now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotNow {
    /// By this account or from this address.
    #[error("too many attempts to sign in")]
    TooMany { retry_after: Duration },
    #[error("too many people sign in at this moment")]
    Busy { retry_after: Duration },
}

impl From<NotNow> for Refusal {
    fn from(not_now: NotNow) -> Self {
        match not_now {
            NotNow::TooMany { retry_after } => Self::too_many(retry_after),
            NotNow::Busy { retry_after } => Self::busy(retry_after),
        }
    }
}

#[derive(Debug, Default)]
struct State {
    counts: Counts,
    /// Who signed in to what from where, and when last, in microseconds.
    known: HashMap<Who, i64>,
}

impl State {
    /// How long this one must wait, in microseconds; not above zero when they need not.
    fn wait(&self, who: &Who, now: i64) -> i64 {
        let failures = who.failures();
        let known = self.known.get(who).is_some_and(|at| now - at < KNOWN_FOR);
        // What others do on the account or from the address is nothing to who is known there.
        let failures = if known { &failures[..1] } else { &failures[..] };
        self.counts.wait(failures, now).max(self.counts.wait(&who.looks(), now))
    }

    fn remember(&mut self, who: Who, now: i64) {
        if self.known.len() >= MOST_KNOWN && !self.known.contains_key(&who) {
            let oldest = self.known.iter().min_by_key(|(_, at)| **at).map(|(who, _)| who.clone());
            oldest.and_then(|who| self.known.remove(&who));
        }
        self.known.insert(who, now);
    }
}

/// Attempts to sign in by account and address; clones share the counts. Goes by the machine's time: a lab's
/// clock that is moved or stands still must neither let guesses through nor lock anybody out.
#[derive(Debug, Clone)]
pub struct SignInThrottle {
    clock: Clock,
    enabled: bool,
    state: Arc<Mutex<State>>,
    line: Line,
}

/// The right to look at one account's password; it is held until it is known whether that fits, or guesses that come
/// together would all be admitted before the first of them is known to be wrong. Dropped, it counts as a look alone.
#[derive(Debug)]
pub struct Turn<'a> {
    throttle: &'a SignInThrottle,
    who: Who,
    _held: Option<(OwnedMutexGuard<()>, Place)>,
}

impl SignInThrottle {
    pub fn new(clock: Clock, enabled: bool) -> Self {
        Self { clock, enabled, state: Arc::default(), line: Line::default() }
    }

    /// Ask before looking at the password or hashing a new one, and hold the turn meanwhile. Waits for those who are
    /// before in the line of the same account, not for any others.
    pub async fn admit(&self, account: &str, address: IpAddr) -> Result<Turn<'_>, NotNow> {
        let who = Who::new(account, address);
        if !self.enabled {
            return Ok(Turn { throttle: self, who, _held: None });
        }
        // Who will be refused anyway takes no place from others.
        self.check(&self.state(), &who)?;
        let place = self.line.enter(&who).map_err(|_| NotNow::Busy { retry_after: LINE_MOVES_IN })?;
        let held = Arc::clone(&place.turn).lock_owned().await;
        let mut state = self.state();
        self.check(&state, &who)?;
        state.counts.add(&who.looks(), self.now());
        drop(state);
        Ok(Turn { throttle: self, who, _held: Some((held, place)) })
    }

    fn check(&self, state: &State, who: &Who) -> Result<(), NotNow> {
        match u64::try_from(state.wait(who, self.now())) {
            Ok(micros) if micros > 0 => Err(NotNow::TooMany { retry_after: Duration::from_micros(micros) }),
            _ => Ok(()),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> i64 {
        self.clock.wall().as_microsecond()
    }
}

impl Turn<'_> {
    /// The password was wrong (or the account unknown: the same, or the difference tells).
    pub fn failed(self) {
        if self.throttle.enabled {
            self.throttle.state().counts.add(&self.who.failures(), self.throttle.now());
        }
    }

    /// The password was right: from this address others' failures keep nobody from this account any more.
    pub fn succeeded(self) {
        if self.throttle.enabled {
            self.throttle.state().remember(self.who.clone(), self.throttle.now());
        }
    }
}

#[cfg(test)]
mod tests;
