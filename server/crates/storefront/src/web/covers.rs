//! `/covers/{slug}`, `/previews/{slug}`, `/pictures/{slug}/{number}`, `/samples/{slug}` and `/demos/{slug}`: what everybody
//! may see of an item.

use super::catalogue::find;
use super::downloads::attachment;
use super::{Asking, InAddress, address, media, previews};
use crate::Shop;
use crate::catalogue::extras::{self, SampleKind};
use crate::catalogue::{Item, ItemState, storage};
use crate::ids::ItemSlug;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, VARY};
use http::{HeaderMap, HeaderValue};
use platform::web::{Refusal, see_other};
use sha2::{Digest, Sha256};

/// For what runs in a frame of the shop's own pages: scripts of the file itself, as of no origin; they reach no address,
/// open no window and send no form.
const DEMO: HeaderValue = HeaderValue::from_static(
    "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; \
     img-src data: blob:; media-src data: blob:; font-src data:; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'self'",
);

/// The item; of a draft nobody but its seller sees anything.
pub(super) async fn find_for(shop: &Shop, asking: &Asking, slug: &ItemSlug) -> Result<Item, Refusal> {
    let item = find(shop, slug).await?;
    let hidden = item.state == ItemState::Draft && !asking.sells(shop, &item).await?;
    if hidden { Err(Refusal::not_found()) } else { Ok(item) }
}

/// The uploaded picture, or one drawn from the title: an SVG, or a PNG where the address ends like one.
pub async fn cover(
    State(shop): State<Shop>,
    asking: Asking,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let as_png = name.strip_suffix(".png");
    let slug: ItemSlug = address::parse(as_png.unwrap_or(&name))?;
    let item = find_for(&shop, &asking, &slug).await?;
    if let Some(key) = &item.cover_key {
        let content_type = content_type(&shop, key).await?;
        return media::stored(&shop, &headers, key, &content_type).await;
    }
    if as_png.is_some() {
        return previews::drawn_cover(&shop, &headers, &item).await;
    }
    let svg = covers::svg(&item.title, &item.creator, item.category.as_str());
    let etag = content_tag(svg.as_bytes());
    if platform::web::is_known(&headers, &etag) {
        return Ok(media::not_modified(&etag));
    }
    let facts = [
        (CONTENT_TYPE, media::header("image/svg+xml")),
        (ETAG, media::header(&etag)),
        (CACHE_CONTROL, media::CACHING),
    ];
    Ok((facts, svg).into_response())
}

pub async fn preview(
    State(shop): State<Shop>,
    asking: Asking,
    InAddress(slug): InAddress<ItemSlug>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let item = find_for(&shop, &asking, &slug).await?;
    let key = item.preview_key.as_deref().ok_or_else(Refusal::not_found)?;
    let content_type = content_type(&shop, key).await?;
    media::stored(&shop, &headers, key, &content_type).await
}

/// A picture beside the cover, counted from 1.
pub async fn picture(
    State(shop): State<Shop>,
    asking: Asking,
    Path((slug, number)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let item = find_for(&shop, &asking, &address::parse(&slug)?).await?;
    let samples = extras::samples(&shop.db, &item.id).await?;
    let mut pictures = samples.iter().filter(|sample| sample.kind == SampleKind::Picture);
    let index = number.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    let picture = index.and_then(|index| pictures.nth(index)).ok_or_else(Refusal::not_found)?;
    media::stored(&shop, &headers, &picture.file.key, &picture.file.media_type).await
}

/// The page that can be read before it is bought.
pub async fn sample(
    State(shop): State<Shop>,
    asking: Asking,
    InAddress(slug): InAddress<ItemSlug>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let item = find_for(&shop, &asking, &slug).await?;
    let samples = extras::samples(&shop.db, &item.id).await?;
    let page = extras::only(&samples, SampleKind::Page).ok_or_else(Refusal::not_found)?;
    let plain = page.media_type == "text/plain";
    let content_type = if plain { "text/plain; charset=utf-8" } else { page.media_type.as_str() };
    let mut response = media::stored(&shop, &headers, &page.key, content_type).await?;
    if !plain {
        // Browsers show no PDF in a sandbox.
        response.headers_mut().insert(CONTENT_DISPOSITION, attachment(&page.name));
    }
    Ok(response)
}

/// The game or program to try, for the frame on the item's page: as a page of its own it would stand under the shop's
/// address with a seller's words.
pub async fn demo(
    State(shop): State<Shop>,
    asking: Asking,
    InAddress(slug): InAddress<ItemSlug>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let item = find_for(&shop, &asking, &slug).await?;
    let samples = extras::samples(&shop.db, &item.id).await?;
    let demo = extras::only(&samples, SampleKind::Demo).ok_or_else(Refusal::not_found)?;
    if headers.get("sec-fetch-dest").is_some_and(|place| place == "document") {
        return Ok(see_other(&format!("/items/{slug}#demo")));
    }
    let mut response = media::stored(&shop, &headers, &demo.key, "text/html; charset=utf-8").await?;
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, DEMO);
    // What the frame got does not stand in for the page.
    response.headers_mut().insert(VARY, HeaderValue::from_static("sec-fetch-dest"));
    Ok(response)
}

/// What a file of an item is: as it was stored, or as its key ends.
async fn content_type(shop: &Shop, key: &str) -> Result<String, Refusal> {
    let stored = storage::media_type_of(&shop.db, key).await?;
    Ok(stored.unwrap_or_else(|| mime_guess::from_path(key).first_or_octet_stream().essence_str().to_owned()))
}

fn content_tag(content: &[u8]) -> String {
    format!("\"{}\"", hex::encode(&Sha256::digest(content)[..12]))
}
