//! Where a caller may have people sent back to: a redirect to anywhere else would make this site a
//! stepping stone for others' pages.

use crate::domain::callers::{self, Caller};
use crate::engine::authorizations::Authorizations;
use platform::web::is_loopback;
use url::Url;

/// A site that a caller has registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisteredSite {
    pub url: Url,
    /// Any port and path of this machine's loopback interface instead of the URL.
    pub any_loopback: bool,
}

/// Whether `url` lies on one of the sites: same origin, and the site's path at a segment boundary.
pub fn is_registered(url: &Url, sites: &[RegisteredSite]) -> bool {
    home(url, sites).is_some()
}

/// The front of the site that `url` lies on.
pub fn home(url: &Url, sites: &[RegisteredSite]) -> Option<Url> {
    let is_web = matches!(url.scheme(), "http" | "https");
    let names_user = !url.username().is_empty() || url.password().is_some();
    let site = sites.iter().find(|site| site.covers(url)).filter(|_| is_web && !names_user)?;
    if site.any_loopback { url.join("/").ok() } else { Some(site.url.clone()) }
}

impl Authorizations {
    pub(super) async fn registered_sites(&self, caller: &Caller) -> Result<Vec<RegisteredSite>, sqlx::Error> {
        let rows = callers::sites(&self.engine.db, &caller.access_key).await?;
        let sites = rows.into_iter().filter_map(|row| {
            let url = Url::parse(&row.url).ok()?;
            Some(RegisteredSite { url, any_loopback: row.any_loopback != 0 })
        });
        Ok(sites.collect())
    }
}

impl RegisteredSite {
    fn covers(&self, url: &Url) -> bool {
        if self.any_loopback {
            return is_loopback(url);
        }
        let prefix = self.url.path().trim_end_matches('/');
        let rest = url.path().strip_prefix(prefix);
        self.url.origin() == url.origin() && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(site: &str, any_loopback: bool, url: &str) -> bool {
        let site = RegisteredSite { url: site.parse().unwrap(), any_loopback };
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

    #[test]
    fn the_front_of_a_site_is_where_it_was_registered() {
        let front = |site: &str, any_loopback, url: &str| {
            let site = RegisteredSite { url: site.parse().unwrap(), any_loopback };
            home(&url.parse().unwrap(), &[site]).map(String::from)
        };
        let shop = "https://example.com/shop";
        assert_eq!(front(shop, false, "https://example.com/shop/return?x=1").as_deref(), Some(shop));
        assert_eq!(front(shop, false, "https://example.com/"), None);
        let local = front("http://localhost", true, "http://127.0.0.1:9/a/b?c=d#e");
        assert_eq!(local.as_deref(), Some("http://127.0.0.1:9/"));
    }
}
