//! A person's browser as far as HTTP goes: keeps cookies by host, and follows redirects when told to.

use super::DoorError;
use http::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::{Method, RequestBuilder, Response};
use std::collections::BTreeMap;
use url::Url;

/// Redirects in a row.
const MOST_REDIRECTS: usize = 10;

/// Clones go on with the cookies of the moment, each for itself.
#[derive(Debug, Clone)]
pub struct Browser {
    http: reqwest::Client,
    /// By host name; ports do not matter, as in browsers.
    cookies: BTreeMap<String, BTreeMap<String, String>>,
}

/// What came back.
#[derive(Debug)]
pub struct Page {
    pub method: Method,
    pub url: Url,
    pub status: u16,
    pub location: Option<Url>,
    pub text: String,
}

impl Page {
    /// A page that is shown, and no redirect or error.
    pub fn shown(self) -> Result<Self, DoorError> {
        if self.status == 200 { Ok(self) } else { Err(self.unexpected("a page")) }
    }

    /// Where it leads.
    pub fn redirect(self) -> Result<Url, DoorError> {
        match self.location {
            Some(location) => Ok(location),
            None => Err(self.unexpected("a redirect")),
        }
    }

    pub fn unexpected(self, expected: &'static str) -> DoorError {
        DoorError::Unexpected {
            method: self.method,
            url: super::place(&self.url),
            status: self.status,
            expected,
        }
    }
}

impl Browser {
    pub fn new(http: reqwest::Client) -> Self {
        Self { http, cookies: BTreeMap::new() }
    }

    pub async fn get(&mut self, url: Url) -> Result<Page, DoorError> {
        let request = self.http.get(url.clone());
        self.send(Method::GET, url, request).await
    }

    /// Sends a form as a browser does from a page of the same site.
    pub async fn post(&mut self, url: Url, fields: &[(&str, &str)]) -> Result<Page, DoorError> {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = self
            .http
            .post(url.clone())
            .header("content-type", "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .header("origin", url.origin().ascii_serialization())
            .body(body);
        self.send(Method::POST, url, request).await
    }

    /// Goes where the redirects lead.
    pub async fn visit(&mut self, url: Url) -> Result<Page, DoorError> {
        let mut page = self.get(url).await?;
        for _ in 0..MOST_REDIRECTS {
            let Some(next) = page.location.take() else { return page.shown() };
            page = self.get(next).await?;
        }
        Err(page.unexpected("a page after so many redirects"))
    }

    async fn send(&mut self, method: Method, url: Url, request: RequestBuilder) -> Result<Page, DoorError> {
        let host = url.host_str().unwrap_or_default().to_owned();
        let cookies = self.cookies.entry(host).or_default();
        let header: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = if header.is_empty() { request } else { request.header(COOKIE, header.join("; ")) };
        let silent = |error| DoorError::silent(&url, error);
        let answer = request.send().await.map_err(silent)?;
        keep_cookies(cookies, &answer);
        let location = answer.headers().get(LOCATION).and_then(|value| value.to_str().ok());
        let location = location.filter(|_| answer.status().is_redirection());
        let location = location.and_then(|location| url.join(location).ok());
        let status = answer.status().as_u16();
        let text = answer.text().await.map_err(silent)?;
        Ok(Page { method, url, status, location, text })
    }
}

fn keep_cookies(cookies: &mut BTreeMap<String, String>, answer: &Response) {
    for cookie in answer.headers().get_all(SET_COOKIE) {
        let Ok(cookie) = cookie.to_str() else { continue };
        let (pair, rest) = cookie.split_once(';').unwrap_or((cookie, ""));
        let Some((name, value)) = pair.split_once('=') else { continue };
        if value.is_empty() || rest.contains("Max-Age=0") {
            cookies.remove(name);
        } else {
            cookies.insert(name.to_owned(), value.to_owned());
        }
    }
}
