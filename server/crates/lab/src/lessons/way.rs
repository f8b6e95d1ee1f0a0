//! The buyer's way to Amazon and back.

use super::{Events, finding};
use lab_pages::model::Finding;
use platform::lab::{Event, What};

/// Of one payment.
pub fn redirect(events: &Events<'_>) -> Vec<Finding> {
    let happened = |words: &str, what: fn(&Event) -> bool| {
        events.iter().any(|event| what(event)).then(|| words.to_owned())
    };
    vec![
        finding(
            happened("The shop sent the browser to Amazon Payments, with a signed address.", |event| {
                matches!(event.what, What::SentToPay { .. })
            }),
            "Open an item in the shop and press Buy Now.",
        ),
        finding(
            happened("Amazon Payments took the address and asked the buyer to sign in.", |event| {
                matches!(event.what, What::AuthorizationOpened { .. })
            }),
            "Let the browser arrive at Amazon Payments.",
        ),
        finding(
            happened(
                "The buyer confirmed there, and Amazon sent the browser back with a token.",
                |event| matches!(&event.what, What::AuthorizationEnded { status, .. } if is_confirmed(status)),
            ),
            "Sign in at Amazon Payments and confirm the payment.",
        ),
        finding(
            happened("The shop took the return.", is_genuine_return),
            "Let the browser come back to the shop.",
        ),
    ]
}

pub fn signed_return(events: &Events<'_>) -> Vec<Finding> {
    let genuine = events.iter().any(|event| is_genuine_return(event));
    let changed = events.iter().any(|event| matches!(event.what, What::Returned { genuine: false, .. }));
    vec![
        finding(
            genuine.then(|| "The shop took a return that Amazon had signed.".to_owned()),
            "Buy something and come back from Amazon Payments.",
        ),
        finding(
            changed.then(|| "The shop refused a return whose signature did not fit.".to_owned()),
            "Open a return whose address was changed.",
        ),
    ]
}

fn is_genuine_return(event: &Event) -> bool {
    matches!(event.what, What::Returned { genuine: true, .. })
}

/// By whatever method of payment.
pub fn is_confirmed(status: &str) -> bool {
    matches!(status, "SA" | "SB" | "SC")
}
