//! `/orders/{id}/download` and `/library`: what was bought, to have.

use super::{Customer, InAddress, SignedIn, address, links, media, page};
use crate::Shop;
use crate::catalogue::{StoredFile, versions};
use crate::ids::{ItemId, LinkId, OrderId};
use crate::orders::download_grants::{self, Grant};
use crate::orders::view;
use crate::purchase::downloads::{self, Asked, DownloadError};
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use http::header::{CONTENT_DISPOSITION, IF_NONE_MATCH};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use platform::paging;
use platform::web::{FormFields, Refusal, see_other};
use shop_pages::model::{LibraryEntry, LibraryPage};
use shop_pages::pages;

pub async fn download(
    State(shop): State<Shop>,
    Customer(visitor): Customer,
    method: Method,
    headers: HeaderMap,
    InAddress(id): InAddress<OrderId>,
) -> Result<Response, Refusal> {
    fetch(&shop, &visitor, (&method, &headers), &id, 1).await
}

/// Further files of an order, counted from 1.
pub async fn download_more(
    State(shop): State<Shop>,
    Customer(visitor): Customer,
    method: Method,
    headers: HeaderMap,
    Path((id, number)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    let number = number.parse().map_err(|_| Refusal::not_found())?;
    fetch(&shop, &visitor, (&method, &headers), &address::parse(&id)?, number).await
}

async fn fetch(
    shop: &Shop,
    visitor: &SignedIn,
    (method, headers): (&Method, &HeaderMap),
    id: &OrderId,
    number: usize,
) -> Result<Response, Refusal> {
    // A HEAD only looks whether it is there.
    let found = if *method == Method::HEAD {
        downloads::find(shop, &visitor.user.id, id, number).await
    } else {
        downloads::fetch(shop, &visitor.user.id, id, number).await
    };
    answer(shop, headers, &found.map_err(refuse)?).await
}

/// Fields: `number`, which of the order's files, counted from 1.
pub async fn make_link(
    State(shop): State<Shop>,
    Customer(visitor): Customer,
    InAddress(id): InAddress<OrderId>,
    fields: FormFields,
) -> Result<Response, Refusal> {
    let number = fields.get("number").unwrap_or("1").parse().map_err(|_| Refusal::not_found())?;
    match downloads::make_link(&shop, &visitor.user.id, &id, number).await {
        Ok(()) => visitor.tell("The link is made. It stands below.").await?,
        Err(DownloadError::TooManyLinks) => {
            visitor
                .tell("There are as many links as there can be. Use one of them, or wait until one is over.")
                .await?;
        }
        Err(error) => return Err(refuse(error)),
    }
    Ok(see_other(&format!("/orders/{id}#links")))
}

/// For whoever has the link.
pub async fn follow_link(
    State(shop): State<Shop>,
    method: Method,
    mut headers: HeaderMap,
    Path((id, signature)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    let id: LinkId = address::parse(&id)?;
    let asked = match method {
        Method::HEAD => Asked::Look,
        _ if media::goes_on(&headers) => Asked::GoOn,
        _ => Asked::Begin,
    };
    // What counts as a use is always sent, also to who has kept what may not be kept.
    headers.remove(IF_NONE_MATCH);
    let file = downloads::follow_link(&shop, &id, &signature, asked).await.map_err(refuse)?;
    answer(&shop, &headers, &file).await
}

fn refuse(error: DownloadError) -> Refusal {
    match error {
        DownloadError::NotFound => Refusal::not_found(),
        DownloadError::Over => Refusal::new(
            StatusCode::GONE,
            "This link works no more",
            "Its time is over, it was used as often as it can be, or the order was refunded. \
             Its buyer finds the file in the library, and can make another link on the order\u{2019}s page.",
        ),
        DownloadError::TooManyLinks => Refusal::conflict("There are as many links as there can be."),
        DownloadError::Database(error) => error.into(),
    }
}

/// The file, streamed, or the part of it that is still missing.
async fn answer(shop: &Shop, request: &HeaderMap, file: &StoredFile) -> Result<Response, Refusal> {
    let caching = HeaderValue::from_static("private, no-store");
    // What a merchant uploaded is never shown as a page of this site.
    let mut response = media::served(shop, request, &file.key, &file.media_type, caching).await?;
    response.headers_mut().insert(CONTENT_DISPOSITION, attachment(&file.name));
    Ok(response)
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
    Customer(visitor): Customer,
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
        is_gift: grant.is_gift,
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
