//! Pages that are kept for all visitors, on their way out.

use super::browse::Browse;
use super::page;
use super::seen::{self, Look};
use super::visitor::Visitor;
use crate::Shop;
use crate::catalogue::store;
use crate::shared_pages::SharedPage;
use crate::state::SESSION_COOKIE;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::COOKIE;
use http::{HeaderMap, Method, Uri};
use platform::web::{AtHand, KeptContent, Refusal, keep_for_the_moment};
use shop_pages::model::{Chrome, Fragment};
use shop_pages::pages::{self, OwnParts};
use std::borrow::Cow;
use std::sync::Arc;

/// Pages that are kept, before any route, for whoever brings no session and has seen nothing: most
/// requests end here.
pub fn at_hand(shop: &Shop) -> AtHand {
    let shop = shop.clone();
    AtHand::new(move |request| {
        let shared = is_strangers(request).then(|| shop.shared_pages.at_hand(&address(request.uri())))??;
        let mut answer = shared.for_strangers.answer(request.headers());
        if let Some(look) = look(request) {
            look.note(&shop, &mut answer);
        }
        Some(answer)
    })
}

fn look(request: &Request) -> Option<Look> {
    Look::of(request.method(), request.uri(), request.headers())
}

/// Stands before the sessions, around routes whose pages are kept: whoever brings no session is a stranger, and needs
/// none to get what all strangers get. Anything else goes the whole way, and so does what is not kept.
pub async fn for_strangers(State(shop): State<Shop>, request: Request, next: Next) -> Response {
    let look = look(&request);
    let mut answer = whichever(&shop, request, next).await;
    if let Some(look) = look {
        look.note(&shop, &mut answer);
    }
    answer
}

async fn whichever(shop: &Shop, request: Request, next: Next) -> Response {
    if is_strangers(&request) {
        match current(shop, &address(request.uri())).await {
            Ok(Some(shared)) => return shared.for_strangers.answer(request.headers()),
            Ok(None) => {}
            // It was waited for as long as a request may wait.
            Err(error) => return Refusal::from(error).into_response(),
        }
    }
    next.run(request).await
}

fn is_strangers(request: &Request) -> bool {
    let headers = request.headers();
    matches!(*request.method(), Method::GET | Method::HEAD)
        && !has_session(headers)
        && !seen::shows(headers, request.uri())
}

/// Also of one that is no good: whose it is, is the session layer's to say.
fn has_session(headers: &HeaderMap) -> bool {
    let mut cookies = headers.get_all(COOKIE).iter();
    cookies.any(|cookies| memchr::memmem::find(cookies.as_bytes(), SESSION_COOKIE.as_bytes()).is_some())
}

/// Under which the page is kept.
fn address(uri: &Uri) -> Cow<'_, str> {
    match (uri.path(), uri.query()) {
        ("/", Some(query)) => Browse::from_query(query).address().into(),
        (path, _) => path.into(),
    }
}

/// The kept page, if there is one that shows what the database has.
pub async fn current(shop: &Shop, address: &str) -> Result<Option<Arc<SharedPage>>, sqlx::Error> {
    if let Some(look) = shop.shared_pages.must_look() {
        let generation = store::generation(&shop.db).await?;
        shop.shared_pages.seen(look, generation);
    }
    Ok(shop.shared_pages.get(address))
}

/// The page as strangers get it.
pub fn share(shop: &Shop, address: &str, main: &Fragment) -> SharedPage {
    let chrome = Chrome { path: address.to_owned(), ..shop.config.chrome() };
    let html = pages::complete(&chrome, main);
    SharedPage { own_parts: OwnParts::of(&html), for_strangers: KeptContent::page(html.into()) }
}

/// The page for this visitor.
pub fn answer(visitor: &Visitor, request: &HeaderMap, shared: &SharedPage) -> Response {
    let Chrome { notice, seen, .. } = &visitor.chrome;
    if visitor.user.is_none() && notice.is_none() && seen.is_empty() {
        return shared.for_strangers.answer(request);
    }
    let html = std::str::from_utf8(shared.for_strangers.content()).expect("it was made from a string");
    keep_for_the_moment(page(true, shared.own_parts.fill(html, &visitor.chrome)))
}
