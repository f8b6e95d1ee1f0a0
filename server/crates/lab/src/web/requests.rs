//! `/lab/requests` and `/lab/requests/{RequestId}`.

use super::{activity, page, query};
use crate::requests::{self, Wish};
use crate::state::Lab;
use crate::store::{DAYS, Kept, MOST_EVENTS};
use crate::words;
use axum::extract::{Path, RawQuery, State};
use axum::response::{Html, IntoResponse, Response};
use fps_protocol::explain::Sent;
use http::StatusCode;
use lab_pages::model::{RequestFilter, RequestPage, RequestRow, RequestsPage, Wire};
use lab_pages::pages;
use platform::lab::{Change, Event, What};

pub async fn list(State(lab): State<Lab>, RawQuery(asked): RawQuery) -> Html<String> {
    let fields = query::fields(asked.as_deref().unwrap_or_default());
    let get = |name: &str| fields.get(name).cloned();
    let wish = Wish { action: get("action"), access_key: get("access_key"), code: get("code"), limit: None };
    let data = RequestsPage {
        rows: requests::kept(&lab, &wish).iter().filter_map(|kept| row(&kept.event)).collect(),
        filter: RequestFilter {
            action: wish.action.unwrap_or_default(),
            access_key: wish.access_key.unwrap_or_default(),
            code: wish.code.unwrap_or_default(),
        },
        kept: format!(
            "The newest {} are shown. Kept are the newest {MOST_EVENTS} events of the last {DAYS} days at the most.",
            requests::USUAL
        ),
    };
    page(pages::requests(&lab.chrome("/lab/requests"), &data))
}

pub async fn show(State(lab): State<Lab>, Path(id): Path<String>) -> Response {
    let chrome = lab.chrome(&format!("/lab/requests/{id}"));
    let found = requests::find(&lab, &id);
    let Some((request, written)) = found else {
        return (StatusCode::NOT_FOUND, page(pages::no_request(&chrome))).into_response();
    };
    let Some(mut data) = shown(&lab, &request, &written) else {
        return (StatusCode::NOT_FOUND, page(pages::no_request(&chrome))).into_response();
    };
    if let Some(sent) = requests::as_sent(&request.event.what) {
        // It was timely, or not, when it arrived.
        let nows = [request.event.at, request.event.wall];
        data.signature = Some(lab.signature_of(Sent::Api(sent), None, nows).await);
    }
    page(pages::request(&chrome, &data)).into_response()
}

/// All but the signature.
fn shown(lab: &Lab, request: &Kept, written: &[Kept]) -> Option<RequestPage> {
    let event = &request.event;
    let What::Request { method, host, path, query, body, answer, .. } = &event.what else { return None };
    let changes: Vec<&Change> = written
        .iter()
        .flat_map(|kept| match &kept.event.what {
            What::Written { changes, .. } => changes.as_slice(),
            _ => &[],
        })
        .collect();
    let made = changes.iter().find_map(|change| match change {
        Change::Transaction { id, .. } => Some(id),
        _ => None,
    });
    let sent = requests::as_sent(&event.what);
    let parameters = sent.iter().flat_map(|sent| sent.parameters.iter());
    Some(RequestPage {
        row: row(event)?,
        wire: Wire {
            method: method.clone(),
            host: host.clone(),
            path: path.clone(),
            query: query.clone(),
            body: body.clone(),
            site: lab.settings.payments_url.to_string(),
        },
        parameters: parameters.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        signature: None,
        answer: answer.clone(),
        changes: changes.iter().map(|change| query::as_sentence(&words::change(change))).collect(),
        transaction: made.or_else(|| event.about.transactions.first()).cloned(),
    })
}

fn row(event: &Event) -> Option<RequestRow> {
    let What::Request { action, status, code, .. } = &event.what else { return None };
    Some(RequestRow {
        id: event.about.request.clone()?,
        at: event.at,
        action: action.clone(),
        caller: event.about.caller.clone(),
        status: *status,
        code: code.clone(),
        took: activity::took(&event.what).unwrap_or_default(),
    })
}
