//! Names of this machine that no other machine can be reached by.

use url::{Host, Url};

/// Whether the URL's host is this machine's loopback interface, whatever the port.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
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
}
