//! Compares orders with what Amazon says of them: those that are open hourly, those that have ended daily.

use super::{AT_ONCE, BATCH};
use crate::Shop;
use crate::orders::store::Due;
use crate::orders::{self, OrderId, differences};
use crate::purchase::comparison::{self, Compared};
use async_trait::async_trait;
use futures_util::future::join_all;
use platform::jobs::{DueWork, JobError};

#[derive(Debug)]
pub struct Comparison {
    shop: Shop,
}

impl Comparison {
    pub fn new(shop: Shop) -> Self {
        Self { shop }
    }

    async fn look_after(&self, id: &OrderId) -> Result<Compared, JobError> {
        match comparison::compare(&self.shop, id).await {
            Ok(compared) => Ok(compared),
            // One order that cannot be read must not keep the others waiting.
            Err(error) => {
                tracing::error!(order = %id, %error, "comparing order {id} failed");
                comparison::postpone(&self.shop, id).await?;
                Ok(Compared::AsBefore)
            }
        }
    }

    /// How many had news. Where nobody answers, the rest would only wait for the same.
    async fn batch(&self) -> Result<usize, JobError> {
        let due = orders::store::due(&self.shop.db, Due::Comparison, self.shop.clock.now(), BATCH).await?;
        let mut news = 0;
        for some in due.chunks(AT_ONCE) {
            let mut answered = true;
            for compared in join_all(some.iter().map(|id| self.look_after(id))).await {
                match compared? {
                    Compared::AsBefore => {}
                    Compared::News => news += 1,
                    Compared::NotKnown => answered = false,
                }
            }
            if !answered {
                break;
            }
        }
        Ok(news)
    }
}

#[async_trait]
impl DueWork for Comparison {
    fn name(&self) -> &'static str {
        "comparison"
    }

    /// One batch, the longest due first. Only news count as done: whoever waits for all that is due does not wait
    /// for all orders of the shop to be compared.
    async fn run_due(&self) -> Result<usize, JobError> {
        let news = self.batch().await?;
        metrics::gauge!("shop_orders_that_differ").set(differences::count(&self.shop.db).await?);
        Ok(news)
    }
}
