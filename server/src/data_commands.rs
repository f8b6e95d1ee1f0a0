//! `migrate`, `seed`, `reset` and `renew-signing-key`: the databases without serving.

use crate::options::Options;
use crate::running::StartError;
use crate::sites::{self, OpenSites};
use std::io;

/// What to do with the databases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DataCommand {
    Migrate,
    Seed,
    /// The demo data, and so many sellers and items more.
    SeedMany(storefront::Many),
    Reset,
    RenewSigningKey,
}

impl DataCommand {
    /// Runs on the databases of both sites.
    pub(crate) async fn run(self, options: &Options) -> Result<(), StartError> {
        if self == Self::Migrate {
            return migrate(options).await;
        }
        // Opening migrates, and seeds what is empty.
        let urls = options.urls(options.shop_addr.port(), options.payments_addr.port())?;
        let OpenSites { shop, payments, lab } = sites::open(options, &urls).await?;
        if let Some((payments, _)) = &payments {
            match self {
                Self::Reset => payments.reset().await?,
                Self::RenewSigningKey => payments.renew_signing_key().await?,
                Self::Migrate | Self::Seed => payments.seed().await?,
                Self::SeedMany(many) => payments.seed_sellers(many.sellers).await?,
            }
        }
        if let Some((shop, _)) = &shop {
            match self {
                Self::Reset => shop.reset().await?,
                Self::RenewSigningKey => {}
                Self::SeedMany(many) => {
                    shop.seed_many(many).await.map_err(storefront::OpenError::from)?;
                }
                Self::Migrate | Self::Seed => shop.seed().await.map_err(storefront::OpenError::from)?,
            }
        }
        if let (Some(lab), Self::Reset) = (lab, self) {
            lab.reset().await?;
            lab.jobs().run_due().await.map_err(|error| StartError::DataDir(io::Error::other(error)))?;
        }
        let databases = payments.map(|(_, db)| db).into_iter().chain(shop.map(|(_, db)| db));
        for db in databases {
            db.close().await;
        }
        Ok(())
    }
}

/// The demo data, and so many sellers and items more, in databases that nobody serves from meanwhile.
pub async fn seed_many(options: &Options, many: storefront::Many) -> Result<(), StartError> {
    DataCommand::SeedMany(many).run(options).await
}

async fn migrate(options: &Options) -> Result<(), StartError> {
    let (shop, payments) = sites::open_databases(options).await?;
    let databases = [(shop, &storefront::MIGRATIONS), (payments, &fps_emulator::MIGRATIONS)];
    for (db, migrations) in databases {
        if let Some(db) = db {
            db.migrate(migrations).await?;
            db.close().await;
        }
    }
    Ok(())
}
