//! Whether what a lesson asks for has happened: by recorded events alone.

mod lost;
mod terms;
#[cfg(test)]
mod tests;
mod way;

pub use way::is_confirmed;

use fps_protocol::Parameters;
use lab_pages::model::{Finding, LessonCheck};
use platform::lab::{Change, Event, What};

/// What a lesson's check looks at, the oldest first.
type Events<'a> = [&'a Event];

/// What was found for the lesson of a slug; `None`: there is no such check.
pub fn check(slug: &str, events: &Events<'_>) -> Option<LessonCheck> {
    let findings = match slug {
        "why-redirect" => of_best_payment(events, way::redirect),
        "sign-the-return" => way::signed_return(events),
        "pay-or-reserve" => terms::pay_or_reserve(events),
        "fees" => terms::fees(events),
        "idempotency" => of_best_payment(events, lost::idempotency),
        "lost-answer" => of_best_payment(events, lost::lost_answer),
        "notification-first" => of_best_payment(events, lost::notification_first),
        "refunds" => terms::refunds(events),
        _ => return None,
    };
    Some(LessonCheck { findings })
}

/// What happened, or what to do so that it does.
fn finding(done: Option<String>, missing: &str) -> Finding {
    match done {
        Some(words) => Finding { done: true, words },
        None => Finding { done: false, words: missing.to_owned() },
    }
}

/// Of the payment with which most of it happened; of several the latest.
fn of_best_payment(events: &Events<'_>, of: fn(&Events<'_>) -> Vec<Finding>) -> Vec<Finding> {
    let mut references: Vec<&str> = Vec::new();
    for reference in events.iter().flat_map(|event| &event.about.references) {
        if !references.contains(&reference.as_str()) {
            references.push(reference);
        }
    }
    let of_reference = |reference: &str| {
        let own: Vec<&Event> = events
            .iter()
            .copied()
            .filter(|event| event.about.references.iter().any(|one| one == reference))
            .collect();
        of(&own)
    };
    let done = |findings: &Vec<Finding>| findings.iter().filter(|finding| finding.done).count();
    references.into_iter().map(of_reference).max_by_key(done).unwrap_or_else(|| of(&[]))
}

/// A request that Amazon did: its body's parameters.
fn request_done<'e>(event: &'e Event, actions: &[&str]) -> Option<(Parameters, &'e str)> {
    let What::Request { action, code, query, body, answer, .. } = &event.what else { return None };
    if code != "Success" || !actions.contains(&action.as_str()) {
        return None;
    }
    let sent = Parameters::from_query(query).unwrap_or_default();
    Some((sent.joined(Parameters::from_form(body.as_bytes()).unwrap_or_default()), answer))
}

/// All that commits of the payments site changed.
fn changes<'e>(events: &'e Events<'_>) -> impl Iterator<Item = &'e Change> {
    events.iter().flat_map(|event| match &event.what {
        What::Written { changes, .. } => changes.as_slice(),
        _ => &[],
    })
}

/// Payments that began. The marketplace's fee of one is none.
fn payments_begun(events: &Events<'_>) -> usize {
    let begins = |change: &&Change| {
        matches!(change, Change::Transaction { operation, is_new: true, is_fee: false, .. }
            if operation == "Pay" || operation == "Reserve")
    };
    changes(events).filter(begins).count()
}
