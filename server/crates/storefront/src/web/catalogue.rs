//! `/` and `/items/{slug}`.

use super::catalogue_pages::{self, Browse};
use super::visitor::site_url;
use super::{InAddress, Visitor, page};
use crate::Shop;
use crate::catalogue::{self, Item};
use crate::ids::ItemSlug;
use crate::shared_pages::SharedPage;
use crate::{merchants, orders};
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use platform::web::Refusal;
use shop_pages::model::{Chrome, Fragment};
use shop_pages::pages;
use std::sync::Arc;

pub async fn home(
    State(shop): State<Shop>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let asked = Browse::from_query(query.as_deref().unwrap_or_default());
    let address = asked.address();
    if let Some(shared) = shop.shared_pages.get(&address) {
        return Ok(answer(&visitor, &shared));
    }
    let version = shop.shared_pages.version();
    let home = catalogue_pages::home(&shop, &asked).await?.ok_or_else(Refusal::not_found)?;
    let shared = share(&shop, &address, pages::home_main(&home));
    Ok(answer(&visitor, &shop.shared_pages.keep(&address, shared, version)))
}

pub async fn item(
    State(shop): State<Shop>,
    visitor: Visitor,
    InAddress(slug): InAddress<ItemSlug>,
) -> Result<Response, Refusal> {
    if visitor.user.is_some() {
        return item_for_user(&shop, &visitor, &slug).await;
    }
    let address = format!("/items/{slug}");
    if let Some(shared) = shop.shared_pages.get(&address) {
        return Ok(answer(&visitor, &shared));
    }
    let version = shop.shared_pages.version();
    let item = find(&shop, &slug).await?;
    let item_page = catalogue_pages::item_page(&shop.db, &item).await?;
    let shared = share(&shop, &address, pages::item_main(&item_page));
    Ok(answer(&visitor, &shop.shared_pages.keep(&address, shared, version)))
}

/// Says also whether the person has it, or sells it.
async fn item_for_user(shop: &Shop, visitor: &Visitor, slug: &ItemSlug) -> Result<Response, Refusal> {
    let Some(user) = &visitor.user else { return Err(Refusal::not_found()) };
    let item = find(shop, slug).await?;
    let mut item_page = catalogue_pages::item_page(&shop.db, &item).await?;
    let merchant = merchants::store::by_user(&shop.db, &user.id).await?;
    item_page.own_item = merchant.is_some_and(|merchant| merchant.id == item.merchant_id);
    let purchase = orders::purchase_of(&shop.db, &user.id, &item.id).await?;
    item_page.owned_order = purchase.map(String::from);
    Ok(page(true, pages::item(&visitor.chrome, &item_page)))
}

/// The item, or "not found".
pub async fn find(shop: &Shop, slug: &ItemSlug) -> Result<Item, Refusal> {
    catalogue::store::by_slug(shop.db.readers(), slug).await?.ok_or_else(Refusal::not_found)
}

fn share(shop: &Shop, address: &str, main: Fragment) -> SharedPage {
    let chrome = Chrome { path: address.to_owned(), site_url: site_url(shop), ..Chrome::default() };
    let for_strangers = pages::complete(&chrome, &main).into();
    SharedPage { main, for_strangers }
}

fn answer(visitor: &Visitor, shared: &Arc<SharedPage>) -> Response {
    if visitor.user.is_some() {
        return page(true, pages::complete(&visitor.chrome, &shared.main));
    }
    ([(CONTENT_TYPE, "text/html; charset=utf-8")], shared.for_strangers.clone()).into_response()
}
