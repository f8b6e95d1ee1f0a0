//! A purchase over HTTP as a browser makes it: order, Co-Branded UI, return, thank-you.

use crate::goals::{Busy, Goals};
use crate::report::Series;
use crate::{Failure, options, start};
use http::Method;
use http::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::runtime::Handle;
use url::Url;

/// Each with a browser that was signed in to both sites before, on one set of connections.
const PURCHASES: usize = 100;
const WARM_UP: usize = 5;
/// Ends here on a slow machine, however many there were.
const LIMIT: Duration = Duration::from_mins(2);
const GOAL: f64 = 35.0;
const ITEM: &str = "now-and-forever";

pub async fn measure(server: &Handle, data: &TempDir, goals: &mut Goals) -> Result<(), Failure> {
    let sites = start(server, options(data, "purchase")).await?;
    let shop = sites.shop_url().clone();
    let mut buyer = Browser::default();
    buyer.post(&shop.join("/sign-in")?, &credentials("digitaldownload")).await?;
    let begun = Instant::now();
    let first = buy(&mut buyer, &shop).await?;
    let with_signing_in = begun.elapsed();
    let (mut whole, mut slowest) = (Vec::new(), BTreeMap::<String, Series>::new());
    let (busy, begun) = (Busy::begin(), Instant::now());
    for number in 0..WARM_UP + PURCHASES {
        if begun.elapsed() > LIMIT {
            break;
        }
        let hops = buy(&mut buyer, &shop).await?;
        if number >= WARM_UP {
            whole.push(hops.iter().map(|(_, took)| *took).sum::<Duration>());
            for (hop, took) in hops {
                slowest.entry(hop).or_default().push_figure(took.as_secs_f64() * 1e3);
            }
        }
    }
    whole.sort_unstable();
    let at = |percent: usize| whole.get((whole.len() * percent).div_ceil(100).saturating_sub(1)).copied();
    let milliseconds = |percent| at(percent).map_or(f64::NAN, |took| took.as_secs_f64() * 1e3);
    let hops: usize = slowest.len();
    println!(
        "PURCHASE over HTTP, {} times, {hops} hops, signed in to both sites before, one after another; ms",
        whole.len()
    );
    println!(
        "p50 {:.1} (goal: at most {GOAL}), p90 {:.1}, p99 {:.1}",
        milliseconds(50),
        milliseconds(90),
        milliseconds(99)
    );
    println!("the first, with signing in at Amazon Payments: {:.0?}, {} hops", with_signing_in, first.len());
    for (hop, took) in &slowest {
        println!("  {hop:<45}{took:.1}");
    }
    let reason = format!("one request after another; {}", busy.reason());
    goals.at_most(GOAL, milliseconds(50), "a purchase over HTTP, p50 in ms", &reason);
    Ok(server.spawn(sites.stop()).await?)
}

fn credentials(password: &str) -> [(&str, &str); 2] {
    [("email", "john@example.com"), ("password", password)]
}

/// What each hop took, in order; the names sort so, too.
pub async fn buy(browser: &mut Browser, shop: &Url) -> Result<Vec<(String, Duration)>, Failure> {
    browser.hops.clear();
    browser.get(&shop.join(&format!("/items/{ITEM}"))?).await?;
    let checkout = shop.join(&format!("/checkout/{ITEM}"))?;
    let form = browser.get(&checkout).await?.text;
    let mut fields = hidden_fields(&form);
    fields.push(("payment_method", "amazon-payments"));
    let mut page = browser.post_and_follow(&checkout, &fields).await?;
    if page.url.path().ends_with("/sign-in") {
        page = browser.post_and_follow(&page.url, &credentials("amazonpayments")).await?;
    }
    let instrument = instrument_id(&page.text, "Account balance").ok_or("no balance to choose")?.to_owned();
    let review = browser.post_and_follow(&page.url, &[("instrument", &instrument)]).await?;
    let form =
        review.text.split("<form").find(|form| form.contains(&format!("action=\"{}\"", review.url.path())));
    let form = form.and_then(|form| form.split("</form>").next()).ok_or("nothing to confirm")?;
    let end = browser.post_and_follow(&review.url, &fields_of(form)).await?;
    if !end.url.path().ends_with("/thank-you") {
        return Err(format!("the purchase ended at {}: {}", end.url, end.text).into());
    }
    Ok(std::mem::take(&mut browser.hops))
}

pub struct Page {
    url: Url,
    pub status: u16,
    location: Option<Url>,
    pub text: String,
}

#[derive(Default)]
pub struct Browser {
    client: Option<reqwest::Client>,
    /// By host name, as browsers keep them: ports do not matter.
    cookies: BTreeMap<String, BTreeMap<String, String>>,
    hops: Vec<(String, Duration)>,
}

impl Browser {
    pub async fn get(&mut self, url: &Url) -> Result<Page, Failure> {
        self.send(Method::GET, url, None).await
    }

    pub async fn post(&mut self, url: &Url, fields: &[(&str, &str)]) -> Result<Page, Failure> {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.post_as(url, "application/x-www-form-urlencoded", body).await
    }

    pub async fn post_as(&mut self, url: &Url, content_type: &str, body: String) -> Result<Page, Failure> {
        self.send(Method::POST, url, Some((content_type, body))).await
    }

    /// What it would send to this host.
    pub fn cookie(&self, host: &str) -> String {
        let cookies = self.cookies.get(host).into_iter().flatten();
        cookies.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    async fn post_and_follow(&mut self, url: &Url, fields: &[(&str, &str)]) -> Result<Page, Failure> {
        let mut page = self.post(url, fields).await?;
        while let Some(location) = page.location.take() {
            page = self.get(&location).await?;
        }
        if page.status == 200 {
            Ok(page)
        } else {
            Err(format!("{} answered {}", page.url, page.status).into())
        }
    }

    async fn send(
        &mut self,
        method: Method,
        url: &Url,
        body: Option<(&str, String)>,
    ) -> Result<Page, Failure> {
        let host = url.host_str().ok_or("a URL without a host")?.to_owned();
        let cookie = self.cookie(&host);
        let client = self.client.get_or_insert_with(platform::http_client);
        let mut request = client.request(method.clone(), url.clone()).header(COOKIE, cookie);
        if let Some((content_type, body)) = body {
            request =
                request.header(CONTENT_TYPE, content_type).header("sec-fetch-site", "same-origin").body(body);
        }
        let begun = Instant::now();
        let answer = request.send().await?;
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let text = answer.text().await?;
        let number = self.hops.len() + 1;
        self.hops.push((format!("{number:02} {method} {}", shape(url.path())), begun.elapsed()));
        let cookies = self.cookies.entry(host).or_default();
        for cookie in headers.get_all(SET_COOKIE) {
            let pair = cookie.to_str()?.split(';').next().unwrap_or_default();
            if let Some((name, value)) = pair.split_once('=') {
                cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        if status >= 400 {
            return Err(format!("{method} {url} answered {status}: {text}").into());
        }
        let location = headers.get(LOCATION).map(|location| location.to_str()).transpose()?;
        let location = location.map(|location| url.join(location)).transpose()?;
        Ok(Page { url: url.clone(), status, location, text })
    }
}

/// A path without what names one thing.
fn shape(path: &str) -> String {
    let parts = path.split('/').map(|part| if part.chars().any(|c| c.is_ascii_digit()) { "…" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

fn inputs(html: &str) -> impl Iterator<Item = &str> {
    html.split("<input").skip(1).filter_map(|rest| rest.split('>').next())
}

/// Names and values of hidden inputs.
pub fn hidden_fields(html: &str) -> Vec<(&str, &str)> {
    let hidden = inputs(html).filter(|tag| tag.contains("type=\"hidden\""));
    hidden.filter_map(|tag| Some((attribute(tag, "name")?, attribute(tag, "value")?))).collect()
}

/// Of all inputs: what a browser sends when nothing is changed.
fn fields_of(form: &str) -> Vec<(&str, &str)> {
    inputs(form)
        .filter_map(|tag| Some((attribute(tag, "name")?, attribute(tag, "value").unwrap_or(""))))
        .collect()
}

/// The value of the radio button that this text stands beside.
fn instrument_id<'a>(html: &'a str, label: &str) -> Option<&'a str> {
    let found =
        html.split("<input").skip(1).find(|rest| rest.contains(label) && rest.contains("\"radio\""))?;
    attribute(found.split('>').next()?, "value")
}

pub fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    tag.split(&format!(" {name}=\"")).nth(1)?.split('"').next()
}
