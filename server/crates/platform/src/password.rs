//! Passwords: argon2id with OWASP's parameters (19 MiB, two passes, one lane), off the async threads
//! and only a few at once, so that a burst of sign-ins cannot take all memory.

use crate::Random;
use crate::blocking::BlockingPool;
use argon2::password_hash::phc::{Output, ParamsString, Salt};
use argon2::password_hash::{self, CustomizedPasswordHasher};
use argon2::{Algorithm, Argon2, Block, Params, PasswordHash, PasswordVerifier, Version};
use futures_util::future::BoxFuture;

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
    pub fn hash(&self, password: String) -> BoxFuture<'_, Result<String, PasswordError>> {
        Box::pin(async move {
            let salt = self.random.bytes::<16>();
            let hashed = self.pool.run(move || {
                hash(password.as_bytes(), &salt).map(|hash| hash.to_string()).map_err(|_| PasswordError)
            });
            hashed.await.map_err(|_| PasswordError)?
        })
    }

    /// Whether the password fits the stored hash. `None` (no such user) takes the same time and is
    /// `false`, so that the answer's time does not tell who has an account.
    pub fn verify(&self, password: String, hash: Option<String>) -> BoxFuture<'_, bool> {
        Box::pin(async move {
            let known = hash.is_some();
            let hash = hash.unwrap_or_else(|| NOBODYS_HASH.to_owned());
            let fits = self.pool.run(move || fits(password.as_bytes(), &hash).is_ok());
            fits.await.unwrap_or(false) && known
        })
    }
}

fn params() -> Params {
    Params::new(MEMORY_KIB, PASSES, LANES, None).expect("OWASP's parameters are valid")
}

/// As many blocks as more than 32 MiB have. glibc gives only such an allocation back to the system for certain
/// when it is freed (`M_MMAP_THRESHOLD` in mallopt(3)): smaller ones it comes to keep, in each thread anew, and
/// after a hundred sign-ins the process has a gigabyte. What is not used of it takes no memory.
const BLOCKS_GIVEN_BACK: usize = 32 * 1024 + 64;

/// Argon2 in memory that does not stay.
struct Hasher;

impl CustomizedPasswordHasher<PasswordHash> for Hasher {
    type Params = Params;

    fn hash_password_customized(
        &self,
        password: &[u8],
        salt: &[u8],
        algorithm: Option<&str>,
        version: Option<u32>,
        params: Params,
    ) -> password_hash::Result<PasswordHash> {
        let algorithm = algorithm.map(Algorithm::try_from).transpose()?.unwrap_or_default();
        let version = version.map(Version::try_from).transpose()?.unwrap_or_default();
        let mut hash = vec![0; params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN)];
        let mut memory = Vec::with_capacity(params.block_count().max(BLOCKS_GIVEN_BACK));
        memory.resize(params.block_count(), Block::new());
        let argon2 = Argon2::new(algorithm, version, params);
        argon2.hash_password_into_with_memory(password, salt, &mut hash, &mut memory)?;
        Ok(PasswordHash {
            algorithm: algorithm.ident(),
            version: Some(version.into()),
            params: ParamsString::try_from(argon2.params())?,
            salt: Some(Salt::new(salt)?),
            hash: Some(Output::new(&hash)?),
        })
    }
}

fn hash(password: &[u8], salt: &[u8]) -> password_hash::Result<PasswordHash> {
    Hasher.hash_password_customized(password, salt, None, None, params())
}

fn fits(password: &[u8], stored: &str) -> password_hash::Result<()> {
    Hasher.verify_password(password, &PasswordHash::new(stored)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use argon2::PasswordHasher;

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
        let real = hash(b"x", &salt).unwrap();
        let nobodys = PasswordHash::new(NOBODYS_HASH).unwrap();
        assert_eq!(nobodys.params, real.params);
        assert_eq!(nobodys.hash.map(|hash| hash.len()), real.hash.map(|hash| hash.len()));
    }

    /// Argon2's own way of hashing is the measure: what was stored by it is known, and the other way round.
    #[test]
    fn memory_of_its_own_changes_no_hash() {
        let theirs = Argon2::new(Algorithm::Argon2id, Version::V0x13, params());
        let stored = theirs.hash_password_with_salt(b"correct horse", &[7; 16]).unwrap();
        assert_eq!(hash(b"correct horse", &[7; 16]).unwrap(), stored);
        fits(b"correct horse", &stored.to_string()).unwrap();
        fits(b"correct horsf", &stored.to_string()).unwrap_err();
        // From a time with other parameters.
        let weaker =
            Argon2::new(Algorithm::Argon2i, Version::V0x10, Params::new(64, 3, 2, Some(24)).unwrap());
        let stored = weaker.hash_password_with_salt(b"correct horse", &[7; 16]).unwrap().to_string();
        fits(b"correct horse", &stored).unwrap();
        fits(b"correct horsf", &stored).unwrap_err();
    }
}
