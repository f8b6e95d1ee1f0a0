//! Forgets notifications about nothing that the shop knows once they are old.

use crate::Shop;
use crate::purchase::notifications;
use async_trait::async_trait;
use platform::jobs::{DueWork, JobError};

#[derive(Debug)]
pub struct KeptNotifications {
    shop: Shop,
}

impl KeptNotifications {
    pub fn new(shop: Shop) -> Self {
        Self { shop }
    }
}

#[async_trait]
impl DueWork for KeptNotifications {
    fn name(&self) -> &'static str {
        "kept notifications"
    }

    async fn run_due(&self) -> Result<usize, JobError> {
        Ok(notifications::forget_old(&self.shop).await?)
    }
}
