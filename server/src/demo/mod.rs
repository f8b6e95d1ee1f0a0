//! Ninety days of a marketplace, lived through once: people sign up, buy, are delivered to, change their minds. Nothing is
//! written behind anybody's back: [`story`] says who does what and when, [`market`] does it through the pages of both
//! sites on a clock that it moves, and what is then in the two databases is the demo data, one file for each site.
//!
//! It is made again by `digitaldownload seed --prepare FOLDER`. Clock and randomness are its own, so that it comes out the
//! same each time: a test makes it anew and compares.

mod market;
mod people;
mod reviews;
mod story;

use crate::options::Options;
use crate::running::{self, StartError};
use crate::sites::OpenSites;
use jiff::{SignedDuration, Timestamp};
use market::{Market, MarketError};
use platform::db::PreparedError;
use platform::{Clock, Random};
use std::path::Path;
use story::Story;

/// The names of the files, for a folder that they are written into.
pub const FILES: [&str; 2] = ["shop.json.gz", "payments.json.gz"];
/// When the last day ends. It says nothing: what is loaded is moved to the moment of the loading.
const END: &str = "2026-01-05T18:00:00Z";
const DAYS: i64 = 90;
const SEED: u64 = 20_100_828;

#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    #[error(transparent)]
    Start(#[from] StartError),
    #[error(transparent)]
    Shop(#[from] storefront::OpenError),
    #[error(transparent)]
    Market(#[from] MarketError),
    #[error(transparent)]
    Prepared(#[from] PreparedError),
    #[error("the demo data cannot be written: {0}")]
    Io(#[from] std::io::Error),
}

/// Both sites' demo data, packed: the shop's and Amazon's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demo {
    pub shop: Vec<u8>,
    pub payments: Vec<u8>,
}

/// Lives through the ninety days in `data_dir`, which is empty, with as many sales as the story has in `share` per cent of
/// its days.
pub async fn make(data_dir: &Path) -> Result<Demo, DemoError> {
    let end: Timestamp = END.parse().expect("it is a time");
    let start = end - SignedDuration::from_hours(24 * DAYS);
    let clock = Clock::fixed(start);
    let options =
        Options { background: false, ..Options::for_tests(data_dir, clock.clone(), Random::seeded(SEED)) };
    let (running, OpenSites { shop, payments, .. }) = running::serve(options).await?;
    let (Some((shop, shop_db)), Some((payments, payments_db))) = (shop, payments) else {
        unreachable!("both sites run");
    };
    let mut market = Market::new(&running, clock.clone(), payments, shop.clone());
    market.open(people::PEOPLE).await?;
    for scene in Story::told(&storefront::demo_items().map_err(storefront::OpenError::from)?, start, end) {
        market.play(scene).await?;
    }
    market.wait_until(end).await?;
    // So that the first look of a program that has loaded it finds nothing to look into.
    shop.run_due().await.map_err(|error| MarketError::Due(error.to_string()))?;
    let demo = Demo {
        shop: storefront::prepare(&shop_db, end).await?,
        payments: fps_emulator::prepare(&payments_db, end).await?,
    };
    running.stop().await;
    Ok(demo)
}

/// Makes it and writes its two files.
pub async fn write(folder: &Path) -> Result<(), DemoError> {
    let data_dir = folder.join("making");
    std::fs::create_dir_all(&data_dir)?;
    let demo = make(&data_dir).await?;
    std::fs::remove_dir_all(&data_dir)?;
    for (name, content) in FILES.into_iter().zip([demo.shop, demo.payments]) {
        std::fs::write(folder.join(name), content)?;
    }
    Ok(())
}
