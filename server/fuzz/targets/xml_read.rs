//! Whatever a server answers, the client reads it or says that it cannot.
#![no_main]

use fps_protocol::actions::Action;
use fps_protocol::responses::{self, TransactionResult, TransactionStatusResult, VerifySignatureResult};
use fps_protocol::xml::Element;
use libfuzzer_sys::fuzz_target;

fn depth(element: &Element) -> usize {
    1 + element.children.iter().map(depth).max().unwrap_or(0)
}

fuzz_target!(|document: &str| {
    if let Ok(root) = Element::parse(document) {
        assert!(depth(&root) <= 32, "bounded, so that reading it cannot overflow the stack");
    }
    let _ = responses::parse::<TransactionResult>(Action::Pay, document);
    let _ = responses::parse::<TransactionStatusResult>(Action::GetTransactionStatus, document);
    let _ = responses::parse::<VerifySignatureResult>(Action::VerifySignature, document);
});
