//! Mail by the clock: it is sent where a mail server is set, sellers are reminded of orders that wait for them, and what
//! is old is forgotten.

use super::BATCH;
use crate::Shop;
use crate::accounts::new_accounts;
use crate::mail::reminders;
use crate::mailbox::sending;
use crate::purchase::order_mail;
use async_trait::async_trait;
use jiff::Timestamp;
use platform::jobs::{DueWork, JobError, Timely};

#[derive(Debug)]
pub struct MailSender {
    shop: Shop,
}

impl MailSender {
    pub fn new(shop: Shop) -> Self {
        Self { shop }
    }
}

#[async_trait]
impl DueWork for MailSender {
    fn name(&self) -> &'static str {
        "mail"
    }

    async fn run_due(&self) -> Result<usize, JobError> {
        Ok(sending::send_due(&self.shop).await?)
    }
}

#[derive(Debug)]
pub struct FulfilReminders {
    shop: Shop,
}

impl FulfilReminders {
    pub fn new(shop: Shop) -> Self {
        Self { shop }
    }
}

#[async_trait]
impl DueWork for FulfilReminders {
    fn name(&self) -> &'static str {
        "fulfil reminders"
    }

    /// One batch, the longest due first.
    async fn run_due(&self) -> Result<usize, JobError> {
        order_mail::remind(&self.shop, BATCH).await.map_err(|error| JobError::from(Box::from(error)))
    }

    fn timely(&self) -> Option<&dyn Timely> {
        Some(self)
    }
}

#[async_trait]
impl Timely for FulfilReminders {
    async fn next_due(&self, after: Timestamp) -> Result<Option<Timestamp>, JobError> {
        Ok(reminders::next_due(&self.shop.db, after).await?)
    }
}

#[derive(Debug)]
pub struct OldMail {
    shop: Shop,
}

impl OldMail {
    pub fn new(shop: Shop) -> Self {
        Self { shop }
    }
}

#[async_trait]
impl DueWork for OldMail {
    fn name(&self) -> &'static str {
        "old mail"
    }

    async fn run_due(&self) -> Result<usize, JobError> {
        let forgotten =
            sending::forget_strangers(&self.shop).await? + new_accounts::forget_old_links(&self.shop).await?;
        Ok(usize::try_from(forgotten).unwrap_or(usize::MAX))
    }
}
