//! Stored files as answers: covers and previews, whole or in part, and not again when the browser has them.

use crate::Shop;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
    RANGE, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderValue, StatusCode};
use object_store::GetRange;
use platform::web::{Refusal, fits_other_parts, is_known};
use std::ops::Range;

/// Covers and previews hardly ever change: for a day browsers show what they have, and ask for the `ETag` beside that, so
/// that a new one shows the next time.
pub const CACHING: HeaderValue = HeaderValue::from_static("public, max-age=60, stale-while-revalidate=86400");

/// For what sellers sent: nothing of it runs, and what it opens is of no origin. Not the shop's, above all.
pub const SANDBOXED: HeaderValue = HeaderValue::from_static(
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; media-src 'self'; frame-ancestors 'self'",
);

pub fn not_modified(etag: &str) -> Response {
    (StatusCode::NOT_MODIFIED, [(ETAG, header(etag)), (CACHE_CONTROL, CACHING)]).into_response()
}

pub fn header(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static("\"\""))
}

/// A stored file that all may see.
pub async fn stored(
    shop: &Shop,
    request: &HeaderMap,
    key: &str,
    content_type: &str,
) -> Result<Response, Refusal> {
    served(shop, request, key, content_type, CACHING).await
}

/// A stored file, or the part of it that the request asks for: players fetch audio in parts, and downloads go on where they
/// broke off.
pub async fn served(
    shop: &Shop,
    request: &HeaderMap,
    key: &str,
    content_type: &str,
    caching: HeaderValue,
) -> Result<Response, Refusal> {
    let whole = shop.read_file(key, None).await?;
    let size = whole.meta.size;
    let etag = format!("\"{}\"", whole.meta.e_tag.as_deref().unwrap_or_default().trim_matches('"'));
    if is_known(request, &etag) {
        return Ok(
            (StatusCode::NOT_MODIFIED, [(ETAG, header(&etag)), (CACHE_CONTROL, caching)]).into_response()
        );
    }
    let in_parts = fits_other_parts(request, &etag);
    let asked = request.get(RANGE).filter(|_| in_parts).and_then(|value| value.to_str().ok());
    let (status, part, body) = match asked.map_or(Asked::Whole, |asked| asked_for(asked, size)) {
        Asked::Whole => (StatusCode::OK, None, Body::from_stream(whole.into_stream())),
        Asked::Part(part) => {
            let stored = shop.read_file(key, Some(GetRange::Bounded(part.clone()))).await?;
            (StatusCode::PARTIAL_CONTENT, Some(part), Body::from_stream(stored.into_stream()))
        }
        Asked::Outside => {
            let refusal = Refusal::of(StatusCode::RANGE_NOT_SATISFIABLE);
            return Err(refusal.with_header(CONTENT_RANGE, header(&format!("bytes */{size}"))));
        }
    };
    let mut response = (status, body).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, header(content_type));
    headers.insert(ETAG, header(&etag));
    headers.insert(CACHE_CONTROL, caching);
    headers.insert(CONTENT_SECURITY_POLICY, SANDBOXED);
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    let length = part.as_ref().map_or(size, |part| part.end - part.start);
    headers.insert(CONTENT_LENGTH, length.into());
    if let Some(part) = part {
        headers.insert(CONTENT_RANGE, header(&format!("bytes {}-{}/{size}", part.start, part.end - 1)));
    }
    Ok(response)
}

/// Whether a request asks for what comes after the beginning of a file.
pub fn goes_on(request: &HeaderMap) -> bool {
    let asked = request.get(RANGE).and_then(|value| value.to_str().ok());
    matches!(asked.map(|asked| asked_for(asked, u64::MAX)), Some(Asked::Part(part)) if part.start > 0)
}

#[derive(Debug, PartialEq, Eq)]
enum Asked {
    /// Also for what is no range of bytes, or several: a server may answer all of it.
    Whole,
    Part(Range<u64>),
    Outside,
}

// Not `headers::Range`, which takes no end of a file that is longer than the file, and cannot tell what is
// outside from what is no range.
fn asked_for(range: &str, size: u64) -> Asked {
    let Some((first, last)) = range.strip_prefix("bytes=").and_then(|range| range.split_once('-')) else {
        return Asked::Whole;
    };
    let part = match (first.trim().parse::<u64>(), last.trim().parse::<u64>()) {
        (Ok(first), Ok(last)) if first <= last => first..last.saturating_add(1).min(size),
        (Ok(first), Err(_)) if last.trim().is_empty() => first..size,
        (Err(_), Ok(length)) if first.trim().is_empty() => size.saturating_sub(length)..size,
        _ => return Asked::Whole,
    };
    if part.start < part.end { Asked::Part(part) } else { Asked::Outside }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_as_players_ask_for_them() {
        for (asked, answer) in [
            ("bytes=0-99", Asked::Part(0..100)),
            ("bytes=100-", Asked::Part(100..1_000)),
            ("bytes=-10", Asked::Part(990..1_000)),
            ("bytes=990-5000", Asked::Part(990..1_000)),
            ("bytes=-5000", Asked::Part(0..1_000)),
            ("bytes=1000-", Asked::Outside),
            ("bytes=-0", Asked::Outside),
            ("bytes=5-1", Asked::Whole),
            ("bytes=0-1,5-6", Asked::Whole),
            ("items=0-1", Asked::Whole),
            ("bytes=-", Asked::Whole),
            ("bytes=99999999999999999999-", Asked::Whole),
        ] {
            assert_eq!(asked_for(asked, 1_000), answer, "{asked}");
        }
    }
}
