//! `/sellers/{slug}`: a seller's own page, and its picture.

use super::{InAddress, Visitor, links, media, page};
use crate::Shop;
use crate::catalogue::{Item, ItemState, store as items};
use crate::ids::SellerSlug;
use crate::merchants::{Merchant, profile_store, store};
use crate::reviews;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use http::HeaderMap;
use platform::paging::{self, Place};
use platform::web::{Refusal, keep_for_the_moment, see_other};
use shop_pages::model::SellerPage;
use shop_pages::pages;

const PER_PAGE: usize = 24;

pub async fn show(
    State(shop): State<Shop>,
    visitor: Visitor,
    InAddress(slug): InAddress<SellerSlug>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let merchant = find(&shop, &slug).await?;
    // An address of an earlier name leads to the present one; not for good, for the name can come back.
    if let Some(present) = merchant.slug.as_ref().filter(|present| **present != slug) {
        return Ok(see_other(&format!("/sellers/{present}")));
    }
    let own = visitor.user.as_ref().is_some_and(|user| user.id == merchant.user_id);
    let data = seller_page(&shop, &merchant, query.as_deref(), own).await?;
    Ok(keep_for_the_moment(page(true, pages::seller(&visitor.chrome, &data))))
}

async fn seller_page(
    shop: &Shop,
    merchant: &Merchant,
    query: Option<&str>,
    own: bool,
) -> Result<SellerPage, sqlx::Error> {
    let place = |item: &Item| Place { at: item.created_at, id: item.slug.clone() };
    let (items, ways) = paging::page(paging::part_of(query), PER_PAGE, place, |part, limit| {
        Box::pin(async move {
            items::of_merchant(&shop.db, &merchant.id, Some(ItemState::Published), &part, limit).await
        })
    })
    .await?;
    let rates = profile_store::rates_of(shop.db.readers(), &merchant.id).await?;
    let sends = !rates.are_unset() || items.iter().any(|item| item.physical);
    let seller = merchant.seller();
    Ok(SellerPage {
        name: merchant.name.clone(),
        path: seller.path.unwrap_or_default(),
        picture: merchant.picture_path(),
        about: merchant.profile.about.clone(),
        links: merchant.profile.links.clone(),
        refund_rule: seller.refund_rule,
        rates: if sends { rates.rows() } else { Vec::new() },
        availability: merchant.availability(),
        rating: reviews::store::rating_of_merchant(shop.db.readers(), &merchant.id).await?,
        items: items.iter().map(Item::card).collect(),
        paging: links(ways),
        own,
    })
}

pub async fn picture(
    State(shop): State<Shop>,
    InAddress(slug): InAddress<SellerSlug>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let merchant = find(&shop, &slug).await?;
    let key = merchant.profile.picture_key.as_deref().ok_or_else(Refusal::not_found)?;
    let content_type = mime_guess::from_path(key).first_or_octet_stream();
    media::stored(&shop, &headers, key, content_type.essence_str()).await
}

async fn find(shop: &Shop, slug: &SellerSlug) -> Result<Merchant, Refusal> {
    store::by_slug(&shop.db, slug).await?.ok_or_else(Refusal::not_found)
}
