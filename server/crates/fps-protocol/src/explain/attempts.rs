//! Each mistake made on purpose, one at a time, so that the signature can tell which one it was.

use super::mistake::{Mistake, SecretSlip, Spoiled};
use super::recipe::{Algorithm, Encoding, Order, Recipe, Scheme};
use crate::cbui::START_PATH;
use crate::secret::Secret;
use crate::signature::{API_HOSTS, CBUI_HOSTS, HmacAlgorithm};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::{SignedDuration, Timestamp};
use text_types::form;

/// With more parameters than these no two are left out together: the work would grow too much.
const MOST_FOR_PAIRS: usize = 24;
/// Ports that programs under test listen on, and those that an address need not name.
const PORTS: [&str; 7] = ["80", "443", "3000", "3001", "8000", "8080", "9000"];

type Attempt = (Mistake, Recipe);
type Attempts<'a> = Box<dyn Iterator<Item = Attempt> + 'a>;

/// The recipe with one mistake in it, for each mistake, in the order of the steps and the likelier before the others.
/// Made as they are asked for.
pub(super) fn attempts<'a>(right: &'a Recipe, sent_host: &'a str, sent_path: &'a str) -> Attempts<'a> {
    let parameters = changed(right).chain(left_out(right));
    let of_version_2 =
        (right.scheme == Scheme::V2).then(|| lines(right, sent_host, sent_path)).into_iter().flatten();
    let others = orders(right).chain(encodings(right)).chain(of_version_2).chain(versions(right));
    // What is said of parameters has the most possibilities, so it is asked last though it is the first step.
    Box::new(others.chain(algorithms(right)).chain(parameters).chain(pairs_left_out(right)))
}

fn orders(right: &Recipe) -> impl Iterator<Item = Attempt> + '_ {
    let orders = [Order::IgnoringCase, Order::Bytes, Order::WholePairs, Order::AsSent];
    let wrong = orders.into_iter().filter(|order| *order != right.order);
    wrong.map(|order| (Mistake::Sorted(order), Recipe { order, ..right.clone() }))
}

fn encodings(right: &Recipe) -> impl Iterator<Item = Attempt> + '_ {
    const WRONG: [Encoding; 12] = [
        Encoding::PlusForSpace,
        Encoding::LowerCaseHex,
        Encoding::StarKept,
        Encoding::TildeEncoded,
        Encoding::Form,
        Encoding::SlashKept,
        Encoding::ColonKept,
        Encoding::Component,
        Encoding::Latin1,
        Encoding::Twice,
        Encoding::Plain,
        Encoding::Rfc3986,
    ];
    let is_encoded = right.scheme != Scheme::RunTogether;
    let wrong = WRONG.into_iter().filter(move |encoding| is_encoded && *encoding != right.encoding);
    wrong.map(|encoding| (Mistake::Encoded(encoding), Recipe { encoding, ..right.clone() }))
}

/// The lines above the query.
fn lines<'a>(right: &'a Recipe, sent_host: &'a str, sent_path: &'a str) -> Attempts<'a> {
    let other = if right.method == "GET" { "POST" } else { "GET" };
    let methods = [other.to_owned(), right.method.to_ascii_lowercase(), String::new()];
    let methods = methods.into_iter().map(|signed| {
        let mistake = Mistake::Method { expected: right.method.clone(), signed: signed.clone() };
        (mistake, Recipe { method: signed, ..right.clone() })
    });
    let hosts = hosts(&right.host, sent_host).into_iter().map(|signed| {
        let mistake = Mistake::Host { expected: right.host.clone(), signed: signed.clone() };
        (mistake, Recipe { host: signed, ..right.clone() })
    });
    let paths = paths(right, sent_host, sent_path).into_iter().map(|signed| {
        let mistake = Mistake::Path { expected: right.path.clone(), signed: signed.clone() };
        (mistake, Recipe { path: signed, ..right.clone() })
    });
    Box::new(methods.chain(hosts).chain(paths))
}

fn hosts(right: &str, sent: &str) -> Vec<String> {
    let name = right.rsplit_once(':').map_or(right, |(name, _)| name);
    let mut hosts = vec![sent.to_owned(), name.to_owned(), right.to_ascii_uppercase()];
    for name in [name, "localhost", "127.0.0.1", "[::1]"] {
        hosts.push(name.to_owned());
        hosts.extend(right.rsplit_once(':').map(|(_, port)| format!("{name}:{port}")));
        hosts.extend(PORTS.iter().map(|port| format!("{name}:{port}")));
    }
    hosts.extend([API_HOSTS, CBUI_HOSTS].concat().into_iter().map(str::to_owned));
    for scheme in ["http://", "https://"] {
        hosts.push(format!("{scheme}{right}"));
    }
    hosts.extend([format!("{right}/"), format!("www.{right}"), String::new()]);
    hosts.retain(|host| host != right);
    hosts
}

fn paths(right: &Recipe, sent_host: &str, sent: &str) -> Vec<String> {
    let path = &right.path;
    let without_end = path.trim_end_matches('/');
    let mut paths = vec![
        String::new(),
        sent.to_owned(),
        "/".to_owned(),
        without_end.to_owned(),
        format!("{without_end}/"),
        format!("{path}{path}"),
        format!("/{path}"),
        path.trim_start_matches('/').to_owned(),
        START_PATH.to_owned(),
        path.to_ascii_lowercase(),
        format!("{path}?"),
    ];
    for scheme in ["http://", "https://"] {
        paths.push(format!("{scheme}{sent_host}{path}"));
    }
    paths.retain(|other| other != path);
    paths
}

fn versions(right: &Recipe) -> impl Iterator<Item = Attempt> + '_ {
    let sha1 = Algorithm::Hmac(HmacAlgorithm::Sha1);
    let sha256 = Algorithm::Hmac(HmacAlgorithm::Sha256);
    let others = [
        (Scheme::V2, sha256, Order::Bytes),
        (Scheme::V2, sha1, Order::Bytes),
        (Scheme::RunTogether, sha1, Order::IgnoringCase),
        (Scheme::RunTogether, sha256, Order::IgnoringCase),
        (Scheme::AsUrl, sha1, Order::IgnoringCase),
    ];
    // Amazon's key makes version 2 only, and a version 1 request has neither method nor host to sign.
    let possible = right.algorithm != Algorithm::RsaSha1;
    let others = others.into_iter().filter(move |(scheme, ..)| possible && *scheme != right.scheme);
    others.map(|(scheme, algorithm, order)| {
        let mistake = Mistake::Version { claimed: right.scheme, signed: scheme };
        (mistake, Recipe { scheme, algorithm, order, ..right.clone() })
    })
}

fn algorithms(right: &Recipe) -> impl Iterator<Item = Attempt> + '_ {
    let other = match right.algorithm {
        Algorithm::Hmac(HmacAlgorithm::Sha256) => Some(Algorithm::Hmac(HmacAlgorithm::Sha1)),
        Algorithm::Hmac(HmacAlgorithm::Sha1) => Some(Algorithm::Hmac(HmacAlgorithm::Sha256)),
        Algorithm::RsaSha1 => None,
    };
    other.into_iter().map(|algorithm| {
        let mistake = Mistake::Algorithm { claimed: right.algorithm, signed: algorithm };
        (mistake, Recipe { algorithm, ..right.clone() })
    })
}

fn changed(right: &Recipe) -> impl Iterator<Item = Attempt> + '_ {
    let with_pluses = right.parameters.iter().map(|(name, value)| (name.clone(), value.replace(' ', "+")));
    let all = Recipe { parameters: with_pluses.collect(), ..right.clone() };
    let one = right.parameters.iter().enumerate().flat_map(move |(index, (name, value))| {
        earlier_values(name, value).into_iter().map(move |signed| {
            let mut recipe = right.clone();
            recipe.parameters[index].1.clone_from(&signed);
            let (name, received) = (name.clone(), value.clone());
            (Mistake::Changed { name, received, signed }, recipe)
        })
    });
    std::iter::once((Mistake::PlusesBecameSpaces, all)).chain(one)
}

/// What a value may have been before something on the way changed it.
fn earlier_values(name: &str, value: &str) -> Vec<String> {
    let mut values = vec![
        value.trim().to_owned(),
        value.replace(' ', "+"),
        value.replace('+', " "),
        value.replace("\r\n", "\n"),
        value.replace('\n', "\r\n"),
        crate::encoding::percent_encode(value),
    ];
    values.extend(form::decode(value.as_bytes()));
    if ["true", "false"].iter().any(|word| value.eq_ignore_ascii_case(word)) {
        let lower = value.to_ascii_lowercase();
        values.push(lower[..1].to_ascii_uppercase() + &lower[1..]);
        values.push(lower);
    }
    if name == "Timestamp" {
        values.extend(moments_around(value));
    }
    values.retain(|other| other != value);
    values
}

/// A clock that was looked at twice.
fn moments_around(value: &str) -> Vec<String> {
    let Ok(at) = value.parse::<Timestamp>() else { return Vec::new() };
    let moved = |seconds| at.checked_add(SignedDuration::from_secs(seconds)).ok();
    let moments = [-1, 1, -2, 2].into_iter().filter_map(moved);
    moments.map(|at| at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()).collect()
}

fn left_out(right: &Recipe) -> impl Iterator<Item = Attempt> + '_ {
    let empty = right.parameters.iter().filter(|(_, value)| value.is_empty());
    let names: Vec<String> = empty.map(|(name, _)| name.clone()).collect();
    let mut without_empty = right.clone();
    without_empty.parameters.retain(|(_, value)| !value.is_empty());
    let without_empty =
        (!names.is_empty()).then_some((Mistake::EmptyLeftOut { names }, without_empty)).into_iter();
    let one = (0..right.parameters.len()).map(|index| without(right, &[index]));
    without_empty.chain(one)
}

/// A framework adds two: `action` and `controller`.
fn pairs_left_out(right: &Recipe) -> impl Iterator<Item = Attempt> + '_ {
    let count = right.parameters.len();
    let pairs = (0..count).flat_map(move |one| (one + 1..count).map(move |other| [one, other]));
    pairs.take_while(move |_| count <= MOST_FOR_PAIRS).map(|pair| without(right, &pair))
}

fn without(right: &Recipe, indices: &[usize]) -> Attempt {
    let (mut names, mut parameters) = (Vec::new(), Vec::new());
    for (index, (name, value)) in right.parameters.iter().enumerate() {
        if indices.contains(&index) {
            names.push(name.clone());
        } else {
            parameters.push((name.clone(), value.clone()));
        }
    }
    (Mistake::Added { names }, Recipe { parameters, ..right.clone() })
}

/// What the signature may have been before something on the way spoiled it.
pub(super) fn unspoiled(given: &str) -> Vec<(Spoiled, String)> {
    let without_space: String = given.chars().filter(|c| !c.is_whitespace()).collect();
    let padding = "=".repeat((4 - given.len() % 4) % 4);
    let mut repaired = vec![
        (Spoiled::PlusBecameSpace, given.replace(' ', "+")),
        (Spoiled::WhiteSpace, without_space),
        (Spoiled::NoPadding, format!("{given}{padding}")),
        (Spoiled::UrlAlphabet, given.replace('-', "+").replace('_', "/")),
        (Spoiled::UrlAlphabet, format!("{given}{padding}").replace('-', "+").replace('_', "/")),
    ];
    let decoded = percent_encoding::percent_decode_str(given).decode_utf8_lossy();
    repaired.push((Spoiled::StillEncoded, decoded.into_owned()));
    repaired.extend(bytes_of_hex(given).map(|bytes| (Spoiled::Hexadecimal, STANDARD.encode(bytes))));
    repaired.retain(|(_, text)| text != given);
    repaired
}

fn bytes_of_hex(text: &str) -> Option<Vec<u8>> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) || !text.len().is_multiple_of(2)
    {
        return None;
    }
    let pairs = text.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).ok());
    pairs.map(|pair| u8::from_str_radix(pair?, 16).ok()).collect()
}

/// Secrets that somebody may have signed with instead.
pub(super) fn slips(secret: &Secret) -> Vec<(SecretSlip, Vec<u8>)> {
    let text = secret.expose();
    let trimmed = text.trim();
    let mut slips: Vec<(SecretSlip, Vec<u8>)> = Vec::new();
    if trimmed != text {
        slips.push((SecretSlip::WhiteSpaceMissing, trimmed.into()));
    }
    for (before, after) in
        [("", "\n"), ("", "\r\n"), ("", " "), (" ", ""), (" ", " "), ("", "\t"), ("", "\r")]
    {
        slips.push((SecretSlip::WhiteSpaceAround, format!("{before}{text}{after}").into()));
    }
    slips.extend(STANDARD.decode(trimmed).ok().map(|bytes| (SecretSlip::DecodedFromBase64, bytes)));
    slips
}
