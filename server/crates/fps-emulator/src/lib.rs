//! Amazon's side: the Query API, the Co-Branded UI, tokens, transactions, fees, notifications and the
//! control API. The only crate that posts to the ledger.

mod account_site;
mod accounts;
mod activity;
mod addresses;
#[doc(hidden)]
pub mod bench_support;
mod callers;
mod cbui;
mod certificate;
mod control;
mod deliveries;
mod idempotency;
mod instruments;
mod kept_keys;
mod ledger_accounts;
mod lifecycle;
mod new_instruments;
mod notifier;
mod outbox;
mod processor;
mod query_api;
mod refund_requests;
mod seed;
mod settings;
mod sign_in;
mod sign_up;
mod site;
mod stored_value;
mod tokens;
mod transactions;
mod wallet;

#[cfg(test)]
mod tests;

pub use lifecycle::{Companion, OpenError};

use certificate::Signer;
use lifecycle::Companions;
use platform::jobs::{Jobs, Wake};
use platform::{Clock, Database, Random, db::Migrations};
use rust_embed::RustEmbed;
use secrecy::SecretString;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// The payments site's schema.
pub static MIGRATIONS: Migrations = Migrations::embedded(&Schema);

#[derive(RustEmbed)]
#[folder = "../../../migrations/payments"]
struct Schema;

/// What can be set from outside.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the configuration's own")]
pub struct Config {
    /// Where people and callers reach this site: `http://127.0.0.1:3001`.
    pub public_url: Url,
    /// The demo caller's site: where its returns and notifications go.
    pub shop_url: Url,
    /// The control API and the magic tokens.
    pub lab: bool,
    /// Whether the published passwords and secrets are good for anything: not where others than this machine
    /// can reach the site and nobody asked for the lab.
    pub demo_accounts: bool,
    /// The demo caller's secret, which the shop signs with. Without it the site makes one up at its first
    /// start; see [`Payments::caller_secret`].
    pub caller_secret: Option<SecretString>,
    /// Asked of every control call when set (`Authorization: Bearer …`).
    pub control_token: Option<SecretString>,
    /// How long cards and bank accounts stay pending, in real time.
    pub processor_delay: Duration,
    pub magic_amounts: bool,
    /// Guards the sign-in against guessing; tests switch it off.
    pub throttle_sign_in: bool,
    /// The key for outbound signatures as PKCS#8 PEM, for tests: making one takes seconds unoptimised.
    /// Without it the site makes its own at its first start.
    pub signing_key: Option<SecretString>,
}

/// The payments site; clones share everything.
#[derive(Debug, Clone)]
pub struct Payments {
    pub(crate) db: Database,
    pub(crate) clock: Clock,
    pub(crate) random: Random,
    pub(crate) config: Arc<Config>,
    /// Signs returns and notifications.
    pub(crate) signer: Signer,
    /// Wakes the notifier when a notification was written to the outbox.
    pub(crate) notifier: Wake,
    /// Wakes the processor when a card or bank payment was taken on.
    pub(crate) processor: Wake,
    /// Where actions wait that were too slow once.
    pub(crate) line: transactions::Line,
    /// The jobs, shared so that a run asked for waits for one under way.
    jobs: Jobs,
    companions: Companions,
}
