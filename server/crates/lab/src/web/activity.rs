//! `/lab`: everything that happens.

use super::{page, query};
use crate::state::Lab;
use crate::store::{DAYS, Kept, MOST_EVENTS, is_about};
use crate::words;
use axum::extract::{RawQuery, State};
use axum::response::Html;
use lab_pages::model::{ActivityFilter, ActivityPage, ActivityRow};
use lab_pages::pages;
use platform::lab::{Change, Event, What};
use std::collections::BTreeMap;

/// Events on a page.
const ROWS: usize = 100;
/// Things that a row names.
const MOST_ABOUT: usize = 4;

pub async fn show(State(lab): State<Lab>, RawQuery(asked): RawQuery) -> Html<String> {
    let fields = query::fields(asked.as_deref().unwrap_or_default());
    let filter = filter(&fields);
    let before = fields.get("before").and_then(|text| text.parse().ok()).unwrap_or(u64::MAX);
    let mut kept = lab.store.newest(ROWS + 1, |kept| kept.id < before && fits(&filter, kept));
    let older = (kept.len() > ROWS).then(|| {
        kept.truncate(ROWS);
        let last = kept.last().map_or(0, |last| last.id).to_string();
        let others = fields.iter().filter(|(name, _)| *name != "before");
        let others = others.map(|(name, value)| (name.as_str(), value.as_str()));
        query::address("/lab", others.chain([("before", last.as_str())]))
    });
    let data = ActivityPage {
        rows: kept.iter().map(row).collect(),
        older,
        kept: format!(
            "{} events are kept; the newest {MOST_EVENTS} of the last {DAYS} days at the most. A reset forgets them.",
            lab.store.count()
        ),
        newest: lab.store.newest_id(),
        filter,
    };
    page(pages::activity(&lab.chrome("/lab"), &data))
}

fn filter(fields: &BTreeMap<String, String>) -> ActivityFilter {
    let get = |name: &str| fields.get(name).cloned().unwrap_or_default();
    ActivityFilter {
        caller: get("caller"),
        order: get("order"),
        action: get("action"),
        result: get("result"),
        kind: get("kind"),
        request: get("request"),
    }
}

fn fits(filter: &ActivityFilter, kept: &Kept) -> bool {
    let Event { about, what, .. } = &*kept.event;
    let all = |asked: &str, holds: &dyn Fn(&str) -> bool| asked.is_empty() || holds(asked);
    all(&filter.kind, &|kind| what.kind() == kind)
        && all(&filter.caller, &|caller| about.caller.as_deref() == Some(caller))
        && all(&filter.order, &|word| is_about(about, word))
        && all(&filter.request, &|id| about.request.as_deref() == Some(id))
        && all(&filter.action, &|action| action_of(what).is_some_and(|is| is.eq_ignore_ascii_case(action)))
        && all(&filter.result, &|result| is_result(&kept.event, result))
}

fn action_of(what: &What) -> Option<&str> {
    match what {
        What::Request { action, .. } | What::Asked { action, .. } => Some(action),
        What::Written { by, .. } | What::Order { by, .. } => Some(by),
        What::AuthorizationOpened { pipeline, .. } | What::SentToPay { pipeline, .. } => Some(pipeline),
        What::Deed { deed, .. } => Some(deed),
        _ => None,
    }
}

/// "failed", or a word of the event's own: a code, a status, a state.
fn is_result(event: &Event, result: &str) -> bool {
    let is = |word: &str| word.eq_ignore_ascii_case(result);
    if is("failed") {
        return words::is_failure(event);
    }
    match &event.what {
        What::Request { code, .. } => is(code),
        What::Asked { outcome, .. } | What::Deed { outcome, .. } | What::Received { outcome, .. } => {
            is(outcome)
        }
        What::AuthorizationEnded { status, .. } | What::Returned { status, .. } => is(status),
        What::Attempt { then, .. } => is(then),
        What::Order { after, .. } => is(after),
        What::Written { changes, .. } => changes.iter().any(|change| match change {
            Change::Transaction { status, .. } => is(status),
            _ => false,
        }),
        _ => false,
    }
}

fn row(kept: &Kept) -> ActivityRow {
    let event = &*kept.event;
    ActivityRow {
        id: kept.id,
        at: event.at,
        site: words::site(event.site),
        kind: event.what.kind(),
        words: words::sentence(event),
        is_failure: words::is_failure(event),
        about: about(event),
        href: href(event),
        took: took(&event.what),
    }
}

fn about(event: &Event) -> Vec<(&'static str, String, String)> {
    let about = &event.about;
    let follow = |name: &'static str, field: &'static str, id: &String| {
        (name, id.clone(), query::address("/lab/follow", [(field, id.as_str())]))
    };
    let orders = about.orders.iter().map(|id| follow("order", "order", id));
    let transactions = about.transactions.iter().map(|id| follow("transaction", "transaction", id));
    let references = about
        .references
        .iter()
        .map(|id| ("reference", id.clone(), query::address("/lab", [("order", id.as_str())])));
    orders.chain(transactions).chain(references).take(MOST_ABOUT).collect()
}

fn href(event: &Event) -> Option<String> {
    match &event.what {
        What::Request { .. } | What::Asked { .. } | What::Written { .. } => {
            event.about.request.as_ref().map(|id| format!("/lab/requests/{id}"))
        }
        What::Attempt { .. } => {
            event.about.notification.as_ref().map(|id| format!("/lab/notifications/{id}"))
        }
        What::Clock { .. } => Some("/lab/clock".to_owned()),
        What::Fault { .. } => Some("/lab/faults".to_owned()),
        _ => None,
    }
}

/// Thousandths of a second, with one digit behind the point.
pub(super) fn took(what: &What) -> Option<String> {
    let What::Request { duration_us, .. } = what else { return None };
    Some(format!("{}.{} ms", duration_us / 1000, duration_us % 1000 / 100))
}
