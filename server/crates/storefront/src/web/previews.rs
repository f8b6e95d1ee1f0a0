//! What shows an item before it is bought and is drawn by the shop: `/covers/{slug}.png`, `/previews/{slug}/waveform`,
//! `/specimens/{slug}`, and `/items/{slug}/type`, where visitors set their own words.

use super::catalogue::find_on_show;
use super::covers::find_for;
use super::{Asking, InAddress, Visitor, address, media, page};
use crate::Shop;
use crate::catalogue::{Item, StoredFile, sounds, versions};
use crate::files::FilesError;
use crate::ids::ItemSlug;
use crate::pictures::sound::Sound;
use crate::pictures::{cover, specimen};
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::HeaderMap;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use platform::web::Refusal;
use sha2::{Digest, Sha256};
use shop_pages::model::TypeTesterPage;
use shop_pages::pages;

/// Drawn covers, each in the folder of its item.
const DRAWN: &str = "drawn";
/// Fonts that words are set in.
const MOST_FONTS: usize = 3;

/// For those who take no SVG: drawn once and kept until another would be drawn.
pub async fn drawn_cover(shop: &Shop, headers: &HeaderMap, item: &Item) -> Result<Response, Refusal> {
    let (title, creator, category) = (item.title.clone(), item.creator.clone(), item.category.to_string());
    let content = Sha256::digest(covers::svg(&title, &creator, &category));
    let folder = format!("{DRAWN}/{}", item.id);
    let key = format!("{folder}/{}.png", hex::encode(&content[..12]));
    if let Err(FilesError::Store(object_store::Error::NotFound { .. })) = shop.files.get(&key, None).await {
        let png = drawn(shop, move || cover::png(&title, &creator, &category)).await?;
        shop.files.delete_folder(&folder).await?;
        shop.files.put(&key, png.into()).await?;
    }
    media::stored(shop, headers, &key, "image/png").await
}

/// One picture is drawn at a time: who wants many does not keep the others from their pages.
async fn drawn<T: Send + 'static>(
    shop: &Shop,
    draw: impl FnOnce() -> Option<T> + Send + 'static,
) -> Result<T, Refusal> {
    let _alone = shop.making.lock().await;
    let drawn = tokio::task::spawn_blocking(draw).await.map_err(Refusal::because)?;
    drawn.ok_or_else(Refusal::not_found)
}

/// How loud the piece to listen to is from its beginning to its end.
pub async fn waveform(
    State(shop): State<Shop>,
    asking: Asking,
    InAddress(slug): InAddress<ItemSlug>,
) -> Result<Response, Refusal> {
    let item = find_for(&shop, &asking, &slug).await?;
    let key = item.preview_key.as_deref().ok_or_else(Refusal::not_found)?;
    let sound = match sounds::of_file(&shop.db, key).await? {
        Some(sound) => sound,
        None => read_sound(&shop, key).await?,
    };
    Ok(picture("image/svg+xml", sound.svg().into()))
}

/// Once: the page says how long it is from then on.
async fn read_sound(shop: &Shop, key: &str) -> Result<Sound, Refusal> {
    let bytes = whole(shop, key).await?;
    let sound = drawn(shop, move || Sound::read(&bytes)).await?;
    sounds::keep(&shop.db, key, &sound).await?;
    shop.shared_pages.forget();
    Ok(sound)
}

async fn whole(shop: &Shop, key: &str) -> Result<Bytes, Refusal> {
    let found = shop.read_file(key, None).await?;
    Ok(found.bytes().await.map_err(FilesError::from)?)
}

/// Of the shop's own making; nothing in it runs.
fn picture(content_type: &'static str, content: Bytes) -> Response {
    let headers = [
        (CONTENT_TYPE, media::header(content_type)),
        (CACHE_CONTROL, media::CACHING),
        (CONTENT_SECURITY_POLICY, media::SANDBOXED),
    ];
    (headers, content).into_response()
}

/// The words of a query, or those that the page begins with.
fn words(query: Option<&str>, item: &Item) -> String {
    let typed = address::asked(query, "try").map(|words| specimen::readable(&words));
    typed.filter(|words| !words.is_empty()).unwrap_or_else(|| specimen::readable(&item.title))
}

/// The fonts that an item has, as far as words can be set in them.
pub(super) fn fonts(files: &[StoredFile]) -> Vec<&StoredFile> {
    let is_font = |file: &&StoredFile| {
        matches!(file.media_type.as_str(), "font/ttf" | "font/otf") && file.bytes <= specimen::LARGEST
    };
    files.iter().filter(is_font).take(MOST_FONTS).collect()
}

/// Query: `try`, the words.
pub async fn specimen(
    State(shop): State<Shop>,
    asking: Asking,
    InAddress(slug): InAddress<ItemSlug>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let item = find_for(&shop, &asking, &slug).await?;
    let files = versions::files_of(&shop.db, &item).await?;
    let mut content = Vec::new();
    for font in fonts(&files) {
        content.push(whole(&shop, &font.key).await?.to_vec());
    }
    let words = words(query.as_deref(), &item);
    let png = drawn(&shop, move || specimen::png(&content, &words)).await?;
    Ok(picture("image/png", png.into()))
}

/// The same on a page, for those without the script. Query: `try`.
pub async fn type_tester(
    State(shop): State<Shop>,
    visitor: Visitor,
    InAddress(slug): InAddress<ItemSlug>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let item = find_on_show(&shop, &slug).await?;
    let files = versions::files_of(&shop.db, &item).await?;
    let fonts: Vec<String> = fonts(&files).iter().map(|font| font.name.clone()).collect();
    if fonts.is_empty() {
        return Err(Refusal::not_found());
    }
    let data = TypeTesterPage { card: item.card(), words: words(query.as_deref(), &item), fonts };
    Ok(page(true, pages::type_tester(&visitor.chrome, &data)))
}
