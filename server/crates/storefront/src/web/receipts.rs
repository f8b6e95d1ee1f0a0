//! `/orders/{id}/receipt`: what was paid, to print or as a PDF.

use super::downloads::attachment;
use super::{Customer, InAddress, SignedIn, orders, page};
use crate::Shop;
use crate::ids::OrderId;
use crate::orders::view;
use crate::pictures;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::HeaderValue;
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use platform::web::{Refusal, see_other};
use shop_pages::model::Receipt;
use shop_pages::pages;

/// Of buyer, merchant and operator. Where nothing was paid there is none: the order's page says where it stands.
async fn find(shop: &Shop, visitor: &SignedIn, id: &OrderId) -> Result<Option<Receipt>, Refusal> {
    let order = crate::orders::find(&shop.db, id).await?;
    orders::viewer(visitor).role(&order).ok_or_else(Refusal::not_found)?;
    Ok(view::receipt(&order))
}

pub async fn show(
    State(shop): State<Shop>,
    Customer(visitor): Customer,
    InAddress(id): InAddress<OrderId>,
) -> Result<Response, Refusal> {
    Ok(match find(&shop, &visitor, &id).await? {
        Some(receipt) => page(true, pages::receipt(&visitor.chrome, &receipt)),
        None => see_other(&format!("/orders/{id}")),
    })
}

pub async fn pdf(
    State(shop): State<Shop>,
    Customer(visitor): Customer,
    InAddress(id): InAddress<OrderId>,
) -> Result<Response, Refusal> {
    let Some(receipt) = find(&shop, &visitor, &id).await? else {
        return Ok(see_other(&format!("/orders/{id}")));
    };
    let mut response = pictures::receipt::document(&receipt).into_response();
    for (name, value) in [
        (CONTENT_TYPE, HeaderValue::from_static("application/pdf")),
        (CONTENT_DISPOSITION, attachment(&format!("Receipt {}.pdf", receipt.title))),
        (CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ] {
        response.headers_mut().insert(name, value);
    }
    Ok(response)
}
