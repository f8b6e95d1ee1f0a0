//! `/orders…`, `/library`: what the buyer has, and what happens to an order.

use super::errors::NO_SELLER;
use super::{SignedIn, page};
use crate::downloads::{self, DownloadError};
use crate::orders::{self, OrderError, OrderId, Viewer};
use crate::{Shop, catalogue, fulfilment, when};
use axum::extract::{Path, State};
use axum::response::Response;
use platform::web::{Refusal, see_other};
use shop_pages::model::{Download, LibraryEntry, OrderPage, OrderStatus};
use shop_pages::pages;

pub async fn list(State(shop): State<Shop>, visitor: SignedIn) -> Result<Response, Refusal> {
    let orders = orders::for_buyer(&shop, &visitor.user.id).await?;
    Ok(page(true, pages::orders(&visitor.chrome, &orders)))
}

/// For the buyer, the merchant and the operator; to others the order does not exist.
pub async fn show(
    State(shop): State<Shop>,
    visitor: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let data = load(&shop, &visitor, id).await?;
    Ok(page(true, pages::order(&visitor.chrome, &data)))
}

pub async fn thank_you(
    State(shop): State<Shop>,
    visitor: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let mut data = load(&shop, &visitor, id).await?;
    // There is nothing to thank for: the order's page says why, and how to go on.
    let unpaid = [OrderStatus::AwaitingAuthorization, OrderStatus::Abandoned, OrderStatus::Failed];
    if unpaid.contains(&data.order.status) {
        return Ok(see_other(&format!("/orders/{}", data.order.id)));
    }
    if let Some(bought) = catalogue::records::by_slug(&shop.db, &data.order.item_slug).await? {
        data.suggestions = catalogue::suggestions(&shop, &bought).await?;
    }
    Ok(page(true, pages::thank_you(&visitor.chrome, &data)))
}

async fn load(shop: &Shop, visitor: &SignedIn, id: String) -> Result<OrderPage, Refusal> {
    Ok(orders::page_data(shop, viewer(visitor), &OrderId::new(id)).await?)
}

fn viewer(visitor: &SignedIn) -> Viewer<'_> {
    Viewer { user_id: &visitor.user.id, operator: visitor.user.operator }
}

pub async fn cancel(
    State(shop): State<Shop>,
    visitor: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let id = OrderId::new(id);
    back_to(&visitor, &id, orders::cancel(&shop, &visitor.user.id, &id).await).await
}

pub async fn refund(
    State(shop): State<Shop>,
    visitor: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let id = OrderId::new(id);
    back_to(&visitor, &id, orders::refund(&shop, &visitor.user.id, &id).await).await
}

/// The merchant or the operator answers what the buyer asked for at Amazon Payments.
pub async fn grant_refund(
    State(shop): State<Shop>,
    visitor: SignedIn,
    Path((id, request)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    let id = OrderId::new(id);
    back_to(&visitor, &id, orders::grant_refund(&shop, viewer(&visitor), &id, &request).await).await
}

pub async fn decline_refund(
    State(shop): State<Shop>,
    visitor: SignedIn,
    Path((id, request)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    let id = OrderId::new(id);
    back_to(&visitor, &id, orders::decline_refund(&shop, viewer(&visitor), &id, &request).await).await
}

pub async fn fulfil(
    State(shop): State<Shop>,
    visitor: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let id = OrderId::new(id);
    back_to(&visitor, &id, fulfilment::fulfil(&shop, &visitor.user.id, &id).await).await
}

pub async fn restart(
    State(shop): State<Shop>,
    visitor: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let id = OrderId::new(id);
    match orders::restart(&shop, &visitor.user.id, &id).await {
        Ok(authorize_at) => Ok(see_other(authorize_at.as_str())),
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
        Err(error) => return Err(error.into()),
    }
    Ok(see_other(&format!("/orders/{id}")))
}

pub async fn download(
    State(shop): State<Shop>,
    visitor: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    match downloads::open(&shop, &visitor.user.id, &OrderId::new(id)).await {
        Ok(response) => Ok(response),
        Err(DownloadError::NotFound) => Err(Refusal::not_found()),
        Err(DownloadError::File(error)) => Err(Refusal::because(error)),
        Err(DownloadError::Database(error)) => Err(error.into()),
    }
}

pub async fn library(State(shop): State<Shop>, visitor: SignedIn) -> Result<Response, Refusal> {
    let mut entries = Vec::new();
    for grant in downloads::grants(&shop, &visitor.user.id).await? {
        // Items are never deleted.
        let Some(item) = catalogue::records::by_id(&shop.db, &grant.item_id).await? else { continue };
        let file = item.file.as_ref().filter(|_| grant.revoked_at.is_none());
        let href = downloads::path(&grant.order_id);
        entries.push(LibraryEntry {
            card: item.card(),
            download: file.map(|file| Download { href, file: file.facts() }),
            granted_at: when(grant.granted_at),
            revoked_at: grant.revoked_at.map(when),
            order_id: grant.order_id,
        });
    }
    Ok(page(true, pages::library(&visitor.chrome, &entries)))
}
