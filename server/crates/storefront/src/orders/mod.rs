//! Orders: placing, showing, cancelling, refunding. How an order's state changes is in [`state`]; that it
//! changes in one place only is [`crate::payment_updates`]' business.

pub mod ids;
mod lists;
mod names;
pub mod order;
pub mod refund_requests;
mod refunds;
mod row;
pub mod state;
#[cfg(test)]
mod state_tests;
pub(crate) mod store;
pub(crate) mod terms;
mod view;
pub(crate) mod words;

pub use ids::{OrderId, TokenId, TransactionId};
pub use lists::{
    all, by_status, count, earned_by, for_buyer, for_merchant, notifications, operator_fees, purchase_of,
    sold_by_item, to_fulfil,
};
pub use order::{Delivery, Order, Shipping};
pub use terms::{fee_words, split_by_card};

use crate::payment_updates::{self, Applied, Outcome, Update};
use crate::{Shop, downloads, merchants, tracking};
use fps_protocol::ids::CallerReference;
use jiff::{SignedDuration, Timestamp};
use platform::db::WriteError;
use refund_requests::RefundRequest;
use shop_pages::model::{OrderPage, OrderStatus};
use state::{Event, Happening};
use url::Url;
use view::Role;

/// An order that was placed, with the Co-Branded UI's address where the buyer authorizes the payment.
#[derive(Debug, Clone)]
pub struct Placed {
    pub order: OrderId,
    pub authorize_at: Url,
}

#[derive(Debug, thiserror::Error)]
pub enum PlaceError {
    #[error("there is no such item for sale")]
    UnknownItem,
    #[error("a merchant cannot buy from themselves")]
    OwnItem,
    #[error("a physical item needs an address")]
    ShippingMissing,
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Why an order is not shown, or not changed as somebody wished.
#[derive(Debug, thiserror::Error)]
pub enum OrderError {
    /// Also for somebody else's order: that it exists is nobody's business.
    #[error("there is no such order")]
    NotFound,
    /// The wish came too late or too early; the order stands where it says.
    #[error("that cannot be done now")]
    NotNow(OrderStatus),
    /// A new attempt would pay a merchant who took the registration back.
    #[error("the seller cannot be paid at present")]
    SellerNotRegistered,
    /// A row that no code of ours writes; logged where it is met.
    #[error("the order's row contradicts itself: {0}")]
    Inconsistent(String),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl From<OrderError> for PlaceError {
    fn from(error: OrderError) -> Self {
        match error {
            OrderError::Database(error) => Self::Database(error),
            other => Self::Database(sqlx::Error::Decode(other.to_string().into())),
        }
    }
}

impl WriteError for PlaceError {
    fn database_error(&self) -> Option<&sqlx::Error> {
        match self {
            Self::Database(error) => Some(error),
            _ => None,
        }
    }
}

/// Who looks at an order.
#[derive(Debug, Clone, Copy)]
pub struct Viewer<'a> {
    pub user_id: &'a str,
    pub operator: bool,
}

/// How long an order that was not confirmed stands for the same wish made again.
const ONE_WISH: SignedDuration = SignedDuration::from_hours(1);

/// Places an order for the item on its present terms. Nothing is paid before the buyer authorizes it.
pub async fn place(
    shop: &Shop,
    buyer_id: &str,
    item_slug: &str,
    shipping: Option<Shipping>,
) -> Result<Placed, PlaceError> {
    let now = shop.clock.now();
    let new = store::NewOrder {
        id: OrderId::new(shop.random.uuid(now).to_string()),
        buyer_id: buyer_id.to_owned(),
        item_slug: item_slug.to_owned(),
        shipping,
        caller_reference: new_reference(shop),
        fixed_fee: terms::FIXED_FEE.micros(),
        variable_fee: terms::VARIABLE_FEE.ten_thousandths(),
        at: now.as_microsecond(),
    };
    let placed = shop.db.write(move |connection| {
        let new = new.clone();
        Box::pin(async move { place_in(connection, &new).await })
    });
    let id = placed.await?;
    let order = store::load(shop.db.readers(), &id).await?.ok_or(PlaceError::UnknownItem)?;
    Ok(Placed { order: id, authorize_at: shop.fps.single_use_url(&order) })
}

/// A name for one attempt, for Amazon.
pub(crate) fn new_reference(shop: &Shop) -> CallerReference {
    let id = shop.random.uuid(shop.clock.now()).to_string();
    CallerReference::new(id).expect("a UUID is a CallerReference")
}

async fn place_in(
    connection: &mut sqlx::AnyConnection,
    new: &store::NewOrder,
) -> Result<OrderId, PlaceError> {
    let since = new.at - i64::try_from(ONE_WISH.as_micros()).unwrap_or(i64::MAX);
    if let Some(same) = store::same_wish(connection, new, since).await? {
        return Ok(same);
    }
    if !store::insert(connection, new).await? {
        return Err(PlaceError::UnknownItem);
    }
    // Refused after the insert: the item's row is read once, and nothing of it is kept.
    let order = store::lock(connection, &new.id).await?.ok_or(PlaceError::UnknownItem)?;
    if order.merchant_user_id == order.buyer_id {
        return Err(PlaceError::OwnItem);
    }
    if order.physical && order.shipping.is_none() {
        return Err(PlaceError::ShippingMissing);
    }
    store::add_attempt(connection, &new.id, &new.caller_reference).await?;
    store::add_event(connection, &new.id, Happening::Placed, "", new.at).await?;
    Ok(new.id.clone())
}

/// Begins a new attempt under a new `CallerReference`, and returns the Co-Branded UI's address.
pub async fn restart(shop: &Shop, buyer_id: &str, id: &OrderId) -> Result<Url, OrderError> {
    let order = load(shop, id).await?;
    if order.buyer_id != buyer_id {
        return Err(OrderError::NotFound);
    }
    if order.state.may_restart() && !merchants::records::is_registered(&shop.db, &order.merchant_id).await? {
        return Err(OrderError::SellerNotRegistered);
    }
    let order = grant_wish(shop, id, Event::Restart).await?;
    Ok(shop.fps.single_use_url(&order))
}

/// The buyer cancels what is reserved and not fulfilled.
pub async fn cancel(shop: &Shop, buyer_id: &str, order: &OrderId) -> Result<(), OrderError> {
    wish(shop, buyer_id, order, Event::Cancel).await?;
    tracking::pursue(shop, order).await
}

/// The buyer wants the money back for what was delivered.
pub async fn refund(shop: &Shop, buyer_id: &str, order: &OrderId) -> Result<(), OrderError> {
    wish(shop, buyer_id, order, Event::AskRefund).await?;
    tracking::pursue(shop, order).await
}

/// The merchant, or the operator, sends back what the buyer asked for at Amazon Payments with this request.
pub async fn grant_refund(
    shop: &Shop,
    viewer: Viewer<'_>,
    id: &OrderId,
    request: &str,
) -> Result<(), OrderError> {
    let RefundRequest { id: request, amount, .. } = open_request(shop, viewer, id, request).await?;
    grant_wish(shop, id, Event::GrantRefund { request, amount }).await?;
    tracking::pursue(shop, id).await
}

/// The merchant, or the operator, sends nothing back.
pub async fn decline_refund(
    shop: &Shop,
    viewer: Viewer<'_>,
    id: &OrderId,
    request: &str,
) -> Result<(), OrderError> {
    let request = open_request(shop, viewer, id, request).await?.id;
    grant_wish(shop, id, Event::DeclineRefund { request }).await?;
    Ok(())
}

/// The request, if this person may answer it. Whether it is still open is decided with the answer.
async fn open_request(
    shop: &Shop,
    viewer: Viewer<'_>,
    id: &OrderId,
    request: &str,
) -> Result<RefundRequest, OrderError> {
    let order = load(shop, id).await?;
    match role(&order, viewer) {
        Some(Role::Merchant | Role::Operator) => {}
        Some(Role::Buyer) | None => return Err(OrderError::NotFound),
    }
    let kept = refund_requests::of_order(&shop.db, id).await?.map(|kept| kept.request);
    kept.filter(|kept| kept.id == request)
        .ok_or_else(|| OrderError::NotNow(view::status(order.state.phase())))
}

async fn wish(shop: &Shop, buyer_id: &str, id: &OrderId, event: Event) -> Result<Order, OrderError> {
    let order = load(shop, id).await?;
    if order.buyer_id != buyer_id {
        return Err(OrderError::NotFound);
    }
    grant_wish(shop, id, event).await
}

/// Takes a person's wish in, or says where the order stands instead.
pub(crate) async fn grant_wish(shop: &Shop, id: &OrderId, event: Event) -> Result<Order, OrderError> {
    let update = Update { order: id.clone(), attempt: None, event, notification: None };
    let Applied { outcome, order } = payment_updates::apply(shop, update).await?;
    match outcome {
        Outcome::Changed => Ok(order),
        Outcome::NothingNew | Outcome::Repeated | Outcome::Refused(_) => {
            Err(OrderError::NotNow(view::status(order.state.phase())))
        }
    }
}

pub(crate) async fn load(shop: &Shop, id: &OrderId) -> Result<Order, OrderError> {
    if !id.is_possible() {
        return Err(OrderError::NotFound);
    }
    store::load(shop.db.readers(), id).await?.ok_or(OrderError::NotFound)
}

/// An order's page, for its buyer, its merchant or the operator; without suggestions.
pub async fn page_data(shop: &Shop, viewer: Viewer<'_>, id: &OrderId) -> Result<OrderPage, OrderError> {
    let order = load(shop, id).await?;
    let role = role(&order, viewer).ok_or(OrderError::NotFound)?;
    let events = store::events(&shop.db, id).await?.into_iter().map(|(at, happening, detail)| {
        let at = Timestamp::from_microsecond(at);
        at.map(|at| (at, happening, detail))
    });
    let events = events.collect::<Result<Vec<_>, _>>();
    let events = events.map_err(|_| OrderError::Inconsistent(format!("order_events.at of {id}")))?;
    let file = downloads::facts(shop, &order.buyer_id, id).await?;
    let mut page = view::page(&order, role, events, file);
    let asked = refund_requests::of_order(&shop.db, id).await?;
    page.refund_request = asked.and_then(|kept| view::refund_request(&order, role, kept));
    Ok(page)
}

fn role(order: &Order, viewer: Viewer<'_>) -> Option<Role> {
    if order.buyer_id == viewer.user_id {
        Some(Role::Buyer)
    } else if order.merchant_user_id == viewer.user_id {
        Some(Role::Merchant)
    } else {
        viewer.operator.then_some(Role::Operator)
    }
}
