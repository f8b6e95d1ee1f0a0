//! The data of an order's page.

use super::downloads;
use crate::Shop;
use crate::catalogue::StoredFile;
use crate::orders::view::{self, Role, Viewer};
use crate::orders::{Order, OrderError, refund_requests, timeline};
use shop_pages::model::OrderPage;

/// An order's page, for its buyer, its merchant or the operator; without suggestions.
pub async fn page_data(shop: &Shop, viewer: Viewer<'_>, order: &Order) -> Result<OrderPage, OrderError> {
    let role = viewer.role(order).ok_or(OrderError::NotFound)?;
    let entries = timeline::of_order(&shop.db, &order.id).await?;
    let files = match role {
        Role::Buyer => downloads::granted_files(shop, &order.buyer_id, &order.id).await?,
        Role::Merchant | Role::Operator => Vec::new(),
    };
    let mut page = view::page(order, role, entries, files.iter().map(StoredFile::facts).collect());
    // None that stands was declined, and of one that is open an earlier one may have been.
    if let Some(asked) = refund_requests::of_order(&shop.db, &order.id).await? {
        if refund_requests::is_declined(shop.db.readers(), &order.id).await? {
            page.order.actions.refund = false;
        }
        page.refund_request = view::refund_request(order, role, asked);
    }
    Ok(page)
}
