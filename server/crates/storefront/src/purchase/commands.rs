//! What people ask of an order: cancel, fulfil, refund, start again. Who may, and what follows.

use super::order_updates::{self, Applied, Outcome, Update};
use super::{cbui_return, payment_terms, requests};
use crate::Shop;
use crate::ids::{OrderId, RefundRequestId, UserId};
use crate::merchants;
use crate::orders::refund_requests::{self, RefundRequest};
use crate::orders::state::Event;
use crate::orders::view::{self, Role, Viewer};
use crate::orders::{self, Order, OrderError};
use url::Url;

/// Begins a new attempt under a new `CallerReference`, and returns the Co-Branded UI's address.
pub async fn restart(shop: &Shop, buyer: &UserId, id: &OrderId) -> Result<Url, OrderError> {
    let order = bought_by(shop, buyer, id).await?;
    if order.state.may_restart() && !merchants::store::is_registered(&shop.db, &order.merchant_id).await? {
        return Err(OrderError::SellerNotRegistered);
    }
    let order = carry_out(shop, id, Event::Restart).await?;
    Ok(shop.fps.single_use_url(&payment_terms::payment(&order), cbui_return::PATH))
}

/// The buyer cancels what is reserved and not fulfilled.
pub async fn cancel(shop: &Shop, buyer: &UserId, id: &OrderId) -> Result<(), OrderError> {
    bought_by(shop, buyer, id).await?;
    requests::send(shop, carry_out(shop, id, Event::Cancel).await?).await
}

/// The buyer wants the money back for what was delivered.
pub async fn refund(shop: &Shop, buyer: &UserId, id: &OrderId) -> Result<(), OrderError> {
    bought_by(shop, buyer, id).await?;
    requests::send(shop, carry_out(shop, id, Event::AskRefund).await?).await
}

/// Marks the order as shipped and settles. Only its merchant may; a buyer who cancelled first wins.
pub async fn fulfil(shop: &Shop, merchant: &UserId, id: &OrderId) -> Result<(), OrderError> {
    if orders::find(&shop.db, id).await?.merchant_user_id != *merchant {
        return Err(OrderError::NotFound);
    }
    requests::send(shop, carry_out(shop, id, Event::Fulfil).await?).await
}

/// The merchant, or the operator, sends back what the buyer asked for at Amazon Payments with this request.
pub async fn grant_refund(
    shop: &Shop,
    viewer: Viewer<'_>,
    id: &OrderId,
    request: &RefundRequestId,
) -> Result<(), OrderError> {
    let RefundRequest { id: request, amount, .. } = open_request(shop, viewer, id, request).await?;
    requests::send(shop, carry_out(shop, id, Event::GrantRefund { request, amount }).await?).await
}

/// The merchant, or the operator, sends nothing back.
pub async fn decline_refund(
    shop: &Shop,
    viewer: Viewer<'_>,
    id: &OrderId,
    request: &RefundRequestId,
) -> Result<(), OrderError> {
    let request = open_request(shop, viewer, id, request).await?.id;
    carry_out(shop, id, Event::DeclineRefund { request }).await?;
    Ok(())
}

/// The request, if this person may answer it. Whether it is still open is decided with the answer.
async fn open_request(
    shop: &Shop,
    viewer: Viewer<'_>,
    id: &OrderId,
    request: &RefundRequestId,
) -> Result<RefundRequest, OrderError> {
    let order = orders::find(&shop.db, id).await?;
    match viewer.role(&order) {
        Some(Role::Merchant | Role::Operator) => {}
        Some(Role::Buyer) | None => return Err(OrderError::NotFound),
    }
    let kept = refund_requests::of_order(&shop.db, id).await?.map(|kept| kept.request);
    kept.filter(|kept| kept.id == *request)
        .ok_or_else(|| OrderError::NotNow(view::status(order.state.phase())))
}

/// The order, if this is its buyer.
async fn bought_by(shop: &Shop, buyer: &UserId, id: &OrderId) -> Result<Order, OrderError> {
    let order = orders::find(&shop.db, id).await?;
    if order.buyer_id == *buyer { Ok(order) } else { Err(OrderError::NotFound) }
}

/// Takes a person's command in and returns the order after it, or says where it stands instead.
pub(super) async fn carry_out(shop: &Shop, id: &OrderId, command: Event) -> Result<Order, OrderError> {
    let update = Update { order: id.clone(), attempt: None, event: command, notification: None };
    let Applied { outcome, order } = order_updates::apply(shop, update).await?;
    match outcome {
        Outcome::Changed => Ok(order),
        Outcome::NothingNew | Outcome::Repeated | Outcome::Refused(_) => {
            Err(OrderError::NotNow(view::status(order.state.phase())))
        }
    }
}
