//! The data of an order's page.

use super::downloads;
use crate::Shop;
use crate::catalogue::StoredFile;
use crate::ids::OrderId;
use crate::orders::view::{self, Viewer};
use crate::orders::{self, OrderError, refund_requests, timeline};
use shop_pages::model::OrderPage;

/// An order's page, for its buyer, its merchant or the operator; without suggestions.
pub async fn page_data(shop: &Shop, viewer: Viewer<'_>, id: &OrderId) -> Result<OrderPage, OrderError> {
    let order = orders::find(&shop.db, id).await?;
    let role = viewer.role(&order).ok_or(OrderError::NotFound)?;
    let entries = timeline::of_order(&shop.db, id).await?;
    let file = downloads::granted_file(shop, &order.buyer_id, id).await?;
    let mut page = view::page(&order, role, entries, file.as_ref().map(StoredFile::facts));
    let asked = refund_requests::of_order(&shop.db, id).await?;
    if refund_requests::is_declined(shop.db.readers(), id).await? {
        page.order.actions.refund = false;
    }
    page.refund_request = asked.and_then(|kept| view::refund_request(&order, role, kept));
    Ok(page)
}
