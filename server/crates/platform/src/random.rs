//! Randomness, handed in. Production seeds a cryptographic generator from the operating system; tests
//! give a number and get the same ids on every run.

use rand::rngs::SysRng;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha20Rng;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

const UPPER_ALPHANUMERIC: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// A shared cryptographic generator; good for ids, tokens and salts.
#[derive(Debug, Clone)]
pub struct Random {
    state: Arc<Mutex<State>>,
}

#[derive(Debug)]
struct State {
    rng: ChaCha20Rng,
    last: UuidMoment,
}

/// The millisecond of the latest UUID and its number within it.
#[derive(Debug, Default)]
struct UuidMoment {
    millis: u64,
    counter: u32,
}

/// A UUID's counter has 26 bits; it begins in the lower half, so that it does not overflow at once.
const COUNTER_BITS: u32 = 26;

impl Random {
    pub fn from_system() -> Self {
        Self::from_rng(
            ChaCha20Rng::try_from_rng(&mut SysRng).expect("the operating system gives random bytes"),
        )
    }

    /// The same ids in the same order, for tests and the demo data.
    pub fn seeded(seed: u64) -> Self {
        Self::from_rng(ChaCha20Rng::seed_from_u64(seed))
    }

    fn from_rng(rng: ChaCha20Rng) -> Self {
        Self { state: Arc::new(Mutex::new(State { rng, last: UuidMoment::default() })) }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.lock().rng.fill_bytes(&mut bytes);
        bytes
    }

    pub fn next_u64(&self) -> u64 {
        u64::from_le_bytes(self.bytes())
    }

    /// `length` characters of `[0-9A-Z]`, each equally likely: FPS transaction and token ids (fps.md §10).
    pub fn upper_alphanumeric(&self, length: usize) -> String {
        let mut text = String::with_capacity(length);
        while text.len() < length {
            let fair = self.bytes::<64>().into_iter().filter(|byte| *byte < 252);
            let letters = fair.map(|byte| char::from(UPPER_ALPHANUMERIC[usize::from(byte) % 36]));
            text.extend(letters.take(length - text.len()));
        }
        text
    }

    /// The same, but those of later moments sort behind those of earlier ones: rows that are named so are written side by
    /// side, and an index of millions takes the next one at its end. The first 11 characters are the moment in
    /// microseconds to base 36, the rest is random.
    pub fn ordered_upper_alphanumeric(&self, length: usize, at: jiff::Timestamp) -> String {
        let mut moment = [b'0'; 11];
        let mut micros = u64::try_from(at.as_microsecond()).unwrap_or(0);
        for digit in moment.iter_mut().rev() {
            *digit = usize::try_from(micros % 36).map_or(b'0', |digit| UPPER_ALPHANUMERIC[digit]);
            micros /= 36;
        }
        let mut text: String = moment.into_iter().map(char::from).take(length).collect();
        text.push_str(&self.upper_alphanumeric(length - text.len()));
        text
    }

    /// A UUID version 7 of the given moment: sorts by time, and those of one millisecond (a frozen clock has
    /// many) in the order in which they were made (RFC 9562 §6.2, method 1).
    pub fn uuid(&self, at: jiff::Timestamp) -> uuid::Uuid {
        let millis = u64::try_from(at.as_millisecond()).unwrap_or(0);
        let mut state = self.lock();
        let State { rng, last } = &mut *state;
        let mut bytes = [0; 10];
        rng.fill_bytes(&mut bytes);
        *last = last.next(millis, rng.next_u32());
        // The counter fills what the version (high 4 bits of byte 0) and the variant (of byte 2, 2) leave.
        let spread = (last.counter >> 14) << 16 | (last.counter & 0x3fff);
        bytes[..4].copy_from_slice(&spread.to_be_bytes());
        uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid()
    }
}

impl UuidMoment {
    fn next(&self, millis: u64, random: u32) -> Self {
        let counter = if millis == self.millis {
            (self.counter + 1) % (1 << COUNTER_BITS)
        } else {
            random >> (32 - COUNTER_BITS + 1)
        };
        Self { millis, counter }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_ids_sort_behind_earlier_ones() {
        let (random, at) = (Random::seeded(7), |micros| jiff::Timestamp::from_microsecond(micros).unwrap());
        let moments = [i64::MIN / 50_000_000, -1, 0, 35, 36, 1_795_761_922_392_957, 1_795_761_922_392_958];
        let ids = moments.map(|micros| random.ordered_upper_alphanumeric(35, at(micros)));
        assert!(ids[2..].is_sorted(), "{ids:?}");
        assert!(ids.iter().all(|id| id.len() == 35 && id.bytes().all(|b| UPPER_ALPHANUMERIC.contains(&b))));
        assert_eq!(&ids[3][..11], "0000000000Z");
        assert_ne!(
            random.ordered_upper_alphanumeric(35, at(1)),
            random.ordered_upper_alphanumeric(35, at(1))
        );
        assert_eq!(random.ordered_upper_alphanumeric(4, at(1)), "0000");
    }

    #[test]
    fn the_same_seed_gives_the_same_ids() {
        assert_eq!(Random::seeded(7).upper_alphanumeric(64), Random::seeded(7).upper_alphanumeric(64));
        assert_ne!(Random::seeded(7).upper_alphanumeric(64), Random::seeded(8).upper_alphanumeric(64));
        assert_eq!(Random::seeded(7).upper_alphanumeric(64).len(), 64);
    }

    #[test]
    fn uuids_sort_by_time_and_by_order_within_a_millisecond() {
        let random = Random::seeded(7);
        let noon: jiff::Timestamp = "2030-01-01T12:00:00Z".parse().unwrap();
        let mut ids: Vec<_> = (0..10_000).map(|_| random.uuid(noon)).collect();
        ids.push(random.uuid(noon + jiff::SignedDuration::from_millis(1)));
        assert!(ids.is_sorted_by(|a, b| a < b));
        assert!(ids.iter().all(|id| id.get_version_num() == 7 && id.get_variant() == uuid::Variant::RFC4122));
        assert_ne!(ids[0], Random::seeded(8).uuid(noon));
    }
}
