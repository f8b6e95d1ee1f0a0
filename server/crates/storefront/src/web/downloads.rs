//! `/orders/{id}/download` and `/library`: what was bought, to have.

use super::{InAddress, SignedIn, address, links, media, page};
use crate::Shop;
use crate::catalogue::{StoredFile, versions};
use crate::ids::{ItemId, OrderId};
use crate::orders::download_grants::{self, Grant};
use crate::orders::view;
use crate::purchase::downloads::{self, DownloadError};
use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
    X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderName, HeaderValue, Method};
use object_store::GetResult;
use platform::paging;
use platform::web::Refusal;
use shop_pages::model::{LibraryEntry, LibraryPage};
use shop_pages::pages;

pub async fn download(
    State(shop): State<Shop>,
    visitor: SignedIn,
    method: Method,
    InAddress(id): InAddress<OrderId>,
) -> Result<Response, Refusal> {
    fetch(&shop, &visitor, &method, &id, 1).await
}

/// Further files of an order, counted from 1.
pub async fn download_more(
    State(shop): State<Shop>,
    visitor: SignedIn,
    method: Method,
    Path((id, number)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    let number = number.parse().map_err(|_| Refusal::not_found())?;
    fetch(&shop, &visitor, &method, &address::parse(&id)?, number).await
}

async fn fetch(
    shop: &Shop,
    visitor: &SignedIn,
    method: &Method,
    id: &OrderId,
    number: usize,
) -> Result<Response, Refusal> {
    // A HEAD only looks whether it is there.
    let opened = if *method == Method::HEAD {
        downloads::open(shop, &visitor.user.id, id, number).await
    } else {
        downloads::fetch(shop, &visitor.user.id, id, number).await
    };
    match opened {
        Ok((file, content)) => Ok(answer(&file, content)),
        Err(DownloadError::NotFound) => Err(Refusal::not_found()),
        Err(DownloadError::File(error)) => Err(Refusal::because(error)),
        Err(DownloadError::Database(error)) => Err(error.into()),
    }
}

/// The file, streamed.
fn answer(file: &StoredFile, content: GetResult) -> Response {
    let bytes = content.meta.size;
    let mut response = Response::new(Body::from_stream(content.into_stream()));
    let fallback = HeaderValue::from_static("application/octet-stream");
    let mut set = |name: HeaderName, value: HeaderValue| response.headers_mut().insert(name, value);
    set(CONTENT_TYPE, HeaderValue::from_str(&file.media_type).unwrap_or(fallback));
    set(CONTENT_LENGTH, HeaderValue::from(bytes));
    set(CONTENT_DISPOSITION, attachment(&file.name));
    set(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    // What a merchant uploaded is never shown as a page of this site.
    set(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    set(CONTENT_SECURITY_POLICY, media::SANDBOXED);
    response
}

/// `attachment` with the file's name: in ASCII for old programs, and whole as RFC 5987 has it.
pub(super) fn attachment(name: &str) -> HeaderValue {
    let is_plain = |letter: &char| letter.is_ascii_alphanumeric() || " ._-()".contains(*letter);
    let plain: String = name.chars().map(|letter| if is_plain(&letter) { letter } else { '_' }).collect();
    let whole = fps_protocol::encoding::percent_encode(name);
    let text = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{whole}");
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("attachment"))
}

/// Entries of one page of the library.
const PER_PAGE: usize = 50;

/// A page of all that the buyer ever had the right to download, newest first.
pub async fn library(
    State(shop): State<Shop>,
    visitor: SignedIn,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let (db, buyer) = (&shop.db, &visitor.user.id);
    let asked = paging::part_of(query.as_deref());
    let (grants, ways) = paging::page(asked, PER_PAGE, Grant::place, |part, limit| {
        Box::pin(async move { download_grants::of_buyer(db, buyer, &part, limit).await })
    })
    .await?;
    let versions: Vec<_> = grants.iter().filter_map(version).collect();
    let files = versions::files_of_all(db, &versions).await?;
    let entries = grants.into_iter().map(|grant| library_entry(grant, &files)).collect();
    let data = LibraryPage { entries, paging: links(ways) };
    Ok(page(true, pages::library(&visitor.chrome, &data)))
}

/// The item and the version whose files are the buyer's.
fn version(grant: &Grant) -> Option<(ItemId, i64)> {
    grant.version.filter(|_| grant.revoked_at.is_none()).map(|version| (grant.item.id.clone(), version))
}

fn library_entry(grant: Grant, files: &[((ItemId, i64), StoredFile)]) -> LibraryEntry {
    let own = version(&grant);
    let own = files.iter().filter(|(version, _)| Some(version) == own.as_ref());
    LibraryEntry {
        card: grant.item.card(),
        downloads: view::downloads(&grant.order_id, own.map(|(_, file)| file.facts()).collect()),
        granted_at: grant.granted_at,
        revoked_at: grant.revoked_at,
        order_id: grant.order_id.into_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_cannot_leave_its_quotes() {
        let header = attachment("Müller \"live\"; a=b\r\n.mp3");
        assert_eq!(
            header.to_str().unwrap(),
            "attachment; filename=\"M_ller _live__ a_b__.mp3\"; \
             filename*=UTF-8''M%C3%BCller%20%22live%22%3B%20a%3Db%0D%0A.mp3"
        );
    }
}
