//! `/operator`: for everybody else it does not exist.

use super::{SignedIn, page};
use crate::{Shop, operator};
use axum::extract::State;
use axum::response::Response;
use platform::web::Refusal;
use shop_pages::pages;

pub async fn show(State(shop): State<Shop>, visitor: SignedIn) -> Result<Response, Refusal> {
    if !visitor.user.operator {
        return Err(Refusal::not_found());
    }
    Ok(page(true, pages::operator(&visitor.chrome, &operator::page(&shop).await?)))
}
