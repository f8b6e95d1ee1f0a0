//! Pages for visitors without an account, against a bare axum route that answers the same body.

use crate::load::{self, Answer, Load};
use crate::report::Series;
use crate::{Failure, serve};
use axum::Router;
use axum::routing::get;
use http::header::CONTENT_TYPE;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::runtime::Handle;

/// Path, and words that are on the page.
const PAGES: [(&str, &str); 2] = [("/", "Now and Forever"), ("/items/now-and-forever", "Buy Now")];
const CONNECTIONS: usize = 16;
const ROUNDS: usize = 7;
const ROUND: Duration = Duration::from_millis(700);
const WARM_UP: Duration = Duration::from_millis(500);
const GOAL: f64 = 0.25;

pub async fn measure(server: &Handle, shop: &str) -> Result<(), Failure> {
    println!(
        "PAGES, no account: {CONNECTIONS} connections, {ROUNDS} rounds of {ROUND:?} each, in turn with a bare"
    );
    println!("axum route that answers the same body with the same type and no other headers; requests/s");
    println!("{:<25}{:>7}  {:<22}{:<22}ratio (goal: at least {GOAL})", "page", "bytes", "page", "bare route");
    for (path, words) in PAGES {
        let page = fetch(shop, path, words).await?;
        let bytes = page.body.len();
        let bare = serve(server, bare_route(path, &page)).await?;
        let (mut pages, mut routes) = (Series::default(), Series::default());
        for address in [shop, &bare] {
            repeat(address, path, bytes, WARM_UP).await?;
        }
        for _ in 0..ROUNDS {
            pages.push(repeat(shop, path, bytes, ROUND).await?);
            routes.push(repeat(&bare, path, bytes, ROUND).await?);
        }
        println!("{path:<25}{bytes:>7}  {pages}{routes}{:.2}", pages.against(&routes));
    }
    Ok(())
}

async fn repeat(address: &str, path: &str, bytes: usize, limit: Duration) -> io::Result<crate::report::Rate> {
    let load = Load { address: address.to_owned(), connections: CONNECTIONS, limit: Some(limit) };
    load.repeat(load::get(address, path), move |answer| {
        if answer.body.len() == bytes {
            Ok(())
        } else {
            Err(io::Error::other("the page changed while it was measured"))
        }
    })
    .await
}

#[derive(Debug, Clone)]
struct Page {
    content_type: String,
    body: Vec<u8>,
}

async fn fetch(address: &str, path: &str, words: &'static str) -> Result<Page, Failure> {
    let fetched = Arc::new(Mutex::new(None));
    let keep = Arc::clone(&fetched);
    let check = move |_, answer: Answer<'_>| {
        let content_type = answer.header("content-type").unwrap_or_default().to_owned();
        if answer.header("content-encoding").is_some() || !load::contains(answer.body, words) {
            return Err(io::Error::other(format!("not the page that was expected: {}", answer.head)));
        }
        let page = Page { content_type, body: answer.body.to_vec() };
        *keep.lock().unwrap_or_else(PoisonError::into_inner) = Some(page);
        Ok(())
    };
    let load = Load { address: address.to_owned(), connections: 1, limit: None };
    load.send_each(vec![load::get(address, path)], check).await?;
    let page = fetched.lock().unwrap_or_else(PoisonError::into_inner).take();
    page.ok_or_else(|| format!("{path} did not answer").into())
}

fn bare_route(path: &str, page: &Page) -> Router {
    let content_type = page.content_type.clone();
    let body = bytes::Bytes::from(page.body.clone());
    Router::new().route(path, get(async move || ([(CONTENT_TYPE, content_type)], body)))
}
