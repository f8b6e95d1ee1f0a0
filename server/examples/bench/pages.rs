//! Pages against a bare axum route that answers the same body, and how often each asks for memory.

use crate::goals::{Busy, Goals};
use crate::load::{self, Answer, Connection, Load};
use crate::purchase::{self, Browser};
use crate::report::{Rate, Series};
use crate::{Failure, address, options, serve, start};
use axum::Router;
use axum::routing::get;
use http::header::CONTENT_TYPE;
use server::Running;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tempfile::TempDir;
use tokio::runtime::{Builder, Handle};
use url::Url;

const CONNECTIONS: usize = 16;
const ROUNDS: usize = 7;
const ROUND: Duration = Duration::from_millis(700);
const WARM_UP: Duration = Duration::from_millis(500);
/// Of the pages that are looked at most, and of the others.
const GOAL: f64 = 0.6;
const OTHERS: f64 = 0.4;
/// Looks at a page that is not kept in a round, at the most.
const LOOKS: usize = 30_000;
/// Requests of which the allocations are counted, one after another.
const COUNTED: u64 = 100;

/// A page to be measured.
#[derive(Debug, Clone)]
struct Page {
    name: &'static str,
    /// Of its site.
    address: String,
    path: String,
    cookie: String,
    /// Words that are on it.
    words: &'static str,
    goal: f64,
}

#[derive(Debug, Clone)]
struct Fetched {
    content_type: String,
    body: Vec<u8>,
}

pub async fn measure(server: &Handle, data: &TempDir, goals: &mut Goals) -> Result<(), Failure> {
    let sites = start(server, options(data, "pages")).await?;
    println!(
        "PAGES: {CONNECTIONS} connections, {ROUNDS} rounds of {ROUND:?} each, in turn with a bare axum route"
    );
    println!("that answers the same body with the same type and no other headers; requests/s");
    println!("{:<24}{:>7}  {:<22}{:<22}ratio", "page", "bytes", "page", "bare route");
    for page in pages(&sites).await? {
        let fetched = page.fetch().await?;
        let bytes = fetched.body.len();
        let bare = serve(server, bare_route(&page.path, &fetched)).await?;
        let (mut pages, mut routes, mut anew) = (Series::default(), Series::default(), Series::default());
        for address in [&page.address, &bare] {
            page.repeat(address, bytes, WARM_UP).await?;
        }
        let busy = Busy::begin();
        for _ in 0..ROUNDS {
            pages.push(page.repeat(&page.address, bytes, ROUND).await?);
            routes.push(page.repeat(&bare, bytes, ROUND).await?);
        }
        let ratio = pages.against(&routes);
        println!("{:<24}{bytes:>7}  {pages}{routes}{ratio:.2}(goal: at least {})", page.name, page.goal);
        let what = format!("the page {} against a bare route", page.name);
        if !page.cookie.is_empty() {
            for _ in 0..ROUNDS {
                anew.push(page.look_anew(ROUND).await?);
            }
            println!("{:<33}{anew}{:<22}{:.2}", "  made anew each time", "", anew.against(&routes));
        }
        goals.at_least(page.goal, ratio.median(), &what, &busy.reason());
    }
    server.spawn(sites.stop()).await?;
    // It needs a thread of its own: a runtime cannot be driven inside of another.
    let data = data.path().join("allocations");
    tokio::task::spawn_blocking(move || count_allocations(&data)).await?
}

/// How often a page asks for memory, on one thread that does nothing else: hyper, the site and its rendering, and
/// the request as it is sent here. A bare route shows what of it is not the site's.
fn count_allocations(data: &std::path::Path) -> Result<(), Failure> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let options =
        server::Options::for_tests(data, platform::Clock::system(), platform::Random::from_system());
    let sites = runtime.block_on(server::start(options))?;
    println!("\nALLOCATIONS of one request, and their bytes; {COUNTED} requests one after another");
    println!("{:<24}{:<22}bare route", "page", "page");
    for page in runtime.block_on(pages(&sites))? {
        let fetched = runtime.block_on(page.fetch())?;
        let bare = runtime.block_on(serve(runtime.handle(), bare_route(&page.path, &fetched)))?;
        let mut counts = Vec::new();
        for address in [&page.address, &bare] {
            let mut connection = runtime.block_on(Connection::open(address))?;
            let request = page.request(address);
            let mut some = |requests: u64| {
                runtime.block_on(async {
                    for _ in 0..requests {
                        connection.exchange(&request).await?;
                    }
                    Ok::<(), io::Error>(())
                })
            };
            some(COUNTED)?;
            let mut done = Ok(());
            let counted = allocation_counter::measure(|| done = some(COUNTED));
            done?;
            counts.push(format!(
                "{} ({} bytes)",
                counted.count_total / COUNTED,
                counted.bytes_total / COUNTED
            ));
        }
        println!("{:<24}{:<22}{}", page.name, counts[0], counts[1]);
    }
    runtime.block_on(sites.stop());
    Ok(())
}

/// With an order of somebody's, on both sites.
async fn pages(sites: &Running) -> Result<Vec<Page>, Failure> {
    let (shop, payments) = (sites.shop_url(), sites.payments_url());
    let (shop_at, payments_at) = (address(sites, Running::shop_url)?, address(sites, Running::payments_url)?);
    let mut buyer = signed_in(shop, "john@example.com").await?;
    purchase::buy(&mut buyer, shop).await?;
    let orders = buyer.get(&shop.join("/orders")?).await?.text;
    let order = orders.split("href=\"").find(|rest| rest.starts_with("/orders/"));
    let order = order.and_then(|rest| rest.split('"').next()).ok_or("no order in the list")?.to_owned();
    let seller = signed_in(shop, "merchant@example.com").await?;
    // Buying has left the buyer signed in there, to look too.
    let account = signed_in_at_payments(payments).await?;
    let page = |name, path: &str, cookie: &str, words, goal| Page {
        name,
        address: if name.starts_with("Payments") { payments_at.clone() } else { shop_at.clone() },
        path: path.to_owned(),
        cookie: cookie.to_owned(),
        words,
        goal,
    };
    let [buyer, seller, account] = [(&buyer, shop), (&seller, shop), (&account, payments)]
        .map(|(browser, site)| browser.cookie(site.host_str().unwrap_or_default()));
    Ok(vec![
        page("catalogue", "/", "", "Now and Forever", GOAL),
        page("item", "/items/now-and-forever", "", "Buy Now", GOAL),
        page("search", "/?q=now+and+forever", "", "Now and Forever", OTHERS),
        page("catalogue, signed in", "/", &buyer, "Sign out", OTHERS),
        page("order", &order, &buyer, "Sign out", OTHERS),
        page("desk", "/sell", &seller, "Sign out", OTHERS),
        page("account", "/account", &buyer, "Sign out", OTHERS),
        page("Payments' activity", "/account", &account, "Sign out", OTHERS),
    ])
}

async fn signed_in(shop: &Url, email: &str) -> Result<Browser, Failure> {
    let mut browser = Browser::default();
    browser.post(&shop.join("/sign-in")?, &[("email", email), ("password", "digitaldownload")]).await?;
    Ok(browser)
}

async fn signed_in_at_payments(payments: &Url) -> Result<Browser, Failure> {
    let mut browser = Browser::default();
    let credentials = [("email", "john@example.com"), ("password", "amazonpayments")];
    browser.post(&payments.join("/account/sign-in")?, &credentials).await?;
    Ok(browser)
}

impl Page {
    /// As the page's visitor sends it, to the site or to a bare route.
    fn request(&self, address: &str) -> Vec<u8> {
        let mut request = load::get(address, &self.path);
        if !self.cookie.is_empty() {
            request.truncate(request.len() - 2);
            request.extend(format!("Cookie: {}\r\n\r\n", self.cookie).bytes());
        }
        request
    }

    async fn repeat(&self, address: &str, bytes: usize, limit: Duration) -> io::Result<Rate> {
        let load = Load { address: address.to_owned(), connections: CONNECTIONS, limit: Some(limit) };
        load.repeat(self.request(address), move |answer| {
            if answer.body.len() == bytes {
                Ok(())
            } else {
                Err(io::Error::other("the page changed while it was measured"))
            }
        })
        .await
    }

    /// Not as it is kept for the second.
    async fn look_anew(&self, limit: Duration) -> io::Result<Rate> {
        let load = Load { address: self.address.clone(), connections: CONNECTIONS, limit: Some(limit) };
        let words = self.words;
        let check = move |_, answer: Answer<'_>| {
            if load::contains(answer.body, words) { Ok(()) } else { Err(io::Error::other("another page")) }
        };
        load.send_each(load::unlike(&self.request(&self.address), LOOKS), check).await
    }

    async fn fetch(&self) -> Result<Fetched, Failure> {
        let fetched = Arc::new(Mutex::new(None));
        let (keep, words) = (Arc::clone(&fetched), self.words);
        let check = move |_, answer: Answer<'_>| {
            let content_type = answer.header("content-type").unwrap_or_default().to_owned();
            if answer.header("content-encoding").is_some() || !load::contains(answer.body, words) {
                return Err(io::Error::other(format!("not the page that was expected: {}", answer.head)));
            }
            let page = Fetched { content_type, body: answer.body.to_vec() };
            *keep.lock().unwrap_or_else(PoisonError::into_inner) = Some(page);
            Ok(())
        };
        let load = Load { address: self.address.clone(), connections: 1, limit: None };
        load.send_each(vec![self.request(&self.address)], check).await?;
        let page = fetched.lock().unwrap_or_else(PoisonError::into_inner).take();
        page.ok_or_else(|| format!("{} did not answer", self.path).into())
    }
}

fn bare_route(path: &str, page: &Fetched) -> Router {
    let content_type = page.content_type.clone();
    let body = bytes::Bytes::from(page.body.clone());
    let path = path.split('?').next().unwrap_or_default();
    Router::new().route(path, get(async move || ([(CONTENT_TYPE, content_type)], body)))
}
