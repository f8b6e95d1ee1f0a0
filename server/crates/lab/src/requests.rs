//! Requests of the Query API, as they were recorded.

use crate::state::Lab;
use crate::store::Kept;
use fps_protocol::api_request::ApiRequest;
use fps_protocol::{Parameters, signature};
use platform::deeds::{Command, Deed, DeedRefused, Field, Kind, Method};
use platform::lab::{Event, What};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Shown at once, if nothing is said, and at the most.
pub const USUAL: usize = 100;
const MOST: usize = 10_000;

pub const LIST: Deed = Deed {
    name: "requests",
    method: Method::Get,
    path: "/requests",
    summary: "Requests of the Query API, the newest first",
    fields: &[
        Field::query("action", Kind::Text, "the action", "Pay"),
        Field::query("access_key", Kind::Text, "of the caller", "DDCALLER000000000001"),
        Field::query("code", Kind::Text, "Success, or the error", "Success"),
        Field::query("limit", Kind::Integer, "so many at the most", "100"),
    ],
    answer: r#"[{"request_id":"…","at":"…","action":"Pay","access_key":"…","status":200,"code":"Success","duration_ms":1.2}]"#,
    commands: &[],
    page: "/lab/requests",
};

pub const SHOW: Deed = Deed {
    name: "request",
    method: Method::Get,
    path: "/requests/{id}",
    summary: "One request: what was sent, what was signed, what was answered, what it changed",
    fields: &[Field::path("id", "its RequestId", "018fd0a4-0000-7000-8000-000000000000")],
    answer: r#"{"request_id":"…","parameters":{},"string_to_sign":"…","answer":"…","changes":[]}"#,
    commands: &[Command {
        words: &["request"],
        summary: "One request: what was sent, signed, answered and changed",
        positional: &["id"],
        flags: &[],
        fixed: &[],
    }],
    page: "/lab/requests",
};

/// Which are wanted.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wish {
    pub action: Option<String>,
    pub access_key: Option<String>,
    pub code: Option<String>,
    pub limit: Option<i64>,
}

/// A request in a list.
#[derive(Debug, Clone, Serialize)]
pub struct Listed {
    pub request_id: String,
    pub at: jiff::Timestamp,
    pub action: String,
    pub access_key: Option<String>,
    pub status: u16,
    pub code: String,
    pub duration_ms: f64,
}

pub fn list(lab: &Lab, wish: &Wish) -> Vec<Listed> {
    kept(lab, wish).iter().filter_map(|kept| listed(&kept.event)).collect()
}

/// Those that are wanted, the newest first.
pub fn kept(lab: &Lab, wish: &Wish) -> Vec<Kept> {
    let limit = wish.limit.map_or(USUAL, |limit| usize::try_from(limit).unwrap_or_default().min(MOST));
    let wanted = |asked: &Option<String>, is: &str| asked.as_deref().is_none_or(|asked| asked == is);
    lab.store.newest(limit, |kept| match &kept.event.what {
        What::Request { action, code, .. } => {
            wanted(&wish.action, action)
                && wanted(&wish.code, code)
                && wanted(&wish.access_key, kept.event.about.caller.as_deref().unwrap_or_default())
        }
        _ => false,
    })
}

fn listed(event: &Event) -> Option<Listed> {
    let What::Request { action, status, code, duration_us, .. } = &event.what else { return None };
    Some(Listed {
        request_id: event.about.request.clone()?,
        at: event.at,
        action: action.clone(),
        access_key: event.about.caller.clone(),
        status: *status,
        code: code.clone(),
        duration_ms: milliseconds(*duration_us),
    })
}

#[expect(clippy::cast_precision_loss, reason = "a length of time to be read, in thousandths")]
fn milliseconds(micros: u64) -> f64 {
    micros as f64 / 1000.0
}

/// The request of this id, and all that it changed.
/// An answer's `RequestId` has `:0` behind it.
pub fn find(lab: &Lab, id: &str) -> Option<(Kept, Vec<Kept>)> {
    let id = id.split_once(':').map_or(id, |(id, _)| id);
    let of_it = lab.store.newest(MOST, |kept| {
        kept.event.about.request.as_deref() == Some(id)
            && matches!(kept.event.what, What::Request { .. } | What::Written { .. })
    });
    let (requests, written): (Vec<_>, Vec<_>) =
        of_it.into_iter().partition(|kept| matches!(kept.event.what, What::Request { .. }));
    Some((requests.into_iter().next()?, written.into_iter().rev().collect()))
}

/// What was sent, as the emulator read it; `None` where it could not be read.
pub fn as_sent(what: &What) -> Option<ApiRequest> {
    let What::Request { method, host, path, query, body, .. } = what else { return None };
    let query = Parameters::from_query(query).ok()?;
    let parameters = query.joined(Parameters::from_form(body.as_bytes()).ok()?);
    Some(ApiRequest { method: method.clone(), host: host.clone(), path: path.clone(), parameters })
}

pub fn show(lab: &Lab, id: &str) -> Result<Value, DeedRefused> {
    let unknown = || {
        DeedRefused::NotFound("no such request is kept; GET /_control/requests lists those that are".into())
    };
    let (request, written) = find(lab, id).ok_or_else(unknown)?;
    let listed = listed(&request.event).ok_or_else(unknown)?;
    let What::Request { method, host, path, query, body, answer, .. } = &request.event.what else {
        return Err(unknown());
    };
    let sent = as_sent(&request.event.what);
    let parameters: serde_json::Map<String, Value> = sent
        .iter()
        .flat_map(|sent| sent.parameters.iter())
        .map(|(name, value)| (name.to_owned(), Value::from(value)))
        .collect();
    let changes: Vec<Value> = written
        .iter()
        .flat_map(|kept| match &kept.event.what {
            What::Written { changes, .. } => changes.iter().map(|change| json!(change)).collect(),
            _ => Vec::new(),
        })
        .collect();
    let mut shown = json!(listed);
    let more = json!({
        "method": method, "host": host, "path": path, "query": query, "body": body,
        "parameters": parameters, "string_to_sign": sent.as_ref().map(string_to_sign),
        "answer": answer, "changes": changes,
    });
    if let (Value::Object(shown), Value::Object(more)) = (&mut shown, more) {
        shown.extend(more);
    }
    Ok(shown)
}

/// What the client should have signed, by the version that it names.
fn string_to_sign(sent: &ApiRequest) -> String {
    if sent.parameters.get("SignatureVersion") == Some("1") {
        return signature::string_to_sign_v1(&sent.parameters, "Signature");
    }
    signature::string_to_sign_v2(&sent.method, &sent.host, &sent.path, &sent.parameters, "Signature")
}
