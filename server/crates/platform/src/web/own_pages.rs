//! Pages of one person, kept for the moment.
//!
//! What such a page shows follows from the address, the session, the database and the clock. So while the database
//! says that nothing was committed, and the clock shows the same second, who asks again gets the same page without
//! its queries and its rendering, nor those of the session: reloads, several tabs, links that are loaded ahead. Ending
//! a session is a commit too. A handler says of each page that it may be kept: not of one that asked anybody else.

use super::Refusal;
use crate::db::Version;
use crate::{Clock, Database};
use axum::body::{Body, HttpBody, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::{FromFnLayer, Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::header::{COOKIE, SET_COOKIE};
use http::{HeaderMap, Method, StatusCode};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes of one page, and of all together: when there is no room for another, all are forgotten.
const MOST_OF_ONE: u64 = 256 << 10;
const MOST: usize = 4 << 20;

/// Around routes with sessions; the session layer belongs inside of it.
pub fn own_pages(db: Database, clock: Clock) -> OwnPagesLayer {
    let pages = Arc::new(OwnPages { db, clock, kept: Mutex::default() });
    from_fn_with_state(pages, |pages, request, next| Box::pin(answer(pages, request, next)))
}

type Answer = fn(State<Arc<OwnPages>>, Request, Next) -> BoxFuture<'static, Response>;
/// Named, because it stands around another layer and not around routes.
pub type OwnPagesLayer = FromFnLayer<Answer, Arc<OwnPages>, (State<Arc<OwnPages>>, Request)>;

/// The page shows what the database has at this second, and nothing else.
#[must_use]
pub fn keep_for_the_moment(mut page: Response) -> Response {
    page.extensions_mut().insert(Keepable);
    page
}

#[derive(Debug, Clone, Copy)]
struct Keepable;

/// What is kept of one site.
#[derive(Debug)]
pub struct OwnPages {
    db: Database,
    clock: Clock,
    kept: Mutex<Kept>,
}

/// What may differ between two visits of one person to one page.
#[derive(Debug, PartialEq, Eq)]
struct Moment {
    version: Version,
    second: i64,
}

/// Pages of one moment, by address and cookies.
#[derive(Debug, Default)]
struct Kept {
    moment: Option<Moment>,
    pages: HashMap<String, Page>,
    bytes: usize,
}

#[derive(Debug, Clone)]
struct Page {
    headers: HeaderMap,
    html: Bytes,
}

async fn answer(State(pages): State<Arc<OwnPages>>, request: Request, next: Next) -> Response {
    let Some(name) = name(&request) else { return next.run(request).await };
    let moment = match pages.moment().await {
        Ok(Some(moment)) => moment,
        Ok(None) => return next.run(request).await,
        // It was waited for as long as a request may wait.
        Err(error) => return Refusal::from(error).into_response(),
    };
    if let Some(page) = pages.get(&moment, &name) {
        return page.into_response();
    }
    let (mut parts, body) = next.run(request).await.into_parts();
    let marked = parts.extensions.remove::<Keepable>().is_some();
    let short = body.size_hint().exact().is_some_and(|bytes| bytes <= MOST_OF_ONE);
    if !marked || !short || parts.status != StatusCode::OK || parts.headers.contains_key(SET_COOKIE) {
        return Response::from_parts(parts, body);
    }
    let html = match to_bytes(body, usize::MAX).await {
        Ok(html) => html,
        Err(error) => return Refusal::because(error).into_response(),
    };
    pages.keep(moment, name, Page { headers: parts.headers.clone(), html: html.clone() });
    Response::from_parts(parts, Body::from(html))
}

/// `None`: nothing is kept for such a request.
fn name(request: &Request) -> Option<String> {
    let cookies = request.headers().get_all(COOKIE);
    if *request.method() != Method::GET || cookies.iter().next().is_none() {
        return None;
    }
    let mut name = request.uri().path_and_query()?.as_str().to_owned();
    for cookies in cookies {
        // No address has a line's end in it.
        name.push('\n');
        name.push_str(cookies.to_str().ok()?);
    }
    Some(name)
}

impl OwnPages {
    /// `None`: it cannot be told, so nothing is kept.
    async fn moment(&self) -> Result<Option<Moment>, sqlx::Error> {
        let second = self.clock.now().as_second();
        Ok(self.db.version().await?.map(|version| Moment { version, second }))
    }

    fn get(&self, moment: &Moment, name: &str) -> Option<Page> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.moment.as_ref() == Some(moment) { kept.pages.get(name).cloned() } else { None }
    }

    /// `moment`: before the page was made. If it has passed meanwhile, nobody will ask for it.
    fn keep(&self, moment: Moment, name: String, page: Page) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes = name.len() + page.html.len();
        if kept.moment.as_ref() != Some(&moment) || kept.bytes + bytes > MOST {
            *kept = Kept { moment: Some(moment), ..Kept::default() };
        }
        kept.bytes += bytes;
        kept.pages.insert(name, page);
    }
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        (self.headers, self.html).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::response::Html;
    use axum::routing::get;
    use jiff::SignedDuration;
    use std::sync::atomic::{AtomicU32, Ordering};
    use tower::ServiceExt;

    struct Site {
        _folder: tempfile::TempDir,
        db: Database,
        clock: Clock,
        router: Router,
    }

    impl Site {
        async fn start() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let url = format!("sqlite://{}", folder.path().join("t.db").display());
            let (db, clock) = (
                Database::open(&url).await.unwrap(),
                Clock::fixed("2026-01-01T00:00:00.5Z".parse().unwrap()),
            );
            let made = Arc::new(AtomicU32::new(0));
            let page = move || {
                let number = made.fetch_add(1, Ordering::Relaxed);
                async move { Html(format!("page {number}")).into_response() }
            };
            let kept = {
                let page = page.clone();
                move || async move { keep_for_the_moment(page().await) }
            };
            let with_cookie = {
                let kept = kept.clone();
                move || async move { ([(SET_COOKIE, "a=b")], kept().await).into_response() }
            };
            let long = || async { keep_for_the_moment("x".repeat(300_000).into_response()) };
            let routes =
                Router::new().route("/kept", get(kept.clone()).post(kept)).route("/other", get(page));
            let routes = routes.route("/cookie", get(with_cookie)).route("/long", get(long));
            let large = || async { keep_for_the_moment("x".repeat(100_000).into_response()) };
            let routes = routes.route("/large", get(large));
            let layer = own_pages(db.clone(), clock.clone());
            Self { _folder: folder, db, clock, router: routes.layer(layer) }
        }

        async fn send(&self, method: &str, path: &str, cookie: Option<&str>) -> String {
            let request = Request::builder().method(method).uri(path);
            let request = cookie.into_iter().fold(request, |request, cookie| request.header(COOKIE, cookie));
            let response = self.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
            assert_eq!(response.status(), StatusCode::OK);
            String::from_utf8(to_bytes(response.into_body(), 1 << 20).await.unwrap().to_vec()).unwrap()
        }

        async fn get(&self, path: &str) -> String {
            self.send("GET", path, Some("session=1")).await
        }

        async fn write(&self, statement: &'static str) {
            let written =
                self.db.write(move |c| Box::pin(async move { sqlx::query(statement).execute(c).await }));
            let written: Result<_, sqlx::Error> = written.await;
            written.unwrap();
        }
    }

    #[tokio::test]
    async fn a_page_stays_until_something_is_written_or_the_second_is_over() {
        let site = Site::start().await;
        site.write("CREATE TABLE t (a BIGINT)").await;
        let first = site.get("/kept").await;
        assert_eq!(first, site.get("/kept").await);
        site.write("INSERT INTO t VALUES (1)").await;
        let second = site.get("/kept").await;
        assert_ne!(first, second);
        assert_eq!(second, site.get("/kept").await);
        site.clock.advance(SignedDuration::from_millis(499)).unwrap();
        assert_eq!(second, site.get("/kept").await);
        site.clock.advance(SignedDuration::from_millis(1)).unwrap();
        assert_ne!(second, site.get("/kept").await);
    }

    #[tokio::test]
    async fn it_is_for_the_same_address_and_the_same_cookies() {
        let site = Site::start().await;
        let mut seen = vec![site.get("/kept").await];
        for (path, cookie) in [
            ("/kept?a=1", Some("session=1")),
            ("/kept", Some("session=2")),
            ("/kept", Some("session=1; b=2")),
        ] {
            let page = site.send("GET", path, cookie).await;
            assert!(!seen.contains(&page), "{path} {cookie:?}");
            assert_eq!(site.send("GET", path, cookie).await, page);
            seen.push(page);
        }
        for (method, cookie) in [("GET", None), ("POST", Some("session=1"))] {
            let page = site.send(method, "/kept", cookie).await;
            assert!(!seen.contains(&page) && site.send(method, "/kept", cookie).await != page, "{method}");
        }
        assert_eq!(site.get("/kept").await, seen[0]);
    }

    #[tokio::test]
    async fn where_there_is_no_room_what_was_kept_goes() {
        let site = Site::start().await;
        let first = site.get("/kept").await;
        assert_eq!(site.get("/kept").await, first);
        for number in 0..=MOST / 100_000 {
            site.get(&format!("/large?{number}")).await;
        }
        let second = site.get("/kept").await;
        assert_ne!(second, first);
        assert_eq!(site.get("/kept").await, second);
    }

    #[tokio::test]
    async fn what_is_not_marked_or_sets_a_cookie_is_made_each_time() {
        let site = Site::start().await;
        for path in ["/other", "/cookie"] {
            assert_ne!(site.get(path).await, site.get(path).await, "{path}");
        }
        assert_eq!(site.get("/long").await.len(), 300_000, "what is too long to be kept is whole");
    }
}
