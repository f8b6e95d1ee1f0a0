//! What is lost, comes twice, or comes first. Each of one payment.

use super::{Events, finding, payments_begun, request_done};
use lab_pages::model::Finding;
use platform::lab::{Event, What};

const PAYMENTS: [&str; 2] = ["Pay", "Reserve"];

pub fn idempotency(events: &Events<'_>) -> Vec<Finding> {
    let asked = events.iter().filter(|event| request_done(event, &PAYMENTS).is_some()).count();
    vec![
        finding(
            (asked > 1).then(|| {
                format!(
                    "Amazon was asked {asked} times with one CallerReference, and said Success each time."
                )
            }),
            "Send the same Pay more than once.",
        ),
        once(events),
    ]
}

pub fn lost_answer(events: &Events<'_>) -> Vec<Finding> {
    let is_lost = events.iter().any(|event| is_unheard(event));
    let asked = events.iter().filter(|event| request_done(event, &PAYMENTS).is_some()).count();
    let went_on = events.iter().any(|event| is_paid(event));
    vec![
        finding(
            is_lost.then(|| "Amazon did what it was asked to, and the answer was lost.".to_owned()),
            "Let the answer of the next Pay be lost, then buy something.",
        ),
        finding(
            (is_lost && asked > 1).then(|| "The shop asked again with the same CallerReference.".to_owned()),
            "Let the shop ask again: lose the notification too, so that it has no other way to know, and wait or move \
             the clock.",
        ),
        finding(
            (is_lost && went_on).then(|| "The order went on all the same.".to_owned()),
            "Wait until the order goes on.",
        ),
        once(events),
    ]
}

pub fn notification_first(events: &Events<'_>) -> Vec<Finding> {
    let received = events.iter().position(|event| is_taken_notification(event));
    let answered = events.iter().position(|event| is_answered_payment(event));
    let is_first = received.is_some_and(|received| answered.is_none_or(|answered| received < answered));
    let paid = events.iter().filter(|event| is_paid(event)).count();
    vec![
        finding(
            received.map(|_| "The shop took a notification of a payment.".to_owned()),
            "Buy something, and let the notification arrive.",
        ),
        finding(
            is_first.then(|| "It came before any answer to the shop's call.".to_owned()),
            "Let the answer of the next Pay be lost, then buy something.",
        ),
        finding(
            (is_first && paid == 1).then(|| "The order went on once, and only once.".to_owned()),
            "Wait until the order goes on.",
        ),
    ]
}

/// However often it was asked for.
fn once(events: &Events<'_>) -> Finding {
    let begun = payments_begun(events);
    let missing = match begun {
        0 => "Let the payment begin.".to_owned(),
        more => format!("{more} payments began. One CallerReference is for one payment."),
    };
    finding((begun == 1).then(|| "One payment was made of it.".to_owned()), &missing)
}

/// Amazon did it, and its answer went nowhere.
fn is_unheard(event: &Event) -> bool {
    request_done(event, &PAYMENTS).is_some_and(|(_, answer)| answer.is_empty())
}

/// The order stands where its payment moves it.
fn is_paid(event: &Event) -> bool {
    matches!(&event.what, What::Order { before, after, .. }
        if before != after && (after == "Paid" || after == "Reserved"))
}

fn is_taken_notification(event: &Event) -> bool {
    matches!(&event.what, What::Received { genuine: true, outcome, .. } if outcome == "taken")
}

/// Before an answer the shop has heard nothing.
fn is_answered_payment(event: &Event) -> bool {
    matches!(&event.what, What::Asked { action, outcome, .. }
        if PAYMENTS.contains(&action.as_str()) && outcome != "No answer")
}
