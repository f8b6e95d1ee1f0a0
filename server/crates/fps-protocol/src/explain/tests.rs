//! Vectors of others, and every mistake made on purpose on requests made at random.

use super::*;
use crate::api_request::{self, ApiRequest};
use crate::cbui::{CbuiRequest, CbuiUrl, Pipeline, START_PATH};
use crate::encoding::percent_encode;
use crate::ids::{AccessKey, CallerReference};
use crate::outbound;
use crate::signature::HmacAlgorithm;
use proptest::prelude::*;
use url::Url;

const HOST: &str = "127.0.0.1:3001";
const PUBLISHED: &str = "Action=GetTransactionStatus&SignatureMethod=HmacSHA256&SignatureVersion=2\
                         &Timestamp=2010-08-28T00%3A00%3A00Z&TransactionId=14GKD9GE66FAA63E6O6B2JDPZKN53LZ7F22\
                         &Version=2010-08-28&AWSAccessKeyId=AKEXAMPLE";

fn secret() -> Secret {
    Secret::new("secretKEY")
}

fn then() -> Timestamp {
    "2010-08-28T00:00:00Z".parse().unwrap()
}

fn explained(sent: &Sent) -> Explanation {
    explain(sent, Some(Key::Secret(&secret())), &[then()])
}

fn pasted(text: &str) -> Explanation {
    explained(&read(text, HOST).unwrap())
}

fn mistake(text: &str) -> Mistake {
    match pasted(text).verdict {
        Verdict::Mistaken { mistake, .. } => mistake,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_published_vectors_are_worked_out() {
    let address = "http://127.0.0.1/?";
    let signature = "XV2z1NW58F3GnBTco9wOF9/SLTqZZ6nH0oDL7uKCw1E=";
    let found = pasted(&format!("{address}{PUBLISHED}&Signature={}", percent_encode(signature)));
    assert_eq!(found.verdict, Verdict::Matches);
    assert_eq!(found.expected.as_deref(), Some(signature));
    assert_eq!(found.digest.unwrap(), "5d5db3d4d5b9f05dc69c14dca3dc0e17dfd22d3a9967a9c7d280cbeee282c351");
    assert_eq!(found.sorted[0].0, "AWSAccessKeyId");
    assert_eq!(
        found.to_sign.text,
        "GET\n127.0.0.1\n/\nAWSAccessKeyId=AKEXAMPLE&Action=GetTransactionStatus&SignatureMethod=HmacSHA256\
         &SignatureVersion=2&Timestamp=2010-08-28T00%3A00%3A00Z\
         &TransactionId=14GKD9GE66FAA63E6O6B2JDPZKN53LZ7F22&Version=2010-08-28"
    );
    let of_version_1 = "http://127.0.0.1/?Action=CancelToken&AWSAccessKeyId=AKEXAMPLE&SignatureVersion=1\
                        &Timestamp=2010-08-28T00:00:00Z&TokenId=T1&Version=2010-08-28\
                        &Signature=TZCAGfPH6roIR/JdHHTT/UGleQs%3D";
    let found = pasted(of_version_1);
    assert_eq!((found.verdict, found.to_sign.host), (Verdict::Matches, None));
}

#[test]
fn what_is_no_question_of_the_secret_is_said_without_it() {
    let verdict = |text: &str| explain(&read(text, HOST).unwrap(), None, &[then()]).verdict;
    assert_eq!(verdict(PUBLISHED), Verdict::Unsigned);
    assert_eq!(verdict(&format!("{PUBLISHED}&Signature=x")), Verdict::NoKey);
    let repeated = Mistake::Repeated { name: "Version".to_owned() };
    assert_eq!(verdict(&format!("{PUBLISHED}&Version=1&Signature=x")), mistaken(repeated));
    assert!(matches!(verdict("Action=Pay&Signature=x"), Verdict::Refused(_)));
    let text = format!("{PUBLISHED}&Signature=x").replace("HmacSHA256", "MD5");
    assert!(matches!(verdict(&text), Verdict::Refused(_)));
}

#[test]
fn the_secret_is_not_in_the_result() {
    let secret = Secret::new("hush-hush-hush");
    let sent = read(&format!("{PUBLISHED}&Signature=x"), HOST).unwrap();
    let shown = format!("{:?}", explain(&sent, Some(Key::Secret(&secret)), &[then()]));
    assert!(shown.contains("Unexplained") && !shown.contains("hush"));
}

#[test]
fn too_early_and_too_late_come_after_the_signature() {
    let sent = signed_request(&[], |recipe| recipe);
    let later = then() + jiff::SignedDuration::from_hours(1);
    let found = explain(&sent, Some(Key::Secret(&secret())), &[later]);
    let Verdict::Mistaken { mistake, difference: None } = found.verdict else { panic!() };
    assert_eq!(mistake.step(), Step::Time);
    assert!(mistake.to_string().contains("expired"), "{mistake}");
    assert_eq!(explained(&sent).verdict, Verdict::Matches);
}

/// A request with these parameters beside the usual ones, signed by a recipe that is changed before.
fn signed_request(more: &[(String, String)], change: impl FnOnce(Recipe) -> Recipe) -> Sent {
    let mut parameters = Parameters::from_query(PUBLISHED).unwrap();
    for (name, value) in more {
        parameters.push(name, value);
    }
    let mut request =
        ApiRequest { method: "GET".to_owned(), host: HOST.to_owned(), path: "/".to_owned(), parameters };
    let recipe = Sent::Api(request.clone()).recipes().0.remove(0);
    let recipe = change(recipe);
    let signature = mac(recipe.algorithm, secret().as_bytes(), &recipe.text()).unwrap();
    request.parameters.push("Signature", signature);
    Sent::Api(request)
}

/// How it is made wrongly, what is said of it, and the step.
type Case = (fn(Recipe) -> Recipe, &'static str, Step);

#[test]
fn mistakes_with_examples_are_named() {
    let note = [("Note".to_owned(), "a b/c*~é:".to_owned()), ("alpha".to_owned(), "1".to_owned())];
    let cases: [Case; 11] = [
        (|r| Recipe { encoding: Encoding::PlusForSpace, ..r }, "%20", Step::Encoded),
        (|r| Recipe { encoding: Encoding::LowerCaseHex, ..r }, "%2f", Step::Encoded),
        (|r| Recipe { encoding: Encoding::Latin1, ..r }, "UTF-8", Step::Encoded),
        (|r| Recipe { order: Order::IgnoringCase, ..r }, "case", Step::Sorted),
        (|r| Recipe { order: Order::AsSent, ..r }, "not sorted", Step::Sorted),
        (|r| Recipe { method: "POST".to_owned(), ..r }, "POST", Step::StringToSign),
        (|r| Recipe { host: "localhost:3001".to_owned(), ..r }, "localhost", Step::StringToSign),
        (|r| Recipe { path: String::new(), ..r }, "path", Step::StringToSign),
        (|r| Recipe { path: "//".to_owned(), ..r }, "path", Step::StringToSign),
        (
            |r| Recipe {
                scheme: Scheme::RunTogether,
                order: Order::IgnoringCase,
                algorithm: Algorithm::Hmac(HmacAlgorithm::Sha1),
                ..r
            },
            "version 1",
            Step::StringToSign,
        ),
        (|r| Recipe { algorithm: Algorithm::Hmac(HmacAlgorithm::Sha1), ..r }, "HmacSHA1", Step::Algorithm),
    ];
    for (change, said, step) in cases {
        let Verdict::Mistaken { mistake, .. } = explained(&signed_request(&note, change)).verdict else {
            panic!("{said}")
        };
        assert!(mistake.to_string().contains(said), "{mistake}");
        assert_eq!(mistake.step(), step, "{mistake}");
    }
}

#[test]
fn a_secret_with_white_space_and_a_spoiled_signature_are_told() {
    let Sent::Api(unsigned) = read(PUBLISHED, HOST).unwrap() else { panic!() };
    let text = Sent::Api(unsigned.clone()).recipes().0[0].text();
    let with = |signature: String| {
        let mut request = unsigned.clone();
        request.parameters.push("Signature", signature);
        let Verdict::Mistaken { mistake, .. } = explained(&Sent::Api(request)).verdict else { panic!() };
        mistake
    };
    let made = |key: &str| HmacAlgorithm::Sha256.sign_with(key.as_bytes(), &[&text]);
    for key in ["secretKEY\n", " secretKEY", "secretKEY\r\n"] {
        assert_eq!(with(made(key)), Mistake::Secret(SecretSlip::WhiteSpaceAround));
    }
    let right = made("secretKEY");
    let hex = hexadecimal(&STANDARD.decode(&right).unwrap());
    let cases = [
        (percent_encode(&right), Spoiled::StillEncoded),
        (format!("{right}\n"), Spoiled::WhiteSpace),
        (right.trim_end_matches('=').to_owned(), Spoiled::NoPadding),
        (hex, Spoiled::Hexadecimal),
    ];
    for (spoiled, kind) in cases {
        assert_eq!(with(spoiled), Mistake::Signature(kind));
    }
    let plus = format!("{PUBLISHED}&Signature={}", signature_with_plus());
    assert_eq!(mistake(&plus), Mistake::Signature(Spoiled::PlusBecameSpace));
}

/// The signature of [`PUBLISHED`] with a reference, the first that has a `+`, not encoded; with the reference before it.
fn signature_with_plus() -> String {
    let texts = (0..200).map(|number| {
        let more = [("CallerReference".to_owned(), number.to_string())];
        let sent = signed_request(&more, |recipe| recipe);
        let signature = sent.parameters().get("Signature").unwrap().to_owned();
        (number, signature)
    });
    let (number, signature) = texts.into_iter().find(|(_, signature)| signature.contains('+')).unwrap();
    format!("{signature}&CallerReference={number}")
}

#[test]
fn cbui_addresses_are_explained() {
    let payments = Url::parse("http://127.0.0.1:3001").unwrap();
    let back = Url::parse("http://localhost:3000/payments/return").unwrap();
    let key = AccessKey::new("AKEXAMPLE").unwrap();
    let reference = CallerReference::new("order 7").unwrap();
    let url = CbuiUrl::new(&payments, &key, Pipeline::SingleUse, &reference, &back)
        .with("transactionAmount", "0.99")
        .signed(&secret());
    let found = pasted(url.as_str());
    assert_eq!((found.kind, found.verdict), (Kind::Cbui, Verdict::Matches));
    let added = format!("{url}&controller=pay&action=go");
    let names = vec!["controller".to_owned(), "action".to_owned()];
    assert_eq!(mistake(&added), Mistake::Added { names });
    let changed = url.as_str().replace("0.99", "0.89");
    assert_eq!(pasted(&changed).verdict, Verdict::Unexplained);
}

const TEST_KEY: &str = include_str!("../../tests/it/fixtures/test-signing-key.pem");

#[test]
fn returns_and_notifications_are_explained() {
    let key = outbound::SigningKey::from_pkcs8_pem(TEST_KEY).unwrap();
    let pem = outbound::certificate_pem(&key, "Amazon Payments, simulated", [7; 16], then()).unwrap();
    let certificate = Certificate::from_pem(&pem).unwrap();
    let certificate_url = Url::parse("http://127.0.0.1:3001/certs/101128/PKICert.pem").unwrap();
    let back = Url::parse("http://localhost:3000/payments/return").unwrap();
    let parameters = Parameters::from_query("status=SC&tokenID=T&callerReference=a%20b").unwrap();
    let url = outbound::signed_return(&key, &back, &parameters, &certificate_url).unwrap();
    let verdict = |text: &str| {
        let found = explain(&read(text, HOST).unwrap(), Some(Key::Certificate(&certificate)), &[]);
        assert_eq!(found.algorithm, Algorithm::RsaSha1);
        (found.kind, found.verdict)
    };
    assert_eq!(verdict(url.as_str()), (Kind::Return, Verdict::Matches));
    let mistake_in = |text: &str| match verdict(text).1 {
        Verdict::Mistaken { mistake, .. } => mistake,
        other => panic!("{other:?}"),
    };
    let elsewhere = url.as_str().replace("localhost:3000", "127.0.0.1:3000");
    assert!(matches!(mistake_in(&elsewhere), Mistake::Host { signed, .. } if signed == "localhost:3000"));
    let slash = url.as_str().replace("return?", "return/?");
    assert!(matches!(mistake_in(&slash), Mistake::Path { signed, .. } if signed == "/payments/return"));
    let names = vec!["id".to_owned()];
    assert_eq!(mistake_in(&format!("{url}&id=7")), Mistake::Added { names });
    let posted = outbound::sign(&key, "POST", &back, parameters, &certificate_url).unwrap().to_query();
    let raw = format!("POST /payments/return HTTP/1.1\r\nHost: localhost:3000\r\n\r\n{posted}");
    assert_eq!(verdict(&raw), (Kind::Notification, Verdict::Matches));
    let by_get = format!("{back}?{posted}");
    assert!(matches!(mistake_in(&by_get), Mistake::Method { signed, .. } if signed == "POST"));
    let secret = explain(&read(&raw, HOST).unwrap(), Some(Key::Secret(&secret())), &[]);
    assert_eq!(secret.verdict, Verdict::NoKey);
}

#[test]
fn what_is_pasted_in_four_ways_is_the_same_request() {
    let signed = signed_request(&[("Note".to_owned(), "a b+c'd".to_owned())], |recipe| recipe);
    let query = signed.parameters().to_query();
    for text in [
        query.clone(),
        format!("?{query}"),
        format!("http://{HOST}/?{query}"),
        format!("http://{HOST}?{query}\n"),
        format!("GET /?{query} HTTP/1.1\r\nUser-Agent: x\r\nhost: {HOST}\r\n\r\n"),
        format!("GET http://{HOST}/?{query} HTTP/1.1"),
        format!("curl -s 'http://{HOST}/?{query}'"),
        format!("curl \\\n  \"{HOST}/?{query}\" -H 'Accept: */*' -o /dev/null"),
        format!("curl -G {HOST} --data '{query}'"),
    ] {
        assert_eq!(read(&text, HOST).as_ref(), Ok(&signed), "{text}");
    }
    for text in [
        format!("POST / HTTP/1.1\nHost: {HOST}\n\n{query}\n"),
        format!("curl http://{HOST}/ -d '{query}'"),
        format!("curl -XPOST --data-raw '{query}' http://elsewhere/ -H'Host: {HOST}'"),
    ] {
        let Sent::Api(request) = read(&text, HOST).unwrap() else { panic!("{text}") };
        assert_eq!((request.method.as_str(), request.host.as_str()), ("POST", HOST));
        assert_eq!(request.parameters, *signed.parameters());
        assert!(matches!(mistake(&text), Mistake::Method { signed, .. } if signed == "GET"));
    }
}

#[test]
fn what_cannot_be_read_says_what_to_do() {
    let cases = [
        ("  ", PasteError::Empty),
        ("hello there", PasteError::Unrecognised),
        ("http://127.0.0.1/", PasteError::NoParameters),
        ("http://?a=b", PasteError::Address("http://?a=b".to_owned())),
        ("a=b", PasteError::Unknown),
        ("Action=%zz", PasteError::Parameters(crate::DecodeError::BadEscape)),
        ("POST / HTTP/1.1\n\na=b", PasteError::NoHost),
        ("PUT / HTTP/1.1\nHost: a\n\na=b", PasteError::Method("PUT".to_owned())),
        ("curl 'http://a", PasteError::OpenQuote),
        ("curl -s", PasteError::NoAddress),
        ("curl a -d", PasteError::NoValue("-d".to_owned())),
        ("curl a -d @file", PasteError::DataFile("@file".to_owned())),
        ("status=SC&certificateUrl=x", PasteError::AddressNeeded),
    ];
    for (text, error) in cases {
        assert_eq!(read(text, HOST), Err(error), "{text}");
    }
    assert_eq!(read(&"a=b&".repeat(10_000), HOST), Err(PasteError::TooLong));
}

#[test]
fn the_recipe_is_what_is_verified() {
    let endpoint = Url::parse("http://127.0.0.1:3001/").unwrap();
    let call = Parameters::from_query("Action=Pay&Description=a%20b*~%2B%C3%A9&z=1&Z=2").unwrap();
    let key = AccessKey::new("AKEXAMPLE").unwrap();
    for method in ["GET", "POST"] {
        let parameters = api_request::sign(method, &endpoint, call.clone(), &key, &secret(), then());
        let path = "/".to_owned();
        let request = ApiRequest { method: method.to_owned(), host: HOST.to_owned(), path, parameters };
        assert_eq!(explained(&Sent::Api(request)).verdict, Verdict::Matches);
    }
    let recipe = Sent::Cbui(CbuiRequest {
        method: "GET".to_owned(),
        host: "A.example".to_owned(),
        parameters: Parameters::from_query("signatureVersion=2&signatureMethod=HmacSHA1").unwrap(),
    })
    .recipes()
    .0
    .remove(0);
    assert_eq!(recipe.text().lines().nth(2), Some(START_PATH));
}

fn pairs() -> impl Strategy<Value = Vec<(String, String)>> {
    let pair = ("[A-Za-z][A-Za-z.]{0,6}x", "[ -~é\u{20ac}]{0,10}");
    prop::collection::vec(pair, 0..6).prop_map(|pairs| {
        let mut seen = std::collections::HashSet::new();
        pairs.into_iter().filter(|(name, _)| seen.insert(name.clone())).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Whatever one mistake is made, what is named makes the same signature; and where nothing but the string to
    /// sign is wrong, the difference shown leads to the very string that was signed.
    #[test]
    fn each_mistake_made_on_purpose_is_explained(pairs in pairs(), pick in any::<prop::sample::Index>()) {
        let mut wrong = None;
        let sent = signed_request(&pairs, |right| {
            let all: Vec<_> = attempts::attempts(&right, HOST, "/").collect();
            let (mistake, recipe) = pick.get(&all).clone();
            wrong = Some((mistake, recipe.clone(), right));
            recipe
        });
        let (made, recipe, right) = wrong.unwrap();
        let accepted = sent.recipes().0.iter().any(|one| {
            (one.text(), one.algorithm) == (recipe.text(), recipe.algorithm)
        });
        let verdict = explained(&sent).verdict;
        if accepted {
            prop_assert_eq!(verdict, Verdict::Matches);
        } else if let Verdict::Mistaken { mistake, difference } = verdict {
            let signed: Option<String> =
                difference.map(|found| found.signed.into_iter().map(|part| part.text).collect());
            let expected = (recipe.text() != right.text()).then(|| recipe.text());
            prop_assert_eq!(signed, expected, "made {:?}, named {:?}", made, mistake);
        } else {
            prop_assert!(false, "{made:?} gives {verdict:?}");
        }
    }

    #[test]
    fn a_value_that_became_another_is_not_explained_wrongly(pairs in pairs(), digits in "[0-9]{8}") {
        let sent = signed_request(&pairs, |mut recipe| {
            recipe.parameters[0].1 = format!("before-{digits}");
            recipe
        });
        prop_assert_eq!(explained(&sent).verdict, Verdict::Unexplained);
    }

    #[test]
    fn nothing_pasted_can_panic(
        text in "(curl |GET /|http://|)[ -~\n'\"&=%é]{0,60}(&Action=Pay|&callerKey=k&signature=x|&certificateUrl=c|)"
    ) {
        if let Ok(sent) = read(&text, HOST) {
            let _ = explained(&sent);
        }
    }
}
