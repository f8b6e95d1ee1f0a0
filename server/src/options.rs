//! What can be set from outside, and the rules that hold among it.

use fps_emulator::NotificationSettings;
use fps_protocol::ids::AccessKey;
use fps_protocol::outbound::KeyBits;
use lab::Recording;
use platform::connections::ConnectionLimits;
use platform::db::Timeouts;
use platform::web::{AllowedHosts, TrustedProxies, is_loopback};
use platform::{Clock, DemoData, Random, Tls};
use rustix::process::{Resource, getrlimit};
use secrecy::{ExposeSecret, SecretString};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;
use storefront::{Smtp, SmtpError};
use url::Url;

/// The demo caller's keys: public, as all demo accounts are.
pub(crate) const DEMO_ACCESS_KEY: &str = "DDCALLER000000000001";
pub(crate) const DEMO_SECRET: &str = "digitaldownload-demo-secret";

/// Which sites this process runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sites {
    Both,
    Shop,
    Payments,
}

impl Sites {
    pub(crate) fn shop(self) -> bool {
        self != Self::Payments
    }

    pub(crate) fn payments(self) -> bool {
        self != Self::Shop
    }
}

/// Everything that [`start`](crate::start) needs.
#[derive(Debug, Clone)]
pub struct Options {
    pub sites: Sites,
    pub data_dir: PathBuf,
    /// Port 0 picks a free one.
    pub shop_addr: SocketAddr,
    pub payments_addr: SocketAddr,
    /// Where people reach the site; follows the address when not given.
    pub shop_url: Option<Url>,
    pub payments_url: Option<Url>,
    /// Other names that both sites' pages answer to.
    pub allowed_hosts: AllowedHosts,
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: TrustedProxies,
    /// Of each site.
    pub connections: ConnectionLimits,
    pub shop_database_url: String,
    pub payments_database_url: String,
    pub database_timeouts: Timeouts,
    /// `None`: on when nobody but this machine is meant to come.
    pub lab: Option<bool>,
    pub control_token: Option<SecretString>,
    /// Opens `/metrics` to others than this machine.
    pub metrics_token: Option<SecretString>,
    /// The shop's keys for the web service.
    pub access_key: String,
    pub secret: SecretString,
    /// What an empty database gets.
    pub demo_data: DemoData,
    pub processor_delay: Duration,
    /// Bytes that one seller's files may take together.
    pub seller_quota: u64,
    pub magic_amounts: bool,
    pub notifications: NotificationSettings,
    /// Whether notifications go into private networks; `None`: when nobody but this machine is meant to come.
    pub private_receivers: Option<bool>,
    /// Whom the program trusts when it calls https:// addresses.
    pub tls: Tls,
    pub throttle_sign_in: bool,
    /// The mail server that the shop's mail is sent to as well; nothing leaves the machine without it.
    pub smtp_url: Option<SecretString>,
    /// Who that mail is from; `None`: no-reply at the shop's host.
    pub mail_from: Option<String>,
    /// PKCS#8 PEM of the key for outbound signatures; made at the first start when not given.
    pub signing_key: Option<SecretString>,
    /// How long a key is that is made; `None`: 1024 bits in the lab, else 2048.
    pub signing_key_bits: Option<KeyBits>,
    pub clock: Clock,
    pub random: Random,
    /// Whether the sites' background work runs by itself; else somebody has it run.
    pub background: bool,
    /// Whether the lab is told what happens; without it the lab stands empty.
    pub recording: Recording,
}

/// A configuration that cannot be meant; the message says what to do.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error(
        "lab mode lets anybody who can reach the site move its clock and its money: with an address or a URL \
         that is not loopback it needs DD_CONTROL_TOKEN"
    )]
    OpenLab,
    #[error(
        "the demo caller's secret is published: with an address or a URL that is not loopback set DD_SECRET_KEY, \
         to the same for both sites"
    )]
    PublicSecret,
    #[error("DD_ACCESS_KEY must have from 1 to 128 letters and digits of ASCII and nothing else")]
    NotAnAccessKey,
    #[error("{0} must be http(s)://host[:port] and nothing more")]
    NotASite(&'static str),
    #[error("{0} cannot be known: its site runs elsewhere, on a port that its address leaves open")]
    UnknownUrl(&'static str),
    #[error("DD_SMTP_URL or DD_MAIL_FROM: {0}")]
    Smtp(#[from] SmtpError),
}

impl Options {
    /// For tests: free ports, no delays, no throttle, databases in the data directory.
    pub fn for_tests(data_dir: &Path, clock: Clock, random: Random) -> Self {
        let any_port = SocketAddr::from(([127, 0, 0, 1], 0));
        Self {
            sites: Sites::Both,
            data_dir: data_dir.to_owned(),
            shop_addr: any_port,
            payments_addr: any_port,
            shop_url: None,
            payments_url: None,
            allowed_hosts: AllowedHosts::default(),
            trusted_proxies: TrustedProxies::default(),
            connections: connections(None, None),
            shop_database_url: sqlite_in(data_dir, "shop.db"),
            payments_database_url: sqlite_in(data_dir, "payments.db"),
            // A machine that runs all tests at once can be slow.
            database_timeouts: Timeouts { answer: Duration::from_secs(20), ..Timeouts::default() },
            lab: None,
            control_token: None,
            metrics_token: None,
            access_key: DEMO_ACCESS_KEY.to_owned(),
            secret: DEMO_SECRET.into(),
            demo_data: DemoData::Small,
            processor_delay: Duration::ZERO,
            seller_quota: 1 << 30,
            magic_amounts: false,
            private_receivers: None,
            // Nobody is hurried: a test that has a receiver which does not answer says so.
            notifications: NotificationSettings {
                patience: Duration::from_mins(1),
                ..NotificationSettings::default()
            },
            tls: Tls::default(),
            throttle_sign_in: false,
            smtp_url: None,
            mail_from: None,
            signing_key: None,
            signing_key_bits: None,
            clock,
            random,
            background: true,
            recording: Recording::On,
        }
    }

    /// What opens the sites' doors, and whether others than this machine may come to them.
    pub(crate) fn access(&self) -> Result<Access, ConfigError> {
        let shop_key = AccessKey::new(self.access_key.as_str()).map_err(|_| ConfigError::NotAnAccessKey)?;
        let loopback = self.is_loopback();
        let lab = self.lab.unwrap_or(loopback);
        if lab && !loopback && self.control_token.is_none() {
            return Err(ConfigError::OpenLab);
        }
        let demo_accounts = loopback || lab;
        let shop_secret = match self.secret.expose_secret() {
            DEMO_SECRET if !demo_accounts && self.sites != Sites::Both => {
                return Err(ConfigError::PublicSecret);
            }
            // Both sites are in this process: nobody else needs to know it.
            DEMO_SECRET if !demo_accounts => None,
            _ => Some(self.secret.clone()),
        };
        let caller_secret = match (self.access_key.as_str(), demo_accounts) {
            (DEMO_ACCESS_KEY, _) => shop_secret.clone(),
            (_, true) => Some(DEMO_SECRET.into()),
            (_, false) => None,
        };
        Ok(Access { lab, demo_accounts, shop_key, shop_secret, caller_secret })
    }

    /// Whether only this machine is meant to come. A loopback address does not say so alone: a proxy in front
    /// of it brings everybody, and then the URLs name the proxy.
    pub(crate) fn is_loopback(&self) -> bool {
        let addresses = [(self.sites.shop(), self.shop_addr), (self.sites.payments(), self.payments_addr)];
        let mut urls = [&self.shop_url, &self.payments_url].into_iter().flatten();
        addresses.iter().all(|(used, address)| !used || address.ip().is_loopback()) && urls.all(is_loopback)
    }

    /// Where the shop of this URL sends its mail, if anywhere.
    pub(crate) fn smtp(&self, shop: &Url) -> Result<Option<Smtp>, ConfigError> {
        let smtp =
            self.smtp_url.as_ref().map(|url| Smtp::new(url, self.mail_from.as_deref(), shop, &self.tls));
        Ok(smtp.transpose()?)
    }

    /// Where both sites are reached, when they listen (or the other one is expected) at these ports.
    pub(crate) fn urls(&self, shop_port: u16, payments_port: u16) -> Result<Urls, ConfigError> {
        Ok(Urls {
            shop: site_url(self.shop_url.as_ref(), "localhost", shop_port, "--shop-url")?,
            payments: payments_url(self.payments_url.as_ref(), payments_port)?,
        })
    }
}

/// Where the payments site is reached that is expected at this port.
pub(crate) fn payments_url(given: Option<&Url>, port: u16) -> Result<Url, ConfigError> {
    site_url(given, "127.0.0.1", port, "--payments-url")
}

/// Who may do what, as far as the configuration says it.
#[derive(Debug, Clone)]
pub(crate) struct Access {
    /// Whether the control API and the demo's conveniences are there.
    pub lab: bool,
    /// Whether the published passwords and secrets are good for anything.
    pub demo_accounts: bool,
    /// Who the shop says it is.
    pub shop_key: AccessKey,
    /// What the shop signs with; `None`: what Amazon Payments has made up.
    pub shop_secret: Option<SecretString>,
    /// What Amazon Payments knows of the demo caller; `None`: what it makes up.
    pub caller_secret: Option<SecretString>,
}

/// Where people, callers and the other site reach each site.
#[derive(Debug, Clone)]
pub(crate) struct Urls {
    pub shop: Url,
    pub payments: Url,
}

/// A request's head has half a minute, a connection that rests a minute.
const HEAD: Duration = Duration::from_secs(30);
const IDLE: Duration = Duration::from_mins(1);
/// Connections of a site, unless its descriptors allow fewer.
const MOST_CONNECTIONS: usize = 4096;
const MOST_PER_ADDRESS: usize = 100;

/// How many connections a site takes, where nothing else is said: a quarter of the descriptors that the process
/// may have. The other site has as many, and databases, files and calls to others the rest.
pub(crate) fn connections(all: Option<usize>, per_address: Option<usize>) -> ConnectionLimits {
    let quarter = || match getrlimit(Resource::Nofile).current {
        Some(descriptors) => usize::try_from(descriptors / 4).unwrap_or(MOST_CONNECTIONS),
        None => MOST_CONNECTIONS,
    };
    let all = all.unwrap_or_else(|| quarter().clamp(8, MOST_CONNECTIONS)).max(1);
    let per_address = per_address.unwrap_or_else(|| MOST_PER_ADDRESS.min(all / 2)).max(1);
    ConnectionLimits { head: HEAD, idle: IDLE, all, per_address }
}

/// The URL of a site without the slash that `Url` ends it with.
pub(crate) fn bare(url: &Url) -> &str {
    url.as_str().trim_end_matches('/')
}

pub(crate) fn sqlite_in(data_dir: &Path, file: &str) -> String {
    format!("sqlite://{}", data_dir.join(file).display())
}

/// The two sites have different host names by default: cookies know no ports.
fn site_url(given: Option<&Url>, host: &str, port: u16, flag: &'static str) -> Result<Url, ConfigError> {
    let Some(url) = given else {
        if port == 0 {
            return Err(ConfigError::UnknownUrl(flag));
        }
        return Url::parse(&format!("http://{host}:{port}")).map_err(|_| ConfigError::NotASite(flag));
    };
    let rest_is_empty = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    let anonymous = url.username().is_empty() && url.password().is_none();
    let web = matches!(url.scheme(), "http" | "https") && url.has_host();
    if web && rest_is_empty && anonymous { Ok(url.clone()) } else { Err(ConfigError::NotASite(flag)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options() -> Options {
        Options::for_tests(Path::new("data"), Clock::system(), Random::seeded(1))
    }

    #[test]
    fn the_lab_is_for_loopback_or_for_those_who_have_the_token() {
        let mut options = options();
        assert!(options.access().unwrap().lab);
        options.lab = Some(false);
        assert!(!options.access().unwrap().lab);
        options.lab = None;
        options.payments_addr = "0.0.0.0:3001".parse().unwrap();
        assert!(!options.access().unwrap().lab);
        options.lab = Some(true);
        assert!(matches!(options.access(), Err(ConfigError::OpenLab)));
        options.control_token = Some("letmein".into());
        assert!(options.access().unwrap().lab);
        // An address that this process does not use says nothing.
        options.control_token = None;
        options.sites = Sites::Shop;
        assert!(options.access().unwrap().lab);
    }

    fn exposed(secret: Option<SecretString>) -> Option<String> {
        secret.map(|secret| secret.expose_secret().to_owned())
    }

    #[test]
    fn what_is_published_opens_nothing_to_others() {
        let mut options = options();
        options.lab = Some(false);
        let access = options.access().unwrap();
        assert!(access.demo_accounts, "on loopback also without the lab");
        assert_eq!(exposed(access.caller_secret), Some(DEMO_SECRET.to_owned()));

        options.shop_addr = "0.0.0.0:3000".parse().unwrap();
        let access = options.access().unwrap();
        assert!(!access.demo_accounts);
        assert_eq!((exposed(access.shop_secret), exposed(access.caller_secret)), (None, None));

        options.sites = Sites::Shop;
        assert!(matches!(options.access(), Err(ConfigError::PublicSecret)));
        options.secret = "our own".into();
        assert_eq!(exposed(options.access().unwrap().shop_secret), Some("our own".to_owned()));
        options.access_key = "ANOTHERCALLER".to_owned();
        assert_eq!(exposed(options.access().unwrap().caller_secret), None);
    }

    #[test]
    fn an_access_key_that_cannot_be_one_is_told_before_the_start() {
        for wrong in ["", " ", "DD CALLER", "DDCALLER-1", "Schlüssel", &"A".repeat(129)] {
            let options = Options { access_key: wrong.to_owned(), ..options() };
            let error = options.access().unwrap_err();
            assert!(matches!(error, ConfigError::NotAnAccessKey), "{wrong}");
            assert!(error.to_string().contains("DD_ACCESS_KEY"));
        }
    }

    #[test]
    fn a_proxy_before_loopback_addresses_lets_others_in() {
        let proxied: [fn(&mut Options, Url); 2] =
            [|options, url| options.shop_url = Some(url), |options, url| options.payments_url = Some(url)];
        for set in proxied {
            let mut options = options();
            set(&mut options, "http://demo.localhost:3000".parse().unwrap());
            assert!(options.access().unwrap().lab, "a name of this machine");

            set(&mut options, "https://shop.example".parse().unwrap());
            let access = options.access().unwrap();
            assert!(!access.lab && !access.demo_accounts);
            assert!(access.shop_secret.is_none() && access.caller_secret.is_none(), "made up instead");
            options.lab = Some(true);
            assert!(matches!(options.access(), Err(ConfigError::OpenLab)));
            options.lab = None;
            options.sites = Sites::Shop;
            assert!(matches!(options.access(), Err(ConfigError::PublicSecret)));
        }
    }

    #[test]
    fn connections_leave_descriptors_for_the_rest() {
        let usual = connections(None, None);
        assert!((8..=MOST_CONNECTIONS).contains(&usual.all) && usual.per_address <= usual.all / 2);
        let set = connections(Some(40), None);
        assert_eq!((set.all, set.per_address), (40, 20));
        assert_eq!(connections(Some(0), Some(0)).all, 1, "none at all cannot be meant");
    }

    #[test]
    fn urls_follow_the_ports_unless_given() {
        let mut options = options();
        let urls = options.urls(4000, 4001).unwrap();
        assert_eq!(
            (bare(&urls.shop), bare(&urls.payments)),
            ("http://localhost:4000", "http://127.0.0.1:4001")
        );
        options.shop_url = Some("https://shop.example/".parse().unwrap());
        assert_eq!(bare(&options.urls(4000, 4001).unwrap().shop), "https://shop.example");
        for wrong in ["ftp://shop.example", "https://shop.example/sub", "https://a:b@shop.example", "data:x"]
        {
            options.shop_url = Some(wrong.parse().unwrap());
            assert!(matches!(options.urls(4000, 4001), Err(ConfigError::NotASite("--shop-url"))), "{wrong}");
        }
        options.shop_url = None;
        assert!(matches!(options.urls(0, 4001), Err(ConfigError::UnknownUrl("--shop-url"))));
    }
}
