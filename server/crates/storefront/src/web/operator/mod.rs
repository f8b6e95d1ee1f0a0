//! `/operator`: all orders, what the marketplace earned, what Amazon told. For everybody else it does not exist.

pub mod audit;
pub mod disputes;
mod door;
pub mod fees;
pub mod figures;
pub mod health;
pub mod items;
pub mod orders;
pub mod people;
mod query;
pub mod reviews;
mod standing;

pub use door::Operator;

use super::page;
use crate::Shop;
use crate::orders::{differences, received_notifications, refund_requests};
use crate::purchase::credit;
use axum::extract::State;
use axum::response::Response;
use platform::web::Refusal;
use shop_pages::model::OperatorPage;
use shop_pages::pages;

/// Orders, and notifications: there are pages for all of them.
const ON_THE_OVERVIEW: i64 = 20;

pub async fn show(State(shop): State<Shop>, Operator(visitor): Operator) -> Result<Response, Refusal> {
    Ok(page(true, pages::operator(&visitor.chrome, &page_data(&shop).await?)))
}

async fn page_data(shop: &Shop) -> Result<OperatorPage, sqlx::Error> {
    let db = &shop.db;
    Ok(OperatorPage {
        orders: crate::orders::newest(db, ON_THE_OVERVIEW).await?,
        fees_earned: crate::orders::operator_fees(db).await?,
        orders_total: crate::orders::count(db).await?,
        credit: credit::outstanding(shop).await?,
        differences: differences::all(db).await?,
        differences_total: differences::count(db).await?,
        to_decide: refund_requests::to_decide(db).await?,
        refund_requests: refund_requests::waiting(db, None).await?,
        notifications: received_notifications::newest(db, ON_THE_OVERVIEW).await?,
        by_status: crate::orders::by_status(db).await?,
    })
}
