//! Whose password is looked at, and for whom.

use super::limits::Key;
use std::net::{IpAddr, Ipv6Addr};

/// Characters of an account's name that are told apart (an e-mail address has 254 at the most).
const LONGEST_ACCOUNT: usize = 254;

/// An account and the address from which somebody wants to be let in to it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Who {
    pub account: String,
    pub address: IpAddr,
}

impl Who {
    pub fn new(account: &str, address: IpAddr) -> Self {
        // Of what cannot be an address the beginning is enough: what is kept has an end.
        let account: String = account.trim().chars().take(LONGEST_ACCOUNT).collect();
        Self { account: account.to_lowercase(), address: network(address) }
    }

    /// Under which a failure counts.
    pub fn failures(&self) -> [Key; 3] {
        let (account, address) = (self.account.clone(), self.address);
        [Key::FailedPair(self.clone()), Key::FailedAccount(account), Key::FailedAddress(address)]
    }

    /// Under which every look at a password counts.
    pub fn looks(&self) -> [Key; 2] {
        [Key::LookedAccount(self.account.clone()), Key::LookedAddress(self.address)]
    }
}

/// One subscriber has a whole IPv6 /64 to pick addresses from.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64)),
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
pub const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_in_one_ipv6_network_are_one_and_names_have_an_end() {
        let from = |address: &str| Who::new("john@example.com", address.parse().unwrap());
        assert_eq!(from("2001:db8::1"), from("2001:db8::ffff"));
        assert_ne!(from("2001:db8::1"), from("2001:db8:0:1::1"));
        assert_eq!(from("::ffff:127.0.0.1"), Who::new("JOHN@example.com ", HERE));
        assert_eq!(Who::new(&"a".repeat(100_000), HERE), Who::new(&"a".repeat(1_000), HERE));
    }
}
