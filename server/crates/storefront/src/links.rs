//! Links in mail that let somebody in: for a new password, to confirm a sign-up.
//!
//! What a link carries is made from its id, which is random, with a key that is not in the database. So the words of a
//! mail can be written whenever it is read, and whoever has a copy of the database has no link that works: of each the
//! database keeps only the SHA-256.
//!
//! A link to a guest\'s order needs no row: it carries until when it is good, and that is sealed with it.

use crate::ids::{LinkId, OrderId};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use platform::Random;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

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

const ORDER_PURPOSE: &str = "DigitalDownload: a link to a guest's order";

/// How long a link to a guest's order is good from the moment that it is written.
const ORDER_LINK_LIVES: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Until when one is good that is written now; whole seconds, as the link carries it.
pub fn order_link_ends(now: Timestamp) -> Timestamp {
    let end = now.saturating_add(ORDER_LINK_LIVES).unwrap_or(Timestamp::MAX);
    Timestamp::from_second(end.as_second()).unwrap_or(end)
}

/// The path of a link that opens the order to its buyer, a guest.
pub fn order_path(secret: &SecretString, order: &OrderId, until: Timestamp) -> String {
    let seconds = until.as_second();
    format!("/guest/orders/{order}?until={seconds}&key={}", order_key(secret, order, seconds))
}

/// Whether such a link is the shop's own, and good at that moment.
pub fn opens_order(
    secret: &SecretString,
    order: &OrderId,
    (until, key): (i64, &str),
    now: Timestamp,
) -> bool {
    let expected = order_key(secret, order, until);
    now.as_second() < until && bool::from(expected.as_bytes().ct_eq(key.as_bytes()))
}

fn order_key(secret: &SecretString, order: &OrderId, until: i64) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(seal(secret, ORDER_PURPOSE, &format!("{order} {until}")))
}

const GIFT_PURPOSE: &str = "DigitalDownload: a link to a gift";

/// The path of a link that was sent to this address, with which the gift is accepted.
pub fn gift_path(secret: &SecretString, order: &OrderId, email: &str, until: Timestamp) -> String {
    let seconds = until.as_second();
    format!("/gifts/{order}?until={seconds}&key={}", gift_key(secret, order, email, seconds))
}

/// Whether such a link is the shop's own, and good at that moment.
pub fn opens_gift(
    secret: &SecretString,
    order: &OrderId,
    email: &str,
    (until, key): (i64, &str),
    now: Timestamp,
) -> bool {
    let expected = gift_key(secret, order, email, until);
    now.as_second() < until && bool::from(expected.as_bytes().ct_eq(key.as_bytes()))
}

fn gift_key(secret: &SecretString, order: &OrderId, email: &str, until: i64) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(seal(secret, GIFT_PURPOSE, &format!("{order} {until} {email}")))
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
