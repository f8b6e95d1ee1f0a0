//! Randomness, handed in. Production seeds a cryptographic generator from the operating system; tests
//! give a number and get the same ids on every run.

use rand::rngs::SysRng;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha20Rng;
use std::sync::{Arc, Mutex, PoisonError};

const UPPER_ALPHANUMERIC: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// A shared cryptographic generator; good for ids, tokens and salts.
#[derive(Debug, Clone)]
pub struct Random {
    rng: Arc<Mutex<ChaCha20Rng>>,
}

impl Random {
    pub fn from_system() -> Self {
        let rng = ChaCha20Rng::try_from_rng(&mut SysRng).expect("the operating system gives random bytes");
        Self { rng: Arc::new(Mutex::new(rng)) }
    }

    /// The same ids in the same order, for tests and the demo data.
    pub fn seeded(seed: u64) -> Self {
        Self { rng: Arc::new(Mutex::new(ChaCha20Rng::seed_from_u64(seed))) }
    }

    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.rng.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(&mut bytes);
        bytes
    }

    pub fn next_u64(&self) -> u64 {
        u64::from_le_bytes(self.bytes())
    }

    /// `length` characters of `[0-9A-Z]`, each equally likely: FPS transaction and token ids (REFERENCE §10).
    pub fn upper_alphanumeric(&self, length: usize) -> String {
        let mut text = String::with_capacity(length);
        while text.len() < length {
            let fair = self.bytes::<64>().into_iter().filter(|byte| *byte < 252);
            let letters = fair.map(|byte| char::from(UPPER_ALPHANUMERIC[usize::from(byte) % 36]));
            text.extend(letters.take(length - text.len()));
        }
        text
    }

    /// A UUID version 7 of the given moment: sorts by time.
    pub fn uuid(&self, at: jiff::Timestamp) -> uuid::Uuid {
        let millis = u64::try_from(at.as_millisecond()).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &self.bytes()).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_ids() {
        assert_eq!(Random::seeded(7).upper_alphanumeric(64), Random::seeded(7).upper_alphanumeric(64));
        assert_ne!(Random::seeded(7).upper_alphanumeric(64), Random::seeded(8).upper_alphanumeric(64));
        assert_eq!(Random::seeded(7).upper_alphanumeric(64).len(), 64);
    }
}
