//! DigitalDownload's side: accounts, catalogue, orders, fulfilment, downloads, and the FPS client.
//! Reaches Amazon only over signed HTTP and browser redirects.

mod audio;
pub(crate) mod catalogue;
mod confirmation;
pub(crate) mod downloads;
pub(crate) mod files;
pub(crate) mod fps_client;
pub(crate) mod fulfilment;
pub(crate) mod ipn;
pub(crate) mod listing;
pub(crate) mod merchants;
mod operator;
pub(crate) mod orders;
pub(crate) mod payment_updates;
pub(crate) mod registration;
pub(crate) mod returns;
mod seed;
mod site;
pub(crate) mod tracking;
pub(crate) mod users;
mod validate;
mod web;

use fps_protocol::ids::AccessKey;
use platform::db::{DatabaseError, Migrations};
use platform::jobs::{DueWork, JobError, Wake};
use platform::password::Passwords;
use platform::sessions::SessionStore;
use platform::throttle::SignInThrottle;
use platform::{Clock, Database, Random};
use rust_embed::RustEmbed;
use secrecy::SecretString;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

pub use seed::SeedError;

/// The shop's schema.
pub static MIGRATIONS: Migrations = Migrations::embedded(&Schema);

#[derive(RustEmbed)]
#[folder = "../../../migrations/shop"]
struct Schema;

/// How often payments are asked after that nobody has told the end of.
const TRACKING_INTERVAL: Duration = Duration::from_secs(2);
/// How often expired sessions are deleted.
const SESSIONS_INTERVAL: Duration = Duration::from_mins(10);

/// What can be set from outside.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where people reach the shop: `http://localhost:3000`.
    pub public_url: Url,
    /// Amazon Payments: the Query API at `/`, the Co-Branded UI below `/cobranded-ui`.
    pub payments_url: Url,
    pub access_key: AccessKey,
    pub secret: SecretString,
    /// Folder of the files for sale.
    pub files_dir: std::path::PathBuf,
    /// Shows the demo accounts on the sign-in page.
    pub lab: bool,
    /// Whether the published passwords and secrets are good for anything: not where others than this machine
    /// can reach the site and nobody asked for the lab.
    pub demo_accounts: bool,
    /// Guards the sign-in against guessing; tests switch it off.
    pub throttle_sign_in: bool,
}

/// The shop; clones share everything.
#[derive(Debug, Clone)]
pub struct Shop {
    pub(crate) db: Database,
    pub(crate) clock: Clock,
    pub(crate) random: Random,
    pub(crate) config: Arc<Config>,
    /// Amazon's web service, called with the shop's keys.
    pub(crate) fps: fps_client::FpsClient,
    /// The files for sale, covers and previews.
    pub(crate) files: files::Files,
    /// Wakes the tracking job when a payment's end is not known yet.
    pub(crate) tracker: Wake,
    pub(crate) passwords: Passwords,
    pub(crate) throttle: SignInThrottle,
    /// What all visitors see alike, kept ready.
    pub(crate) shared_pages: Arc<catalogue::SharedPages>,
}

#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error(transparent)]
    Database(#[from] DatabaseError),
    #[error("the folder of the files for sale: {0}")]
    Files(#[from] files::FilesError),
    #[error(transparent)]
    Seed(#[from] SeedError),
}

impl Shop {
    /// Opens the shop on its database: brings the schema up to date, and fills an empty one with the demo data.
    pub async fn open(config: Config, db: Database, clock: Clock, random: Random) -> Result<Self, OpenError> {
        db.migrate(&MIGRATIONS).await?;
        let shop = Self::assemble(config, db, clock, random)?;
        if seed::is_empty(&shop).await? {
            shop.seed().await?;
        }
        Ok(shop)
    }

    /// The shop on a database that has its schema, whatever is in it.
    fn assemble(config: Config, db: Database, clock: Clock, random: Random) -> Result<Self, OpenError> {
        Ok(Self {
            fps: fps_client::FpsClient::new(&config, clock.clone()),
            files: files::Files::in_folder(&config.files_dir)?,
            tracker: Wake::default(),
            passwords: Passwords::new(random.clone()),
            throttle: SignInThrottle::new(clock.clone(), config.throttle_sign_in),
            shared_pages: Arc::default(),
            config: Arc::new(config),
            db,
            clock,
            random,
        })
    }

    /// Every route of the shop, without `/healthz`, `/metrics` and the static files.
    pub fn router(&self) -> axum::Router {
        site::router(self)
    }

    /// The background jobs, each with what wakes it and how often it looks by itself.
    pub fn due_work(&self) -> Vec<(Arc<dyn DueWork>, Wake, Duration)> {
        let sessions = SessionStore::new(self.db.clone(), self.clock.clone());
        vec![
            (Arc::new(tracking::Tracking::new(self.clone())), self.tracker.clone(), TRACKING_INTERVAL),
            (Arc::new(sessions), Wake::default(), SESSIONS_INTERVAL),
        ]
    }

    /// Does all that is due now; the control API calls it after moving the clock.
    pub async fn run_due(&self) -> Result<usize, JobError> {
        let mut done = 0;
        for (work, _, _) in self.due_work() {
            done += work.run_due().await?;
        }
        Ok(done)
    }

    /// Adds what is missing of the demo data; changes nothing that is there.
    pub async fn seed(&self) -> Result<(), SeedError> {
        seed::run(self).await?;
        self.shared_pages.forget();
        Ok(())
    }

    /// Back to the demo data: everything else is gone, uploaded files too.
    pub async fn reset(&self) -> Result<(), OpenError> {
        self.db.recreate(&MIGRATIONS).await?;
        seed::clear_files(self).await?;
        self.shared_pages.forget();
        Ok(self.seed().await?)
    }
}

/// A column's microseconds as a moment. The column only ever holds what a clock said.
pub(crate) fn when(micros: i64) -> jiff::Timestamp {
    jiff::Timestamp::from_microsecond(micros).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
}
