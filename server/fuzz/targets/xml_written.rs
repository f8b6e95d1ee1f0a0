//! Whatever text goes into an answer, it is well-formed XML, on one line where clients need that, and
//! says the same when it is read.
#![no_main]

use fps_protocol::actions::Action;
use fps_protocol::enums::TransactionStatus;
use fps_protocol::ids::TransactionId;
use fps_protocol::responses::{self, Response, TransactionStatusResult};
use fps_protocol::xml::Element;
use fps_protocol::{ApiVersion, ErrorCode, FpsError};
use libfuzzer_sys::fuzz_target;

/// What XML 1.0 can carry of a text.
fn carried(text: &str) -> String {
    let allowed = |c: char| c >= ' ' && c != '\u{FFFE}' && c != '\u{FFFF}' || matches!(c, '\t' | '\n' | '\r');
    text.chars().map(|c| if allowed(c) { c } else { '\u{FFFD}' }).collect()
}

fuzz_target!(|text: &str| {
    let error = FpsError::new(ErrorCode::InvalidParams, text).to_xml("r");
    assert!(error.contains("<Errors><Error><Code>InvalidParams</Code><Message>"));
    let root = Element::parse(&error).expect("well-formed");
    let message = root.child("Errors").and_then(|errors| errors.child("Error")?.child_text("Message"));
    assert_eq!(message, Some(carried(text).as_str()));

    let result = TransactionStatusResult {
        transaction_id: TransactionId::new("T").expect("an id"),
        transaction_status: TransactionStatus::Failure,
        caller_reference: text.to_owned(),
        status_code: Some(text.to_owned()),
        status_message: None,
    };
    let xml = Response::GetTransactionStatus(result).to_xml(ApiVersion::V2010, text);
    let read = responses::parse::<TransactionStatusResult>(Action::GetTransactionStatus, &xml);
    let read = read.expect("a client reads it");
    assert_eq!(read.result.caller_reference, carried(text));
    assert_eq!(read.result.status_code, Some(carried(text)));
    assert_eq!(read.request_id, carried(text));
});
