//! Opening the shop on its database, and the way back to the demo data.

use crate::catalogue::search::index;
use crate::files::{Files, FilesError};
use crate::fps_client::FpsClient;
use crate::live_pages::LivePages;
use crate::merchants::store as merchants;
use crate::seed::{self, SeedError};
use crate::selling::profile;
use crate::state::Parts;
use crate::{Config, Shop, jobs, router};
use futures_util::future::BoxFuture;
use platform::db::{DatabaseError, Migrations};
use platform::jobs::{JobError, Jobs, Wake};
use platform::password::Passwords;
use platform::throttle::SignInThrottle;
use platform::{Clock, Database, Random};
use rust_embed::RustEmbed;
use std::sync::Arc;

/// The shop's schema.
pub static MIGRATIONS: Migrations = Migrations::embedded(&Schema);

#[derive(RustEmbed)]
#[folder = "../../../migrations/shop"]
pub struct Schema;

/// Why the shop cannot start.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error(transparent)]
    Database(#[from] DatabaseError),
    #[error("the folder of the files for sale: {0}")]
    Files(#[from] FilesError),
    #[error(transparent)]
    Seed(#[from] SeedError),
}

impl Shop {
    /// Opens the shop on its database: brings the schema up to date, and fills an empty one with the demo data.
    pub fn open(
        config: Config,
        db: Database,
        clock: Clock,
        random: Random,
    ) -> BoxFuture<'static, Result<Self, OpenError>> {
        Box::pin(async move {
            // Whoever starts at the same moment waits, and finds the schema and the demo data.
            let alone = db.opening_alone().await?;
            db.migrate(&MIGRATIONS).await?;
            let shop = Self::assemble(config, db, clock, random)?;
            if seed::is_empty(&shop).await? {
                shop.seed().await?;
            }
            let unhurried = shop.db.unhurried();
            claim_missing(&unhurried).await?;
            index::complete(&unhurried).await.map_err(SeedError::from)?;
            drop(alone);
            Ok(shop)
        })
    }

    /// The shop on a database that has its schema, whatever is in it.
    pub(crate) fn assemble(
        config: Config,
        db: Database,
        clock: Clock,
        random: Random,
    ) -> Result<Self, OpenError> {
        let parts = Parts {
            fps: FpsClient::new(&config, clock.clone()),
            files: Files::in_folder(&config.files_dir)?,
            making: Arc::default(),
            payment_tracking: Wake::default(),
            credit_tracking: Wake::default(),
            passwords: Passwords::new(random.clone()),
            throttle: SignInThrottle::new(clock.clone(), config.throttle_sign_in),
            shared_pages: Arc::default(),
            live: LivePages::of(db.clone()),
            forged_notifications: Arc::default(),
            jobs: Jobs::default(),
            config: Arc::new(config),
            db,
            clock,
            random,
        };
        let jobs = jobs::of(&parts.clone().into());
        Ok(Parts { jobs, ..parts }.into())
    }

    /// Every route of the shop, without `/healthz`, `/metrics` and the static files.
    pub fn router(&self) -> axum::Router {
        router::router(self)
    }

    /// The background jobs.
    pub fn jobs(&self) -> &Jobs {
        &self.jobs
    }

    /// Does all that is due now, until nothing is, and returns how many things it did; the control API calls it
    /// after moving the clock.
    pub fn run_due(&self) -> BoxFuture<'_, Result<usize, JobError>> {
        self.jobs.run_due()
    }

    /// The part of it without which no order goes on.
    pub fn follow_payments(&self) -> BoxFuture<'_, Result<usize, JobError>> {
        Box::pin(jobs::follow_payments(self))
    }

    /// Adds what is missing of the demo data; changes nothing that is there.
    pub fn seed(&self) -> BoxFuture<'_, Result<(), SeedError>> {
        Box::pin(async move {
            let unhurried = Self::from(Parts { db: self.db.unhurried(), ..Parts::clone(self) });
            seed::run(&unhurried).await?;
            claim_missing(&unhurried.db).await?;
            self.shared_pages.forget();
            Ok(())
        })
    }

    /// Adds so many sellers and items more; a shop of any size.
    pub fn seed_many(&self, many: seed::Many) -> BoxFuture<'_, Result<(), SeedError>> {
        Box::pin(async move {
            let unhurried = Self::from(Parts { db: self.db.unhurried(), ..Parts::clone(self) });
            seed::run_many(&unhurried, many).await?;
            claim_missing(&unhurried.db).await?;
            self.shared_pages.forget();
            Ok(())
        })
    }

    /// Back to the demo data: everything else is gone, uploaded files too.
    pub fn reset(&self) -> BoxFuture<'_, Result<(), OpenError>> {
        Box::pin(async move {
            self.db.recreate(&MIGRATIONS).await?;
            seed::clear_files(self).await?;
            self.shared_pages.forget();
            Ok(self.seed().await?)
        })
    }
}

/// The names and addresses of sellers that nobody has claimed yet.
async fn claim_missing(db: &Database) -> Result<(), SeedError> {
    merchants::claim_missing_names(db).await?;
    Ok(profile::claim_missing_addresses(db).await?)
}
