//! What a merchant was told, read.

use crate::Shop;
use crate::merchants::Merchant;
use crate::orders::notices;

/// The merchant has seen all that there was to read.
pub async fn mark_read(shop: &Shop, merchant: &Merchant) -> Result<(), sqlx::Error> {
    let input = (merchant.id.clone(), shop.clock.now());
    shop.db.transact(input, |c, (id, now)| Box::pin(notices::mark_read(c, id, *now))).await
}
