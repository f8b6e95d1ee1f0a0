//! The XML that is written, under the eyes of readers that are not ours: quick-xml's namespace reader,
//! and xmllint where it is installed.

use crate::tools::{run, said};
use fps_protocol::actions::Action;
use fps_protocol::enums::TransactionStatus;
use fps_protocol::ids::TransactionId;
use fps_protocol::responses::{Response, TransactionStatusResult};
use fps_protocol::{ApiVersion, ErrorCode, FpsError};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use quick_xml::NsReader;
use quick_xml::events::Event;
use quick_xml::name::{Namespace, ResolveResult};
use std::fs;

const TRANSACTION: &str = "14GKD9GE66FAA63E6O6B2JDPZKN53LZ7F22";

/// What a document says: the path of each leaf below the root, and its text.
#[derive(Debug, Default, PartialEq, Eq)]
struct Read {
    root: String,
    leaves: Vec<(String, String)>,
}

/// Reads a document whose elements must all be in the namespace (or in none).
fn read(xml: &str, namespace: Option<&str>) -> Read {
    let mut reader = NsReader::from_str(xml);
    let (mut read, mut path, mut text) = (Read::default(), Vec::<String>::new(), String::new());
    let mut is_leaf = false;
    loop {
        match reader.read_resolved_event().unwrap() {
            (resolved, Event::Start(start)) => {
                match namespace {
                    Some(namespace) => assert_eq!(resolved, ResolveResult::Bound(Namespace(namespace))),
                    None => assert_eq!(resolved, ResolveResult::Unbound),
                }
                path.push(start.local_name().as_ref().to_owned());
                text.clear();
                is_leaf = true;
                if path.len() == 1 {
                    assert!(read.root.is_empty(), "one root only");
                    read.root.clone_from(&path[0]);
                }
            }
            (_, Event::End(_)) => {
                if is_leaf {
                    read.leaves.push((path[1..].join("/"), std::mem::take(&mut text)));
                }
                is_leaf = false;
                path.pop();
            }
            (_, Event::Text(part)) => text.push_str(&part.xml10_content()),
            (_, Event::GeneralRef(reference)) => match reference.resolve_char_ref().unwrap() {
                Some(character) => text.push(character),
                None => text.push_str(match &*reference.xml10_content() {
                    "lt" => "<",
                    "gt" => ">",
                    "amp" => "&",
                    "quot" => "\"",
                    "apos" => "'",
                    other => panic!("unknown entity {other}"),
                }),
            },
            (_, Event::Decl(_)) => {}
            (_, Event::Eof) => return read,
            (_, other) => panic!("{other:?} is never written"),
        }
    }
}

/// What of a text XML 1.0 can carry.
fn carried(text: &str) -> String {
    let allowed = |c: char| c >= ' ' && c != '\u{FFFE}' && c != '\u{FFFF}' || matches!(c, '\t' | '\n' | '\r');
    text.chars().map(|c| if allowed(c) { c } else { '\u{FFFD}' }).collect()
}

/// Texts with the characters that matter, and any others.
fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        "[<>&\"' \t\r\n\\]\\[!;#x0-9a-c\u{1}\u{85}\u{2028}\u{FFFE}\u{FFFF}\u{10FFFF}]{0,24}",
        any::<String>()
    ]
}

proptest! {
    #[test]
    fn an_answer_says_what_was_put_into_it(
        reference in texts(),
        code in prop::option::of(texts()),
        message in prop::option::of(texts()),
        status in prop::sample::select(TransactionStatus::ALL),
        version in prop::sample::select(ApiVersion::ALL),
    ) {
        let result = TransactionStatusResult {
            transaction_id: TransactionId::new(TRANSACTION).unwrap(),
            transaction_status: status,
            caller_reference: reference.clone(),
            status_code: code.clone(),
            status_message: message.clone(),
        };
        let xml = Response::GetTransactionStatus(result).to_xml(version, "id:0");
        prop_assert!(xml.starts_with("<?xml version=\"1.0\"?>\n<GetTransactionStatusResponse xmlns="));
        let expected: Vec<(String, String)> = [
            ("GetTransactionStatusResult/TransactionId", Some(TRANSACTION.to_owned())),
            ("GetTransactionStatusResult/TransactionStatus", Some(status.to_string())),
            ("GetTransactionStatusResult/CallerReference", Some(reference)),
            ("GetTransactionStatusResult/StatusCode", code),
            ("GetTransactionStatusResult/StatusMessage", message),
            ("ResponseMetadata/RequestId", Some("id:0".to_owned())),
        ]
        .into_iter()
        .filter_map(|(path, text)| Some((path.to_owned(), carried(&text?))))
        .collect();
        let read = read(&xml, Some(version.namespace()));
        prop_assert_eq!(read.root, format!("{}Response", Action::GetTransactionStatus));
        prop_assert_eq!(read.leaves, expected);
    }

    #[test]
    fn an_error_says_what_was_put_into_it(
        code in prop::sample::select(ErrorCode::ALL),
        message in texts(),
        id in "[a-f0-9-]{1,36}",
    ) {
        let xml = FpsError::new(code, message.clone()).to_xml(&id);
        prop_assert!(xml.contains("<Response><Errors><Error><Code>"), "{xml}");
        let read = read(&xml, None);
        let leaf = |path: &str, text: &str| (path.to_owned(), carried(text));
        prop_assert_eq!(read.root, "Response");
        let expected =
            [leaf("Errors/Error/Code", code.as_str()), leaf("Errors/Error/Message", &message), leaf("RequestID", &id)];
        prop_assert_eq!(read.leaves, expected);
    }
}

/// As Canonical XML writes a text: xmllint reads what we wrote, and writes it in its own way.
fn canonical(text: &str) -> String {
    carried(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\r', "&#xD;")
}

#[test]
fn xmllint_reads_what_was_written() {
    let mut runner = TestRunner::deterministic();
    let texts: Vec<String> = (0..200).map(|_| texts().new_tree(&mut runner).unwrap().current()).collect();
    let folder = tempfile::tempdir().unwrap();
    for (number, text) in texts.iter().enumerate() {
        let xml = FpsError::new(ErrorCode::InvalidParams, text.clone()).to_xml("r");
        fs::write(folder.path().join(format!("{number}.xml")), xml).unwrap();
    }
    for (number, text) in texts.iter().enumerate() {
        let file = format!("{number}.xml");
        let Some(output) = run("xmllint", &["--c14n", "--nonet", &file], folder.path()) else { return };
        assert!(output.status.success(), "{text:?}: {}", said(&output));
        let expected = format!(
            "<Response><Errors><Error><Code>InvalidParams</Code><Message>{}</Message></Error></Errors>\
             <RequestID>r</RequestID></Response>",
            canonical(text)
        );
        assert_eq!(String::from_utf8(output.stdout).unwrap().trim_end_matches('\n'), expected, "{text:?}");
    }
}
