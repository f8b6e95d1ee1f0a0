//! What people ask of an order: cancel, fulfil, refund, start again. Who may, and what follows.

use super::order_updates::{self, Applied, Outcome, Update};
use super::recovery::{self, Recovery};
use super::{cbui_return, order_page, payment_terms, requests};
use crate::Shop;
use crate::catalogue::{self, ItemState, holds};
use crate::ids::{OrderId, RefundRequestId, UserId};
use crate::merchants;
use crate::orders::refund_requests::{self, Answer, KeptRequest, Origin, RefundRequest};
use crate::orders::refund_terms::RefundPolicy;
use crate::orders::state::{Answerer, CancelledBy, Event, Refused, Ruling, State};
use crate::orders::view::{self, Role, Viewer};
use crate::orders::{self, Fulfilment, Order, OrderError};
use futures_util::stream::{self, StreamExt};
use money::Money;
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
        if is_held(shop, &order).await? {
            return Err(OrderError::Held);
        }
        let item = catalogue::store::by_slug(shop.db.readers(), &order.item_slug).await?;
        if item.is_none_or(|item| item.state != ItemState::Published || item.is_sold_out()) {
            return Err(OrderError::NotForSale);
        }
    }
    let order = carry_out(shop, id, Event::Restart).await?;
    Ok(Restarted::Authorize(shop.fps.single_use_url(&payment_terms::payment(&order), cbui_return::PATH)))
}

/// Whether the operator holds the item or its seller. What is placed goes on; a new attempt would be a new purchase.
async fn is_held(shop: &Shop, order: &Order) -> Result<bool, sqlx::Error> {
    let merchant = merchants::store::by_id(shop.db.readers(), &order.merchant_id).await?;
    Ok(merchant.hold.is_some() || holds::of_item(shop.db.readers(), &order.item_id).await?.is_some())
}

/// The buyer, or the merchant with or without a reason, cancels what is reserved and not fulfilled. What is only being
/// reserved is the buyer's alone to stop.
pub async fn cancel(
    shop: &Shop,
    person: &UserId,
    id: &OrderId,
    reason: Option<String>,
) -> Result<(), OrderError> {
    let order = orders::find(&shop.db, id).await?;
    let command = match (Viewer { user_id: person, operator: false }).role(&order) {
        Some(Role::Buyer) => Event::Cancel { by: CancelledBy::Buyer, reason: None },
        Some(Role::Merchant) if matches!(order.state, State::Paying { .. }) => {
            return Err(OrderError::NotNow(view::status(order.state.phase())));
        }
        Some(Role::Merchant) => Event::Cancel { by: CancelledBy::Seller, reason },
        Some(Role::Operator) | None => return Err(OrderError::NotFound),
    };
    requests::send(shop, carry_out(shop, id, command).await?).await
}

/// The buyer wants the money back for what was delivered: by the seller's rule it goes back at once, or the seller is
/// asked. Answers which.
pub async fn ask_refund(
    shop: &Shop,
    buyer: &UserId,
    id: &OrderId,
    reason: String,
) -> Result<RefundAsked, OrderError> {
    let order = bought_by(shop, buyer, id).await?;
    if !order_page::can_go_back(&order) {
        return Err(OrderError::NotNow(view::status(order.state.phase())));
    }
    let request = RefundRequest {
        id: shop.new_id(),
        amount: order.left(),
        reason,
        requester: order.buyer_name,
        origin: Origin::Shop,
    };
    let order = carry_out(shop, id, Event::RefundRequested { request }).await?;
    let asked = match order.state {
        State::Paid { .. } | State::Fulfilling { .. } => RefundAsked::SellerDecides,
        _ => RefundAsked::AtOnce,
    };
    requests::send(shop, order).await?;
    Ok(asked)
}

/// What became of a buyer's wish to have the money back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefundAsked {
    AtOnce,
    SellerDecides,
}

/// The merchant sends so much back, asked or not.
pub async fn give_refund(
    shop: &Shop,
    merchant: &UserId,
    id: &OrderId,
    gift: GivenRefund,
) -> Result<(), OrderError> {
    sold_by(shop, merchant, id).await?;
    let GivenRefund { amount, policy, reason } = gift;
    requests::send(shop, carry_out(shop, id, Event::GiveRefund { amount, policy, reason }).await?).await
}

/// What the merchant says in sending money back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenRefund {
    pub amount: Money,
    pub policy: RefundPolicy,
    pub reason: Option<String>,
}

/// The merchant is ready to deliver: charges the buyer. Only its merchant may; a buyer who cancelled first wins.
pub async fn fulfil(
    shop: &Shop,
    merchant: &UserId,
    id: &OrderId,
    said: Fulfilment,
) -> Result<(), OrderError> {
    let order = sold_by(shop, merchant, id).await?;
    let said = Fulfilment { amount: said.amount.filter(|amount| *amount != order.price), ..said };
    requests::send(shop, carry_out(shop, id, Event::Fulfil(said)).await?).await
}

/// As many orders are fulfilled at a time.
const AT_ONCE: usize = 8;

/// Fulfils several, each by itself: that one cannot be keeps the others from nothing. What became of each, its order says.
pub async fn fulfil_all(shop: &Shop, merchant: &UserId, orders: Vec<OrderId>) -> Result<(), OrderError> {
    let one = |id: OrderId| async move {
        match fulfil(shop, merchant, &id, Fulfilment::default()).await {
            Err(OrderError::NotFound | OrderError::NotNow(_)) => Ok(()),
            other => other,
        }
    };
    let done: Vec<_> = stream::iter(orders).map(one).buffer_unordered(AT_ONCE).collect().await;
    done.into_iter().collect()
}

/// The merchant sends back what the buyer asked for with this request, also where it was declined before.
pub async fn grant_refund(
    shop: &Shop,
    merchant: &UserId,
    id: &OrderId,
    request: &RefundRequestId,
) -> Result<(), OrderError> {
    let order = sold_by(shop, merchant, id).await?;
    let RefundRequest { id: request, amount, .. } = request_of(shop, &order, request).await?.request;
    let event = Event::GrantRefund { request, amount, by: Answerer::Seller };
    requests::send(shop, carry_out(shop, id, event).await?).await
}

/// The merchant sends nothing back.
pub async fn decline_refund(
    shop: &Shop,
    merchant: &UserId,
    id: &OrderId,
    request: &RefundRequestId,
) -> Result<(), OrderError> {
    let order = sold_by(shop, merchant, id).await?;
    let request = request_of(shop, &order, request).await?.request.id;
    carry_out(shop, id, Event::DeclineRefund { request, by: Answerer::Seller }).await?;
    Ok(())
}

/// The buyer asks the marketplace to decide on a request that the seller declined, or left unanswered.
pub async fn escalate_refund(
    shop: &Shop,
    buyer: &UserId,
    id: &OrderId,
    request: &RefundRequestId,
    words: String,
) -> Result<(), OrderError> {
    bought_by(shop, buyer, id).await?;
    carry_out(shop, id, Event::EscalateRefund { request: request.clone(), words }).await?;
    Ok(())
}

/// What the marketplace decides on a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// As much goes back, of what was asked for.
    Grant(Money),
    Decline,
}

/// The marketplace decides; nobody on what they want to have back themselves. One that was declined is the merchant's
/// alone to grant, until the buyer asks the marketplace.
pub async fn decide_refund(
    shop: &Shop,
    operator: &UserId,
    (id, request): (&OrderId, &RefundRequestId),
    decision: Decision,
    ruling: Ruling,
) -> Result<(), OrderError> {
    let order = orders::find(&shop.db, id).await?;
    if order.buyer_id == *operator {
        return Err(OrderError::NotFound);
    }
    let kept = request_of(shop, &order, request).await?;
    if matches!(kept.answer, Answer::Declined { .. }) {
        return Err(OrderError::RefundDeclined);
    }
    let (request, by) = (kept.request.id, Answerer::Marketplace(ruling));
    let event = match decision {
        Decision::Grant(amount) => {
            Event::GrantRefund { request, amount: amount.min(kept.request.amount), by }
        }
        Decision::Decline => Event::DeclineRefund { request, by },
    };
    requests::send(shop, carry_out(shop, id, event).await?).await
}

/// The request that was seen. Whether it can still be answered is decided with the answer.
async fn request_of(
    shop: &Shop,
    order: &Order,
    request: &RefundRequestId,
) -> Result<KeptRequest, OrderError> {
    let kept = refund_requests::of_order(shop.db.readers(), &order.id).await?;
    kept.filter(|kept| kept.request.id == *request)
        .ok_or_else(|| OrderError::NotNow(view::status(order.state.phase())))
}

/// The order, if this is its merchant.
async fn sold_by(shop: &Shop, merchant: &UserId, id: &OrderId) -> Result<Order, OrderError> {
    let order = orders::find(&shop.db, id).await?;
    if order.merchant_user_id == *merchant { Ok(order) } else { Err(OrderError::NotFound) }
}

/// The order, if this is its buyer.
async fn bought_by(shop: &Shop, buyer: &UserId, id: &OrderId) -> Result<Order, OrderError> {
    let order = orders::find(&shop.db, id).await?;
    if order.buyer_id == *buyer { Ok(order) } else { Err(OrderError::NotFound) }
}

/// Takes a person's command in and returns the order after it, or says where it stands instead.
pub(super) async fn carry_out(shop: &Shop, id: &OrderId, command: Event) -> Result<Order, OrderError> {
    let update =
        Update { order: id.clone(), attempt: None, event: command, notification: None, calls: Vec::new() };
    let Applied { outcome, order, .. } = order_updates::apply(shop, update).await?;
    match outcome {
        Outcome::Changed => Ok(order),
        Outcome::Refused(Refused::Declined) => Err(OrderError::RefundDeclined),
        Outcome::NothingNew | Outcome::Repeated | Outcome::Refused(_) => {
            Err(OrderError::NotNow(view::status(order.state.phase())))
        }
    }
}
