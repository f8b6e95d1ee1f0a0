//! Which image may be shown as the caller's: one from a site that it registered, or one over https. Any
//! other could be read, and changed, by whoever is in between.

use crate::config::FIRST_CALLER;
use crate::engine::authorizations::{AuthorizationRequest, RegisteredSite, is_registered};
use app::assets::address;
use fps_protocol::cbui::{CobrandingStyle, PipelineRequest};
use url::Url;

/// The image that the request names, else the one that the caller registered, unless somebody else is to
/// be shown.
pub fn image(request: &AuthorizationRequest) -> Option<Url> {
    let (caller, asked, sites) = (&request.caller, &request.asked, &request.sites);
    let asked_for = asked.website().and_then(|website| website.cobranding_url.clone());
    let own = caller.cobranding_url.as_deref().filter(|_| !asked.is_recipient_cobranding());
    let registered = || own.and_then(|url| Url::parse(url).ok());
    asked_for.or_else(registered).filter(|image| may_be_shown(image, sites))
}

/// The demo shop's own logo, which this site has among its files: shown where its caller names no image, so that nobody's
/// browser asks another host.
pub fn demo_logo(request: &AuthorizationRequest) -> Option<&'static str> {
    let (caller, asked) = (&request.caller, &request.asked);
    let names_image = caller.cobranding_url.is_some()
        || asked.website().is_some_and(|website| website.cobranding_url.is_some());
    let is_demo = caller.access_key.as_str() == FIRST_CALLER && !asked.is_recipient_cobranding();
    (is_demo && !names_image).then(|| address("/public/logo.svg"))
}

/// Only the origin of a registered site counts: a logo need not lie beside the return page. The host goes
/// into a header, so that it must be one in plain characters.
fn may_be_shown(image: &Url, sites: &[RegisteredSite]) -> bool {
    let names_user = !image.username().is_empty() || image.password().is_some();
    let same_origin = |site: &RegisteredSite| !site.any_loopback && site.url.origin() == image.origin();
    let over_https = image.scheme() == "https";
    let plain = |c: char| c.is_ascii_alphanumeric() || ".-:[]".contains(c);
    let has_plain_host = image.host_str().is_some_and(|host| host.chars().all(plain));
    !names_user
        && has_plain_host
        && (over_https || is_registered(image, sites) || sites.iter().any(same_origin))
}

pub fn is_banner(asked: &PipelineRequest) -> bool {
    let style = asked.website().and_then(|website| website.cobranding_style);
    style == Some(CobrandingStyle::Banner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_comes_over_https_or_from_a_registered_origin() {
        let shop = RegisteredSite { url: "http://localhost:3000/shop".parse().unwrap(), any_loopback: false };
        let shown = |url: &str| may_be_shown(&url.parse().unwrap(), std::slice::from_ref(&shop));
        assert!(shown("http://localhost:3000/public/logo.svg"));
        assert!(shown("https://cdn.example.com/logo.png"));
        assert!(!shown("http://cdn.example.com/logo.png"));
        assert!(!shown("http://localhost:3001/logo.png"));
        assert!(!shown("https://cdn.example.com;form-action/logo.png"));
        assert!(!shown("https://user@cdn.example.com/logo.png"));
        assert!(!shown("data:image/svg+xml,<svg/>"));
        let local = RegisteredSite { url: "http://localhost/".parse().unwrap(), any_loopback: true };
        assert!(may_be_shown(&"http://127.0.0.1:9/l.png".parse().unwrap(), std::slice::from_ref(&local)));
        assert!(!may_be_shown(&"http://10.0.0.1/l.png".parse().unwrap(), &[local]));
    }
}
