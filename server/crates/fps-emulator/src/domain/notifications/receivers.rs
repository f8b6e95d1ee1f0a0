//! Where notifications may go. A caller names the address, and this machine goes there: never to this site itself,
//! where a post could pass for a person's or an operator's, and into private networks only where that is allowed.

use crate::config::Config;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use url::{Host, Url};

/// Why a notification does not go to an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("the address must have no user name or password in it")]
    UserInformation,
    #[error("the address is Amazon Payments' own: no notification is sent there")]
    Own,
    #[error(
        "the address is in a private network or on this machine; DD_PRIVATE_RECEIVERS=allow lets them in"
    )]
    Private,
}

/// The rules of one site.
#[derive(Debug, Clone)]
pub struct Receivers {
    public_url: Url,
    own: Vec<SocketAddr>,
    private: bool,
}

impl Receivers {
    pub fn of(config: &Config) -> Self {
        let settings = &config.notifications;
        Self {
            public_url: config.public_url.clone(),
            own: settings.own_addresses.clone(),
            private: settings.private_receivers,
        }
    }

    /// The same, private networks included.
    #[must_use]
    pub fn with_private(self) -> Self {
        Self { private: true, ..self }
    }

    /// What can be said before a name is looked up.
    pub fn check_url(&self, url: &Url) -> Result<(), Refused> {
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Refused::UserInformation);
        }
        let (port, own_port) = (url.port_or_known_default(), self.public_url.port_or_known_default());
        if url.host() == self.public_url.host() && port == own_port {
            return Err(Refused::Own);
        }
        let address = match url.host() {
            Some(Host::Ipv4(address)) => address.into(),
            Some(Host::Ipv6(address)) => address.into(),
            Some(Host::Domain(_)) if platform::web::is_loopback(url) => Ipv4Addr::LOCALHOST.into(),
            Some(Host::Domain(_)) | None => return Ok(()),
        };
        self.check_address(SocketAddr::new(address, port.unwrap_or(0)), None)
    }

    /// What is said of the address that a connection leads to; `own_end` is this machine's, once it is open.
    pub fn check_address(&self, address: SocketAddr, own_end: Option<IpAddr>) -> Result<(), Refused> {
        let ip = canonical(address.ip());
        let here = own_end.map(canonical) == Some(ip) || ip.is_loopback() || ip.is_unspecified();
        let is_own = |own: &SocketAddr| {
            let own_ip = canonical(own.ip());
            own.port() == address.port()
                && (own_ip == ip || here && (own_ip.is_unspecified() || ip.is_unspecified()))
        };
        if self.own.iter().any(is_own) {
            return Err(Refused::Own);
        }
        if !self.private && (here || is_private(ip)) {
            return Err(Refused::Private);
        }
        Ok(())
    }
}

/// An IPv4 address also where it stands in an IPv6 one.
fn canonical(ip: IpAddr) -> IpAddr {
    let IpAddr::V6(v6) = ip else { return ip };
    match v6.segments() {
        // Translated (RFC 6052) and tunnelled (RFC 3056).
        [0x64, 0xff9b, 0, 0, 0, 0, a, b] | [0x2002, a, b, ..] => {
            let [[a, b], [c, d]] = [a.to_be_bytes(), b.to_be_bytes()];
            Ipv4Addr::new(a, b, c, d).into()
        }
        _ => v6.to_canonical(),
    }
}

/// Not to be reached from everywhere (RFC 6890, and multicast).
fn is_private(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_private_v4(ip),
        IpAddr::V6(ip) => is_private_v6(ip),
    }
}

fn is_private_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let shared = a == 100 && (64..128).contains(&b);
    let benchmarks = a == 198 && (18..20).contains(&b);
    let protocols = (a, b, c) == (192, 0, 0);
    ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_documentation()
        || ip.is_multicast()
        || shared
        || benchmarks
        || protocols
        || a == 0
        || a >= 240
}

fn is_private_v6(ip: Ipv6Addr) -> bool {
    // What is given out to be reached from everywhere lies in 2000::/3.
    let global = ip.segments()[0] & 0xe000 == 0x2000;
    let documentation = matches!(ip.segments(), [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..]);
    !global || documentation
}

#[cfg(test)]
mod tests {
    use super::*;

    fn receivers(private: bool) -> Receivers {
        let own = ["127.0.0.1:3001", "0.0.0.0:4001"].map(|own| own.parse().unwrap()).to_vec();
        Receivers { public_url: "https://pay.example".parse().unwrap(), own, private }
    }

    fn of_url(private: bool, url: &str) -> Result<(), Refused> {
        receivers(private).check_url(&url.parse().unwrap())
    }

    #[test]
    fn nothing_goes_to_the_site_itself_however_it_is_named() {
        for url in [
            "https://pay.example/_control/reset",
            "https://PAY.example:443/",
            "http://pay.example:443/",
            "http://127.0.0.1:3001/_control/reset",
            "http://localhost:3001/",
            "http://a.localhost:3001/",
            "http://[::ffff:127.0.0.1]:3001/",
            "http://0.0.0.0:3001/",
            "http://[::]:3001/",
            "http://2130706433:3001/",
            "http://127.1:3001/",
            "http://127.0.0.2:4001/",
            "http://[::1]:4001/",
            "http://[64:ff9b::127.0.0.1]:3001/",
        ] {
            assert_eq!(of_url(true, url), Err(Refused::Own), "{url}");
        }
        for url in [
            "http://127.0.0.1:3000/",
            "http://localhost:9000/ipn",
            "https://shop.example/",
            "http://10.0.0.1:3001/",
        ] {
            assert_eq!(of_url(true, url), Ok(()), "{url}");
        }
    }

    #[test]
    fn a_connection_to_an_address_of_this_machine_leads_to_the_site_that_listens_on_all() {
        let (here, elsewhere) = ("192.0.2.7".parse().unwrap(), "192.0.2.8".parse().unwrap());
        let check = |port, own_end| receivers(true).check_address(SocketAddr::new(here, port), Some(own_end));
        assert_eq!(check(4001, here), Err(Refused::Own));
        assert_eq!(check(4001, elsewhere), Ok(()));
        assert_eq!(check(3001, here), Ok(()), "there it listens on loopback alone");
    }

    #[test]
    fn private_networks_are_refused_where_they_are_not_allowed() {
        for host in [
            "127.0.0.1",
            "localhost",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "[::1]",
            "[fe80::1]",
            "[fd00::1]",
            "[::ffff:10.0.0.1]",
            "[2002:a00:1::]",
            "[64:ff9b::10.0.0.1]",
        ] {
            let url = format!("http://{host}:9000/");
            assert_eq!(of_url(false, &url), Err(Refused::Private), "{url}");
            assert_eq!(of_url(true, &url), Ok(()), "{url}");
        }
        for host in ["1.1.1.1", "172.32.0.1", "100.128.0.1", "[2606:4700::1]", "shop.example"] {
            assert_eq!(of_url(false, &format!("http://{host}/")), Ok(()), "{host}");
        }
        assert!(Refused::Private.to_string().contains("DD_PRIVATE_RECEIVERS"));
    }

    #[test]
    fn user_information_is_refused() {
        for url in ["http://a@shop.example/", "http://a:b@shop.example/", "http://:b@shop.example/"] {
            assert_eq!(of_url(true, url), Err(Refused::UserInformation), "{url}");
        }
    }
}
