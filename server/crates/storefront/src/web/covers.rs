//! `/covers/{slug}` and `/previews/{slug}`.

use super::catalogue::find;
use super::{InAddress, media};
use crate::Shop;
use crate::ids::ItemSlug;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG};
use platform::web::Refusal;
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// The uploaded picture, or one drawn from the title.
pub async fn cover(
    State(shop): State<Shop>,
    InAddress(slug): InAddress<ItemSlug>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let item = find(&shop, &slug).await?;
    if let Some(key) = &item.cover_key {
        let content_type = mime_guess::from_path(key).first_or_octet_stream();
        return media::stored(&shop, &headers, key, content_type.essence_str()).await;
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
    InAddress(slug): InAddress<ItemSlug>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let item = find(&shop, &slug).await?;
    let key = item.preview_key.as_deref().ok_or_else(Refusal::not_found)?;
    media::stored(&shop, &headers, key, "audio/wav").await
}

fn content_tag(content: &[u8]) -> String {
    let mut tag = String::from("\"");
    for byte in Sha256::digest(content).iter().take(12) {
        let _ = write!(tag, "{byte:02x}");
    }
    tag + "\""
}
