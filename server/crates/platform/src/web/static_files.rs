//! Files that are part of the program: style sheets, icons.

use super::is_known;
use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderValue, StatusCode};
use sha2::{Digest, Sha256};

/// One file, at an exact path.
#[derive(Debug, Clone)]
pub struct StaticFile {
    /// `/style/base.css`
    pub path: String,
    pub content_type: &'static str,
    pub content: Bytes,
}

#[derive(Debug, Clone)]
struct Prepared {
    content_type: &'static str,
    content: Bytes,
    etag: HeaderValue,
}

/// Routes for the files. Browsers ask each time whether theirs is still good (the `ETag` is the
/// content's hash), so that a new version shows at once and an old one is not sent twice.
pub fn static_files(files: impl IntoIterator<Item = StaticFile>) -> Router {
    files.into_iter().fold(Router::new(), |router, StaticFile { path, content_type, content }| {
        let etag = etag(&content);
        router.route(&path, get(answer).with_state(Prepared { content_type, content, etag }))
    })
}

fn etag(content: &[u8]) -> HeaderValue {
    use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
    let hash = BASE64_URL_SAFE_NO_PAD.encode(&Sha256::digest(content)[..16]);
    HeaderValue::from_str(&format!("\"{hash}\"")).expect("base64 is ASCII")
}

async fn answer(State(file): State<Prepared>, request: Request) -> Response {
    let known = file.etag.to_str().is_ok_and(|etag| is_known(request.headers(), etag));
    let caching = [
        (ETAG, file.etag),
        (CACHE_CONTROL, HeaderValue::from_static("public, no-cache")),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    if known {
        return (StatusCode::NOT_MODIFIED, caching).into_response();
    }
    (caching, [(CONTENT_TYPE, file.content_type)], file.content).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::{Body, to_bytes};
    use http::header::IF_NONE_MATCH;
    use tower::ServiceExt;

    async fn ask(content: &'static [u8], known: Option<&HeaderValue>) -> Response {
        let content = Bytes::from_static(content);
        let file = StaticFile { path: "/style/base.css".to_owned(), content_type: "text/css", content };
        let mut request = Request::builder().uri("/style/base.css").body(Body::empty()).unwrap();
        if let Some(known) = known {
            request.headers_mut().insert(IF_NONE_MATCH, known.clone());
        }
        static_files([file]).oneshot(request).await.unwrap()
    }

    #[tokio::test]
    async fn what_the_browser_has_is_not_sent_again() {
        let first = ask(b"a {}", None).await;
        let etag = first.headers()[ETAG].clone();
        assert_eq!(first.headers()[CONTENT_TYPE], "text/css");
        assert_eq!(to_bytes(first.into_body(), 100).await.unwrap().as_ref(), b"a {}");

        let again = ask(b"a {}", Some(&etag)).await;
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        assert!(to_bytes(again.into_body(), 100).await.unwrap().is_empty());
        let weak = HeaderValue::from_str(&format!("\"x\", W/{}", etag.to_str().unwrap())).unwrap();
        assert_eq!(ask(b"a {}", Some(&weak)).await.status(), StatusCode::NOT_MODIFIED);

        assert_eq!(ask(b"b {}", Some(&etag)).await.status(), StatusCode::OK, "a changed file is new");
    }
}
