//! Answers against Amazon's schema and Amazon's own sample answers.

use crate::tools::{run, said};
use fps_protocol::ApiVersion;
use fps_protocol::actions::Action;
use fps_protocol::enums::{TransactionStatus, VerificationStatus};
use fps_protocol::ids::TransactionId;
use fps_protocol::responses::{
    self, ApiFailure, Response, TransactionResult, TransactionStatusResult, VerifySignatureResult,
};
use fps_protocol::xml::Element;
use std::fs;

const SCHEMA: &str = include_str!("fixtures/AmazonFPS-2010-08-28.xsd");

fn transaction(status: TransactionStatus) -> TransactionResult {
    let transaction_id = TransactionId::new("14GKD9GE66FAA63E6O6B2JDPZKN53LZ7F22").unwrap();
    TransactionResult { transaction_id, transaction_status: status }
}

/// Every action with every status, and with as few and as many elements as it can have.
fn answers() -> Vec<Response> {
    let mut answers = Vec::new();
    for status in TransactionStatus::ALL {
        let result = || transaction(*status);
        let bare = TransactionStatusResult {
            transaction_id: result().transaction_id,
            transaction_status: *status,
            caller_reference: "<c&\"'\u{1}é>".to_owned(),
            status_code: None,
            status_message: None,
        };
        let full = TransactionStatusResult {
            status_code: Some("PendingNetworkResponse".to_owned()),
            status_message: Some("a < b".to_owned()),
            ..bare.clone()
        };
        answers.extend([
            Response::Pay(result()),
            Response::Reserve(result()),
            Response::Settle(result()),
            Response::Cancel(result()),
            Response::Refund(result()),
            Response::GetTransactionStatus(bare),
            Response::GetTransactionStatus(full),
        ]);
    }
    for status in VerificationStatus::ALL {
        answers.push(Response::VerifySignature(VerifySignatureResult { verification_status: *status }));
    }
    answers
}

#[test]
fn every_answer_validates() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("fps.xsd"), SCHEMA).unwrap();
    let mut arguments = vec!["--noout".to_owned(), "--schema".to_owned(), "fps.xsd".to_owned()];
    for (number, answer) in answers().into_iter().enumerate() {
        let name = format!("{number}-{}.xml", answer.action());
        fs::write(folder.path().join(&name), answer.to_xml(ApiVersion::V2010, "6c0d6d2f:0")).unwrap();
        arguments.push(name);
    }
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let Some(output) = run("xmllint", &arguments, folder.path()) else { return };
    assert!(output.status.success(), "{}", said(&output));

    // The judge is awake: an element out of order and another namespace do not pass.
    let good = Response::Pay(transaction(TransactionStatus::Success)).to_xml(ApiVersion::V2010, "r");
    let swapped = good.replace("TransactionStatus>", "X>").replace("TransactionId>", "TransactionStatus>");
    let other = Response::Pay(transaction(TransactionStatus::Success)).to_xml(ApiVersion::V2008, "r");
    for bad in [swapped, other] {
        fs::write(folder.path().join("bad.xml"), bad).unwrap();
        let output = run("xmllint", &["--noout", "--schema", "fps.xsd", "bad.xml"], folder.path()).unwrap();
        assert!(!output.status.success(), "{}", said(&output));
    }
}

fn mock(action: Action) -> &'static str {
    match action {
        Action::Pay => include_str!("fixtures/mocks/PayResponse.xml"),
        Action::Reserve => include_str!("fixtures/mocks/ReserveResponse.xml"),
        Action::Settle => include_str!("fixtures/mocks/SettleResponse.xml"),
        Action::Cancel => include_str!("fixtures/mocks/CancelResponse.xml"),
        Action::Refund => include_str!("fixtures/mocks/RefundResponse.xml"),
        Action::GetTransactionStatus => include_str!("fixtures/mocks/GetTransactionStatusResponse.xml"),
        Action::VerifySignature => include_str!("fixtures/mocks/VerifySignatureResponse.xml"),
    }
}

/// The names of all elements, nested: `Pay(Result(Id),Metadata())`.
fn shape(element: &Element) -> String {
    let children: Vec<String> = element.children.iter().map(shape).collect();
    format!("{}({})", element.name, children.join(","))
}

#[test]
fn the_fullest_answers_have_the_shape_of_amazons_samples() {
    for action in Action::ALL {
        let sample = mock(*action);
        let answer = answers()
            .into_iter()
            .filter(|answer| answer.action() == *action)
            .map(|answer| answer.to_xml(ApiVersion::V2010, "r"))
            .max_by_key(String::len)
            .unwrap();
        let shapes = [sample, &answer].map(|xml| shape(&Element::parse(xml).unwrap()));
        assert_eq!(shapes[0], shapes[1]);
        let namespace = format!("<{action}Response xmlns=\"http://fps.amazonaws.com/doc/2010-08-28/\">");
        assert!(sample.contains(&namespace) && answer.contains(&namespace), "{action}");
    }
}

#[test]
fn a_client_reads_amazons_samples() {
    for action in [Action::Pay, Action::Reserve, Action::Settle, Action::Cancel, Action::Refund] {
        let answer = responses::parse::<TransactionResult>(action, mock(action)).unwrap();
        assert_eq!(answer.result.transaction_status, TransactionStatus::Reserved);
        assert_eq!((answer.result.transaction_id.as_str(), answer.request_id.as_str()), ("string", "string"));
    }
    let status = Action::GetTransactionStatus;
    let answer = responses::parse::<TransactionStatusResult>(status, mock(status)).unwrap();
    assert_eq!(answer.result.status_message.as_deref(), Some("string"));
    let verify = Action::VerifySignature;
    let answer = responses::parse::<VerifySignatureResult>(verify, mock(verify)).unwrap();
    assert_eq!(answer.result.verification_status, VerificationStatus::Failure);
    let error = include_str!("fixtures/mocks/ErrorResponse.xml");
    let refusal = responses::parse::<TransactionResult>(Action::Pay, error);
    assert!(matches!(refusal, Err(ApiFailure::Refused(refusal)) if refusal.code == "string"));
}
