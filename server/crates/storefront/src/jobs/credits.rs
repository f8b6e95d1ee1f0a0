//! Credits that are being filled.

use super::BATCH;
use crate::purchase::credit;
use crate::{Shop, credit as credits};
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
