//! Slows down guessing of passwords. Counts failures only; a person who knows the password is slowed
//! down by others' failures on the account no longer than a quarter of an hour.

use crate::Clock;
use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};
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

/// Failed sign-ins by account and address; clones share the counts.
#[derive(Debug, Clone)]
pub struct SignInThrottle {
    clock: Clock,
    enabled: bool,
    /// When each key's failures will all be forgotten, in microseconds (the "theoretical arrival time"
    /// of the generic cell rate algorithm).
    forgotten_at: Arc<Mutex<HashMap<Key, i64>>>,
}

impl SignInThrottle {
    pub fn new(clock: Clock, enabled: bool) -> Self {
        Self { clock, enabled, forgotten_at: Arc::default() }
    }

    /// Ask before looking at the password.
    pub fn check(&self, account: &str, address: IpAddr) -> Result<(), TooMany> {
        if !self.enabled {
            return Ok(());
        }
        let now = self.clock.now_micros();
        let kept = self.forgotten_at.lock().unwrap_or_else(PoisonError::into_inner);
        let wait = keys(account, address).map(|key| {
            let Limit { burst, period } = key.limit();
            kept.get(&key).map_or(0, |forgotten_at| forgotten_at - now - (burst - 1) * period)
        });
        match u64::try_from(wait.into_iter().max().unwrap_or(0)) {
            Ok(micros) if micros > 0 => Err(TooMany { retry_after: Duration::from_micros(micros) }),
            _ => Ok(()),
        }
    }

    /// Tell after a password was wrong (or the account unknown: the same, or the difference tells).
    pub fn failed(&self, account: &str, address: IpAddr) {
        if !self.enabled {
            return;
        }
        let now = self.clock.now_micros();
        let mut kept = self.forgotten_at.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEYS_BEFORE_CLEANING {
            kept.retain(|_, forgotten_at| *forgotten_at > now);
        }
        for key in keys(account, address) {
            let Limit { burst, period } = key.limit();
            let forgotten_at = kept.entry(key).or_insert(now);
            *forgotten_at = ((*forgotten_at).max(now) + period).min(now + (burst - 1) * period + LONGEST);
        }
    }
}

fn keys(account: &str, address: IpAddr) -> [Key; 3] {
    let (account, address) = (account.trim().to_lowercase(), network(address));
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
    use jiff::SignedDuration;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    fn throttle() -> (Clock, SignInThrottle) {
        let clock = Clock::fixed("2030-01-01T12:00:00Z".parse().unwrap());
        (clock.clone(), SignInThrottle::new(clock, true))
    }

    #[test]
    fn five_failures_then_one_a_minute() {
        let (clock, throttle) = throttle();
        for _ in 0..5 {
            throttle.check("john@example.com", HERE).unwrap();
            throttle.failed("john@example.com", HERE);
        }
        let refused = throttle.check(" JOHN@example.com", HERE).unwrap_err();
        assert_eq!(refused.retry_after, Duration::from_mins(1));
        throttle.check("jane@example.com", HERE).unwrap();
        throttle.check("john@example.com", "192.0.2.1".parse().unwrap()).unwrap();

        clock.advance(SignedDuration::from_mins(1)).unwrap();
        throttle.check("john@example.com", HERE).unwrap();
        throttle.failed("john@example.com", HERE);
        throttle.check("john@example.com", HERE).unwrap_err();
    }

    #[test]
    fn many_addresses_on_one_account_and_many_accounts_from_one_address_are_slowed_too() {
        let (_, throttle) = throttle();
        for n in 0..30 {
            throttle.failed("john@example.com", IpAddr::from([192, 0, 2, n]));
        }
        throttle.check("john@example.com", "198.51.100.1".parse().unwrap()).unwrap_err();

        for n in 0..60 {
            throttle.failed(&format!("{n}@example.com"), HERE);
        }
        throttle.check("somebody@example.com", HERE).unwrap_err();
    }

    #[test]
    fn nobody_is_kept_out_longer_than_a_quarter_of_an_hour() {
        let (clock, throttle) = throttle();
        for _ in 0..1_000 {
            throttle.failed("john@example.com", HERE);
        }
        let refused = throttle.check("john@example.com", HERE).unwrap_err();
        assert_eq!(refused.retry_after, Duration::from_mins(15));
        clock.advance(SignedDuration::from_mins(15)).unwrap();
        throttle.check("john@example.com", HERE).unwrap();
    }

    #[test]
    fn neighbours_in_one_ipv6_network_are_one_and_off_is_off() {
        let (clock, throttle) = throttle();
        for n in 0..5 {
            throttle.failed("john@example.com", format!("2001:db8::{n}").parse().unwrap());
        }
        throttle.check("john@example.com", "2001:db8::ffff".parse().unwrap()).unwrap_err();

        let off = SignInThrottle::new(clock, false);
        (0..100).for_each(|_| off.failed("john@example.com", HERE));
        off.check("john@example.com", HERE).unwrap();
    }
}
