//! Credits that are being filled, tokens that each order of a basket has tried, and what nobody comes back to: carts, links.

use super::BATCH;
use crate::purchase::{basket, cart, credit, downloads};
use crate::{Shop, baskets, credit as credits};
use async_trait::async_trait;
use platform::jobs::{DueWork, JobError};

/// Asks again how the filling of a credit went, with growing waits, until it is known.
#[derive(Debug)]
pub struct CreditTracking {
    shop: Shop,
}

impl CreditTracking {
    pub fn new(shop: Shop) -> Self {
        Self { shop }
    }
}

#[async_trait]
impl DueWork for CreditTracking {
    fn name(&self) -> &'static str {
        "credit tracking"
    }

    async fn run_due(&self) -> Result<usize, JobError> {
        let limit = i64::try_from(BATCH).unwrap_or(i64::MAX);
        let due = credits::store::due(&self.shop.db, self.shop.clock.now(), limit).await?;
        for id in &due {
            credit::look(&self.shop, id).await?;
        }
        Ok(due.len())
    }
}

/// Gives tokens back with which each order of a basket was tried.
#[derive(Debug)]
pub struct SpentTokens {
    shop: Shop,
}

impl SpentTokens {
    pub fn new(shop: Shop) -> Self {
        Self { shop }
    }
}

#[async_trait]
impl DueWork for SpentTokens {
    fn name(&self) -> &'static str {
        "spent tokens"
    }

    async fn run_due(&self) -> Result<usize, JobError> {
        let limit = i64::try_from(BATCH).unwrap_or(i64::MAX);
        let due = baskets::store::to_close(&self.shop.db, self.shop.clock.now(), limit).await?;
        for basket in &due {
            basket::close_if_tried(&self.shop, &basket.id).await?;
        }
        Ok(due.len())
    }
}

/// Forgets what visitors without an account put aside long ago, and links to files whose time is over.
#[derive(Debug)]
pub struct OldCarts {
    shop: Shop,
}

impl OldCarts {
    pub fn new(shop: Shop) -> Self {
        Self { shop }
    }
}

#[async_trait]
impl DueWork for OldCarts {
    fn name(&self) -> &'static str {
        "old carts and links"
    }

    async fn run_due(&self) -> Result<usize, JobError> {
        Ok(cart::forget_old(&self.shop).await? + downloads::forget_old_links(&self.shop).await?)
    }
}
