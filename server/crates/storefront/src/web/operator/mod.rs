//! `/operator`: all orders, what the marketplace earned, what Amazon told. For everybody else it does not exist.

mod door;
pub mod figures;

pub use door::Operator;

use super::page;
use crate::Shop;
use crate::orders::{self, differences, received_notifications, refund_requests};
use axum::extract::State;
use axum::response::Response;
use platform::web::Refusal;
use shop_pages::model::OperatorPage;
use shop_pages::pages;

pub async fn show(State(shop): State<Shop>, Operator(visitor): Operator) -> Result<Response, Refusal> {
    Ok(page(true, pages::operator(&visitor.chrome, &page_data(&shop).await?)))
}

async fn page_data(shop: &Shop) -> Result<OperatorPage, sqlx::Error> {
    let db = &shop.db;
    Ok(OperatorPage {
        orders: orders::all(db).await?,
        fees_earned: orders::operator_fees(db).await?,
        orders_total: orders::count(db).await?,
        differences: differences::all(db).await?,
        differences_total: differences::count(db).await?,
        refund_requests: refund_requests::waiting(db, None).await?,
        notifications: received_notifications::newest(db).await?,
        by_status: orders::by_status(db).await?,
    })
}
