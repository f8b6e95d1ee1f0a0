//! `/lab/notifications`: what callers were told; one of them, checked as its receiver would, and sent once more.

use super::deeds_read::{ask, perform, refusal};
use super::{page, query};
use crate::state::Lab;
use app::form::FormState;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::response::{Html, IntoResponse, Redirect, Response};
use fps_protocol::Parameters;
use fps_protocol::outbound::{self, Certificate};
use http::StatusCode;
use jiff::Timestamp;
use lab_pages::model::{
    NotificationAttempt, NotificationFilter, NotificationPage, NotificationRow, NotificationsPage,
    SignatureCheck,
};
use lab_pages::pages;
use platform::deeds::DeedRefused;
use platform::web::Refusal;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use url::Url;

pub const PATH: &str = "/lab/notifications";
/// Bytes of a certificate; ours have some hundreds.
const LONGEST_CERTIFICATE: usize = 64 * 1024;

#[derive(Debug, Deserialize)]
struct Told {
    id: String,
    access_key: String,
    kind: String,
    subject_id: String,
    url: Option<String>,
    body: String,
    created_at: Timestamp,
    state: String,
    next_attempt_at: Option<Timestamp>,
    attempts: Vec<ToldAttempt>,
}

#[derive(Debug, Deserialize)]
struct ToldAttempt {
    number: i64,
    at: Timestamp,
    http_status: Option<i64>,
    error: Option<String>,
}

/// All that fit.
pub async fn list(State(lab): State<Lab>, RawQuery(asked): RawQuery) -> Result<Html<String>, Refusal> {
    let fields = query::fields(asked.as_deref().unwrap_or_default());
    let get = |name: &str| fields.get(name).cloned().unwrap_or_default();
    let filter = NotificationFilter {
        caller_reference: get("caller_reference"),
        transaction_id: get("transaction_id"),
        access_key: get("access_key"),
    };
    let asked = [
        ("caller_reference", filter.caller_reference.as_str()),
        ("transaction_id", filter.transaction_id.as_str()),
        ("access_key", filter.access_key.as_str()),
    ];
    let found: Vec<Told> = ask(&lab, "notifications", &asked).await?;
    let data = NotificationsPage { rows: found.into_iter().map(row).collect(), filter };
    Ok(page(pages::notifications(&lab.chrome(PATH), &data)))
}

fn row(told: Told) -> NotificationRow {
    NotificationRow {
        at: told.created_at,
        kind: told.kind,
        subject: told.subject_id,
        access_key: told.access_key,
        state: crate::words::spaced(&told.state),
        attempts: told.attempts.len(),
        href: query::below(PATH, &told.id),
    }
}

/// One of them.
pub async fn show(
    State(lab): State<Lab>,
    Path(id): Path<String>,
    RawQuery(asked): RawQuery,
) -> Result<Html<String>, Refusal> {
    let fields = query::fields(asked.as_deref().unwrap_or_default());
    let done = fields.get("answer").and_then(|answer| lab.answers.take(answer));
    render(&lab, &id, done.map(|(_, answer)| sent_again(&answer)), FormState::default()).await
}

/// Sends it once more, and leads back to it.
pub async fn replay(
    State(lab): State<Lab>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Response, Refusal> {
    let typed = query::fields(&String::from_utf8_lossy(&body));
    let get = |name: &str| typed.get(name).map_or("", String::as_str);
    let name = "notification-replay";
    let asked = [("id", id.as_str()), ("sign", get("sign")), ("url", get("url"))];
    match perform(&lab, name, &asked).await {
        Ok(answer) => {
            let key = format!("{:016x}", lab.random.next_u64());
            lab.answers.keep(key.clone(), name, answer);
            Ok(Redirect::to(&query::address(&query::below(PATH, &id), [("answer", key.as_str())]))
                .into_response())
        }
        Err(DeedRefused::BadRequest(why) | DeedRefused::Conflict(why)) => {
            let mut form = FormState::typed(BTreeMap::from([("url".to_owned(), get("url").to_owned())]));
            form.refuse("url", query::as_sentence(&why));
            let shown = render(&lab, &id, None, form).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response())
        }
        Err(refused) => Err(refusal(name, &refused)),
    }
}

fn sent_again(answer: &Value) -> String {
    let text = |name: &str| answer.get(name).and_then(Value::as_str);
    let to = text("url").unwrap_or_default();
    match (answer.get("http_status").and_then(Value::as_i64), text("error")) {
        (Some(status), _) => format!("Sent once more to {to}: it answered {status}."),
        (None, Some(error)) => format!("Sent once more to {to}, in vain: {error}."),
        (None, None) => format!("Sent once more to {to}."),
    }
}

async fn render(
    lab: &Lab,
    id: &str,
    sent_again: Option<String>,
    form: FormState,
) -> Result<Html<String>, Refusal> {
    let told: Told = ask(lab, "notification", &[("id", id)]).await?;
    let parameters = Parameters::from_form(told.body.as_bytes()).unwrap_or_default();
    let path = query::below(PATH, id);
    let data = NotificationPage {
        signature: check(lab, &told, &parameters).await,
        parameters: parameters.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        facts: facts(&told),
        path: path.clone(),
        id: told.id,
        body: told.body,
        attempts: told.attempts.into_iter().map(attempt).collect(),
        sent_again,
        form,
    };
    Ok(page(pages::notification(&lab.chrome(&path), &data)))
}

fn facts(told: &Told) -> Vec<(&'static str, String)> {
    let at = |at: Timestamp| app::components::time::date_time_words(at);
    let mut facts = vec![
        ("Type", told.kind.clone()),
        ("Tells of", told.subject_id.clone()),
        ("Caller", told.access_key.clone()),
        ("Address", told.url.clone().unwrap_or_else(|| "none: it is kept, and sent nowhere".to_owned())),
        ("Since", at(told.created_at)),
        ("State", crate::words::spaced(&told.state)),
    ];
    facts.extend(told.next_attempt_at.map(|next| ("Next attempt", at(next))));
    facts
}

fn attempt(told: ToldAttempt) -> NotificationAttempt {
    let ToldAttempt { number, at, http_status, error } = told;
    NotificationAttempt { number, at, http_status, error }
}

/// As its receiver would: with the certificate that it names, if that is Amazon's, fetched from there.
async fn check(lab: &Lab, told: &Told, parameters: &Parameters) -> SignatureCheck {
    if !parameters.contains(outbound::SIGNATURE) {
        return SignatureCheck::NotSent;
    }
    let Some(Ok(address)) = told.url.as_deref().map(Url::parse) else {
        return SignatureCheck::NotKnown(
            "it has no address of its own that the signature could be for".to_owned(),
        );
    };
    let Some(from) = parameters.get(outbound::CERTIFICATE_URL).and_then(|url| ours(lab, url)) else {
        return SignatureCheck::Wrong("it names no certificate of Amazon Payments".to_owned());
    };
    let certificate = match fetch(&from).await {
        Ok(certificate) => certificate,
        Err(why) => return SignatureCheck::NotKnown(format!("the certificate at {from}: {why}")),
    };
    match certificate.verify("POST", &address, parameters.clone()) {
        Ok(_) => SignatureCheck::Genuine(from.to_string()),
        Err(error) => SignatureCheck::Wrong(error.to_string()),
    }
}

fn ours(lab: &Lab, text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let is_ours = url.origin() == lab.settings.payments_url.origin() && url.path().starts_with("/certs/");
    is_ours.then_some(url)
}

async fn fetch(from: &Url) -> Result<Certificate, String> {
    let answer = platform::http_client().get(from.clone()).send().await;
    let mut answer = answer.map_err(|error| format!("it could not be fetched: {error}"))?;
    if !answer.status().is_success() {
        return Err(format!("it could not be fetched: status {}", answer.status()));
    }
    let mut pem = Vec::new();
    while let Some(piece) = answer.chunk().await.map_err(|error| error.to_string())? {
        pem.extend_from_slice(&piece);
        if pem.len() > LONGEST_CERTIFICATE {
            return Err("it is too long".to_owned());
        }
    }
    Certificate::from_pem(&String::from_utf8_lossy(&pem)).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_came_of_it_is_said() {
        let words = |status: Value, error: Value| {
            sent_again(&json!({ "url": "http://a.example/ipn", "http_status": status, "error": error }))
        };
        assert_eq!(
            words(json!(200), json!(null)),
            "Sent once more to http://a.example/ipn: it answered 200."
        );
        assert!(words(json!(null), json!("nobody listens")).ends_with("in vain: nobody listens."));
    }
}
