//! `/orders…`: what the buyer ordered, and what people do with an order.

use super::errors::{CONFIRMED_BEFORE, HELD, NO_SELLER};
use super::{InAddress, SignedIn, address, catalogue_pages, page};
use crate::Shop;
use crate::catalogue;
use crate::ids::{ItemSlug, OrderId, RefundRequestId};
use crate::orders::view::Viewer;
use crate::orders::{self, Order, OrderError};
use crate::oversight::disputes::{self, Decision};
use crate::purchase::commands::{self, Restarted};
use crate::purchase::{order_page, recovery};
use crate::users::User;
use axum::extract::{Path, State};
use axum::response::Response;
use http::Method;
use platform::web::{Refusal, keep_for_the_moment, see_other};
use shop_pages::model::OrderStatus;
use shop_pages::pages;

pub async fn list(State(shop): State<Shop>, visitor: SignedIn) -> Result<Response, Refusal> {
    let orders = orders::for_buyer(&shop.db, &visitor.user.id).await?;
    Ok(keep_for_the_moment(page(true, pages::orders(&visitor.chrome, &orders))))
}

/// For the buyer, the merchant and the operator; to others the order does not exist.
pub async fn show(
    State(shop): State<Shop>,
    visitor: SignedIn,
    method: Method,
    InAddress(id): InAddress<OrderId>,
) -> Result<Response, Refusal> {
    let order = look(&shop, &visitor, &method, &id).await?;
    let data = order_page::page_data(&shop, viewer(&visitor), &order).await?;
    let page = page(true, pages::order(&visitor.chrome, &data));
    // While it waits for the buyer, Amazon is asked each time.
    let waits = data.order.status == OrderStatus::AwaitingAuthorization;
    Ok(if waits { page } else { keep_for_the_moment(page) })
}

pub async fn thank_you(
    State(shop): State<Shop>,
    visitor: SignedIn,
    method: Method,
    InAddress(id): InAddress<OrderId>,
) -> Result<Response, Refusal> {
    let order = look(&shop, &visitor, &method, &id).await?;
    let mut data = order_page::page_data(&shop, viewer(&visitor), &order).await?;
    // There is nothing to thank for: the order's page says why, and how to go on.
    let unpaid = [OrderStatus::AwaitingAuthorization, OrderStatus::Abandoned, OrderStatus::Failed];
    if unpaid.contains(&data.order.status) {
        return Ok(see_other(&format!("/orders/{id}")));
    }
    let slug: ItemSlug = address::parse(&data.order.item_slug)?;
    if let Some(bought) = catalogue::store::by_slug(shop.db.readers(), &slug).await? {
        data.suggestions = catalogue_pages::suggestions(&shop, &bought).await?;
    }
    Ok(page(true, pages::thank_you(&visitor.chrome, &data)))
}

/// Whoever comes to see where their order stands may have been confirmed without the shop knowing. A HEAD only
/// looks whether the page is there.
async fn look(shop: &Shop, visitor: &SignedIn, method: &Method, id: &OrderId) -> Result<Order, OrderError> {
    if method == Method::GET {
        recovery::look_of(shop, &visitor.user.id, id).await
    } else {
        orders::find(&shop.db, id).await
    }
}

fn viewer(visitor: &SignedIn) -> Viewer<'_> {
    Viewer { user_id: &visitor.user.id, operator: visitor.user.operator }
}

pub async fn cancel(
    State(shop): State<Shop>,
    visitor: SignedIn,
    InAddress(id): InAddress<OrderId>,
) -> Result<Response, Refusal> {
    back_to(&visitor, &id, commands::cancel(&shop, &visitor.user.id, &id).await).await
}

pub async fn refund(
    State(shop): State<Shop>,
    visitor: SignedIn,
    InAddress(id): InAddress<OrderId>,
) -> Result<Response, Refusal> {
    back_to(&visitor, &id, commands::refund(&shop, &visitor.user.id, &id).await).await
}

/// What the operator decides stands in the audit log, wherever it was decided.
fn as_operator(visitor: &SignedIn) -> Option<&User> {
    Some(&visitor.user).filter(|user| user.operator)
}

/// The merchant or the operator answers what the buyer asked for at Amazon Payments.
pub async fn grant_refund(
    State(shop): State<Shop>,
    visitor: SignedIn,
    Path((id, request)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    let (id, request): (OrderId, RefundRequestId) = (address::parse(&id)?, address::parse(&request)?);
    let answered = match as_operator(&visitor) {
        Some(operator) => disputes::decide(&shop, operator, (&id, &request), Decision::Grant, "").await,
        None => commands::grant_refund(&shop, viewer(&visitor), &id, &request).await,
    };
    back_to(&visitor, &id, answered).await
}

pub async fn decline_refund(
    State(shop): State<Shop>,
    visitor: SignedIn,
    Path((id, request)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    let (id, request): (OrderId, RefundRequestId) = (address::parse(&id)?, address::parse(&request)?);
    let answered = match as_operator(&visitor) {
        Some(operator) => disputes::decide(&shop, operator, (&id, &request), Decision::Decline, "").await,
        None => commands::decline_refund(&shop, viewer(&visitor), &id, &request).await,
    };
    back_to(&visitor, &id, answered).await
}

pub async fn fulfil(
    State(shop): State<Shop>,
    visitor: SignedIn,
    InAddress(id): InAddress<OrderId>,
) -> Result<Response, Refusal> {
    back_to(&visitor, &id, commands::fulfil(&shop, &visitor.user.id, &id).await).await
}

pub async fn restart(
    State(shop): State<Shop>,
    visitor: SignedIn,
    InAddress(id): InAddress<OrderId>,
) -> Result<Response, Refusal> {
    match commands::restart(&shop, &visitor.user.id, &id).await {
        Ok(Restarted::Authorize(at)) => Ok(see_other(at.as_str())),
        Ok(Restarted::Confirmed) => {
            visitor.tell(CONFIRMED_BEFORE).await?;
            Ok(see_other(&format!("/orders/{id}/thank-you")))
        }
        Err(error) => back_to(&visitor, &id, Err(error)).await,
    }
}

/// The order's page says where it stands; who came too late is told so there.
async fn back_to(
    visitor: &SignedIn,
    id: &OrderId,
    outcome: Result<(), OrderError>,
) -> Result<Response, Refusal> {
    match outcome {
        Ok(()) => {}
        Err(OrderError::NotNow(_)) => {
            visitor
                .tell("That was not possible any more: the order had moved on. Here is where it stands.")
                .await?;
        }
        Err(OrderError::SellerNotRegistered) => visitor.tell(NO_SELLER).await?,
        Err(OrderError::Held) => visitor.tell(HELD).await?,
        Err(error) => return Err(error.into()),
    }
    Ok(see_other(&format!("/orders/{id}")))
}
