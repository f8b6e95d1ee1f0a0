//! Files that are part of the program: style sheets, icons.

use super::KeptContent;
use axum::Router;
use axum::extract::State;
use axum::routing::get;
use bytes::Bytes;
use http::HeaderMap;

/// One file, at an exact path.
#[derive(Debug, Clone)]
pub struct StaticFile {
    /// `/style/base.css`
    pub path: String,
    pub content_type: &'static str,
    pub content: Bytes,
}

/// Routes for the files. Browsers ask each time whether theirs is still good (the `ETag` is the
/// content's hash), so that a new version shows at once and an old one is not sent twice.
pub fn static_files(files: impl IntoIterator<Item = StaticFile>) -> Router {
    files.into_iter().fold(Router::new(), |router, StaticFile { path, content_type, content }| {
        let answer = async |State(file): State<KeptContent>, headers: HeaderMap| file.answer(&headers);
        router.route(&path, get(answer).with_state(KeptContent::file(content_type, content)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::{Body, to_bytes};
    use axum::extract::Request;
    use axum::response::Response;
    use http::header::{CONTENT_TYPE, ETAG, IF_NONE_MATCH};
    use http::{HeaderValue, StatusCode};
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
        let several = HeaderValue::from_str(&format!("\"x\", {}", etag.to_str().unwrap())).unwrap();
        assert_eq!(ask(b"a {}", Some(&several)).await.status(), StatusCode::NOT_MODIFIED);

        assert_eq!(ask(b"b {}", Some(&etag)).await.status(), StatusCode::OK, "a changed file is new");
    }
}
