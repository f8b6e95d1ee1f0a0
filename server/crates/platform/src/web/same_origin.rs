//! No other site may post our forms. Session cookies are `SameSite=Lax`; this check holds where that
//! does not (other ports of the same host are the same *site*), and needs no token in the forms.
//!
//! Not tower-http's `csrf`, which takes any `Origin` that is like the `Host` header, whatever its scheme: a page
//! whose name was pointed at this machine would pass. Here the origin is compared with the site's own URL.

use super::{Refusal, RouteLayer};
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use http::header::ORIGIN;
use http::{HeaderMap, Method};
use std::sync::Arc;
use url::Url;

/// Says which requests come from other programs by design, such as the Query API's.
pub type Exempt = fn(&Request) -> bool;

#[derive(Debug, Clone)]
struct Rule {
    origin: Arc<str>,
    exempt: Exempt,
}

/// Refuses (403) what changes something and comes from another origin. Browsers say so in
/// `Sec-Fetch-Site`, older ones in `Origin`; a request with neither is no browser's form post.
pub fn layer(site_url: &Url, exempt: Exempt) -> impl RouteLayer + use<> {
    let origin = site_url.origin().ascii_serialization().into();
    from_fn_with_state(Rule { origin, exempt }, check)
}

async fn check(State(rule): State<Rule>, request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if safe || is_own(request.headers(), &rule.origin) || (rule.exempt)(&request) {
        return next.run(request).await;
    }
    let detail = "The form was sent from another site. Open the page here and send it again.";
    Refusal::forbidden(detail).into_response()
}

fn is_own(headers: &HeaderMap, origin: &str) -> bool {
    let claimed = headers.get(ORIGIN).map(|value| value.as_bytes() == origin.as_bytes());
    match headers.get("sec-fetch-site").map(http::HeaderValue::as_bytes) {
        // `none`: the person's own doing, such as a reload from the address bar.
        Some(b"same-origin" | b"none") => true,
        Some(_) => claimed == Some(true),
        None => claimed != Some(false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn own(fetch_site: Option<&'static str>, origin: Option<&'static str>) -> bool {
        let mut headers = HeaderMap::new();
        fetch_site.map(|value| headers.insert("sec-fetch-site", HeaderValue::from_static(value)));
        origin.map(|value| headers.insert(ORIGIN, HeaderValue::from_static(value)));
        is_own(&headers, "http://localhost:3000")
    }

    #[test]
    fn browsers_say_where_a_form_was_sent_from() {
        assert!(own(Some("same-origin"), Some("http://localhost:3000")));
        assert!(own(Some("none"), None));
        assert!(!own(Some("cross-site"), Some("http://evil.example")));
        assert!(!own(Some("same-site"), Some("http://localhost:3001")));
        assert!(!own(Some("cross-site"), None));
        assert!(!own(Some("nonsense"), None));
        assert!(own(Some("same-site"), Some("http://localhost:3000")), "the origin is what counts");
    }

    #[test]
    fn older_browsers_say_it_in_origin_and_programs_say_nothing() {
        assert!(own(None, Some("http://localhost:3000")));
        assert!(!own(None, Some("http://localhost:3001")));
        assert!(!own(None, Some("null")));
        assert!(own(None, None));
    }
}
