//! Signatures made by a second implementation: what it signs is accepted, and one changed bit anywhere
//! on the wire, in the request line or in the secret is noticed.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use fps_protocol::api_request::ApiRequest;
use fps_protocol::cbui::{CbuiRequest, START_PATH};
use fps_protocol::{Parameters, Secret, Unverified};
use hmac::{Hmac, KeyInit, Mac};
use proptest::prelude::*;
use sha1::Sha1;
use sha2::Sha256;
use std::fmt::Write as _;

const SECRET: &str = "secretKEY";
const HOST: &str = "127.0.0.1:3001";

type Pairs = Vec<(String, String)>;

/// How a client signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scheme {
    /// Version 2 with this method's name.
    V2(&'static str),
    /// Version 1: names and values run together.
    RunTogether,
    /// Version 1 of the CBUI: the path with its query, a space written as this.
    AsUrl(&'static str),
}

/// Where the signature and its facts are put.
#[derive(Debug, Clone, Copy)]
struct Names {
    signature: &'static str,
    version: Option<&'static str>,
    method: &'static str,
}

const API: Names =
    Names { signature: "Signature", version: Some("SignatureVersion"), method: "SignatureMethod" };
const CBUI: Names =
    Names { signature: "signature", version: Some("signatureVersion"), method: "signatureMethod" };
/// Only the older name says that the version is 1.
const CBUI_OLD: Names = Names { signature: "awsSignature", version: None, method: "" };

const API_SCHEMES: [(Scheme, Names); 3] =
    [(Scheme::V2("HmacSHA256"), API), (Scheme::V2("HmacSHA1"), API), (Scheme::RunTogether, API)];
const CBUI_SCHEMES: [(Scheme, Names); 8] = [
    (Scheme::V2("HmacSHA256"), CBUI),
    (Scheme::V2("HmacSHA1"), CBUI),
    (Scheme::RunTogether, CBUI),
    (Scheme::RunTogether, CBUI_OLD),
    (Scheme::AsUrl("%20"), CBUI),
    (Scheme::AsUrl("%20"), CBUI_OLD),
    (Scheme::AsUrl("+"), CBUI),
    (Scheme::AsUrl("+"), CBUI_OLD),
];

fn encode(text: &str, space: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                encoded.push(char::from(byte));
            }
            b' ' => encoded.push_str(space),
            _ => write!(encoded, "%{byte:02X}").unwrap(),
        }
    }
    encoded
}

fn joined(pairs: &Pairs, space: &str) -> String {
    let pair = |(name, value): &(String, String)| format!("{}={}", encode(name, space), encode(value, space));
    pairs.iter().map(pair).collect::<Vec<_>>().join("&")
}

fn keyed<M: Mac + KeyInit>(text: &str) -> String {
    let mut mac = <M as KeyInit>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(text.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

/// The signed request as a query string, the signature at the end.
fn signed(pairs: &Pairs, path: &str, scheme: Scheme, names: Names) -> String {
    let mut all = pairs.clone();
    let mut add = |name: &str, value: &str| all.push((name.to_owned(), value.to_owned()));
    match scheme {
        Scheme::V2(method) => {
            add(names.version.unwrap(), "2");
            add(names.method, method);
        }
        Scheme::RunTogether | Scheme::AsUrl(_) => {
            if let Some(version) = names.version {
                add(version, "1");
            }
        }
    }
    let mut sorted = all.clone();
    let signature = match scheme {
        Scheme::V2(method) => {
            sorted.sort();
            let text = format!("GET\n{HOST}\n{path}\n{}", joined(&sorted, "%20"));
            if method == "HmacSHA1" { keyed::<Hmac<Sha1>>(&text) } else { keyed::<Hmac<Sha256>>(&text) }
        }
        Scheme::RunTogether => {
            sorted.sort_by_key(|(name, _)| name.to_ascii_lowercase());
            let text: String = sorted.into_iter().map(|(name, value)| name + &value).collect();
            keyed::<Hmac<Sha1>>(&text)
        }
        Scheme::AsUrl(space) => {
            sorted.sort_by_key(|(name, _)| name.to_ascii_lowercase());
            keyed::<Hmac<Sha1>>(&format!("{START_PATH}?{}", joined(&sorted, space)))
        }
    };
    all.push((names.signature.to_owned(), signature));
    joined(&all, "%20")
}

fn api(query: &str, method: &str, host: &str, path: &str, secret: &str) -> bool {
    let Ok(parameters) = Parameters::from_query(query) else { return false };
    let (method, host, path) = (method.to_owned(), host.to_owned(), path.to_owned());
    let request = ApiRequest { method, host, path, parameters };
    Unverified::new(request).verify(&Secret::new(secret.to_owned())).is_ok()
}

fn cbui(query: &str, host: &str, secret: &str) -> bool {
    let Ok(parameters) = Parameters::from_query(query) else { return false };
    let request = CbuiRequest { method: "GET".to_owned(), host: host.to_owned(), parameters };
    Unverified::new(request).verify(&Secret::new(secret.to_owned())).is_ok()
}

/// The text with one bit changed, for every bit; what is no text any more cannot be sent as one.
fn with_every_bit_flipped(text: &str) -> impl Iterator<Item = String> {
    (0..text.len() * 8).filter_map(move |bit| {
        let mut bytes = text.as_bytes().to_vec();
        bytes[bit / 8] ^= 1 << (bit % 8);
        String::from_utf8(bytes).ok()
    })
}

/// Two spellings of the same parameters: `%7e` and `%7E`.
fn says_the_same(query: &str, other: &str) -> bool {
    let read = |query: &str| Parameters::from_query(query).ok();
    read(query).is_some() && read(query) == read(other)
}

/// Parameters as requests have them, and stranger ones; no name stands twice.
fn pairs() -> impl Strategy<Value = Pairs> {
    let value = prop_oneof!["[ -~]{0,16}", "[a-zA-Z0-9]{1,16}", "[^\u{0}]{0,4}"];
    prop::collection::btree_map("[A-Za-z][A-Za-z0-9.]{0,9}", value, 1..6)
        .prop_map(|map| map.into_iter().collect::<Pairs>())
        .prop_shuffle()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn api_requests(pairs in pairs()) {
        for (scheme, names) in API_SCHEMES {
            let query = signed(&pairs, "/", scheme, names);
            prop_assert!(api(&query, "GET", HOST, "/", SECRET), "{scheme:?} {query}");
            for changed in with_every_bit_flipped(&query) {
                let accepted = api(&changed, "GET", HOST, "/", SECRET);
                prop_assert_eq!(accepted, says_the_same(&query, &changed), "{:?} {}", scheme, changed);
            }
            for changed in with_every_bit_flipped(SECRET) {
                prop_assert!(!api(&query, "GET", HOST, "/", &changed), "{scheme:?} {changed}");
            }
        }
    }

    #[test]
    fn the_request_line_is_signed_in_version_2(pairs in pairs()) {
        let query = signed(&pairs, "/", Scheme::V2("HmacSHA256"), API);
        for changed in with_every_bit_flipped("GET") {
            prop_assert!(!api(&query, &changed, HOST, "/", SECRET), "{changed}");
        }
        for changed in with_every_bit_flipped(HOST) {
            prop_assert!(!api(&query, "GET", &changed, "/", SECRET), "{changed}");
        }
        for changed in with_every_bit_flipped("/") {
            prop_assert!(!api(&query, "GET", HOST, &changed, SECRET), "{changed}");
        }
    }

    #[test]
    fn cbui_requests(pairs in pairs()) {
        for (scheme, names) in CBUI_SCHEMES {
            let query = signed(&pairs, START_PATH, scheme, names);
            prop_assert!(cbui(&query, HOST, SECRET), "{scheme:?} {names:?} {query}");
            for changed in with_every_bit_flipped(&query) {
                let accepted = cbui(&changed, HOST, SECRET);
                prop_assert_eq!(accepted, says_the_same(&query, &changed), "{:?} {}", scheme, changed);
            }
            for changed in with_every_bit_flipped(SECRET) {
                prop_assert!(!cbui(&query, HOST, &changed), "{scheme:?} {changed}");
            }
            if matches!(scheme, Scheme::V2(_)) {
                for changed in with_every_bit_flipped(HOST) {
                    prop_assert!(!cbui(&query, &changed, SECRET), "{changed}");
                }
            }
        }
    }
}
