//! Passwords: argon2id with OWASP's parameters (19 MiB, two passes, one lane), off the async threads
//! and only a few at once, so that a burst of sign-ins cannot take all memory.

use crate::Random;
use crate::blocking::BlockingPool;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};

const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// What a password is compared with when there is no such user: takes as long, and no password is known
/// that would fit it.
const NOBODYS_HASH: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

#[derive(Debug, thiserror::Error)]
#[error("the password could not be hashed")]
pub struct PasswordError;

/// Hashes and checks passwords; clones share the limit of how many at once.
#[derive(Debug, Clone)]
pub struct Passwords {
    random: Random,
    pool: BlockingPool,
}

impl Passwords {
    pub fn new(random: Random) -> Self {
        Self { random, pool: BlockingPool::of_all_cores() }
    }

    /// The hash to store, in PHC string format: it names its own parameters.
    pub async fn hash(&self, password: String) -> Result<String, PasswordError> {
        let salt = self.random.bytes::<16>();
        let hashed = self.pool.run(move || {
            let hash = argon2().hash_password_with_salt(password.as_bytes(), &salt);
            hash.map(|hash| hash.to_string()).map_err(|_| PasswordError)
        });
        hashed.await.map_err(|_| PasswordError)?
    }

    /// Whether the password fits the stored hash. `None` (no such user) takes the same time and is
    /// `false`, so that the answer's time does not tell who has an account.
    pub async fn verify(&self, password: String, hash: Option<String>) -> bool {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODYS_HASH.to_owned());
        let fits =
            self.pool.run(move || argon2().verify_password(password.as_bytes(), hash.as_str()).is_ok());
        fits.await.unwrap_or(false) && known
    }
}

fn argon2() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).expect("OWASP's parameters are valid");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_fits_its_own_hash_alone() {
        let passwords = Passwords::new(Random::seeded(1));
        let hash = passwords.hash("correct horse".to_owned()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(passwords.verify("correct horse".to_owned(), Some(hash.clone())).await);
        assert!(!passwords.verify("correct horsf".to_owned(), Some(hash.clone())).await);
        assert_ne!(hash, passwords.hash("correct horse".to_owned()).await.unwrap(), "each has its own salt");
    }

    #[tokio::test]
    async fn nobody_and_a_broken_hash_never_fit() {
        let passwords = Passwords::new(Random::seeded(1));
        assert!(!passwords.verify(String::new(), None).await);
        assert!(!passwords.verify("x".to_owned(), Some("not a hash".to_owned())).await);
    }

    #[test]
    fn nobodys_hash_costs_what_a_real_one_costs() {
        let salt = [7; 16];
        let real = argon2().hash_password_with_salt(b"x", &salt).unwrap();
        let nobodys = argon2::PasswordHash::new(NOBODYS_HASH).unwrap();
        assert_eq!(nobodys.params, real.params);
        assert_eq!(nobodys.hash.map(|hash| hash.len()), real.hash.map(|hash| hash.len()));
    }
}
