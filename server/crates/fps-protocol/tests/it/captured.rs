//! Requests of real client libraries, captured on the wire (fps.md §14).

use fps_protocol::actions::Request;
use fps_protocol::api_request::ApiRequest;
use fps_protocol::explain::{Key, Mistake, Sent, Verdict, explain};
use fps_protocol::{ErrorCode, Parameters, Secret, Unverified, timeliness};

const LOG: &str = include_str!("fixtures/captured-requests.log");

#[derive(Debug)]
struct Captured {
    request: ApiRequest,
    user_agent: String,
}

impl Captured {
    fn secret(&self) -> Secret {
        Secret::new(if self.user_agent == "Boto/2.49.0 Python/3.11.7" { "secret" } else { "secretKEY" })
    }

    fn accepted(&self, parameters: Parameters) -> bool {
        let request = ApiRequest { parameters, ..self.request.clone() };
        Unverified::new(request).verify(&self.secret()).is_ok()
    }
}

/// In the log the blank line between headers and body is missing for some.
fn parse(text: &str) -> Captured {
    let mut lines = text.lines().filter(|line| !line.is_empty());
    let mut request_line = lines.next().unwrap().split(' ');
    let (method, target) = (request_line.next().unwrap(), request_line.next().unwrap());
    let (mut host, mut user_agent, mut body) = (String::new(), String::new(), String::new());
    for line in lines {
        match line.split_once(": ") {
            Some(("Host", value)) => value.clone_into(&mut host),
            Some(("User-Agent", value)) => value.clone_into(&mut user_agent),
            Some(_) => {}
            None => body.push_str(line),
        }
    }
    let target = target.strip_prefix("http://fps.sandbox.amazonaws.com").unwrap_or(target);
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let parameters = if method == "POST" {
        Parameters::from_form(body.as_bytes()).unwrap()
    } else {
        Parameters::from_query(query).unwrap()
    };
    let request = ApiRequest { method: method.to_owned(), host, path: path.to_owned(), parameters };
    Captured { request, user_agent }
}

fn captured() -> Vec<Captured> {
    LOG.split("----\n").filter(|text| !text.trim().is_empty()).map(parse).collect()
}

fn signed() -> Vec<Captured> {
    captured().into_iter().filter(|captured| captured.request.parameters.contains("Signature")).collect()
}

#[test]
fn all_signed_requests_verify_and_the_unsigned_one_does_not() {
    assert_eq!((captured().len(), signed().len()), (36, 35));
    for captured in signed() {
        let unverified = Unverified::new(captured.request.clone());
        assert_eq!(unverified.access_key().unwrap().as_str(), "AKEXAMPLE");
        let verified = unverified.verify(&captured.secret());
        assert!(verified.is_ok(), "{captured:?}: {verified:?}");
    }
    let curl = captured().into_iter().find(|captured| captured.user_agent.starts_with("curl")).unwrap();
    let unverified = Unverified::new(curl.request.clone());
    assert_eq!(unverified.access_key().unwrap_err().code, ErrorCode::InvalidParams);
    assert_eq!(unverified.verify(&curl.secret()).unwrap_err().code, ErrorCode::InvalidParams);
}

#[test]
fn another_secret_does_not_verify() {
    for captured in signed() {
        let verified = Unverified::new(captured.request).verify(&Secret::new("secretKEy"));
        assert_eq!(verified.unwrap_err().code, ErrorCode::SignatureDoesNotMatch);
    }
}

#[test]
fn they_are_explained_and_so_is_what_is_added_or_sent_otherwise() {
    let then = ["2026-11-23T20:43:00Z".parse().unwrap()];
    for captured in signed() {
        let secret = captured.secret();
        let verdict =
            |request: ApiRequest| explain(&Sent::Api(request), Some(Key::Secret(&secret)), &then).verdict;
        assert_eq!(verdict(captured.request.clone()), Verdict::Matches, "{captured:?}");
        let mut more = captured.request.clone();
        more.parameters.push("controller", "pay");
        let Verdict::Mistaken { mistake, .. } = verdict(more) else { panic!("{captured:?}") };
        assert_eq!(mistake, Mistake::Added { names: vec!["controller".to_owned()] });
        let is_version_2 = captured.request.parameters.get("SignatureVersion") == Some("2");
        let method = if captured.request.method == "GET" { "POST" } else { "GET" };
        let otherwise = verdict(ApiRequest { method: method.to_owned(), ..captured.request.clone() });
        let is_told = matches!(otherwise, Verdict::Mistaken { mistake: Mistake::Method { .. }, .. });
        assert_eq!(is_told, is_version_2, "{captured:?}");
    }
}

#[test]
fn one_changed_bit_anywhere_is_noticed() {
    for captured in signed() {
        let pairs: Vec<(String, String)> = captured
            .request
            .parameters
            .iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        for index in 0..pairs.len() {
            for in_name in [true, false] {
                let text = if in_name { &pairs[index].0 } else { &pairs[index].1 };
                for at in 0..text.len() {
                    let changed = with_flipped_bit(text, at, at % 7);
                    let mut tampered = pairs.clone();
                    *(if in_name { &mut tampered[index].0 } else { &mut tampered[index].1 }) = changed;
                    assert!(!captured.accepted(tampered.iter().cloned().collect()), "{tampered:?}");
                }
            }
        }
    }
}

fn with_flipped_bit(text: &str, at: usize, bit: usize) -> String {
    let mut bytes = text.as_bytes().to_vec();
    bytes[at] ^= 1 << bit;
    String::from_utf8(bytes).unwrap()
}

#[test]
fn parameters_added_removed_or_repeated_are_noticed() {
    for captured in signed() {
        let parameters = &captured.request.parameters;
        let mut more = parameters.clone();
        more.push("Extra", "1");
        assert!(!captured.accepted(more));
        for (name, value) in parameters.iter() {
            assert!(!captured.accepted(parameters.without(name)), "{name}");
            let mut repeated = parameters.clone();
            repeated.push(name, value);
            assert!(!captured.accepted(repeated), "{name}");
        }
    }
}

#[test]
fn they_were_timely_then_and_are_not_now() {
    let then = "2026-11-23T20:43:00Z".parse().unwrap();
    let later = "2026-11-24T20:43:00Z".parse().unwrap();
    for captured in signed() {
        assert_eq!(timeliness::check(&captured.request.parameters, &[then]), Ok(()));
        let expired = timeliness::check(&captured.request.parameters, &[later]).unwrap_err();
        assert_eq!(expired.code, ErrorCode::RequestExpired);
    }
}

#[test]
fn their_actions_understand_them() {
    let mut understood = 0;
    for captured in signed() {
        let parameters = &captured.request.parameters;
        match Request::parse(parameters) {
            Ok(request) => {
                understood += 1;
                assert_eq!(Request::parse(&request.to_parameters()).unwrap(), request);
            }
            // One test of a client left out what FPS requires.
            Err(error) => {
                assert_eq!(error.message, "\"CallerReference\" is required.", "{captured:?}");
                assert!(!parameters.contains("CallerReference"));
            }
        }
    }
    assert_eq!(understood, 34);
}
