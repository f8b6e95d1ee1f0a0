//! A site of the test's own, for notifications to go to.

use axum::Router;
use url::Url;

/// Serves on a free port, as long as the test runs; where.
pub async fn listen(router: Router) -> Url {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    url.parse().unwrap()
}
