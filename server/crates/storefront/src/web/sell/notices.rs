//! `/sell/notices`: what the merchant was told.

use super::Seller;
use super::desk::notice;
use crate::Shop;
use crate::orders::notices::{self, Notice};
use crate::selling;
use crate::web::{links, page};
use axum::extract::{RawQuery, State};
use axum::response::Response;
use platform::paging;
use platform::web::{Refusal, keep_for_the_moment, see_other};
use shop_pages::model::NoticesPage;
use shop_pages::pages;

const PER_PAGE: usize = 50;

pub async fn list(
    State(shop): State<Shop>,
    Seller { visitor, merchant }: Seller,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let (db, id) = (&shop.db, &merchant.id);
    let asked = paging::part_of(query.as_deref());
    let (found, ways) = paging::page(asked, PER_PAGE, Notice::place, |part, limit| {
        Box::pin(async move { notices::of_merchant(db, id, &part, limit).await })
    })
    .await?;
    let data = NoticesPage { notices: found.iter().map(notice).collect(), paging: links(ways) };
    Ok(keep_for_the_moment(page(true, pages::notices(&visitor.chrome, &data))))
}

pub async fn mark_read(State(shop): State<Shop>, seller: Seller) -> Result<Response, Refusal> {
    selling::notices::mark_read(&shop, &seller.merchant).await?;
    Ok(see_other("/sell"))
}
