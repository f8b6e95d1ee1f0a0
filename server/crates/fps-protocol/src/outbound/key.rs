//! The key that signs, and its certificate.

use jiff::Timestamp;
use rand::rngs::SysRng;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;
use rsa::PrivateKey;
use rsa::pkcs1v15::{self, Pkcs1v15Sign};
use rsa::pkcs8::{DecodePrivateKey, EncodePrivateKey, LineEnding};
use rsa::signature::Keypair;
use rsa::traits::{PublicKeyParts, SignatureScheme};
use secrecy::SecretString;
use sha1::{Digest, Sha1};
use sha2::Sha256;
use std::str::FromStr;
use std::time::Duration;
use x509_cert::TbsCertificate;
use x509_cert::builder::{Builder, CertificateBuilder, profile::BuilderProfile};
use x509_cert::der::EncodePem;
use x509_cert::der::asn1::GeneralizedTime;
use x509_cert::ext::{Extension, ToExtension, pkix::SubjectKeyIdentifier};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::{SubjectPublicKeyInfo, SubjectPublicKeyInfoRef};
use x509_cert::time::{Time, Validity};

const YEAR: Duration = Duration::from_hours(8760);

/// Something about our own key or certificate that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("the signing key cannot be used: {0}")]
    Key(String),
    #[error("the certificate cannot be made: {0}")]
    Certificate(String),
}

/// How long a key is, in bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyBits(usize);

/// A length that no key is made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a signing key has 1024, 2048, 3072 or 4096 bits")]
pub struct NotAKeyLength;

impl KeyBits {
    /// What FPS signed with in its last years (fps.md §8): a signature takes a fifteenth of the time. Too short to
    /// protect anything.
    pub const AS_FPS: Self = Self(1024);
    pub const USUAL: Self = Self(2048);
}

impl FromStr for KeyBits {
    type Err = NotAKeyLength;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "1024" => Ok(Self(1024)),
            "2048" => Ok(Self(2048)),
            "3072" => Ok(Self(3072)),
            "4096" => Ok(Self(4096)),
            _ => Err(NotAKeyLength),
        }
    }
}

/// The private key of the payments site.
#[derive(Clone)]
pub struct SigningKey {
    key: PrivateKey,
}

/// Never shows the key.
impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SigningKey(…)")
    }
}

impl SigningKey {
    /// A new key, made from random bytes. A long one takes seconds when not optimised.
    pub fn generate(seed: [u8; 32], bits: KeyBits) -> Result<Self, KeyError> {
        let key = PrivateKey::new(&mut ChaCha20Rng::from_seed(seed), bits.0);
        key.map(|key| Self { key }).map_err(|error| KeyError::Key(error.to_string()))
    }

    pub fn from_pkcs8_pem(pem: &str) -> Result<Self, KeyError> {
        PrivateKey::from_pkcs8_pem(pem)
            .map(|key| Self { key })
            .map_err(|error| KeyError::Key(error.to_string()))
    }

    pub fn to_pkcs8_pem(&self) -> Result<SecretString, KeyError> {
        let pem = self.key.to_pkcs8_pem(LineEnding::LF).map_err(|error| KeyError::Key(error.to_string()))?;
        Ok(SecretString::from(pem.as_str()))
    }

    /// The RSA-SHA1 signature (RFC 8017, section 8.2.1).
    pub(super) fn sign_text(&self, text: &str) -> Result<Vec<u8>, KeyError> {
        let mut random = SysRng;
        let blinding = self.guards_something().then_some(&mut random);
        let signed = Pkcs1v15Sign::new::<Sha1>().sign(blinding, &self.key, &Sha1::digest(text));
        signed.map_err(|error| KeyError::Key(error.to_string()))
    }

    /// Whether signing is blinded with random bytes, which do not show in the result. That is more than half of the
    /// work, and the second defence against who measures times; the first is arithmetic that takes the same time
    /// for all numbers. Whoever wants a key as short as FPS's factors it.
    fn guards_something(&self) -> bool {
        self.key.size() * 8 > KeyBits::AS_FPS.0
    }
}

/// A self-signed certificate for the key, good for ten years from `not_before`.
pub fn certificate_pem(
    key: &SigningKey,
    common_name: &str,
    serial: [u8; 16],
    not_before: Timestamp,
) -> Result<String, KeyError> {
    let failed = |error: &dyn std::fmt::Display| KeyError::Certificate(error.to_string());
    let signer = pkcs1v15::SigningKey::<Sha256>::new(key.key.clone());
    // RFC 4514 gives these characters a meaning in names.
    let plain: String =
        common_name.chars().filter(|c| c.is_ascii_alphanumeric() || " .-".contains(*c)).collect();
    let subject = Name::from_str(&format!("CN={}", plain.trim())).map_err(|error| failed(&error))?;
    let public = SubjectPublicKeyInfo::from_key(&signer.verifying_key()).map_err(|error| failed(&error))?;
    let builder = CertificateBuilder::new(
        SelfSigned { subject },
        serial_number(serial).map_err(|error| failed(&error))?,
        validity(not_before).map_err(|error| failed(&error))?,
        public,
    );
    let certificate = builder
        .and_then(|builder| builder.build::<_, pkcs1v15::Signature>(&signer))
        .map_err(|error| failed(&error))?;
    certificate.to_pem(LineEnding::LF).map_err(|error| failed(&error))
}

fn serial_number(mut bytes: [u8; 16]) -> x509_cert::der::Result<SerialNumber> {
    // Positive, and never zero.
    bytes[0] = bytes[0] & 0x7f | 0x40;
    SerialNumber::new(&bytes)
}

fn validity(not_before: Timestamp) -> x509_cert::der::Result<Validity> {
    let seconds = u64::try_from(not_before.as_second()).unwrap_or(0);
    let start = Duration::from_secs(seconds);
    let time = |at: Duration| GeneralizedTime::from_unix_duration(at).map(Time::GeneralTime);
    Ok(Validity::new(time(start)?, time(start + 10 * YEAR)?))
}

/// The least that a certificate needs: one name on both sides, and the key's identifier.
struct SelfSigned {
    subject: Name,
}

impl BuilderProfile for SelfSigned {
    fn get_issuer(&self, subject: &Name) -> Name {
        subject.clone()
    }

    fn get_subject(&self) -> Name {
        self.subject.clone()
    }

    fn build_extensions(
        &self,
        key: SubjectPublicKeyInfoRef<'_>,
        _issuer_key: SubjectPublicKeyInfoRef<'_>,
        tbs: &TbsCertificate,
    ) -> x509_cert::builder::Result<Vec<Extension>> {
        Ok(vec![SubjectKeyIdentifier::try_from(key)?.to_extension(tbs.subject(), &[])?])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rsa::signature::{SignatureEncoding, Signer};

    #[test]
    fn short_keys_sign_the_same_bytes_without_blinding() {
        let key = SigningKey::generate([1; 32], KeyBits::AS_FPS).unwrap();
        assert!(!key.guards_something());
        let blinded = pkcs1v15::SigningKey::<Sha1>::new(key.key.clone()).try_sign(b"as FPS did").unwrap();
        assert_eq!(key.sign_text("as FPS did").unwrap(), blinded.to_vec());

        let longer = SigningKey::generate([1; 32], KeyBits::USUAL).unwrap();
        assert!(longer.guards_something());
    }

    #[test]
    fn only_sensible_lengths_are_taken() {
        for bits in ["1024", "2048", "3072", "4096"] {
            assert_eq!(bits.parse::<KeyBits>().unwrap().0.to_string(), bits);
        }
        for bits in ["", "0", "512", "1000", "01024", "8192", "many"] {
            assert_eq!(bits.parse::<KeyBits>(), Err(NotAKeyLength), "{bits}");
        }
    }
}
