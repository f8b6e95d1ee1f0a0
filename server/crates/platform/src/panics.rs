//! What a panic that was caught said.

use std::any::Any;

/// `panic!` leaves one of two kinds of text; other payloads say nothing.
pub(crate) fn message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("(no message)")
}
