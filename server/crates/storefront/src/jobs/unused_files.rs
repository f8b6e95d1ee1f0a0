//! Deletes files that sellers sent and that no listing has taken within a day.

use crate::Shop;
use crate::selling::listing;
use async_trait::async_trait;
use platform::jobs::{DueWork, JobError};

#[derive(Debug)]
pub struct UnusedFiles {
    shop: Shop,
}

impl UnusedFiles {
    pub fn new(shop: Shop) -> Self {
        Self { shop }
    }
}

#[async_trait]
impl DueWork for UnusedFiles {
    fn name(&self) -> &'static str {
        "unused files"
    }

    async fn run_due(&self) -> Result<usize, JobError> {
        listing::sweep(&self.shop)
            .await
            .map_err(|error| JobError::from(Box::<dyn std::error::Error + Send + Sync>::from(error)))
    }
}
