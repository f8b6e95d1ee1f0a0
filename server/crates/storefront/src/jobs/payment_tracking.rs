//! Asks again after what stays pending or unknown at Amazon, with growing waits, until it is known.

use super::BATCH;
use crate::Shop;
use crate::orders::store::Due;
use crate::orders::{self, OrderId};
use crate::purchase::requests;
use async_trait::async_trait;
use platform::jobs::{DueWork, JobError};

#[derive(Debug)]
pub struct PaymentTracking {
    shop: Shop,
}

impl PaymentTracking {
    pub fn new(shop: Shop) -> Self {
        Self { shop }
    }

    async fn look_after(&self, id: &OrderId) -> Result<(), JobError> {
        // One order that cannot be read must not keep the others waiting.
        if let Err(error) = requests::send_again(&self.shop, id).await {
            tracing::error!(order = %id, %error, "tracking order {id} failed");
            requests::postpone(&self.shop, id).await?;
        }
        Ok(())
    }
}

#[async_trait]
impl DueWork for PaymentTracking {
    fn name(&self) -> &'static str {
        "payment tracking"
    }

    async fn run_due(&self) -> Result<usize, JobError> {
        let mut done = 0;
        loop {
            let due = orders::store::due(&self.shop.db, Due::Payment, self.shop.clock.now(), BATCH).await?;
            for id in &due {
                self.look_after(id).await?;
            }
            done += due.len();
            // Whatever was looked at is put off, so the next batch has others.
            if due.len() < BATCH {
                return Ok(done);
            }
        }
    }
}
