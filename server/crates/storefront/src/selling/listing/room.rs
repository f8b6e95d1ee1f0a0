//! How much a seller's files may take together.

use crate::Shop;
use crate::catalogue::storage;
use crate::ids::MerchantId;

const MEGABYTE: u64 = 1024 * 1024;

/// What a seller has and may have, in bytes.
#[derive(Debug, Clone, Copy)]
pub struct Room {
    used: u64,
    quota: u64,
}

impl Room {
    pub async fn of(shop: &Shop, merchant: &MerchantId) -> Result<Self, sqlx::Error> {
        let used = storage::used_by(&shop.db, merchant).await?;
        Ok(Self { used, quota: shop.config.seller_quota })
    }

    pub(super) fn left(self) -> u64 {
        self.quota.saturating_sub(self.used)
    }

    /// Whether all of the seller's files may take so much.
    pub(super) fn takes(self, used: u64) -> bool {
        used <= self.quota
    }

    /// For the form.
    pub fn words(self) -> String {
        let (used, quota) = (self.used.div_ceil(MEGABYTE), self.quota / MEGABYTE);
        format!("Your files take {used} MB of {quota} MB.")
    }

    /// For a field that does not fit.
    pub fn problem(self) -> String {
        format!("There is no room for it. {} Choose a smaller one.", self.words())
    }
}
