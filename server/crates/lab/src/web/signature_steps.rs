//! An explanation of a signature as people read it.

use fps_protocol::explain::{
    Algorithm, Difference, Explanation, Kind, Mistake, Scheme, Step, Stretch, ToSign, Verdict,
};
use lab_pages::model::{Piece, SignatureStep, SignatureSteps, Standing, StepContent};

/// All steps, in order, with the one marked at which it stops matching.
pub fn steps(found: &Explanation) -> SignatureSteps {
    let (standing, verdict) = verdict(found);
    let mistake = match &found.verdict {
        Verdict::Mistaken { mistake, .. } => Some(mistake),
        _ => None,
    };
    let wrong = |step: Step| mistake.filter(|mistake| mistake.step() == step).map(Mistake::to_string);
    let step = |step: Step, title: &str, note: &str, content| SignatureStep {
        title: title.to_owned(),
        note: note.to_owned(),
        wrong: wrong(step),
        content,
    };
    let decoded = found.decoded.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let mut steps = vec![
        step(Step::Parameters, "Parameters", "As they arrived, decoded.", StepContent::Pairs(decoded)),
        step(Step::Sorted, "Sorted", sorting(found), StepContent::Pairs(found.sorted.clone())),
    ];
    if found.to_sign.scheme != Scheme::RunTogether {
        let note = "Names and values as RFC 3986 says: letters, digits and - _ . ~ stay, all else is %XX.";
        steps.push(step(Step::Encoded, "Encoded", note, StepContent::Pairs(found.encoded.clone())));
    }
    steps.push(step(
        Step::StringToSign,
        "String to sign",
        joining(&found.to_sign),
        to_sign(&found.verdict, found),
    ));
    steps.push(step(Step::Algorithm, "Algorithm and digest", algorithm_note(found.algorithm), digest(found)));
    if let Some(secret) = wrong(Step::Secret) {
        steps.push(SignatureStep {
            title: "Secret".to_owned(),
            note: "The key of the digest. It is not shown.".to_owned(),
            wrong: Some(secret),
            content: StepContent::Nothing,
        });
    }
    steps.push(step(Step::Signature, "Signature", "The digest in base64.", compared(found)));
    if let Some(late) = wrong(Step::Time) {
        steps.push(SignatureStep {
            title: "Time".to_owned(),
            note: "A Timestamp may be fifteen minutes from now.".to_owned(),
            wrong: Some(late),
            content: StepContent::Nothing,
        });
    }
    SignatureSteps { verdict, standing, steps }
}

fn verdict(found: &Explanation) -> (Standing, String) {
    let kind = match found.kind {
        Kind::Api => "This request to the API",
        Kind::Cbui => "This address of the Co-Branded UI",
        Kind::Return => "This return from Amazon",
        Kind::Notification => "This notification from Amazon",
    };
    match &found.verdict {
        Verdict::Matches => (Standing::Matches, format!("{kind} is signed as it should be.")),
        Verdict::Mistaken { mistake, .. } => (Standing::Differs, mistake.to_string()),
        Verdict::Refused(error) => (Standing::Differs, format!("{kind} is refused: {}", error.message)),
        Verdict::Unsigned => {
            (Standing::Unknown, format!("{kind} has no signature. The steps to one are below."))
        }
        Verdict::NoKey => (Standing::Unknown, no_key(found)),
        Verdict::Unexplained => {
            let key = if found.algorithm == Algorithm::RsaSha1 { "key" } else { "secret" };
            let words = format!(
                "{kind} was signed with another {key}, or a value was changed after signing. No single other mistake \
                 makes this signature: compare your string to sign with the one below."
            );
            (Standing::Differs, words)
        }
    }
}

fn no_key(found: &Explanation) -> String {
    let words = if found.algorithm == Algorithm::RsaSha1 {
        "This is signed with Amazon's key, and its certificate is not known here."
    } else {
        "The secret of this access key is not known here: give it to compare. The string to sign is below."
    };
    words.to_owned()
}

const fn sorting(found: &Explanation) -> &'static str {
    match found.to_sign.scheme {
        Scheme::V2 => "All but the signature, by the bytes of the name: capitals before small letters.",
        Scheme::RunTogether | Scheme::AsUrl => "All but the signature, by name without regard to case.",
    }
}

const fn joining(to_sign: &ToSign) -> &'static str {
    match to_sign.scheme {
        Scheme::V2 => "Method, host in small letters, path, and the parameters: a line each.",
        Scheme::RunTogether => "Version 1: names and values run together.",
        Scheme::AsUrl => "Version 1 of the Co-Branded UI: the path with its query.",
    }
}

fn to_sign(verdict: &Verdict, found: &Explanation) -> StepContent {
    match verdict {
        Verdict::Mistaken { difference: Some(Difference { expected, signed }), .. } => {
            StepContent::Compared { expected: pieces(expected), signed: pieces(signed) }
        }
        _ => StepContent::Text(found.to_sign.text.clone()),
    }
}

fn pieces(stretches: &[Stretch]) -> Vec<Piece> {
    let piece = |Stretch { text, differs }: &Stretch| Piece { text: text.clone(), differs: *differs };
    stretches.iter().map(piece).collect()
}

const fn algorithm_note(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::Hmac(_) => "The keyed hash of the string to sign, with the secret as its key.",
        Algorithm::RsaSha1 => "The SHA-1 of the string to sign, which Amazon signs with its private key.",
    }
}

fn digest(found: &Explanation) -> StepContent {
    let digest = found.digest.clone().unwrap_or_else(|| "needs the secret".to_owned());
    StepContent::Facts(vec![
        ("Algorithm".to_owned(), found.algorithm.words().to_owned()),
        ("Digest".to_owned(), digest),
    ])
}

fn compared(found: &Explanation) -> StepContent {
    let expected = match (&found.expected, found.algorithm) {
        (Some(expected), _) => expected.clone(),
        (None, Algorithm::RsaSha1) => {
            "only Amazon's private key makes it; the certificate checks it".to_owned()
        }
        (None, Algorithm::Hmac(_)) => "needs the secret".to_owned(),
    };
    let given = found.given.clone().unwrap_or_else(|| "none".to_owned());
    StepContent::Facts(vec![("Expected".to_owned(), expected), ("Given".to_owned(), given)])
}

/// Working it out failed, which only a defect does.
pub fn failed() -> SignatureSteps {
    let verdict = "It could not be worked out: the server's log says why.".to_owned();
    SignatureSteps { verdict, standing: Standing::Unknown, steps: Vec::new() }
}
