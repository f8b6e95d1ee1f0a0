//! Calls of the control API of a running payments site.

use crate::options::bare;
use platform::Tls;
use platform::deeds::{Arguments, Deed, Method, Place};
use reqwest::{RequestBuilder, Response};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};
use std::time::Duration;
use url::Url;

/// A long way forward makes much work fall due.
const LONGEST_ANSWER: Duration = Duration::from_mins(10);
/// A stream goes on, and is opened again when it does not.
const LONGEST_STREAM: Duration = Duration::from_hours(24);

#[derive(Debug, thiserror::Error)]
pub(crate) enum CallError {
    #[error("{url} does not answer; is the payments site running? ({error})")]
    Unreachable { url: String, error: reqwest::Error },
    /// A page, not JSON.
    #[error("{url} answered {status}: no control API there (it needs lab mode)")]
    NoControlApi { url: String, status: u16 },
    #[error("{url} answered {status}: {message}")]
    Refused { url: String, status: u16, message: String },
    #[error("{0} has no place for a path")]
    NoPath(Url),
}

/// Where calls go, and what lets them in.
#[derive(Debug)]
pub(crate) struct ControlApi {
    payments: Url,
    token: Option<SecretString>,
    client: reqwest::Client,
}

impl ControlApi {
    pub(crate) fn new(payments: Url, token: Option<SecretString>, tls: &Tls) -> Self {
        Self { payments, token, client: platform::http_client_with(tls) }
    }

    pub(crate) fn base(&self) -> &str {
        bare(&self.payments)
    }

    /// Does a deed; gives its answer.
    pub(super) async fn call(&self, deed: &Deed, arguments: Arguments) -> Result<Value, CallError> {
        let Sorted { path, query, body } = Sorted::of(deed, arguments);
        let mut url = self.address(&path)?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let mut request = match deed.method {
            Method::Get => self.client.get(url.clone()),
            Method::Post => self.client.post(url.clone()),
            Method::Patch => self.client.patch(url.clone()),
            Method::Delete => self.client.delete(url.clone()),
        };
        if deed.method != Method::Get {
            request =
                request.header("content-type", "application/json").body(Value::Object(body).to_string());
        }
        self.answer(&url, request).await
    }

    /// Reads something: the parts of its path below `/_control`, and its query.
    pub(super) async fn get(&self, path: &[&str], query: &[(&str, &str)]) -> Result<Value, CallError> {
        let mut url = self.address(path)?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let request = self.client.get(url.clone());
        self.answer(&url, request).await
    }

    /// Everything that happens, a line each; after the event of that id, or from now on.
    pub(super) async fn events(&self, after: Option<&str>) -> Result<Response, CallError> {
        let mut url = self.address(&["events"])?;
        url.query_pairs_mut().append_pair("format", "ndjson");
        let mut request = self.client.get(url.clone()).timeout(LONGEST_STREAM);
        if let Some(id) = after {
            request = request.header("last-event-id", id);
        }
        let answer = self.sent(&url, request).await?;
        if answer.status().is_success() {
            return Ok(answer);
        }
        let status = answer.status().as_u16();
        let text = answer.text().await.unwrap_or_default();
        Err(refused(&url, status, &serde_json::from_str(&text).unwrap_or_default()))
    }

    /// Each part as one segment, whatever is in it.
    fn address(&self, path: &[impl AsRef<str>]) -> Result<Url, CallError> {
        let mut url = self.payments.clone();
        url.path_segments_mut()
            .map_err(|()| CallError::NoPath(self.payments.clone()))?
            .pop_if_empty()
            .push("_control")
            .extend(path);
        Ok(url)
    }

    async fn answer(&self, url: &Url, request: RequestBuilder) -> Result<Value, CallError> {
        let answer = self.sent(url, request.timeout(LONGEST_ANSWER)).await?;
        let status = answer.status();
        let text = answer.text().await.map_err(|error| unreachable(url, error))?;
        let value: Option<Value> = serde_json::from_str(&text).ok();
        match value {
            Some(value) if status.is_success() => Ok(value),
            value => Err(refused(url, status.as_u16(), &value.unwrap_or_default())),
        }
    }

    async fn sent(&self, url: &Url, mut request: RequestBuilder) -> Result<Response, CallError> {
        if let Some(token) = &self.token {
            request = request.bearer_auth(token.expose_secret());
        }
        request.send().await.map_err(|error| unreachable(url, error))
    }
}

/// The address without its query, which can be long.
fn shown(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    url.into()
}

fn unreachable(url: &Url, error: reqwest::Error) -> CallError {
    CallError::Unreachable { url: shown(url), error: error.without_url() }
}

fn refused(url: &Url, status: u16, answer: &Value) -> CallError {
    let url = shown(url);
    match answer.get("error").and_then(Value::as_str) {
        Some(reason) if status == 401 => {
            let message = format!("{reason}; set DD_CONTROL_TOKEN to what the site has");
            CallError::Refused { url, status, message }
        }
        Some(reason) => CallError::Refused { url, status, message: reason.to_owned() },
        None => CallError::NoControlApi { url, status },
    }
}

/// Arguments by their places.
struct Sorted {
    path: Vec<String>,
    query: Vec<(String, String)>,
    body: Map<String, Value>,
}

impl Sorted {
    fn of(deed: &Deed, arguments: Arguments) -> Self {
        let mut all = arguments.into_json();
        let path = deed.path.split('/').filter(|part| !part.is_empty());
        let path = path.map(|part| match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
            Some(name) => all.remove(name).as_ref().map(text).unwrap_or_default(),
            None => part.to_owned(),
        });
        let path = path.collect();
        let in_query = |name: &str| deed.field(name).is_some_and(|field| field.place == Place::Query);
        let (query, body): (Vec<_>, Vec<_>) = all.into_iter().partition(|(name, _)| in_query(name));
        let query = query.into_iter().map(|(name, value)| (name, text(&value))).collect();
        Self { path, query, body: body.into_iter().collect() }
    }
}

/// As a deed's table reads it.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(several) => several.iter().map(text).collect::<Vec<_>>().join(","),
        value => value.to_string(),
    }
}
