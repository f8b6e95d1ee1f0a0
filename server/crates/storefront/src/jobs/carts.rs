//! Tokens that each order of a basket has tried, and what nobody comes back to: carts, links.

use super::BATCH;
use crate::purchase::{basket, cart, downloads};
use crate::{Shop, baskets};
use async_trait::async_trait;
use platform::jobs::{DueWork, JobError};

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
