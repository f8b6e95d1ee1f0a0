//! What people ask of an order: cancel, fulfil, refund, start again. Who may, and what follows.

use super::order_updates::{self, Applied, Outcome, Update};
use super::recovery::{self, Recovery};
use super::{cbui_return, payment_terms, requests};
use crate::Shop;
use crate::catalogue::{self, ItemState};
use crate::ids::{OrderId, RefundRequestId, UserId};
use crate::merchants;
use crate::orders::refund_requests::{self, Answer, KeptRequest, RefundRequest};
use crate::orders::state::{Event, Refused};
use crate::orders::view::{self, Role, Viewer};
use crate::orders::{self, Order, OrderError};
use url::Url;

/// How trying again went on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Restarted {
    /// To the Co-Branded UI, for a new attempt under a new `CallerReference`.
    Authorize(Url),
    /// There was no need: the buyer had confirmed the last attempt, and the order has gone on.
    Confirmed,
}

/// Begins a new attempt, unless the last one was confirmed and only its return was lost.
pub async fn restart(shop: &Shop, buyer: &UserId, id: &OrderId) -> Result<Restarted, OrderError> {
    let order = bought_by(shop, buyer, id).await?;
    if order.state.may_be_authorized() && recovery::ask(shop, &order).await? == Recovery::Confirmed {
        return Ok(Restarted::Confirmed);
    }
    if order.state.may_restart() && !merchants::store::is_registered(&shop.db, &order.merchant_id).await? {
        return Err(OrderError::SellerNotRegistered);
    }
    if order.state.may_restart() {
        let item = catalogue::store::by_slug(shop.db.readers(), &order.item_slug).await?;
        if item.is_none_or(|item| item.state != ItemState::Published || item.is_sold_out()) {
            return Err(OrderError::NotForSale);
        }
    }
    let order = carry_out(shop, id, Event::Restart).await?;
    Ok(Restarted::Authorize(shop.fps.single_use_url(&payment_terms::payment(&order), cbui_return::PATH)))
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

/// The merchant, or the operator, sends back what the buyer asked for at Amazon Payments with this request. One that
/// was declined is the merchant's alone to grant after all.
pub async fn grant_refund(
    shop: &Shop,
    viewer: Viewer<'_>,
    id: &OrderId,
    request: &RefundRequestId,
) -> Result<(), OrderError> {
    let (role, kept) = request_to_answer(shop, viewer, id, request).await?;
    if kept.answer == Answer::Declined && role != Role::Merchant {
        return Err(OrderError::RefundDeclined);
    }
    let RefundRequest { id: request, amount, .. } = kept.request;
    requests::send(shop, carry_out(shop, id, Event::GrantRefund { request, amount }).await?).await
}

/// The merchant, or the operator, sends nothing back.
pub async fn decline_refund(
    shop: &Shop,
    viewer: Viewer<'_>,
    id: &OrderId,
    request: &RefundRequestId,
) -> Result<(), OrderError> {
    let request = request_to_answer(shop, viewer, id, request).await?.1.request.id;
    carry_out(shop, id, Event::DeclineRefund { request }).await?;
    Ok(())
}

/// The request, if this person may answer it, and what they are to the order. Whether it can still be answered is
/// decided with the answer.
async fn request_to_answer(
    shop: &Shop,
    viewer: Viewer<'_>,
    id: &OrderId,
    request: &RefundRequestId,
) -> Result<(Role, KeptRequest), OrderError> {
    let order = orders::find(&shop.db, id).await?;
    let role = match viewer.role(&order) {
        Some(role @ (Role::Merchant | Role::Operator)) => role,
        Some(Role::Buyer) | None => return Err(OrderError::NotFound),
    };
    let kept = refund_requests::of_order(&shop.db, id).await?.filter(|kept| kept.request.id == *request);
    kept.map(|kept| (role, kept)).ok_or_else(|| OrderError::NotNow(view::status(order.state.phase())))
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
        Outcome::Refused(Refused::Declined) => Err(OrderError::RefundDeclined),
        Outcome::NothingNew | Outcome::Repeated | Outcome::Refused(_) => {
            Err(OrderError::NotNow(view::status(order.state.phase())))
        }
    }
}
