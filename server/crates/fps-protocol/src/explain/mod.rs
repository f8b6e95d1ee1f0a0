//! A signature worked out step by step, and where it stops matching the one that was given.
//!
//! What clients get wrong is tried one mistake at a time; the first that makes the given signature is named. A
//! signature says yes or no and nothing else, so of two mistakes at once, or of a value that became quite another,
//! it can only be said that it does not match.

mod attempts;
mod difference;
mod mistake;
mod paste;
mod recipe;
mod sent;
#[cfg(test)]
mod tests;

use crate::errors::FpsError;
use crate::outbound::Certificate;
use crate::parameters::Parameters;
use crate::secret::Secret;
use crate::{signature, timeliness};
use base64::{Engine as _, engine::general_purpose::STANDARD};
pub use difference::{Difference, Stretch};
use jiff::Timestamp;
pub use mistake::{Mistake, SecretSlip, Spoiled, Step};
pub use paste::{PasteError, read};
use recipe::Recipe;
pub use recipe::{Algorithm, Encoding, Order, Scheme};
pub use sent::{Kind, Outbound, Sent};
use sha1::{Digest, Sha1};
use std::fmt::Write as _;

/// What a signature is checked with.
#[derive(Debug, Clone, Copy)]
pub enum Key<'a> {
    /// The caller's, for what callers sign.
    Secret(&'a Secret),
    /// Amazon's, for returns and notifications.
    Certificate(&'a Certificate),
}

/// The steps from what was sent to its signature. Holds no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    pub kind: Kind,
    /// All, decoded, in the order of the wire.
    pub decoded: Parameters,
    /// Without the signature, in the order in which they are signed, decoded.
    pub sorted: Vec<(String, String)>,
    /// The same as they are written in the string to sign.
    pub encoded: Vec<(String, String)>,
    pub to_sign: ToSign,
    pub algorithm: Algorithm,
    /// In hexadecimal digits: the keyed hash, where the secret is known, or for RSA the SHA-1 that is signed.
    pub digest: Option<String>,
    /// In base64. `None` without the secret, and for RSA, which only Amazon's private key makes.
    pub expected: Option<String>,
    /// The signature that came with it.
    pub given: Option<String>,
    pub verdict: Verdict,
}

/// The string to sign and its parts; version 1 has neither method nor host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToSign {
    pub scheme: Scheme,
    pub method: Option<String>,
    pub host: Option<String>,
    pub path: Option<String>,
    pub query: String,
    pub text: String,
}

/// Whether the signature is the right one, and why not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    Matches,
    /// There is none.
    Unsigned,
    /// What it says about its signature cannot be followed.
    Refused(FpsError),
    /// Neither secret nor certificate is known, or the one where the other is needed.
    NoKey,
    /// One mistake explains it, with where the string to sign differs, if it does.
    Mistaken {
        mistake: Mistake,
        difference: Option<Difference>,
    },
    /// The secret differs, or a value was changed after signing.
    Unexplained,
}

/// Works out the signature of what was sent. `nows` are the times that a Timestamp may be near to, see
/// [`timeliness::check`]; only API requests have one.
pub fn explain(sent: &Sent, key: Option<Key<'_>>, nows: &[Timestamp]) -> Explanation {
    let (recipes, refused) = sent.recipes();
    let given = sent.parameters().get(sent.signature_name()).filter(|given| !given.is_empty());
    let fitting = match (key, given) {
        (Some(key), Some(given)) => recipes.iter().find(|recipe| fits(recipe, key, given)),
        _ => None,
    };
    let verdict = match (sent.parameters().first_repeated(), given, refused, key) {
        (Some(name), ..) => mistaken(Mistake::Repeated { name: name.to_owned() }),
        (_, None, ..) => Verdict::Unsigned,
        (_, _, Some(error), _) => Verdict::Refused(error),
        (_, _, _, Some(_)) if fitting.is_some() => timely(sent, nows),
        (_, Some(given), _, Some(key)) if is_of(key, &recipes) => search(sent, &recipes, key, given),
        _ => Verdict::NoKey,
    };
    let shown = fitting.or_else(|| recipes.first()).expect("every kind has an accepted recipe");
    describe(sent, shown, key, given, verdict)
}

fn describe(
    sent: &Sent,
    recipe: &Recipe,
    key: Option<Key<'_>>,
    given: Option<&str>,
    verdict: Verdict,
) -> Explanation {
    let text = recipe.text();
    let of_version_2 = |part: &str| (recipe.scheme == Scheme::V2).then(|| part.to_owned());
    let has_path = recipe.scheme != Scheme::RunTogether;
    let expected = match key {
        Some(Key::Secret(secret)) => mac(recipe.algorithm, secret.as_bytes(), &text),
        _ => None,
    };
    let digest = match recipe.algorithm {
        Algorithm::RsaSha1 => Some(hexadecimal(&Sha1::digest(&text))),
        Algorithm::Hmac(_) => {
            expected.as_ref().and_then(|text| STANDARD.decode(text).ok()).map(|bytes| hexadecimal(&bytes))
        }
    };
    Explanation {
        kind: sent.kind(),
        decoded: sent.parameters().clone(),
        sorted: recipe.sorted().into_iter().cloned().collect(),
        encoded: recipe.encoded(),
        to_sign: ToSign {
            scheme: recipe.scheme,
            method: of_version_2(&recipe.method),
            host: of_version_2(&recipe.host),
            path: has_path.then(|| recipe.path.clone()),
            query: recipe.query(),
            text,
        },
        algorithm: recipe.algorithm,
        digest,
        expected,
        given: given.map(str::to_owned),
        verdict,
    }
}

fn timely(sent: &Sent, nows: &[Timestamp]) -> Verdict {
    match (sent.kind(), nows.first()) {
        (Kind::Api, Some(now)) => match timeliness::check(sent.parameters(), nows) {
            Ok(()) => Verdict::Matches,
            Err(error) => mistaken(Mistake::Untimely { now: *now, error }),
        },
        _ => Verdict::Matches,
    }
}

fn mistaken(mistake: Mistake) -> Verdict {
    Verdict::Mistaken { mistake, difference: None }
}

/// The first mistake that makes the given signature.
fn search(sent: &Sent, recipes: &[Recipe], key: Key<'_>, given: &str) -> Verdict {
    for (spoiled, repaired) in attempts::unspoiled(given) {
        if recipes.iter().any(|recipe| fits(recipe, key, &repaired)) {
            return mistaken(Mistake::Signature(spoiled));
        }
    }
    let (host, path) = sent.host_and_path();
    for right in recipes {
        let mut attempts = attempts::attempts(right, host, path);
        if let Some((mistake, wrong)) = attempts.find(|(_, wrong)| fits(wrong, key, given)) {
            let (expected, signed) = (right.text(), wrong.text());
            let difference = (expected != signed).then(|| Difference::between(&expected, &signed));
            return Verdict::Mistaken { mistake, difference };
        }
    }
    if let Key::Secret(secret) = key {
        for (slip, other) in attempts::slips(secret) {
            let signed = |recipe: &Recipe| {
                let made = mac(recipe.algorithm, &other, &recipe.text());
                made.is_some_and(|made| signature::same(&made, given))
            };
            if recipes.iter().any(signed) {
                return mistaken(Mistake::Secret(slip));
            }
        }
    }
    Verdict::Unexplained
}

/// Whether it is a key of the kind that is asked for.
fn is_of(key: Key<'_>, recipes: &[Recipe]) -> bool {
    let is_rsa = recipes.first().is_some_and(|recipe| recipe.algorithm == Algorithm::RsaSha1);
    is_rsa == matches!(key, Key::Certificate(_))
}

fn fits(recipe: &Recipe, key: Key<'_>, given: &str) -> bool {
    match (key, recipe.algorithm) {
        (Key::Secret(secret), algorithm) => mac(algorithm, secret.as_bytes(), &recipe.text())
            .is_some_and(|expected| signature::same(&expected, given)),
        (Key::Certificate(certificate), Algorithm::RsaSha1) => certificate.has_signed(&recipe.text(), given),
        (Key::Certificate(_), Algorithm::Hmac(_)) => false,
    }
}

/// In base64; `None` for RSA.
fn mac(algorithm: Algorithm, secret: &[u8], text: &str) -> Option<String> {
    match algorithm {
        Algorithm::Hmac(algorithm) => Some(algorithm.sign_with(secret, &[text])),
        Algorithm::RsaSha1 => None,
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
