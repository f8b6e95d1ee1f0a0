//! `migrate`, `seed` and `reset`: the databases without serving.

use crate::options::Options;
use crate::running::StartError;
use crate::sites::{self, OpenSites};

/// What to do with the databases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DataCommand {
    Migrate,
    Seed,
    Reset,
}

impl DataCommand {
    /// Runs on the databases of both sites.
    pub(crate) async fn run(self, options: &Options) -> Result<(), StartError> {
        if self == Self::Migrate {
            return migrate(options).await;
        }
        // Opening migrates, and seeds what is empty.
        let urls = options.urls(options.shop_addr.port(), options.payments_addr.port())?;
        let OpenSites { shop, payments } = sites::open(options, &urls).await?;
        if let Some((payments, db)) = payments {
            match self {
                Self::Reset => payments.reset().await?,
                _ => payments.seed().await?,
            }
            db.close().await;
        }
        if let Some((shop, db)) = shop {
            if self == Self::Reset {
                shop.reset().await?;
            } else {
                shop.seed().await.map_err(storefront::OpenError::from)?;
            }
            db.close().await;
        }
        Ok(())
    }
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
