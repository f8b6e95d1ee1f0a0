//! Links in mail that let somebody in: for a new password, to confirm a sign-up.
//!
//! What a link carries is made from its id, which is random, with a key that is not in the database. So the words of a
//! mail can be written whenever it is read, and whoever has a copy of the database has no link that works: of each the
//! database keeps only the SHA-256.

use crate::ids::LinkId;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use platform::Random;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

/// Tells this use of the shop's secret from its signatures.
const PURPOSE: &str = "DigitalDownload: a link in a mail";
/// The same of a second factor.
const CODES: &str = "DigitalDownload: codes of a second factor";
const RECOVERY: &str = "DigitalDownload: a recovery code";

/// A new link's id: 256 random bits.
pub fn new_id(random: &Random) -> LinkId {
    let id = BASE64_URL_SAFE_NO_PAD.encode(random.bytes::<32>());
    id.parse().expect("so many bytes are so many letters")
}

/// What the link of this id carries, 256 bits in letters that an address can have.
pub fn token(secret: &SecretString, id: &LinkId) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(seal(secret, PURPOSE, id.as_str()))
}

/// What only the shop can put on a text. The purpose tells its uses from each other.
pub fn seal(secret: &SecretString, purpose: &str, text: &str) -> [u8; 32] {
    mac(&mac(secret.expose_secret().as_bytes(), purpose), text)
}

/// What the codes of the second factor of this id are made from: as many bits as RFC 4226 recommends.
pub fn second_factor(secret: &SecretString, id: &LinkId) -> [u8; 20] {
    let all = seal(secret, CODES, id.as_str());
    std::array::from_fn(|at| all[at])
}

/// What the database keeps of a recovery code. Those are short enough to be tried one by one, but not without the key.
pub fn recovery_digest(secret: &SecretString, code: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(seal(secret, RECOVERY, code))
}

fn mac(key: &[u8], text: &str) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().into()
}

/// What the database keeps of it.
pub fn digest(token: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(token))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_the_same_each_time_and_nobody_makes_it_without_the_key() {
        let random = Random::seeded(1);
        let (one, other) = (new_id(&random), new_id(&random));
        let secret = SecretString::from("a secret");
        assert_eq!(token(&secret, &one), token(&secret, &one));
        assert_eq!(token(&secret, &one).len(), 43);
        assert_ne!(token(&secret, &one), token(&secret, &other));
        assert_ne!(token(&secret, &one), token(&"another".into(), &one));
        assert_ne!(digest(&token(&secret, &one)), token(&secret, &one));
        assert_ne!(one.as_str(), token(&secret, &one));
    }
}
