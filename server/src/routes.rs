//! What the program puts around each site: health, metrics, static files, compression.

use crate::assets;
use crate::metrics::{self, Counted};
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use platform::Database;
use platform::web::{Compressed, Refusal, SecurityHeaders, no_page_policy, static_files};
use secrecy::SecretString;
use std::sync::Arc;
use tower::util::MapResponseLayer;
use url::Url;

pub(crate) fn around(
    site: &'static str,
    routes: Router,
    db: &Database,
    public_url: &Url,
    metrics_token: Option<SecretString>,
) -> Router {
    let operations = Router::new()
        .route("/healthz", get(healthz).with_state(db.clone()))
        .route("/metrics", get(metrics::show).with_state(metrics::Token(metrics_token)));
    let headers = Arc::new(SecurityHeaders::new(no_page_policy(), public_url));
    // What the site said itself stays.
    let describe = move |mut response: Response| {
        headers.set(response.headers_mut());
        response
    };
    // One layer of three: each that is put around alone is a box more for every request.
    routes.merge(operations).merge(static_files(assets::files(site))).layer((
        Counted::new(site),
        Compressed,
        MapResponseLayer::new(describe),
    ))
}

/// `ok` when the site can do its work, which needs a database that answers and can be written.
async fn healthz(State(db): State<Database>) -> Result<&'static str, Refusal> {
    match db.ping().await {
        Ok(()) => Ok("ok"),
        Err(error) => {
            tracing::warn!(%error, "the database does not answer");
            Err(Refusal::unavailable())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::{Body, to_bytes};
    use axum::extract::{ConnectInfo, Path};
    use http::header::{ACCEPT_ENCODING, CONTENT_DISPOSITION, CONTENT_ENCODING};
    use http::{HeaderValue, Request, StatusCode};
    use std::net::SocketAddr;
    use tower::ServiceExt;

    struct Site {
        _folder: tempfile::TempDir,
        db: Database,
        router: Router,
    }

    impl Site {
        async fn start(name: &'static str) -> Self {
            let folder = tempfile::tempdir().unwrap();
            let url = format!("sqlite://{}", folder.path().join("t.db").display());
            let db = Database::open(&url).await.unwrap();
            let page = async |Path(name): Path<String>| axum::response::Html(name.repeat(2_000));
            let file = async || ([(CONTENT_DISPOSITION, "attachment")], "x".repeat(2_000));
            let routes = Router::new().route("/items/{name}", get(page)).route("/file", get(file));
            let public_url = "https://shop.example".parse().unwrap();
            let around_it = around(name, routes, &db, &public_url, Some("letmein".into()));
            Self { _folder: folder, db, router: around_it }
        }

        async fn get(&self, path: &str) -> Response {
            let request = Request::builder().uri(path).header(ACCEPT_ENCODING, "gzip");
            self.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
        }

        async fn from(&self, peer: &str, path: &str, header: (&str, &str)) -> Response {
            let peer = ConnectInfo(SocketAddr::new(peer.parse().unwrap(), 4711));
            let request = Request::builder().uri(path).header(header.0, header.1).extension(peer);
            self.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
        }

        async fn text(&self, path: &str) -> String {
            let response = self.from("127.0.0.1", path, ("accept", "*/*")).await;
            String::from_utf8(to_bytes(response.into_body(), 1 << 20).await.unwrap().to_vec()).unwrap()
        }
    }

    #[tokio::test]
    async fn healthy_as_long_as_the_database_answers() {
        let site = Site::start("tested").await;
        assert_eq!(site.text("/healthz").await, "ok");
        site.db.close().await;
        assert_eq!(site.get("/healthz").await.status(), StatusCode::SERVICE_UNAVAILABLE);
    }

    #[tokio::test]
    async fn requests_are_counted_by_template() {
        let site = Site::start("counted").await;
        for path in ["/items/a", "/items/b", "/nothing/1", "/nothing/2"] {
            site.get(path).await;
        }
        let metrics = site.text("/metrics").await;
        let count = |route: &str, status: &str| {
            let labels =
                format!("{{site=\"counted\",method=\"GET\",route=\"{route}\",status=\"{status}\"}} 2");
            metrics.contains(&format!("http_requests_total{labels}"))
        };
        assert!(count("/items/{name}", "200") && count("(none)", "404"), "{metrics}");
        assert!(metrics.contains("# TYPE http_request_duration_seconds histogram"), "{metrics}");
    }

    #[tokio::test]
    async fn the_numbers_are_for_this_machine_or_with_the_token() {
        let site = Site::start("guarded").await;
        let status = async |peer, header| site.from(peer, "/metrics", header).await.status();
        let nothing = ("accept", "*/*");
        for own in ["127.0.0.1", "::1", "::ffff:127.0.0.1"] {
            assert_eq!(status(own, nothing).await, StatusCode::OK, "{own}");
        }
        assert_eq!(status("203.0.113.9", nothing).await, StatusCode::UNAUTHORIZED);
        for proxied in ["x-forwarded-for", "forwarded", "via", "x-real-ip"] {
            assert_eq!(
                status("127.0.0.1", (proxied, "127.0.0.1")).await,
                StatusCode::UNAUTHORIZED,
                "{proxied}"
            );
        }
        for peer in ["203.0.113.9", "127.0.0.1"] {
            assert_eq!(status(peer, ("authorization", "bearer letmein")).await, StatusCode::OK);
        }
        for wrong in ["Bearer letmeout", "Bearer ", "Basic letmein", "letmein"] {
            assert_eq!(
                status("203.0.113.9", ("authorization", wrong)).await,
                StatusCode::UNAUTHORIZED,
                "{wrong}"
            );
        }
        assert_eq!(site.from("203.0.113.9", "/healthz", nothing).await.status(), StatusCode::OK);
    }

    #[tokio::test]
    async fn every_answer_says_what_browsers_may_do_with_it() {
        let site = Site::start("tested").await;
        for path in
            ["/items/a", "/file", "/style/base.css", "/favicon.svg", "/healthz", "/metrics", "/nothing"]
        {
            let answer = site.get(path).await;
            for (name, value) in [
                ("x-content-type-options", "nosniff"),
                ("referrer-policy", "same-origin"),
                ("cross-origin-opener-policy", "same-origin"),
                ("strict-transport-security", "max-age=31536000"),
            ] {
                assert_eq!(
                    answer.headers().get(name).map(HeaderValue::as_bytes),
                    Some(value.as_bytes()),
                    "{path}"
                );
            }
            assert!(answer.headers().contains_key("content-security-policy"), "{path}");
        }
    }

    #[tokio::test]
    async fn pages_and_styles_are_compressed_and_downloads_are_not() {
        let site = Site::start("tested").await;
        let compressed = async |path| site.get(path).await.headers().contains_key(CONTENT_ENCODING);
        assert!(compressed("/items/a").await);
        assert!(compressed("/style/base.css").await);
        assert!(!compressed("/file").await);
        assert!(!compressed("/healthz").await);
    }
}
