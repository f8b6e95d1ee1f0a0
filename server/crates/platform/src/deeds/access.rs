//! Who may do deeds: they can do anything to anybody, so neither other sites' pages nor, without a token, other hosts.

use super::DeedRefused;
use crate::web::{is_loopback_host, read_body};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST, ORIGIN};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde::de::IgnoredAny;
use std::sync::Arc;
use subtle::ConstantTimeEq;
use url::Url;

/// What each notification of ours carries.
const NOTIFICATION_ID: HeaderName = HeaderName::from_static("x-notification-id");
/// Bytes of a call that says it is a form; no call of ours comes near this.
const LARGEST: usize = 1024 * 1024;

/// Who may call.
#[derive(Debug, Clone)]
pub struct AccessRules {
    /// Of the site that answers: pages of its own may call.
    pub public_url: Url,
    /// Asked of every call when set (`Authorization: Bearer …`); without one only this machine may call.
    pub control_token: Option<SecretString>,
}

pub(super) async fn guard(
    State(rules): State<Arc<AccessRules>>,
    request: Request,
    next: Next,
) -> Result<Response, DeedRefused> {
    check(&rules, request.headers(), request.uri().host())?;
    Ok(next.run(json_only(request).await?).await)
}

/// Notifications go where developers say, and none may be taken for a call: they are form-encoded. curl calls JSON
/// a form too, unless told otherwise, so a form is looked into.
async fn json_only(request: Request) -> Result<Request, DeedRefused> {
    if request.headers().contains_key(NOTIFICATION_ID) {
        return Err(DeedRefused::Forbidden("the control API takes no notifications"));
    }
    let content_type = request.headers().get(CONTENT_TYPE).map_or(&b""[..], HeaderValue::as_bytes);
    let form = [&b"application/x-www-form-urlencoded"[..], b"multipart/form-data"];
    if !form
        .iter()
        .any(|form| content_type.get(..form.len()).is_some_and(|kind| kind.eq_ignore_ascii_case(form)))
    {
        return Ok(request);
    }
    let (parts, body) = request.into_parts();
    let body = read_body(body, LARGEST).await.map_err(|refusal| match refusal.facts().status {
        StatusCode::PAYLOAD_TOO_LARGE => DeedRefused::NotJson,
        _ => DeedRefused::BadRequest(refusal.facts().detail.clone()),
    })?;
    if !body.is_empty() && serde_json::from_slice::<IgnoredAny>(&body).is_err() {
        return Err(DeedRefused::NotJson);
    }
    Ok(Request::from_parts(parts, body.into()))
}

fn check(rules: &AccessRules, headers: &HeaderMap, uri_host: Option<&str>) -> Result<(), DeedRefused> {
    // Wherever a caller has them sent, also to another process of this site: they are no calls.
    if headers.contains_key("x-notification-id") {
        return Err(DeedRefused::Forbidden("a notification is no control call"));
    }
    if is_cross_site(rules, headers) {
        return Err(DeedRefused::Forbidden("the control API does not answer other sites' pages"));
    }
    let Some(expected) = &rules.control_token else {
        // Without a token only this machine may call; a foreign name in Host means that a page of
        // another site had its name point here.
        let host = uri_host.or_else(|| headers.get(HOST)?.to_str().ok());
        return if host.is_some_and(is_loopback_host) {
            Ok(())
        } else {
            Err(DeedRefused::Forbidden(
                "without a control token the control API answers on loopback names only",
            ))
        };
    };
    let given = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (scheme, token) = given.split_once(' ').unwrap_or_default();
    let matches = token.trim().as_bytes().ct_eq(expected.expose_secret().as_bytes());
    if scheme.eq_ignore_ascii_case("bearer") && bool::from(matches) {
        Ok(())
    } else {
        Err(DeedRefused::Unauthorized)
    }
}

/// A browser says where a request comes from; programs say nothing.
fn is_cross_site(rules: &AccessRules, headers: &HeaderMap) -> bool {
    let text = |value: &HeaderValue| value.to_str().unwrap_or("unreadable").to_owned();
    let fetch_site = headers.get("sec-fetch-site").map(text);
    let foreign_fetch = fetch_site.is_some_and(|site| site != "same-origin" && site != "none");
    let origin = headers.get(ORIGIN).map(text);
    foreign_fetch || origin.is_some_and(|origin| origin != rules.public_url.origin().ascii_serialization())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(token: Option<&str>) -> AccessRules {
        AccessRules {
            public_url: "http://127.0.0.1:3001".parse().unwrap(),
            control_token: token.map(Into::into),
        }
    }

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn without_a_token_only_loopback_names_are_answered() {
        let rules = rules(None);
        for host in ["127.0.0.1:3001", "localhost:3001", "[::1]:3001", "shop.localhost", "LOCALHOST"] {
            assert!(check(&rules, &headers(&[("host", host)]), None).is_ok(), "{host}");
        }
        for host in ["attacker.example", "10.0.0.1:3001", "localhost.attacker.example", ""] {
            assert!(check(&rules, &headers(&[("host", host)]), None).is_err(), "{host}");
        }
        assert!(check(&rules, &headers(&[]), None).is_err());
    }

    #[test]
    fn a_token_must_match() {
        let rules = rules(Some("letmein"));
        let with =
            |value| check(&rules, &headers(&[("host", "payments.example"), ("authorization", value)]), None);
        assert!(with("Bearer letmein").is_ok());
        assert!(matches!(with("Bearer letmeout"), Err(DeedRefused::Unauthorized)));
        assert!(matches!(with("Basic letmein"), Err(DeedRefused::Unauthorized)));
        assert!(check(&rules, &headers(&[("host", "127.0.0.1")]), None).is_err());
    }

    #[test]
    fn other_sites_pages_are_refused() {
        let rules = rules(None);
        let from = |pair| check(&rules, &headers(&[("host", "127.0.0.1:3001"), pair]), None);
        assert!(from(("origin", "http://localhost:3000")).is_err());
        assert!(from(("origin", "null")).is_err());
        assert!(from(("x-notification-id", "n")).is_err());
        assert!(from(("sec-fetch-site", "cross-site")).is_err());
        assert!(from(("origin", "http://127.0.0.1:3001")).is_ok());
        assert!(from(("sec-fetch-site", "none")).is_ok());
    }
}
