//! Where more is said of an event.

use super::{Seen, Subject};
use platform::lab::What;

/// `order=…` or `transaction=…`, encoded.
pub fn query(subject: Subject<'_>) -> String {
    match subject {
        Subject::Order(id) => format!("order={}", encoded(id)),
        Subject::Transaction(id) => format!("transaction={}", encoded(id)),
    }
}

/// The page of a request.
pub fn request(id: &str) -> String {
    format!("/lab/requests/{}", encoded(id))
}

/// The books, at an account or a transaction.
pub fn account(name: &str) -> String {
    format!("/lab/books/accounts/{}", encoded(name))
}

pub fn transaction(id: &str) -> String {
    format!("/lab/books/transactions/{}", encoded(id))
}

/// The page of what an event is about: its notification, its request, the signature of its address, or the stream.
pub fn event(seen: &Seen<'_>, subject: Subject<'_>) -> String {
    let about = &seen.event.about;
    if let Some(id) = &about.notification {
        return format!("/lab/notifications/{}", encoded(id));
    }
    if let Some(id) = &about.request {
        return request(id);
    }
    match &seen.event.what {
        What::SentToPay { .. } | What::AuthorizationOpened { .. } | What::AuthorizationEnded { .. } => {
            format!("/lab/signature?event={}", seen.id)
        }
        What::Clock { .. } => "/lab/clock".to_owned(),
        What::Fault { .. } => "/lab/faults".to_owned(),
        _ => match subject {
            Subject::Order(id) | Subject::Transaction(id) => format!("/lab?order={}", encoded(id)),
        },
    }
}

fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
