//! `/` and `/items/{slug}`.

use super::browse::Browse;
use super::{InAddress, Visitor, catalogue_pages, finding, home_page, page, seen, shared};
use crate::Shop;
use crate::cart::{self, List};
use crate::catalogue::{self, Item, ItemState};
use crate::ids::ItemSlug;
use crate::{merchants, orders};
use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use platform::web::{Refusal, RequestId, keep_for_the_moment};
use shop_pages::model::ItemPage;
use shop_pages::pages;

pub async fn home(
    State(shop): State<Shop>,
    mut visitor: Visitor,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let asked = Browse::from_query(query.as_deref().unwrap_or_default());
    let address = asked.address();
    if address == "/" {
        visitor.chrome.seen = seen::cards(&shop, &headers, None).await?;
    }
    if let Some(shared) = shared::current(&shop, &address).await? {
        return Ok(shared::answer(&visitor, &headers, &shared));
    }
    let version = shop.shared_pages.version();
    let home = home_page::home(&shop, &asked).await?.ok_or_else(Refusal::not_found)?;
    let made = shared::share(&shop, &address, &pages::home_main(&home));
    Ok(shared::answer(&visitor, &headers, &shop.shared_pages.keep(&address, made, version)))
}

pub async fn item(
    State(shop): State<Shop>,
    mut visitor: Visitor,
    InAddress(slug): InAddress<ItemSlug>,
    Extension(request): Extension<RequestId>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    visitor.chrome.seen = seen::cards(&shop, &headers, Some(&slug)).await?;
    match show(&shop, &visitor, &slug, &headers).await {
        Err(refusal) if refusal.facts().status == StatusCode::NOT_FOUND => {
            finding::not_found(&shop, &visitor.chrome, slug.as_str(), request).await
        }
        answer => answer,
    }
}

async fn show(
    shop: &Shop,
    visitor: &Visitor,
    slug: &ItemSlug,
    headers: &HeaderMap,
) -> Result<Response, Refusal> {
    if let Some(own) = own_item_page(shop, visitor, slug).await? {
        return Ok(keep_for_the_moment(page(true, pages::item(&visitor.chrome, &own))));
    }
    let address = format!("/items/{slug}");
    if let Some(shared) = shared::current(shop, &address).await? {
        return Ok(shared::answer(visitor, headers, &shared));
    }
    let version = shop.shared_pages.version();
    let item = find_on_show(shop, slug).await?;
    let item_page = catalogue_pages::item_page(shop, &item).await?;
    let made = shared::share(shop, &address, &pages::item_main(&item_page));
    Ok(shared::answer(visitor, headers, &shop.shared_pages.keep(&address, made, version)))
}

/// The page of somebody who has the item, sells it or wishes for it; `None` for others, who see what all see.
async fn own_item_page(shop: &Shop, visitor: &Visitor, slug: &ItemSlug) -> Result<Option<ItemPage>, Refusal> {
    let Some(owner) = visitor.cart().await? else { return Ok(None) };
    let item = find(shop, slug).await?;
    let wished = cart::has(shop.db.readers(), List::Wishes, &owner, &item.id).await?;
    let (mut own, mut purchase, mut may_review) = (None, None, false);
    if let Some(user) = &visitor.user {
        let merchant = merchants::store::by_user(&shop.db, &user.id).await?;
        own = merchant.filter(|merchant| merchant.id == item.merchant_id);
        purchase = orders::purchase_of(&shop.db, &user.id, &item.id).await?;
        may_review = orders::paid_order_of(shop.db.readers(), &user.id, &item.id).await?.is_some();
    }
    if own.is_none() && purchase.is_none() && !(wished && item.state != ItemState::Draft) {
        return Ok(None);
    }
    let everybodys = catalogue_pages::item_page(shop, &item).await?;
    let hold_reason = match &own {
        Some(seller) => catalogue_pages::availability(&shop.db, &item, seller).await?.1,
        None => None,
    };
    let own_item = own.is_some();
    let owned_order = purchase.map(String::from);
    Ok(Some(ItemPage { own_item, owned_order, wished, may_review, hold_reason, ..everybodys }))
}

/// The item if everybody may see it: a draft is nobody else's business.
pub async fn find_on_show(shop: &Shop, slug: &ItemSlug) -> Result<Item, Refusal> {
    let item = find(shop, slug).await?;
    if item.state == ItemState::Draft { Err(Refusal::not_found()) } else { Ok(item) }
}

/// The item, or "not found".
pub async fn find(shop: &Shop, slug: &ItemSlug) -> Result<Item, Refusal> {
    catalogue::store::by_slug(shop.db.readers(), slug).await?.ok_or_else(Refusal::not_found)
}
