//! Signature versions 1 and 2 with a shared secret (fps.md §8).

use crate::encoding::canonical_path;
use crate::parameters::Parameters;
use crate::secret::Secret;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::Sha256;
use subtle::ConstantTimeEq;
use text_types::words;
use url::Url;

/// Clients behind a fixed host list sign one of these, whatever they connect to (fps.md §8, §14.2).
pub const API_HOSTS: [&str; 2] = ["fps.sandbox.amazonaws.com", "fps.amazonaws.com"];
pub const CBUI_HOSTS: [&str; 2] = ["authorize.payments-sandbox.amazon.com", "authorize.payments.amazon.com"];

words! {
    /// How a version 2 signature with a shared secret is made.
    pub enum HmacAlgorithm {
        Sha1 = "HmacSHA1",
        Sha256 = "HmacSHA256",
    }
}

impl HmacAlgorithm {
    /// Base64 of the code over the parts, one after the other.
    fn sign(self, secret: &Secret, parts: &[&str]) -> String {
        self.sign_with(secret.as_bytes(), parts)
    }

    /// The same with a key that is no secret's text.
    pub(crate) fn sign_with(self, key: &[u8], parts: &[&str]) -> String {
        match self {
            Self::Sha1 => keyed::<Hmac<Sha1>>(key, parts),
            Self::Sha256 => keyed::<Hmac<Sha256>>(key, parts),
        }
    }
}

fn keyed<M: Mac + KeyInit>(key: &[u8], parts: &[&str]) -> String {
    let mut mac = <M as KeyInit>::new_from_slice(key).expect("HMAC takes keys of any length");
    for part in parts {
        mac.update(part.as_bytes());
    }
    STANDARD.encode(mac.finalize().into_bytes())
}

/// `METHOD\nhost\npath\nname=value&…`, from decoded values.
pub fn string_to_sign_v2(
    method: &str,
    host: &str,
    path: &str,
    parameters: &Parameters,
    leave_out: &str,
) -> String {
    let (host, path) = (host.to_ascii_lowercase(), canonical_path(path));
    format!("{method}\n{host}\n{path}\n{}", parameters.canonical_query(leave_out))
}

/// The version 2 signature of all parameters but `leave_out`.
pub fn sign_v2(
    secret: &Secret,
    algorithm: HmacAlgorithm,
    method: &str,
    host: &str,
    path: &str,
    parameters: &Parameters,
    leave_out: &str,
) -> String {
    algorithm.sign(secret, &[&string_to_sign_v2(method, host, path, parameters, leave_out)])
}

/// The version 1 signature: names and values run together, HMAC-SHA1.
pub fn sign_v1(secret: &Secret, parameters: &Parameters, leave_out: &str) -> String {
    HmacAlgorithm::Sha1.sign(secret, &[&string_to_sign_v1(parameters, leave_out)])
}

/// Names and values run together, in the order that version 1 has.
pub fn string_to_sign_v1(parameters: &Parameters, leave_out: &str) -> String {
    parameters.sorted_ignoring_case(leave_out).into_iter().flat_map(|(name, value)| [name, value]).collect()
}

/// The version 1 signature over a ready string.
pub(crate) fn sign_v1_text(secret: &Secret, text: &str) -> String {
    HmacAlgorithm::Sha1.sign(secret, &[text])
}

/// Compares two signatures in a time that tells nothing about where they differ.
pub fn same(expected: &str, given: &str) -> bool {
    expected.as_bytes().ct_eq(given.as_bytes()).into()
}

/// The host of a URL as clients sign it: with the port unless it is the scheme's own.
pub fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// The hosts that a signature may have been made for: as sent, without port, and the historical ones.
pub(crate) fn host_candidates<'a>(sent: &'a str, historical: &[&'a str]) -> Vec<&'a str> {
    let without_port = match sent.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => sent,
    };
    let mut hosts = vec![sent];
    if without_port != sent {
        hosts.push(without_port);
    }
    hosts.extend(historical);
    hosts
}

/// Is `given` the version 2 signature for one of the hosts? The parameters are canonicalised once.
pub(crate) fn verify_v2(
    secret: &Secret,
    algorithm: HmacAlgorithm,
    method: &str,
    hosts: &[&str],
    path: &str,
    query: &str,
    given: &str,
) -> bool {
    let path = canonical_path(path);
    hosts.iter().any(|host| {
        let host = host.to_ascii_lowercase();
        let expected = algorithm.sign(secret, &[method, "\n", &host, "\n", &path, "\n", query]);
        same(&expected, given)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status_request(method: &str) -> Parameters {
        Parameters::from_query(&format!(
            "Action=GetTransactionStatus&SignatureMethod={method}&SignatureVersion=2\
             &Timestamp=2010-08-28T00%3A00%3A00Z&TransactionId=14GKD9GE66FAA63E6O6B2JDPZKN53LZ7F22\
             &Version=2010-08-28&AWSAccessKeyId=AKEXAMPLE&Signature=left+out"
        ))
        .unwrap()
    }

    fn secret_key() -> Secret {
        Secret::new("secretKEY")
    }

    #[test]
    fn version_2_vectors() {
        let cases = [
            (HmacAlgorithm::Sha256, "XV2z1NW58F3GnBTco9wOF9/SLTqZZ6nH0oDL7uKCw1E="),
            (HmacAlgorithm::Sha1, "rftxNXIODKohBNdF+I9avgQFL9U="),
        ];
        for (algorithm, expected) in cases {
            let parameters = status_request(algorithm.as_str());
            for (host, path) in [("127.0.0.1", "/"), ("127.0.0.1", "")] {
                let signature =
                    sign_v2(&secret_key(), algorithm, "GET", host, path, &parameters, "Signature");
                assert_eq!(signature, expected);
            }
        }
    }

    #[test]
    fn the_string_to_sign_is_the_documented_one() {
        let text = string_to_sign_v2("GET", "127.0.0.1", "", &status_request("HmacSHA256"), "Signature");
        assert_eq!(
            text,
            "GET\n127.0.0.1\n/\nAWSAccessKeyId=AKEXAMPLE&Action=GetTransactionStatus&SignatureMethod=HmacSHA256\
             &SignatureVersion=2&Timestamp=2010-08-28T00%3A00%3A00Z\
             &TransactionId=14GKD9GE66FAA63E6O6B2JDPZKN53LZ7F22&Version=2010-08-28"
        );
    }

    #[test]
    fn vector_of_the_ruby_client() {
        let parameters = Parameters::from_query("hello=world").unwrap();
        let signature = sign_v2(
            &Secret::new("bar"),
            HmacAlgorithm::Sha256,
            "GET",
            "example.com",
            "/api",
            &parameters,
            "",
        );
        assert_eq!(signature, "Ro7iH0M+1hIR/SXGvT1kmF6Tg5uUKRSUd1AWaJHOcpE=");
    }

    #[test]
    fn version_1_vector() {
        let parameters = Parameters::from_query(
            "TokenId=T1&Action=CancelToken&AWSAccessKeyId=AKEXAMPLE&SignatureVersion=1\
             &Timestamp=2010-08-28T00:00:00Z&Version=2010-08-28&Signature=x",
        )
        .unwrap();
        assert_eq!(sign_v1(&secret_key(), &parameters, "Signature"), "TZCAGfPH6roIR/JdHHTT/UGleQs=");
    }

    #[test]
    fn candidates_drop_only_a_port() {
        assert_eq!(host_candidates("a:80", &["h"]), ["a:80", "a", "h"]);
        assert_eq!(host_candidates("a", &[]), ["a"]);
        assert_eq!(host_candidates("[::1]:80", &[]), ["[::1]:80", "[::1]"]);
        assert_eq!(host_candidates("[::1]", &[]), ["[::1]"]);
        assert_eq!(host_candidates("", &[]), [""]);
    }
}
