//! Who is on the other end, through proxies too.

use axum::extract::{ConnectInfo, FromRequestParts};
use http::request::Parts;
use http::{HeaderMap, HeaderName};
use ipnet::IpNet;
use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::str::FromStr;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
/// What proxies add. Anyone can write them.
const FORWARDING: [&str; 4] = ["x-forwarded-for", "forwarded", "x-real-ip", "via"];

/// The networks of proxies whose `X-Forwarded-For` is believed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<IpNet>);

#[derive(Debug, thiserror::Error)]
#[error("{0:?} is no address or network: name proxies with commas between, like 127.0.0.1,10.0.0.0/8")]
pub struct NotANetwork(String);

impl FromStr for TrustedProxies {
    type Err = NotANetwork;

    /// Addresses and networks with commas between them; nothing is none.
    fn from_str(text: &str) -> Result<Self, NotANetwork> {
        let names = text.split(',').map(str::trim).filter(|name| !name.is_empty());
        let read = |name: &str| match (name.parse::<IpAddr>(), name.parse::<IpNet>()) {
            (Ok(address), _) => Ok(IpNet::from(address.to_canonical())),
            (_, Ok(network)) => Ok(network),
            _ => Err(NotANetwork(name.to_owned())),
        };
        Ok(Self(names.map(read).collect::<Result<_, _>>()?))
    }
}

impl TrustedProxies {
    /// `address` as [`IpAddr::to_canonical`] has it.
    pub fn contain(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }
}

/// Who asks: the address of the connection, or where that is a trusted proxy's, the address that it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

impl ClientAddress {
    /// Each proxy adds whom it heard from at the end, so the last that is no proxy of ours is the client; what stands
    /// before it is the client's own word. What cannot be read counts as nothing said.
    pub fn behind(peer: IpAddr, headers: &HeaderMap, proxies: &TrustedProxies) -> Self {
        let peer = peer.to_canonical();
        if !proxies.contain(peer) {
            return Self(peer);
        }
        let named = headers.get_all(FORWARDED_FOR).iter().map(|value| value.to_str().unwrap_or("unreadable"));
        let named: Vec<&str> = named.flat_map(|value| value.split(',')).map(str::trim).collect();
        let mut client = peer;
        for name in named.into_iter().rev() {
            match read_address(name) {
                Some(address) => client = address,
                None => return Self(peer),
            }
            if !proxies.contain(client) {
                break;
            }
        }
        Self(client)
    }
}

/// An address, as some proxies write it: with a port, IPv6 in brackets.
fn read_address(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let address = bare.parse().or_else(|_| text.parse().map(|socket: SocketAddr| socket.ip())).ok()?;
    Some(address.to_canonical())
}

/// Whether a program of this machine asks for itself. What a proxy brings is somebody else's, also when the proxy
/// runs here and nobody said that there is one.
pub fn is_from_this_machine(parts: &Parts) -> bool {
    let connection = parts.extensions.get::<ConnectInfo<SocketAddr>>();
    let loopback = connection.is_some_and(|info| info.0.ip().to_canonical().is_loopback());
    loopback && !FORWARDING.iter().any(|name| parts.headers.contains_key(*name))
}

impl<S: Sync> FromRequestParts<S> for ClientAddress {
    type Rejection = Infallible;

    /// `0.0.0.0` when a router is called without a connection, as unit tests do.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let unknown = Self(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
        Ok(parts.extensions.get::<Self>().copied().unwrap_or(unknown))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn client(peer: &str, forwarded_for: &[&'static str], proxies: &str) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded_for {
            headers.append(FORWARDED_FOR, HeaderValue::from_static(value));
        }
        let ClientAddress(address) =
            ClientAddress::behind(peer.parse().unwrap(), &headers, &proxies.parse().unwrap());
        address.to_string()
    }

    #[test]
    fn nobody_but_a_trusted_proxy_is_believed() {
        assert_eq!(client("203.0.113.9", &["198.51.100.7"], ""), "203.0.113.9");
        assert_eq!(client("203.0.113.9", &["198.51.100.7"], "10.0.0.0/8"), "203.0.113.9");
        assert_eq!(client("127.0.0.1", &["198.51.100.7"], ""), "127.0.0.1");
        assert_eq!(client("10.1.2.3", &["198.51.100.7"], "10.0.0.0/8"), "198.51.100.7");
        assert_eq!(client("::ffff:10.1.2.3", &["198.51.100.7"], "10.0.0.0/8"), "198.51.100.7");
        assert_eq!(client("10.1.2.3", &[], "10.0.0.0/8"), "10.1.2.3");
    }

    #[test]
    fn the_last_that_is_no_proxy_is_the_client() {
        let proxies = "127.0.0.1, 10.0.0.0/8, ::1, 2001:db8:9::/48";
        let from = |values: &[&'static str]| client("127.0.0.1", values, proxies);
        assert_eq!(from(&["1.1.1.1, 198.51.100.7"]), "198.51.100.7", "the rest is the client's own word");
        assert_eq!(from(&["nonsense, 198.51.100.7, 10.0.0.1"]), "198.51.100.7");
        assert_eq!(from(&["1.1.1.1", "198.51.100.7", "10.0.0.1,10.0.0.2"]), "198.51.100.7");
        assert_eq!(from(&["198.51.100.7:4711"]), "198.51.100.7");
        assert_eq!(from(&["[2001:db8::7]:4711"]), "2001:db8::7");
        assert_eq!(from(&["2001:db8::7, 2001:db8:9::1"]), "2001:db8::7");
        assert_eq!(from(&["10.0.0.3, 10.0.0.1"]), "10.0.0.3", "a proxy's own request");
    }

    #[test]
    fn what_cannot_be_read_counts_as_nothing_said() {
        for garbage in ["", "unknown", "198.51.100.7, unknown", "198.51.100.7,", "1.2.3", "_hidden", "::g"] {
            assert_eq!(client("127.0.0.1", &[garbage], "127.0.0.1"), "127.0.0.1", "{garbage}");
        }
    }

    #[test]
    fn proxies_are_addresses_or_networks() {
        assert_eq!("".parse::<TrustedProxies>().unwrap(), TrustedProxies::default());
        for wrong in ["localhost", "10.0.0.0/33", "10.0.0", "10.0.0.1;10.0.0.2", "*"] {
            let error = wrong.parse::<TrustedProxies>().unwrap_err().to_string();
            assert!(error.contains(wrong), "{error}");
        }
    }
}
