//! Where a caller may have people sent back to: a redirect to anywhere else would make this site a
//! stepping stone for others' pages.

use url::{Host, Url};

/// A site that a caller has registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallerSite {
    pub url: Url,
    /// Any port and path of this machine's loopback interface instead of the URL.
    pub any_loopback: bool,
}

/// Whether `url` lies on one of the sites: same origin, and the site's path at a segment boundary.
pub fn is_registered(url: &Url, sites: &[CallerSite]) -> bool {
    let is_web = matches!(url.scheme(), "http" | "https");
    let names_user = !url.username().is_empty() || url.password().is_some();
    is_web && !names_user && sites.iter().any(|site| site.covers(url))
}

impl CallerSite {
    fn covers(&self, url: &Url) -> bool {
        if self.any_loopback {
            return is_loopback(url);
        }
        let prefix = self.url.path().trim_end_matches('/');
        let rest = url.path().strip_prefix(prefix);
        self.url.origin() == url.origin() && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

fn is_loopback(url: &Url) -> bool {
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

    fn allowed(site: &str, any_loopback: bool, url: &str) -> bool {
        let site = CallerSite { url: site.parse().unwrap(), any_loopback };
        is_registered(&url.parse().unwrap(), &[site])
    }

    #[test]
    fn a_site_covers_its_own_origin() {
        let shop = |url| allowed("http://localhost:3000", false, url);
        assert!(shop("http://localhost:3000/payments/return"));
        assert!(shop("http://LOCALHOST:3000"));
        assert!(!shop("http://localhost:3001/payments/return"));
        assert!(!shop("https://localhost:3000/payments/return"));
        assert!(!shop("http://127.0.0.1:3000/payments/return"));
        assert!(!shop("http://localhost.attacker.example:3000/"));
        assert!(!shop("http://localhost:3000@attacker.example/"));
        assert!(!shop("http://somebody@localhost:3000/"));
        assert!(!shop("javascript:alert(1)"));
    }

    #[test]
    fn a_path_is_a_prefix_at_a_segment_boundary() {
        for site in ["https://example.com/shop", "https://example.com/shop/"] {
            assert!(allowed(site, false, "https://example.com/shop"));
            assert!(allowed(site, false, "https://example.com/shop/return?x=1"));
            assert!(!allowed(site, false, "https://example.com/shopping"));
            assert!(!allowed(site, false, "https://example.com/"));
            assert!(!allowed(site, false, "https://example.com/shop/../admin"));
            assert!(!allowed(site, false, "https://example.com/shop/%2e%2e/admin"));
        }
    }

    #[test]
    fn any_loopback_covers_every_port_of_this_machine_and_nothing_else() {
        let loopback = |url| allowed("http://localhost", true, url);
        assert!(loopback("http://localhost:9/ret"));
        assert!(loopback("http://127.8.8.8:1234/"));
        assert!(loopback("https://[::1]/x"));
        assert!(!loopback("http://10.0.0.1/"));
        assert!(!loopback("http://localhost.attacker.example/"));
    }
}
