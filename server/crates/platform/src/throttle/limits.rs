//! How often something may be done: the generic cell rate algorithm, by key.

use super::who::Who;
use std::collections::HashMap;
use std::net::IpAddr;

pub const MICROS: i64 = 1_000_000;

/// How much may come at once, and how long each counts.
#[derive(Debug, Clone, Copy)]
struct Limit {
    burst: i64,
    /// Microseconds until one is forgotten.
    period: i64,
}

/// Failures on one account from one address: somebody who mistypes, or who guesses one person's password.
const FAILED_PAIR: Limit = Limit { burst: 5, period: 60 * MICROS };
/// On one account from anywhere: many machines on one person's password.
const FAILED_ACCOUNT: Limit = Limit { burst: 30, period: 30 * MICROS };
/// From one address, on any account: one password tried on many people.
const FAILED_ADDRESS: Limit = Limit { burst: 60, period: 10 * MICROS };
/// Looks at one account's password, right ones too: each costs the machine some hundredths of a second. No person
/// comes near these.
const LOOKED_ACCOUNT: Limit = Limit { burst: 120, period: MICROS };
/// The same from one address, which can be that of many people.
const LOOKED_ADDRESS: Limit = Limit { burst: 600, period: MICROS / 10 };
/// Nothing keeps anyone out for longer than this.
pub const LONGEST: i64 = 15 * 60 * MICROS;
/// Forgets what has run out once so many keys are kept.
const KEYS_BEFORE_CLEANING: usize = 10_000;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Key {
    FailedPair(Who),
    FailedAccount(String),
    FailedAddress(IpAddr),
    LookedAccount(String),
    LookedAddress(IpAddr),
}

impl Key {
    fn limit(&self) -> Limit {
        match self {
            Self::FailedPair(_) => FAILED_PAIR,
            Self::FailedAccount(_) => FAILED_ACCOUNT,
            Self::FailedAddress(_) => FAILED_ADDRESS,
            Self::LookedAccount(_) => LOOKED_ACCOUNT,
            Self::LookedAddress(_) => LOOKED_ADDRESS,
        }
    }
}

/// When all that each key has done will be forgotten, in microseconds (the algorithm's "theoretical arrival time").
#[derive(Debug, Default)]
pub struct Counts(HashMap<Key, i64>);

impl Counts {
    /// How long these keys must wait, in microseconds; not above zero when they need not.
    pub fn wait(&self, keys: &[Key], now: i64) -> i64 {
        let wait = keys.iter().map(|key| {
            let Limit { burst, period } = key.limit();
            self.0.get(key).map_or(0, |forgotten_at| forgotten_at - now - (burst - 1) * period)
        });
        // The machine's time may have been set back since.
        wait.max().unwrap_or(0).min(LONGEST)
    }

    pub fn add(&mut self, keys: &[Key], now: i64) {
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

#[cfg(test)]
mod tests {
    use super::super::who::HERE;
    use super::*;

    const MINUTE: i64 = 60 * MICROS;

    fn failures(account: &str, address: IpAddr) -> [Key; 3] {
        Who::new(account, address).failures()
    }

    fn john() -> [Key; 3] {
        failures("john@example.com", HERE)
    }

    #[test]
    fn five_failures_then_one_a_minute() {
        let mut counts = Counts::default();
        for _ in 0..5 {
            assert!(counts.wait(&john(), 0) <= 0);
            counts.add(&john(), 0);
        }
        assert_eq!(counts.wait(&failures(" JOHN@example.com", HERE), 0), MINUTE);
        assert!(counts.wait(&failures("jane@example.com", HERE), 0) <= 0);
        assert!(counts.wait(&failures("john@example.com", "192.0.2.1".parse().unwrap()), 0) <= 0);

        assert!(counts.wait(&john(), MINUTE) <= 0);
        counts.add(&john(), MINUTE);
        assert!(counts.wait(&john(), MINUTE) > 0);
    }

    #[test]
    fn many_addresses_on_one_account_and_many_accounts_from_one_address_are_slowed_too() {
        let mut counts = Counts::default();
        for n in 0..30 {
            counts.add(&failures("john@example.com", IpAddr::from([192, 0, 2, n])), 0);
        }
        assert!(counts.wait(&failures("john@example.com", "198.51.100.1".parse().unwrap()), 0) > 0);

        for n in 0..60 {
            counts.add(&failures(&format!("{n}@example.com"), HERE), 0);
        }
        assert!(counts.wait(&failures("somebody@example.com", HERE), 0) > 0);
    }

    #[test]
    fn nobody_is_kept_out_longer_than_a_quarter_of_an_hour() {
        let mut counts = Counts::default();
        (0..1_000).for_each(|_| counts.add(&john(), 0));
        assert_eq!(counts.wait(&john(), 0), LONGEST);
        assert_eq!(counts.wait(&john(), -10 * LONGEST), LONGEST, "the machine's time was set back");
        assert!(counts.wait(&john(), LONGEST) <= 0);
    }

    #[test]
    fn right_passwords_have_a_bound_that_no_person_comes_near() {
        let mut counts = Counts::default();
        let looks = Who::new("john@example.com", HERE).looks();
        for _ in 0..120 {
            assert!(counts.wait(&looks, 0) <= 0);
            counts.add(&looks, 0);
        }
        assert_eq!(counts.wait(&looks, 0), MICROS, "one a second from then on");
        assert!(counts.wait(&Who::new("jane@example.com", HERE).looks(), 0) <= 0);
        for n in 0..480 {
            counts.add(&Who::new(&format!("{n}@example.com"), HERE).looks(), 0);
        }
        assert!(
            counts.wait(&Who::new("jane@example.com", HERE).looks(), 0) > 0,
            "one address, many accounts"
        );
        assert!(counts.wait(&Who::new("jane@example.com", "192.0.2.1".parse().unwrap()).looks(), 0) <= 0);
    }
}
