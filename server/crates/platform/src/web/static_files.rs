//! Files that are part of the program: style sheets, icons.

use super::KeptContent;
use axum::Router;
use axum::extract::State;
use axum::routing::get;
use http::HeaderMap;

/// One file, at an exact path.
#[derive(Debug, Clone, Copy)]
pub struct StaticFile {
    /// `/style/base.css`
    pub path: &'static str,
    pub content_type: &'static str,
    pub content: &'static [u8],
    /// `None` where it is no shorter.
    pub gzip: Option<&'static [u8]>,
    pub brotli: Option<&'static [u8]>,
    pub caching: Caching,
}

/// For how long a browser may trust what it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caching {
    /// It asks each time whether its version (the `ETag` is the content's hash) is still good, so that a new one shows
    /// at once and an old one is not sent twice.
    AskEachTime,
    /// The path has the content's hash in it: what is there never changes.
    ForAYear,
}

/// Routes for the files.
pub fn static_files(files: impl IntoIterator<Item = StaticFile>) -> Router {
    files.into_iter().fold(Router::new(), |router, file| {
        let answer = async |State(file): State<KeptContent>, headers: HeaderMap| file.answer(&headers);
        router.route(file.path, get(answer).with_state(KeptContent::file(&file)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::{Body, to_bytes};
    use axum::extract::Request;
    use axum::response::Response;
    use http::header::{
        ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
    };
    use http::{HeaderName, HeaderValue, StatusCode};
    use tower::ServiceExt;

    fn file(content: &'static [u8]) -> StaticFile {
        StaticFile {
            path: "/style/base.css",
            content_type: "text/css",
            content,
            gzip: Some(b"gz"),
            brotli: None,
            caching: Caching::AskEachTime,
        }
    }

    async fn ask(file: StaticFile, header: Option<(HeaderName, &HeaderValue)>) -> Response {
        let mut request = Request::builder().uri("/style/base.css").body(Body::empty()).unwrap();
        if let Some((name, value)) = header {
            request.headers_mut().insert(name, value.clone());
        }
        static_files([file]).oneshot(request).await.unwrap()
    }

    async fn content(answer: Response) -> Vec<u8> {
        to_bytes(answer.into_body(), 100).await.unwrap().to_vec()
    }

    #[tokio::test]
    async fn what_the_browser_has_is_not_sent_again() {
        let first = ask(file(b"a {}"), None).await;
        let etag = first.headers()[ETAG].clone();
        assert_eq!(first.headers()[CONTENT_TYPE], "text/css");
        assert_eq!(first.headers()[CACHE_CONTROL], "public, no-cache");
        assert_eq!(content(first).await, b"a {}");

        let known = async |file, tags: &HeaderValue| ask(file, Some((IF_NONE_MATCH, tags))).await;
        let again = known(file(b"a {}"), &etag).await;
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        assert!(content(again).await.is_empty());
        let several = HeaderValue::from_str(&format!("\"x\", {}", etag.to_str().unwrap())).unwrap();
        assert_eq!(known(file(b"a {}"), &several).await.status(), StatusCode::NOT_MODIFIED);

        assert_eq!(known(file(b"b {}"), &etag).await.status(), StatusCode::OK, "a changed file is new");
    }

    #[tokio::test]
    async fn what_never_changes_is_kept_for_a_year() {
        let lasting = StaticFile { caching: Caching::ForAYear, ..file(b"a {}") };
        assert_eq!(ask(lasting, None).await.headers()[CACHE_CONTROL], "public, max-age=31536000, immutable");
    }

    #[tokio::test]
    async fn it_comes_in_the_encodings_that_were_made_before() {
        for (accepted, encoding) in [("gzip", Some("gzip")), ("br, gzip;q=0.5", None), ("identity", None)] {
            let accepted = HeaderValue::from_static(accepted);
            let answer = ask(file(b"a {}"), Some((ACCEPT_ENCODING, &accepted))).await;
            let named = answer.headers().get(CONTENT_ENCODING).map(|name| name.to_str().unwrap());
            assert_eq!(named, encoding, "there is no br of it: {accepted:?}");
            assert_eq!(answer.headers()[VARY], "accept-encoding");
            assert_eq!(content(answer).await, if encoding.is_some() { &b"gz"[..] } else { b"a {}" });
        }
    }
}
