//! What the operator sees: all orders, what the marketplace earned, what Amazon told.

use crate::Shop;
use crate::orders::{self, OrderError};
use shop_pages::model::OperatorPage;

pub async fn page(shop: &Shop) -> Result<OperatorPage, OrderError> {
    Ok(OperatorPage {
        orders: orders::all(shop).await?,
        fees_earned: orders::operator_fees(shop).await?,
        orders_total: orders::count(shop).await?,
        refund_requests: orders::refund_requests::waiting(shop, None).await?,
        notifications: orders::notifications(shop).await?,
        by_status: orders::by_status(shop).await?,
    })
}
