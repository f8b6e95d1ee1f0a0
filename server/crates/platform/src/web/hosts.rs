//! Which names a site answers to. A page of another site can have its own name point at this machine (DNS
//! rebinding) and would then be of one origin with what it finds here; the browser still says the name in `Host`.

use super::Refusal;
use super::loopback::is_loopback_authority;
use axum::extract::Request;
use http::StatusCode;
use http::header::HOST;
use http::uri::Authority;
use std::str::FromStr;
use url::Url;

/// Says which requests come for any name by design, such as the Query API's: no cookie may be read for them.
pub type TakesAnyHost = fn(&Request) -> bool;

/// More names of a site, beside that of its public URL and those of this machine. One without a port is taken
/// with any.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AllowedHosts(Vec<Authority>);

#[derive(Debug, thiserror::Error)]
#[error("{0:?} is no host: name them with commas between, like shop.example,192.168.0.7:3000")]
pub struct NotAHost(String);

impl FromStr for AllowedHosts {
    type Err = NotAHost;

    /// Hosts with commas between them; nothing is none.
    fn from_str(text: &str) -> Result<Self, NotAHost> {
        let names = text.split(',').map(str::trim).filter(|name| !name.is_empty());
        let read = |name: &str| read_host(name).ok_or_else(|| NotAHost(name.to_owned()));
        Ok(Self(names.map(read).collect::<Result<_, _>>()?))
    }
}

/// A host with or without a port; `None` for what a URL could not have there.
fn read_host(text: &str) -> Option<Authority> {
    let authority: Authority = text.parse().ok()?;
    let url = Url::parse(&format!("http://{authority}/")).ok()?;
    let plain = !text.contains(['@', '*']) && url.host_str()?.eq_ignore_ascii_case(authority.host());
    plain.then_some(authority)
}

impl AllowedHosts {
    fn contain(&self, host: &Authority) -> bool {
        self.0.iter().any(|allowed| {
            let port = allowed.port_u16();
            allowed.host().eq_ignore_ascii_case(host.host()) && (port.is_none() || port == host.port_u16())
        })
    }
}

/// The name that a request came for, one of the site's.
#[derive(Debug, Clone)]
pub(super) struct AcceptedHost(pub Authority);

/// The names of a site.
#[derive(Debug)]
pub(super) struct Hosts {
    pub public_url: Url,
    pub allowed: AllowedHosts,
    pub exempt: TakesAnyHost,
}

impl Hosts {
    /// Refuses (421) what came for another name than the public URL's, this machine's own, or an allowed one.
    pub fn check(&self, request: &mut Request) -> Result<(), Refusal> {
        match requested_host(request) {
            Some(host) if self.accepts(&host) => {
                request.extensions_mut().insert(AcceptedHost(host));
                Ok(())
            }
            _ if (self.exempt)(request) => Ok(()),
            Some(_) => Err(self.misdirected()),
            None => {
                let detail = "The request does not say, in one header Host, which site it is for.";
                Err(Refusal::bad_request(detail))
            }
        }
    }
}

/// The name that a request is for: that of its target when it has one, as requests to proxies do (RFC 9112 §3.2.2),
/// else the one in `Host`. `None` when there is no such name, or more than one.
pub fn requested_host(request: &Request) -> Option<Authority> {
    if let Some(authority) = request.uri().authority() {
        return Some(authority.clone());
    }
    let mut hosts = request.headers().get_all(HOST).iter();
    match (hosts.next(), hosts.next()) {
        (Some(host), None) => host.to_str().ok()?.parse().ok(),
        _ => None,
    }
}

impl Hosts {
    fn accepts(&self, host: &Authority) -> bool {
        self.is_public(host) || is_loopback_authority(host) || self.allowed.contain(host)
    }

    fn is_public(&self, host: &Authority) -> bool {
        let known = if self.public_url.scheme() == "https" { 443 } else { 80 };
        let name = self.public_url.host_str().is_some_and(|name| name.eq_ignore_ascii_case(host.host()));
        name && !host.as_str().contains('@')
            && host.port_u16().unwrap_or(known) == self.public_url.port().unwrap_or(known)
    }

    fn misdirected(&self) -> Refusal {
        let detail = format!(
            "This site does not answer to the name in the address. Open {} instead. Whoever runs the site can have \
             it answer to more names: the setting is DD_ALLOWED_HOSTS.",
            self.public_url
        );
        Refusal::new(StatusCode::MISDIRECTED_REQUEST, "Not this site's name", detail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    fn accepts(public_url: &str, allowed: &str, host: &str) -> bool {
        let (public_url, allowed) = (public_url.parse().unwrap(), allowed.parse().unwrap());
        let hosts = Hosts { public_url, allowed, exempt: |_| false };
        host.parse().is_ok_and(|host| hosts.accepts(&host))
    }

    #[test]
    fn the_public_name_has_the_public_port() {
        for own in ["shop.example:8080", "SHOP.example:8080"] {
            assert!(accepts("http://shop.example:8080", "", own), "{own}");
        }
        for own in ["shop.example", "shop.example:443"] {
            assert!(accepts("https://shop.example/", "", own), "{own}");
        }
        assert!(accepts("http://[2001:db8::1]:3000", "", "[2001:db8::1]:3000"));
        for other in ["shop.example", "shop.example:81", "a.shop.example:8080", "a@shop.example:8080", "x"] {
            assert!(!accepts("http://shop.example:8080", "", other), "{other}");
        }
    }

    #[test]
    fn names_of_this_machine_may_have_any_port() {
        for alias in ["localhost:3000", "127.0.0.1", "[::1]:8080", "shop.localhost:1", "LOCALHOST:3000"] {
            assert!(accepts("https://shop.example", "", alias), "{alias}");
        }
        for other in
            ["evil.example:3000", "localhost.evil.example", "127.0.0.1.evil.example", "10.0.0.1:3000"]
        {
            assert!(!accepts("http://localhost:3000", "", other), "{other}");
        }
    }

    #[test]
    fn more_names_can_be_allowed() {
        let allowed = "shop.lan, 192.168.0.7:3000,[2001:db8::1]";
        for own in ["shop.lan", "shop.lan:3000", "Shop.LAN", "192.168.0.7:3000", "[2001:db8::1]:3000"] {
            assert!(accepts("http://localhost:3000", allowed, own), "{own}");
        }
        for other in ["192.168.0.7", "192.168.0.7:3001", "shop.lan.evil.example", "x.shop.lan"] {
            assert!(!accepts("http://localhost:3000", allowed, other), "{other}");
        }
        assert_eq!("".parse::<AllowedHosts>().unwrap(), AllowedHosts::default());
        for wrong in
            ["*.example", "http://shop.lan", "shop.lan/x", "a@shop.lan", "shop lan", "shop.lan:99999"]
        {
            assert!(wrong.parse::<AllowedHosts>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_request_is_for_one_name() {
        let host_of = |target: &str, hosts: &[&str]| {
            let request =
                hosts.iter().fold(Request::get(target), |request, host| request.header(HOST, *host));
            requested_host(&request.body(Body::empty()).unwrap()).map(|host| host.to_string())
        };
        assert_eq!(host_of("/", &["localhost:3000"]).as_deref(), Some("localhost:3000"));
        assert_eq!(host_of("http://evil.example/", &["localhost"]).as_deref(), Some("evil.example"));
        assert_eq!(host_of("/", &[]), None);
        assert_eq!(host_of("/", &["localhost", "localhost"]), None);
        assert_eq!(host_of("/", &["no host"]), None);
    }
}
