//! What can be set from outside.

use fps_protocol::outbound::KeyBits;
use platform::lab::Lab;
use platform::web::AllowedHosts;
use platform::{DemoData, Tls};
use secrecy::SecretString;
use std::net::SocketAddr;
use std::time::Duration;
use url::Url;

/// Of the payments site.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the configuration's own")]
pub struct Config {
    /// Where people and callers reach this site: `http://127.0.0.1:3001`.
    pub public_url: Url,
    /// Other names that the pages answer to.
    pub allowed_hosts: AllowedHosts,
    /// The demo caller's site: where its returns and notifications go.
    pub shop_url: Url,
    /// The control API and the magic tokens.
    pub lab: bool,
    /// Where what happens is told, and what is made to go wrong comes from.
    pub lab_ports: Lab,
    /// Whether the published passwords and secrets are good for anything: not where others than this machine
    /// can reach the site and nobody asked for the lab.
    pub demo_accounts: bool,
    /// The demo caller's secret, which the shop signs with. Without it the site makes one up at its first
    /// start; see [`Payments::caller_secret`].
    pub caller_secret: Option<SecretString>,
    /// Asked of every control call when set (`Authorization: Bearer …`).
    pub control_token: Option<SecretString>,
    /// What an empty database gets.
    pub demo_data: DemoData,
    /// How long cards and bank accounts stay pending, in real time.
    pub processor_delay: Duration,
    pub magic_amounts: bool,
    pub notifications: NotificationSettings,
    /// Guards the sign-in against guessing; tests switch it off.
    pub throttle_sign_in: bool,
    /// The key for outbound signatures as PKCS#8 PEM, for tests: making one takes seconds unoptimised.
    /// Without it the site makes its own at its first start.
    pub signing_key: Option<SecretString>,
    /// How long a key is that the site makes.
    pub signing_key_bits: KeyBits,
}

/// How notifications are sent.
#[derive(Debug, Clone)]
pub struct NotificationSettings {
    /// How long a receiver may take to answer.
    pub time_out: Duration,
    /// Whether they go into private networks, and to this machine.
    pub private_receivers: bool,
    /// Where this site listens: they never go there.
    pub own_addresses: Vec<SocketAddr>,
    /// Whom https:// receivers may be vouched for by.
    pub tls: Tls,
    /// How long whoever asks for the due work waits while no receiver answers.
    pub patience: Duration,
}

impl Default for NotificationSettings {
    fn default() -> Self {
        Self {
            time_out: Duration::from_secs(10),
            private_receivers: true,
            own_addresses: Vec::new(),
            tls: Tls::default(),
            patience: Duration::from_secs(2),
        }
    }
}

/// The demo callers' access keys: public, and good only where [`Config::demo_accounts`] says so.
pub const FIRST_CALLER: &str = "DDCALLER000000000001";
pub const SECOND_CALLER: &str = "DDCALLER000000000002";
/// Of every demo account.
pub const DEMO_PASSWORD: &str = "amazonpayments";

impl Config {
    /// Where the demo caller's notifications go.
    pub fn shop_ipn_url(&self) -> Url {
        let mut url = self.shop_url.clone();
        url.set_path("/payments/ipn");
        url
    }

    /// Whether somebody gives a demo account's published password where it must open nothing. Nobody else has
    /// an address at example.com (RFC 2606).
    pub fn refuses_password(&self, email: &str, password: &str) -> bool {
        !self.demo_accounts && email.ends_with("@example.com") && password == DEMO_PASSWORD
    }

    /// What nobody may choose as a new password. Where the demo accounts are good for something, theirs may be
    /// anybody's.
    pub fn published_passwords(&self) -> &'static [&'static str] {
        if self.demo_accounts { &[] } else { &[DEMO_PASSWORD] }
    }
}
