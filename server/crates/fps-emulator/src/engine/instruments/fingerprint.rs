//! Tells the same card from another one without knowing its number. The fingerprint is keyed: numbers are
//! few enough that an unkeyed one could be turned back by trying them all.

use crate::domain::settings;
use crate::engine::Engine;
use fps_protocol::enums::PaymentMethod;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

const KEY_LENGTH: usize = 43;

/// The site's own key, made when it is first needed.
pub async fn key(engine: &Engine) -> Result<SecretString, sqlx::Error> {
    let make = || engine.random.upper_alphanumeric(KEY_LENGTH);
    Ok(settings::find_or_make(&engine.db, settings::FINGERPRINT_KEY, make).await?.into())
}

pub fn of(key: &SecretString, method: PaymentMethod, number: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.expose_secret().as_bytes())
        .expect("HMAC takes keys of any length");
    mac.update(method.as_str().as_bytes());
    mac.update(b":");
    mac.update(number.as_bytes());
    hex::encode(mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_number_has_the_same_fingerprint_under_one_key() {
        let (one, other) = (SecretString::from("one"), SecretString::from("other"));
        let card = of(&one, PaymentMethod::Cc, "4111111111111111");
        assert_eq!((card.len(), card.contains("1111111111")), (64, false));
        assert_eq!(card, of(&one, PaymentMethod::Cc, "4111111111111111"));
        assert_ne!(card, of(&other, PaymentMethod::Cc, "4111111111111111"));
        assert_ne!(card, of(&one, PaymentMethod::Cc, "5555555555554444"));
    }
}
