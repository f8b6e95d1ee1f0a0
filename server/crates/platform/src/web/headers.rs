//! The headers that tell browsers what pages of ours may do.

use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, SET_COOKIE,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderName, HeaderValue};
use url::Url;

const OPENER: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

/// Everything from the site itself, nothing inline. `form_target` is the other site's URL: browsers
/// hold the redirect that follows a form against `form-action` too.
pub fn content_security_policy(form_target: &Url) -> HeaderValue {
    policy(form_target, "")
}

/// The same for a page that shows an image of another site: of that one's origin, no other's.
pub fn content_security_policy_with_image(form_target: &Url, image: &Url) -> HeaderValue {
    policy(form_target, &format!(" {}", image.origin().ascii_serialization()))
}

fn policy(form_target: &Url, image_origin: &str) -> HeaderValue {
    let other = form_target.origin().ascii_serialization();
    let policy = format!(
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:{image_origin}; media-src 'self'; \
         object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self' {other}"
    );
    HeaderValue::from_str(&policy).expect("an origin's serialization is ASCII")
}

/// For what is no page: nothing may be loaded for it, and nobody may frame it.
pub fn no_page_policy() -> HeaderValue {
    HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'")
}

/// A year, as browsers' own lists want it. Not for subdomains: whose they are is not known here.
const HTTPS_ONLY: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// The policy and its companions. Where the site's public URL is https, browsers are told to come by nothing else.
#[derive(Debug, Clone)]
pub struct SecurityHeaders {
    csp: HeaderValue,
    https: bool,
}

impl SecurityHeaders {
    pub fn new(csp: HeaderValue, public_url: &Url) -> Self {
        Self { csp, https: public_url.scheme() == "https" }
    }

    /// Sets them on a response; what a handler set itself stays.
    pub fn set(&self, headers: &mut HeaderMap) {
        headers.entry(CONTENT_SECURITY_POLICY).or_insert_with(|| self.csp.clone());
        headers.entry(X_CONTENT_TYPE_OPTIONS).or_insert(HeaderValue::from_static("nosniff"));
        // Never `no-referrer`: with it browsers send `Origin: null` on our own forms.
        headers.entry(REFERRER_POLICY).or_insert(HeaderValue::from_static("same-origin"));
        headers.entry(OPENER).or_insert(HeaderValue::from_static("same-origin"));
        if self.https {
            headers.entry(STRICT_TRANSPORT_SECURITY).or_insert(HTTPS_ONLY);
        }
        // Pages are made for one person: none of them comes back by the Back button after that person has signed out.
        let page = headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
        if page || headers.contains_key(SET_COOKIE) {
            headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-store"));
        }
    }
}
