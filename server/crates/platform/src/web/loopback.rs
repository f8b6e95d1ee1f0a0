//! Names of this machine that no other machine can be reached by.

use http::uri::Authority;
use std::net::IpAddr;
use url::{Host, Url};

/// Whether the URL's host is this machine's loopback interface, whatever the port.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => is_local_name(name),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// The same of what stands in the header `Host`, with or without a port.
pub fn is_loopback_host(host: &str) -> bool {
    host.parse::<Authority>().is_ok_and(|host| is_loopback_authority(&host))
}

pub(super) fn is_loopback_authority(host: &Authority) -> bool {
    if host.as_str().contains('@') {
        return false;
    }
    let name = host.host();
    let bare = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name);
    is_local_name(name) || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn is_local_name(name: &str) -> bool {
    name.rsplit('.').next().is_some_and(|last| last.eq_ignore_ascii_case("localhost"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machines_own_names_are_loopback() {
        for own in ["http://LOCALHOST:1", "https://shop.localhost", "http://127.9.9.9", "http://[::1]:3000"] {
            assert!(is_loopback(&own.parse().unwrap()), "{own}");
        }
        for other in [
            "https://shop.example",
            "http://localhost.example",
            "http://notlocalhost",
            "http://127.0.0.1.example",
            "http://0.0.0.0",
            "http://[::]",
            "http://192.168.0.1",
            "data:localhost",
        ] {
            assert!(!is_loopback(&other.parse().unwrap()), "{other}");
        }
    }

    #[test]
    fn a_host_header_is_held_to_the_same() {
        for own in
            ["LOCALHOST", "localhost:3001", "Shop.Localhost:1", "127.9.9.9", "127.0.0.1:3001", "[::1]:1"]
        {
            assert!(is_loopback_host(own), "{own}");
        }
        for other in [
            "",
            "attacker.example",
            "localhost.attacker.example",
            "notlocalhost:3001",
            "10.0.0.1:3001",
            "[::]:1",
            "::1",
            "a@localhost",
            "localhost/a",
            "localhost attacker.example",
        ] {
            assert!(!is_loopback_host(other), "{other}");
        }
    }
}
