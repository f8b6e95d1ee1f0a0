//! People's browsers: what they fetch and send, with the cookies that each of them has of each site.

use super::MarketError;
use jiff::{SignedDuration, Timestamp};
use platform::Clock;
use reqwest::Method;
use serde_json::Value;
use std::collections::HashMap;
use url::Url;

/// A session lasts for a week; whoever was away for less goes on.
const SIGNED_IN_FOR: SignedDuration = SignedDuration::from_hours(5 * 24);

/// An answer of a site.
pub(super) struct Page {
    pub url: Url,
    pub location: Option<Url>,
    pub text: String,
}

/// Somebody's cookies of one site.
#[derive(Debug, Clone)]
struct Session {
    cookie: String,
    since: Timestamp,
}

pub(super) struct Visits {
    http: reqwest::Client,
    clock: Clock,
    /// By site and e-mail address.
    sessions: HashMap<(String, String), Session>,
}

impl Visits {
    pub(super) fn new(clock: Clock) -> Self {
        Self { http: platform::http_client(), clock, sessions: HashMap::new() }
    }

    /// Whether this person is still signed in there.
    pub(super) fn is_in(&self, url: &Url, email: &str) -> bool {
        let session = self.sessions.get(&key(url, email));
        session.is_some_and(|session| self.clock.now().duration_since(session.since) < SIGNED_IN_FOR)
    }

    /// Signs in or up: keeps the session that the answer begins.
    pub(super) async fn enter(
        &mut self,
        url: Url,
        email: &str,
        fields: &[(&str, &str)],
    ) -> Result<(), MarketError> {
        self.sessions.remove(&key(&url, email));
        let request = self.form(email, &url, fields);
        let answer = request.send().await?;
        let cookies = answer.headers().get_all("set-cookie");
        let cookies = cookies.iter().filter_map(|cookie| cookie.to_str().ok()?.split(';').next());
        let cookie = cookies.collect::<Vec<_>>().join("; ");
        let status = answer.status();
        if !status.is_redirection() || cookie.is_empty() {
            let page = answer.text().await?;
            return Err(MarketError::Unexpected {
                method: Method::POST,
                url: url.into(),
                status: status.as_u16(),
                page,
            });
        }
        self.sessions.insert(key(&url, email), Session { cookie, since: self.clock.now() });
        Ok(())
    }

    pub(super) fn request(&self, method: Method, who: &str, url: &Url) -> reqwest::RequestBuilder {
        let request = self.http.request(method, url.clone()).header("sec-fetch-site", "same-origin");
        match self.sessions.get(&key(url, who)) {
            Some(session) => request.header("cookie", &session.cookie),
            None => request,
        }
    }

    fn form(&self, who: &str, url: &Url, fields: &[(&str, &str)]) -> reqwest::RequestBuilder {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = self.request(Method::POST, who, url);
        request.header("content-type", "application/x-www-form-urlencoded").body(body)
    }

    pub(super) async fn get(&mut self, who: &str, url: Url) -> Result<Page, MarketError> {
        let request = self.request(Method::GET, who, &url);
        self.send_as(who, Method::GET, url, request).await
    }

    pub(super) async fn post(
        &mut self,
        who: &str,
        url: Url,
        fields: &[(&str, &str)],
    ) -> Result<Page, MarketError> {
        let request = self.form(who, &url, fields);
        self.send_as(who, Method::POST, url, request).await
    }

    /// A site may give a session to who has none yet, as the Co-Branded UI does.
    async fn send_as(
        &mut self,
        who: &str,
        method: Method,
        url: Url,
        request: reqwest::RequestBuilder,
    ) -> Result<Page, MarketError> {
        let answer = request.send().await?;
        if !self.sessions.contains_key(&key(&url, who))
            && let Some(cookie) = answer.headers().get("set-cookie").and_then(|cookie| cookie.to_str().ok())
        {
            let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
            self.sessions.insert(key(&url, who), Session { cookie, since: self.clock.now() });
        }
        page_of(method, url, answer).await
    }

    /// What a program sends, in nobody's name.
    pub(super) async fn post_json(&self, url: Url, body: &Value) -> Result<Page, MarketError> {
        let request = self.http.post(url.clone()).header("content-type", "application/json");
        page_of(Method::POST, url, request.body(body.to_string()).send().await?).await
    }
}

/// The two sites have names of their own.
fn key(url: &Url, who: &str) -> (String, String) {
    (url.host_str().unwrap_or_default().to_owned(), who.to_owned())
}

async fn page_of(method: Method, url: Url, answer: reqwest::Response) -> Result<Page, MarketError> {
    let status = answer.status();
    let location = answer.headers().get("location").and_then(|to| to.to_str().ok());
    let location = location.and_then(|to| url.join(to).ok());
    let text = answer.text().await?;
    if status.is_success() || status.is_redirection() {
        return Ok(Page { url, location, text });
    }
    Err(MarketError::Unexpected { method, url: url.into(), status: status.as_u16(), page: text })
}

/// What stands between two marks of a text.
pub(super) fn between<'a>(text: &'a str, from: &str, to: &str) -> Option<&'a str> {
    let rest = &text[text.find(from)? + from.len()..];
    rest.find(to).map(|end| &rest[..end])
}

/// What a page's forms send beside what a person fills in.
pub(super) fn hidden_fields(html: &str) -> Vec<(String, String)> {
    let inputs = html.split("<input").skip(1).filter_map(|rest| rest.split('>').next());
    let attribute = |tag: &str, name: &str| between(tag, &format!("{name}=\""), "\"").map(str::to_owned);
    inputs
        .filter(|tag| tag.contains("type=\"hidden\""))
        .filter_map(|tag| Some((attribute(tag, "name")?, attribute(tag, "value")?)))
        .collect()
}
