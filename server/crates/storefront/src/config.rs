//! What can be set from outside.

use crate::smtp::Smtp;
use fps_protocol::ids::AccessKey;
use platform::lab::Lab;
use platform::web::AllowedHosts;
use platform::{DemoData, Tls};
use secrecy::SecretString;
use shop_pages::model::{Chrome, MailReach};
use std::path::PathBuf;
use url::Url;

/// What can be set from outside.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where people reach the shop: `http://localhost:3000`.
    pub public_url: Url,
    /// Other names that the pages answer to.
    pub allowed_hosts: AllowedHosts,
    /// Amazon Payments: the Query API at `/`, the Co-Branded UI below `/cobranded-ui`.
    pub payments_url: Url,
    pub access_key: AccessKey,
    pub secret: SecretString,
    /// Whom an https:// `payments_url` may be vouched for by.
    pub tls: Tls,
    /// Folder of the files for sale.
    pub files_dir: PathBuf,
    /// What an empty database gets.
    pub demo_data: DemoData,
    /// Bytes that one seller's files may take together.
    pub seller_quota: u64,
    /// Shows the demo accounts on the sign-in page, and mailboxes to whoever asks.
    pub lab: bool,
    /// Where what happens is told.
    pub lab_ports: Lab,
    /// Where mail is sent as well; `None`: it stays in the shop's mailboxes.
    pub smtp: Option<Smtp>,
    /// Whether the published passwords and secrets are good for anything: not where others than this machine
    /// can reach the site and nobody asked for the lab.
    pub demo_accounts: bool,
    /// Guards the sign-in against guessing; tests switch it off.
    pub throttle_sign_in: bool,
}

impl Config {
    /// The shop's own address without a slash at the end, to put a path behind.
    pub fn site(&self) -> &str {
        self.public_url.as_str().trim_end_matches('/')
    }

    /// What stands around every page, whoever looks at it.
    pub fn chrome(&self) -> Chrome {
        Chrome { site_url: self.site().to_owned(), lab: self.lab_address(), ..Chrome::default() }
    }

    /// Where the lab is, if it is on: on the payments site.
    pub fn lab_address(&self) -> Option<String> {
        self.lab.then(|| format!("{}/lab", self.payments_url.as_str().trim_end_matches('/')))
    }

    /// Whether mail reaches people who are not signed in.
    pub fn mail_reach(&self) -> MailReach {
        match (&self.smtp, self.lab) {
            (_, true) => MailReach::Lab,
            (Some(_), false) => MailReach::Sent,
            (None, false) => MailReach::Nowhere,
        }
    }
}
