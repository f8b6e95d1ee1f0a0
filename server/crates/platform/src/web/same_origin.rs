//! No other site may post our forms. Session cookies are `SameSite=Lax`; this check holds where that
//! does not (other ports of the same host are the same *site*), and needs no token in the forms.
//!
//! Not tower-http's `csrf`, which takes any `Origin` that is like the `Host` header, whatever its scheme: a page
//! whose name was pointed at this machine would pass. Here the origin is compared with a `Host` that was accepted.

use super::hosts::AcceptedHost;
use super::{Refusal, is_loopback_host};
use axum::extract::Request;
use http::header::ORIGIN;
use http::uri::Authority;
use http::{HeaderMap, HeaderValue, Method};
use url::Url;

/// Says which requests come from other programs by design, such as the Query API's.
pub type Exempt = fn(&Request) -> bool;

/// Which forms a site takes.
#[derive(Debug)]
pub(super) struct SameOrigin {
    pub site_url: Url,
    pub exempt: Exempt,
}

/// Where a request says in `Origin` that it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Claim {
    Nothing,
    /// `null`: a browser that was told to be silent, or a page without an origin.
    Hidden,
    /// Of the name that the request is for.
    ThisName,
    /// Of the site's public name, while the request is for another one of its names.
    PublicName,
    Foreign,
}

impl SameOrigin {
    /// Refuses (403) what changes something and comes from another origin. Browsers say so in
    /// `Sec-Fetch-Site` and in `Origin`; a request with neither is no browser's form post.
    pub fn check(&self, request: &Request) -> Result<(), Refusal> {
        let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
        let host = request.extensions().get::<AcceptedHost>().map(|host| &host.0);
        if safe || is_own(request.headers(), &self.site_url, host) || (self.exempt)(request) {
            return Ok(());
        }
        let detail = "The form was sent from another site. Open the page here and send it again.";
        Err(Refusal::forbidden(detail))
    }
}

fn is_own(headers: &HeaderMap, site_url: &Url, host: Option<&Authority>) -> bool {
    let claim = claim(headers.get(ORIGIN), site_url, host);
    match headers.get("sec-fetch-site").map(HeaderValue::as_bytes) {
        // `none`: the person's own doing, such as a reload from the address bar. A proxy that does not hand on the
        // name it was asked for makes the public origin differ from `Host`, where the browser sees one origin.
        Some(b"same-origin" | b"none") => claim != Claim::Foreign,
        Some(_) => claim == Claim::ThisName,
        None => matches!(claim, Claim::Nothing | Claim::ThisName),
    }
}

fn claim(origin: Option<&HeaderValue>, site_url: &Url, host: Option<&Authority>) -> Claim {
    let Some(origin) = origin else { return Claim::Nothing };
    if origin.as_bytes() == b"null" {
        return Claim::Hidden;
    }
    let public = site_url.origin().ascii_serialization();
    let mut of_host = host.into_iter().flat_map(|host| origins(host, site_url));
    if of_host.any(|own| own.as_bytes() == origin.as_bytes()) {
        Claim::ThisName
    } else if origin.as_bytes() != public.as_bytes() {
        Claim::Foreign
    } else if host.is_none() {
        Claim::ThisName
    } else {
        Claim::PublicName
    }
}

/// The origins of pages under an accepted name: with the site's scheme, or either on this machine itself, where
/// there may be a proxy for TLS or none.
fn origins(host: &Authority, site_url: &Url) -> Vec<String> {
    let schemes: &[&str] =
        if is_loopback_host(host.as_str()) { &["http", "https"] } else { &[site_url.scheme()] };
    let urls = schemes.iter().filter_map(|scheme| Url::parse(&format!("{scheme}://{host}")).ok());
    urls.map(|url| url.origin().ascii_serialization()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PUBLIC: &str = "http://localhost:3000";

    fn own_at(host: &str, fetch_site: Option<&'static str>, origin: Option<&'static str>) -> bool {
        let mut headers = HeaderMap::new();
        fetch_site.map(|value| headers.insert("sec-fetch-site", HeaderValue::from_static(value)));
        origin.map(|value| headers.insert(ORIGIN, HeaderValue::from_static(value)));
        is_own(&headers, &PUBLIC.parse().unwrap(), Some(&host.parse().unwrap()))
    }

    fn own(fetch_site: Option<&'static str>, origin: Option<&'static str>) -> bool {
        own_at("localhost:3000", fetch_site, origin)
    }

    #[test]
    fn browsers_say_where_a_form_was_sent_from() {
        assert!(own(Some("same-origin"), Some(PUBLIC)));
        assert!(own(Some("same-origin"), None));
        assert!(own(Some("none"), None));
        assert!(own(Some("same-origin"), Some("null")), "told not to say more");
        assert!(!own(Some("same-origin"), Some("http://evil.example")), "both are compared");
        assert!(!own(Some("none"), Some("http://localhost:3001")));
        assert!(!own(Some("cross-site"), Some("http://evil.example")));
        assert!(!own(Some("same-site"), Some("http://localhost:3001")));
        assert!(!own(Some("cross-site"), None));
        assert!(!own(Some("cross-site"), Some("null")));
        assert!(!own(Some("nonsense"), None));
        assert!(own(Some("same-site"), Some(PUBLIC)), "the origin is what counts");
    }

    #[test]
    fn older_browsers_say_it_in_origin_and_programs_say_nothing() {
        assert!(own(None, Some(PUBLIC)));
        assert!(!own(None, Some("http://localhost:3001")));
        assert!(!own(None, Some("https://localhost:3000/")));
        assert!(!own(None, Some("null")));
        assert!(own(None, None));
    }

    #[test]
    fn the_origin_is_that_of_the_name_in_use() {
        assert!(own_at("127.0.0.1:8080", Some("same-origin"), Some("http://127.0.0.1:8080")));
        assert!(own_at("127.0.0.1:8080", None, Some("https://127.0.0.1:8080")));
        assert!(own_at("localhost:80", None, Some("http://localhost")));
        assert!(own_at("shop.lan:3000", None, Some("http://shop.lan:3000")));
        assert!(!own_at("shop.lan:3000", None, Some("https://shop.lan:3000")), "another scheme");
        assert!(!own_at("127.0.0.1:3000", None, Some("http://127.0.0.1:3001")));
        // The site's own page under its other name is another origin, unless the browser saw only one.
        assert!(!own_at("127.0.0.1:3000", None, Some(PUBLIC)));
        assert!(!own_at("127.0.0.1:3000", Some("cross-site"), Some(PUBLIC)));
        assert!(own_at("127.0.0.1:3000", Some("same-origin"), Some(PUBLIC)), "behind a proxy");
    }
}
