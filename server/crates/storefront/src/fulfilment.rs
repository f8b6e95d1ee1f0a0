//! The merchant fulfils: the order counts as shipped, and what is reserved is charged.

use crate::orders::state::Event;
use crate::orders::{self, OrderError, OrderId};
use crate::{Shop, tracking};

/// Marks the order as shipped and settles. Only its merchant may; a buyer who cancelled first wins.
pub async fn fulfil(shop: &Shop, merchant_user_id: &str, id: &OrderId) -> Result<(), OrderError> {
    let order = orders::load(shop, id).await?;
    if order.merchant_user_id != merchant_user_id {
        return Err(OrderError::NotFound);
    }
    orders::grant_wish(shop, id, Event::Fulfil).await?;
    tracking::pursue(shop, id).await
}
