//! Slows down guessing of passwords. Counts failures only; a person who knows the password is slowed
//! down by others' failures on the account no longer than a quarter of an hour.

use crate::Clock;
use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

const MICROS: i64 = 1_000_000;

/// How many failures may come at once, and how long each counts.
#[derive(Debug, Clone, Copy)]
struct Limit {
    burst: i64,
    /// Microseconds until one failure is forgotten.
    period: i64,
}

/// One account from one address: somebody who mistypes, or who guesses one person's password.
const PAIR: Limit = Limit { burst: 5, period: 60 * MICROS };
/// One account from anywhere: many machines on one person's password.
const ACCOUNT: Limit = Limit { burst: 30, period: 30 * MICROS };
/// One address, any account: one password tried on many people.
const ADDRESS: Limit = Limit { burst: 60, period: 10 * MICROS };
/// No failure keeps anyone out for longer than this.
const LONGEST: i64 = 15 * 60 * MICROS;
/// Characters of an account's name that are told apart (an e-mail address has 254 at the most).
const LONGEST_ACCOUNT: usize = 254;
/// Forgets what has run out once so many keys are kept.
const KEYS_BEFORE_CLEANING: usize = 10_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many failed sign-ins")]
pub struct TooMany {
    pub retry_after: Duration,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Pair(String, IpAddr),
    Account(String),
    Address(IpAddr),
}

impl Key {
    fn limit(&self) -> Limit {
        match self {
            Self::Pair(..) => PAIR,
            Self::Account(_) => ACCOUNT,
            Self::Address(_) => ADDRESS,
        }
    }
}

/// When each key's failures will all be forgotten, in microseconds (the "theoretical arrival time" of the
/// generic cell rate algorithm).
#[derive(Debug, Default)]
struct Failures(HashMap<Key, i64>);

impl Failures {
    /// How long these keys must wait, in microseconds; not above zero when they need not.
    fn wait(&self, keys: &[Key; 3], now: i64) -> i64 {
        let wait = keys.iter().map(|key| {
            let Limit { burst, period } = key.limit();
            self.0.get(key).map_or(0, |forgotten_at| forgotten_at - now - (burst - 1) * period)
        });
        // The machine's time may have been set back since.
        wait.max().unwrap_or(0).min(LONGEST)
    }

    fn add(&mut self, keys: &[Key; 3], now: i64) {
        if self.0.len() >= KEYS_BEFORE_CLEANING {
            self.0.retain(|_, forgotten_at| *forgotten_at > now);
        }
        for key in keys {
            let Limit { burst, period } = key.limit();
            let forgotten_at = self.0.entry(key.clone()).or_insert(now);
            *forgotten_at = ((*forgotten_at).max(now) + period).min(now + (burst - 1) * period + LONGEST);
        }
    }
}

/// Failed sign-ins by account and address; clones share the counts. Goes by the machine's time: a lab's
/// clock that is moved or stands still must neither let guesses through nor lock anybody out.
#[derive(Debug, Clone)]
pub struct SignInThrottle {
    clock: Clock,
    enabled: bool,
    failures: Arc<Mutex<Failures>>,
    /// One password is looked at after the other, or guesses that come together would all be admitted
    /// before the first of them is known to be wrong.
    turn: Arc<tokio::sync::Mutex<()>>,
}

/// The right to look at one password. Dropped, it leaves no trace.
#[derive(Debug)]
pub struct Turn<'a> {
    throttle: &'a SignInThrottle,
    keys: [Key; 3],
    _held: Option<tokio::sync::MutexGuard<'a, ()>>,
}

impl SignInThrottle {
    pub fn new(clock: Clock, enabled: bool) -> Self {
        Self { clock, enabled, failures: Arc::default(), turn: Arc::default() }
    }

    /// Ask before looking at the password, and hold the turn until it is known whether it fits.
    pub async fn admit(&self, account: &str, address: IpAddr) -> Result<Turn<'_>, TooMany> {
        let keys = keys(account, address);
        if !self.enabled {
            return Ok(Turn { throttle: self, keys, _held: None });
        }
        let turn = self.turn.lock().await;
        match u64::try_from(self.failures().wait(&keys, self.now())) {
            Ok(micros) if micros > 0 => Err(TooMany { retry_after: Duration::from_micros(micros) }),
            _ => Ok(Turn { throttle: self, keys, _held: Some(turn) }),
        }
    }

    fn failures(&self) -> MutexGuard<'_, Failures> {
        self.failures.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> i64 {
        self.clock.wall().as_microsecond()
    }
}

impl Turn<'_> {
    /// The password was wrong (or the account unknown: the same, or the difference tells).
    pub fn failed(self) {
        if self.throttle.enabled {
            self.throttle.failures().add(&self.keys, self.throttle.now());
        }
    }
}

fn keys(account: &str, address: IpAddr) -> [Key; 3] {
    // Of what cannot be an address the beginning is enough: what is kept has an end.
    let account: String = account.trim().chars().take(LONGEST_ACCOUNT).collect();
    let (account, address) = (account.to_lowercase(), network(address));
    [Key::Pair(account.clone(), address), Key::Account(account), Key::Address(address)]
}

/// One subscriber has a whole IPv6 /64 to pick addresses from.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64)),
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);
    const MINUTE: i64 = 60 * MICROS;

    fn john() -> [Key; 3] {
        keys("john@example.com", HERE)
    }

    #[test]
    fn five_failures_then_one_a_minute() {
        let mut failures = Failures::default();
        for _ in 0..5 {
            assert!(failures.wait(&john(), 0) <= 0);
            failures.add(&john(), 0);
        }
        assert_eq!(failures.wait(&keys(" JOHN@example.com", HERE), 0), MINUTE);
        assert!(failures.wait(&keys("jane@example.com", HERE), 0) <= 0);
        assert!(failures.wait(&keys("john@example.com", "192.0.2.1".parse().unwrap()), 0) <= 0);

        assert!(failures.wait(&john(), MINUTE) <= 0);
        failures.add(&john(), MINUTE);
        assert!(failures.wait(&john(), MINUTE) > 0);
    }

    #[test]
    fn many_addresses_on_one_account_and_many_accounts_from_one_address_are_slowed_too() {
        let mut failures = Failures::default();
        for n in 0..30 {
            failures.add(&keys("john@example.com", IpAddr::from([192, 0, 2, n])), 0);
        }
        assert!(failures.wait(&keys("john@example.com", "198.51.100.1".parse().unwrap()), 0) > 0);

        for n in 0..60 {
            failures.add(&keys(&format!("{n}@example.com"), HERE), 0);
        }
        assert!(failures.wait(&keys("somebody@example.com", HERE), 0) > 0);
    }

    #[test]
    fn nobody_is_kept_out_longer_than_a_quarter_of_an_hour() {
        let mut failures = Failures::default();
        (0..1_000).for_each(|_| failures.add(&john(), 0));
        assert_eq!(failures.wait(&john(), 0), LONGEST);
        assert_eq!(failures.wait(&john(), -10 * LONGEST), LONGEST, "the machine's time was set back");
        assert!(failures.wait(&john(), LONGEST) <= 0);
    }

    #[test]
    fn neighbours_in_one_ipv6_network_are_one_and_names_have_an_end() {
        let mut failures = Failures::default();
        for n in 0..5 {
            failures.add(&keys("john@example.com", format!("2001:db8::{n}").parse().unwrap()), 0);
        }
        assert!(failures.wait(&keys("john@example.com", "2001:db8::ffff".parse().unwrap()), 0) > 0);
        assert_eq!(keys(&"a".repeat(100_000), HERE), keys(&"a".repeat(1_000), HERE));
    }

    fn throttle(enabled: bool) -> SignInThrottle {
        SignInThrottle::new(Clock::fixed("2030-01-01T12:00:00Z".parse().unwrap()), enabled)
    }

    /// Looks at a wrong password as slowly as the tasks beside it allow.
    async fn guess(throttle: &SignInThrottle) -> bool {
        let Ok(turn) = throttle.admit("john@example.com", HERE).await else { return false };
        tokio::task::yield_now().await;
        turn.failed();
        true
    }

    #[tokio::test]
    async fn guesses_that_come_together_are_counted_one_by_one() {
        let throttle = throttle(true);
        let guesses = futures_util::future::join_all((0..40).map(|_| guess(&throttle))).await;
        assert_eq!(guesses.into_iter().filter(|admitted| *admitted).count(), 5);
    }

    #[tokio::test]
    async fn right_passwords_count_for_nothing_and_off_is_off() {
        let on = throttle(true);
        for _ in 0..100 {
            drop(on.admit("john@example.com", HERE).await.unwrap());
        }
        let off = throttle(false);
        for _ in 0..100 {
            off.admit("john@example.com", HERE).await.unwrap().failed();
        }
    }
}
