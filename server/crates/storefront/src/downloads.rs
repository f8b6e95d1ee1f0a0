//! The file goes to the buyer who paid for it, for as long as the payment stands.

use crate::Shop;
use crate::catalogue::StoredFile;
use crate::files::FilesError;
use crate::orders::{OrderError, OrderId};
use axum::body::Body;
use axum::response::Response;
use http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderName, HeaderValue};
use shop_pages::model::FileFacts;

#[derive(Debug, thiserror::Error)]
pub enum DownloadError {
    /// No such order of this buyer, not paid, refunded, or nothing to download: all look the same.
    #[error("there is nothing to download")]
    NotFound,
    #[error("the file cannot be read: {0}")]
    File(#[from] FilesError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// A buyer's right to download, as the library shows it.
#[derive(Debug, Clone)]
pub struct Grant {
    pub order_id: String,
    pub item_id: String,
    /// Microseconds since the epoch.
    pub granted_at: i64,
    pub revoked_at: Option<i64>,
}

/// All that the buyer ever had the right to, newest first.
pub async fn grants(shop: &Shop, buyer_id: &str) -> Result<Vec<Grant>, sqlx::Error> {
    let rows: Vec<(String, String, i64, Option<i64>)> = sqlx::query_as(
        "SELECT order_id, item_id, granted_at, revoked_at FROM download_grants \
         WHERE buyer_id = $1 ORDER BY granted_at DESC, order_id DESC",
    )
    .bind(buyer_id)
    .fetch_all(shop.db.readers())
    .await?;
    let grant =
        |(order_id, item_id, granted_at, revoked_at)| Grant { order_id, item_id, granted_at, revoked_at };
    Ok(rows.into_iter().map(grant).collect())
}

/// Where the buyer fetches an order's file.
pub fn path(order_id: &str) -> String {
    format!("/orders/{order_id}/download")
}

/// What the buyer may download for this order now.
pub(crate) async fn facts(
    shop: &Shop,
    buyer_id: &str,
    order: &OrderId,
) -> Result<Option<FileFacts>, OrderError> {
    Ok(granted(shop, buyer_id, order).await?.map(|file| file.facts()))
}

/// The order's file as an answer, streamed.
pub async fn open(shop: &Shop, buyer_id: &str, order: &OrderId) -> Result<Response, DownloadError> {
    if !order.is_possible() {
        return Err(DownloadError::NotFound);
    }
    let file = granted(shop, buyer_id, order).await?.ok_or(DownloadError::NotFound)?;
    let stored = shop.files.get(&file.key, None).await?;
    let bytes = stored.meta.size;
    let mut response = Response::new(Body::from_stream(stored.into_stream()));
    let fallback = HeaderValue::from_static("application/octet-stream");
    let mut set = |name: HeaderName, value: HeaderValue| response.headers_mut().insert(name, value);
    set(CONTENT_TYPE, HeaderValue::from_str(&file.media_type).unwrap_or(fallback));
    set(CONTENT_LENGTH, HeaderValue::from(bytes));
    set(CONTENT_DISPOSITION, attachment(&file.name));
    set(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    // What a merchant uploaded is never shown as a page of this site.
    set(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    Ok(response)
}

async fn granted(shop: &Shop, buyer_id: &str, order: &OrderId) -> Result<Option<StoredFile>, sqlx::Error> {
    let row: Option<(String, String, String, i64)> = sqlx::query_as(
        "SELECT i.file_key, i.file_name, i.file_type, i.file_size FROM download_grants g \
         JOIN items i ON i.id = g.item_id WHERE g.order_id = $1 AND g.buyer_id = $2 AND g.revoked_at IS NULL \
         AND i.file_key IS NOT NULL AND i.file_name IS NOT NULL AND i.file_type IS NOT NULL \
         AND i.file_size IS NOT NULL",
    )
    .bind(order.as_str())
    .bind(buyer_id)
    .fetch_optional(shop.db.readers())
    .await?;
    let stored = |(key, name, media_type, bytes): (String, String, String, i64)| StoredFile {
        key,
        name,
        media_type,
        bytes: u64::try_from(bytes).unwrap_or_default(),
    };
    Ok(row.map(stored))
}

/// `attachment` with the file's name: in ASCII for old programs, and whole as RFC 5987 has it.
fn attachment(name: &str) -> HeaderValue {
    let is_plain = |letter: &char| letter.is_ascii_alphanumeric() || " ._-()".contains(*letter);
    let plain: String = name.chars().map(|letter| if is_plain(&letter) { letter } else { '_' }).collect();
    let whole = fps_protocol::encoding::percent_encode(name);
    let text = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{whole}");
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("attachment"))
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
