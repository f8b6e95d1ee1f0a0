//! Asks for the authorization of orders that wait, in case the buyer's return was lost.

use super::{AT_ONCE, BATCH};
use crate::Shop;
use crate::orders::store::Due;
use crate::orders::{self, OrderId};
use crate::purchase::{recovery, requests};
use async_trait::async_trait;
use futures_util::future::join_all;
use platform::jobs::{DueWork, JobError};

#[derive(Debug)]
pub struct LostReturns {
    shop: Shop,
}

impl LostReturns {
    pub fn new(shop: Shop) -> Self {
        Self { shop }
    }

    /// Whether Amazon could be asked.
    async fn look_after(&self, id: &OrderId) -> Result<bool, JobError> {
        match recovery::look(&self.shop, id).await {
            Ok(asked) => Ok(asked),
            // One order that cannot be read must not keep the others waiting.
            Err(error) => {
                tracing::error!(order = %id, %error, "looking for the return of order {id} failed");
                requests::postpone(&self.shop, id).await?;
                Ok(true)
            }
        }
    }
}

#[async_trait]
impl DueWork for LostReturns {
    fn name(&self) -> &'static str {
        "lost returns"
    }

    /// One batch, the longest due first: whatever was looked at is put off, so that each has its turn.
    async fn run_due(&self) -> Result<usize, JobError> {
        let due = orders::store::due(&self.shop.db, Due::Confirmation, self.shop.clock.now(), BATCH).await?;
        for some in due.chunks(AT_ONCE) {
            let asked = join_all(some.iter().map(|id| self.look_after(id))).await;
            for asked in asked {
                // Nobody answers there: the rest would only wait for the same.
                if !asked? {
                    return Ok(0);
                }
            }
        }
        Ok(due.len())
    }
}
