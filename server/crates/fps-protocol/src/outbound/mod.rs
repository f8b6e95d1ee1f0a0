//! Amazon's own signature on returns and notifications: RSA-SHA1 with a certificate (fps.md §8).

mod key;

use crate::parameters::Parameters;
use crate::signature::{host_of, string_to_sign_v2};
use crate::verified::{Unverified, Verified};
use base64::{Engine as _, engine::general_purpose::STANDARD};
pub use key::{KeyBits, KeyError, NotAKeyLength, SigningKey, certificate_pem};
use rsa::PublicKey;
use rsa::pkcs1v15::{self, VerifyingKey};
use rsa::signature::Verifier;
use sha1::Sha1;
use url::Url;
use x509_cert::Certificate as X509;
use x509_cert::der::DecodePem;

pub const SIGNATURE: &str = "signature";
pub const CERTIFICATE_URL: &str = "certificateUrl";
const SIGNATURE_VERSION: &str = "signatureVersion";
const SIGNATURE_METHOD: &str = "signatureMethod";
/// What signing adds.
pub(crate) const SIGNATURE_PARAMETERS: [&str; 4] =
    [SIGNATURE, SIGNATURE_VERSION, SIGNATURE_METHOD, CERTIFICATE_URL];

const VERSION: &str = "2";
const METHOD: &str = "RSA-SHA1";

/// Why something that claims to be from Amazon is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    #[error("the parameter {0} is missing")]
    Missing(&'static str),
    #[error("the parameter {0} has a value that is not supported")]
    Unsupported(&'static str),
    #[error("the parameter {0} stands more than once")]
    Repeated(String),
    #[error("the certificate cannot be read")]
    BadCertificate,
    #[error("the signature does not match")]
    Mismatch,
}

/// Adds `signatureVersion`, `signatureMethod`, `certificateUrl` and `signature`. The method is `GET` for a
/// return and `POST` for a notification; `url` is where it goes, and its own query is not looked at.
pub fn sign(
    key: &SigningKey,
    method: &str,
    url: &Url,
    parameters: Parameters,
    certificate_url: &Url,
) -> Result<Parameters, KeyError> {
    let signature = Signature::make(key, method, url, parameters.clone(), certificate_url)?;
    Ok(signature.added_to(parameters))
}

/// What signing adds, without the words that are always the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// Where the certificate is that belongs to it.
    pub certificate_url: String,
    pub bytes: Vec<u8>,
}

impl Signature {
    /// See [`sign`].
    pub fn make(
        key: &SigningKey,
        method: &str,
        url: &Url,
        unsigned: Parameters,
        certificate_url: &Url,
    ) -> Result<Self, KeyError> {
        let certificate_url = certificate_url.to_string();
        let to_sign = described(unsigned, &certificate_url);
        let bytes =
            key.sign_text(&string_to_sign_v2(method, &host_of(url), url.path(), &to_sign, SIGNATURE))?;
        Ok(Self { certificate_url, bytes })
    }

    /// The parameters that it was made for, signed.
    pub fn added_to(&self, unsigned: Parameters) -> Parameters {
        let mut signed = described(unsigned, &self.certificate_url);
        signed.set(SIGNATURE, STANDARD.encode(&self.bytes));
        signed
    }
}

/// With the words that say how it is signed, which are signed too.
fn described(unsigned: Parameters, certificate_url: &str) -> Parameters {
    let mut described = unsigned;
    described.set(SIGNATURE_VERSION, VERSION);
    described.set(SIGNATURE_METHOD, METHOD);
    described.set(CERTIFICATE_URL, certificate_url);
    described
}

/// Without anything that signing adds.
pub fn unsigned(parameters: &Parameters) -> Parameters {
    parameters.iter().filter(|(name, _)| !SIGNATURE_PARAMETERS.contains(name)).collect()
}

/// The address of a return: the parameters are added to those that `return_url` has already, which are
/// signed with them, since the receiver cannot tell them apart.
pub fn signed_return(
    key: &SigningKey,
    return_url: &Url,
    parameters: &Parameters,
    certificate_url: &Url,
) -> Result<Url, KeyError> {
    let query = return_url.query().filter(|query| !query.is_empty());
    let own = Parameters::from_query(query.unwrap_or_default())
        .map_err(|error| KeyError::Key(format!("the return URL cannot be signed: {error}")))?;
    let own_count = own.len();
    let signed = sign(key, "GET", return_url, own.joined(parameters.clone()), certificate_url)?;
    let added = signed.iter().skip(own_count).collect::<Parameters>().to_query();
    let mut location = return_url.clone();
    location.set_query(Some(&query.map_or_else(|| added.clone(), |own| format!("{own}&{added}"))));
    Ok(location)
}

/// The public side: what `certificateUrl` serves.
#[derive(Debug, Clone)]
pub struct Certificate {
    key: VerifyingKey<Sha1>,
}

impl Certificate {
    pub fn from_pem(pem: &str) -> Result<Self, SignatureError> {
        let certificate = X509::from_pem(pem).map_err(|_| SignatureError::BadCertificate)?;
        let info = certificate.tbs_certificate().subject_public_key_info();
        let reference = x509_cert::der::referenced::OwnedToRef::owned_to_ref(info);
        let key = PublicKey::try_from(reference).map_err(|_| SignatureError::BadCertificate)?;
        Ok(Self { key: VerifyingKey::new(key) })
    }

    /// Checks what arrived at `url` by `method`. The receiver must know its own URL: the Host header is
    /// the sender's to choose.
    pub fn verify(
        &self,
        method: &str,
        url: &Url,
        parameters: Parameters,
    ) -> Result<Verified<Parameters>, SignatureError> {
        if let Some(name) = parameters.first_repeated() {
            return Err(SignatureError::Repeated(name.to_owned()));
        }
        for (name, expected) in [(SIGNATURE_VERSION, VERSION), (SIGNATURE_METHOD, METHOD)] {
            match parameters.non_empty(name) {
                None => return Err(SignatureError::Missing(name)),
                Some(value) if value != expected => return Err(SignatureError::Unsupported(name)),
                Some(_) => {}
            }
        }
        let given = parameters.non_empty(SIGNATURE).ok_or(SignatureError::Missing(SIGNATURE))?;
        let text = string_to_sign_v2(method, &host_of(url), url.path(), &parameters, SIGNATURE);
        if !self.has_signed(&text, given) {
            return Err(SignatureError::Mismatch);
        }
        Ok(Unverified::new(parameters).into_verified())
    }

    /// Is `given`, in base64, the signature of `text`?
    pub(crate) fn has_signed(&self, text: &str, given: &str) -> bool {
        // Amazon wrapped the older, longer lines.
        let given: String = given.chars().filter(|c| !matches!(c, '\r' | '\n')).collect();
        let Ok(bytes) = STANDARD.decode(given) else { return false };
        let signature = pkcs1v15::Signature::try_from(bytes.as_slice());
        signature.is_ok_and(|signature| self.key.verify(text.as_bytes(), &signature).is_ok())
    }
}

/// Checks with a certificate in PEM; see [`Certificate::verify`], which spares reading it every time.
pub fn verify(
    method: &str,
    url: &Url,
    parameters: Parameters,
    certificate_pem: &str,
) -> Result<Verified<Parameters>, SignatureError> {
    Certificate::from_pem(certificate_pem)?.verify(method, url, parameters)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use jiff::Timestamp;
    use secrecy::ExposeSecret;

    const TEST_KEY: &str = include_str!("../../tests/it/fixtures/test-signing-key.pem");

    pub fn key() -> SigningKey {
        SigningKey::from_pkcs8_pem(TEST_KEY).unwrap()
    }

    fn pem() -> String {
        let at = "2010-11-28T00:00:00Z".parse().unwrap();
        certificate_pem(&key(), "Amazon Payments, simulated", [7; 16], at).unwrap()
    }

    pub fn certificate() -> Certificate {
        Certificate::from_pem(&pem()).unwrap()
    }

    fn certificate_url() -> Url {
        Url::parse("http://127.0.0.1:3001/certs/101128/PKICert.pem").unwrap()
    }

    fn notification() -> Parameters {
        Parameters::from_query("transactionId=T&buyerName=Zo%C3%AB+%2B~*&transactionAmount=USD%202.22")
            .unwrap()
    }

    fn ipn_url() -> Url {
        Url::parse("http://localhost:3000/payments/ipn").unwrap()
    }

    fn signed() -> Parameters {
        sign(&key(), "POST", &ipn_url(), notification(), &certificate_url()).unwrap()
    }

    #[test]
    fn the_receiver_accepts_it_after_the_way_over_the_wire() {
        let received = Parameters::from_form(signed().to_query().as_bytes()).unwrap();
        let verified = verify("POST", &ipn_url(), received, &pem()).unwrap();
        assert_eq!(verified.get("buyerName"), Some("Zoë +~*"));
        assert_eq!(verified.get("signatureMethod"), Some("RSA-SHA1"));
    }

    #[test]
    fn every_change_is_noticed() {
        let certificate = certificate();
        let accepts = |method: &str, url: &str, parameters: &Parameters| {
            certificate.verify(method, &Url::parse(url).unwrap(), parameters.clone()).is_ok()
        };
        let signed = signed();
        let url = ipn_url();
        assert!(accepts("POST", url.as_str(), &signed));
        assert!(!accepts("GET", url.as_str(), &signed));
        for other in [
            "http://localhost:3001/payments/ipn",
            "http://localhost/payments/ipn",
            "http://localhost:3000/payments/ipn/",
        ] {
            assert!(!accepts("POST", other, &signed), "{other}");
        }
        for (name, value) in signed.iter() {
            let mut changed = signed.clone();
            changed.set(name, format!("{value}x"));
            assert!(!accepts("POST", url.as_str(), &changed), "{name}");
            assert!(!accepts("POST", url.as_str(), &signed.without(name)), "{name}");
            let mut repeated = signed.clone();
            repeated.push(name, value);
            assert!(!accepts("POST", url.as_str(), &repeated), "{name}");
        }
    }

    #[test]
    fn a_wrapped_signature_is_read() {
        let mut wrapped = signed();
        let signature = wrapped.get(SIGNATURE).unwrap().to_owned();
        wrapped.set(SIGNATURE, format!("{}\n{}", &signature[..76], &signature[76..]));
        assert!(certificate().verify("POST", &ipn_url(), wrapped).is_ok());
    }

    #[test]
    fn a_return_keeps_the_query_that_its_address_had() {
        let back = Url::parse("http://localhost:3000/payments/return?order=7&note=a+b").unwrap();
        let location = signed_return(&key(), &back, &notification(), &certificate_url()).unwrap();
        assert!(
            location
                .as_str()
                .starts_with("http://localhost:3000/payments/return?order=7&note=a+b&transactionId=T&")
        );
        let received = Parameters::from_query(location.query().unwrap()).unwrap();
        let end_point = Url::parse("http://localhost:3000/payments/return").unwrap();
        let verified = certificate().verify("GET", &end_point, received).unwrap();
        assert_eq!(verified.get("note"), Some("a b"));
    }

    #[test]
    fn keys_survive_storage_and_do_not_show_themselves() {
        let pem = key().to_pkcs8_pem().unwrap();
        let restored = SigningKey::from_pkcs8_pem(pem.expose_secret()).unwrap();
        let again = sign(&restored, "POST", &ipn_url(), notification(), &certificate_url()).unwrap();
        assert_eq!(again, signed());
        assert_eq!(format!("{:?}", key()), "SigningKey(…)");
        assert!(SigningKey::from_pkcs8_pem("nonsense").is_err());
        assert!(matches!(Certificate::from_pem("nonsense"), Err(SignatureError::BadCertificate)));
    }

    #[test]
    fn a_fresh_key_is_the_same_for_the_same_bytes() {
        let at = Timestamp::UNIX_EPOCH;
        for (bits, characters) in [(KeyBits::AS_FPS, 172), (KeyBits::USUAL, 344)] {
            let key = SigningKey::generate([3; 32], bits).unwrap();
            let pem = certificate_pem(&key, "Fresh", [0; 16], at).unwrap();
            let signed = sign(&key, "POST", &ipn_url(), notification(), &certificate_url()).unwrap();
            assert_eq!(signed.get(SIGNATURE).unwrap().len(), characters);
            assert!(verify("POST", &ipn_url(), signed, &pem).is_ok());
            let again = SigningKey::generate([3; 32], bits).unwrap();
            assert_eq!(certificate_pem(&again, "Fresh", [0; 16], at).unwrap(), pem);
        }
    }
}
