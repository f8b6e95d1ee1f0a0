//! How much a seller's files may take together.

use super::LARGEST_COVER;
use crate::Shop;
use crate::catalogue::store as items;
use crate::ids::MerchantId;

const MEGABYTE: u64 = 1024 * 1024;
/// A cover is counted as the largest one: its size is not kept.
pub(super) const COVER_COUNTS: u64 = LARGEST_COVER as u64;

/// What a seller has and may have, in bytes.
#[derive(Debug, Clone, Copy)]
pub struct Room {
    used: u64,
    quota: u64,
}

impl Room {
    pub async fn of(shop: &Shop, merchant: &MerchantId) -> Result<Self, sqlx::Error> {
        let stored = items::stored_by(&shop.db, merchant).await?;
        Ok(Self { used: stored.bytes + stored.covers * COVER_COUNTS, quota: shop.config.seller_quota })
    }

    #[cfg(test)]
    pub(super) fn unbounded() -> Self {
        Self { used: 0, quota: u64::MAX }
    }

    pub(super) fn left(self) -> u64 {
        self.quota.saturating_sub(self.used)
    }

    /// For the form.
    pub fn words(self) -> String {
        let (used, quota) = (self.used.div_ceil(MEGABYTE), self.quota / MEGABYTE);
        format!("At most 50 MB. Your files take {used} MB of {quota} MB, each cover counted as 2 MB.")
    }

    /// For a field that does not fit.
    pub fn problem(self) -> String {
        format!("There is no room for it. {} Choose a smaller one.", self.words())
    }
}
