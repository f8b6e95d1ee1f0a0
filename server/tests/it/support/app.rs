//! Both sites, started in this process on free ports.

use super::{Browser, Caller, On, Page};
use jiff::Timestamp;
use platform::{Clock, Random, Tls};
use reqwest::Method;
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use std::net::SocketAddr;
use std::path::Path;
use tempfile::TempDir;
use url::Url;

/// One running demo; stopped and wiped when dropped.
pub struct App {
    pub shop: Url,
    pub payments: Url,
    pub clock: Clock,
    running: Option<server::Running>,
    /// Whom its clients trust.
    tls: Tls,
    /// What control calls are made with.
    http: reqwest::Client,
    /// Wiped when the app is dropped.
    data: TempDir,
}

/// Where the fake clock stands when a test begins.
pub fn start_time() -> Timestamp {
    "2030-06-03T09:00:00Z".parse().unwrap()
}

/// Starts both sites with fresh demo data. `None` when that database is not to be had here.
pub async fn spawn_app(on: On) -> Option<App> {
    spawn_app_with(on, |_| {}).await
}

/// The same, with some of the options set.
pub async fn spawn_app_with(on: On, set: impl FnOnce(&mut server::Options)) -> Option<App> {
    let urls = match on {
        On::Sqlite => None,
        On::Postgres => Some(fresh_postgres_schemas().await?),
    };
    Some(spawn_app_on(tempfile::tempdir().unwrap(), urls, start_time(), set).await)
}

/// The same, on a data directory, the URLs of the shop's and payments' databases where they are not in it, and
/// with the clock at some time.
pub async fn spawn_app_on(
    data: TempDir,
    urls: Option<(String, String)>,
    now: Timestamp,
    set: impl FnOnce(&mut server::Options),
) -> App {
    let clock = Clock::fixed(now);
    let mut options = server::Options::for_tests(data.path(), clock.clone(), Random::seeded(1));
    // Making an RSA key takes longer than most tests.
    options.signing_key = Some(include_str!("signing-key.pem").into());
    if let Some((shop, payments)) = urls {
        options.shop_database_url = shop;
        options.payments_database_url = payments;
    }
    set(&mut options);
    let tls = options.tls.clone();
    let running = server::start(options).await.unwrap();
    let (shop, payments) = (running.shop_url().clone(), running.payments_url().clone());
    let http = platform::http_client_with(&tls);
    App { shop, payments, clock, running: Some(running), tls, http, data }
}

/// Two empty schemas of their own in the test cluster; two URLs that see only them.
pub async fn fresh_postgres_schemas() -> Option<(String, String)> {
    let cluster = std::env::var("DD_TEST_POSTGRES_URL").ok()?;
    let name = format!("it_{}", Random::from_system().upper_alphanumeric(16).to_lowercase());
    let mut connection = PgConnection::connect(&cluster).await.expect("the test cluster answers");
    let url = |site: &str| format!("{cluster}?options=-csearch_path%3D{name}_{site}");
    for site in ["shop", "payments"] {
        let create = format!("CREATE SCHEMA {name}_{site}");
        connection.execute(AssertSqlSafe(create)).await.unwrap();
    }
    Some((url("shop"), url("payments")))
}

/// The balance that a ledger shows for the account of an e-mail address.
pub fn balance_in(ledger: &Value, email: &str) -> String {
    let accounts = ledger["accounts"].as_array().unwrap();
    let account = accounts.iter().find(|account| account.to_string().contains(email));
    account.unwrap_or_else(|| panic!("no account of {email} in {ledger}"))["balance"]
        .as_str()
        .unwrap()
        .to_owned()
}

impl App {
    /// Processes that were started elsewhere, where people reach them.
    pub fn behind_a_proxy(shop: Url, payments: Url, clock: Clock, data: TempDir) -> Self {
        let (tls, http) = (Tls::default(), platform::http_client());
        Self { shop, payments, clock, running: None, tls, http, data }
    }

    /// The clients of the test trust others than the program itself.
    pub fn trusting(self, tls: Tls) -> Self {
        Self { http: platform::http_client_with(&tls), tls, ..self }
    }

    /// Where the shop and the payments site listen, whatever is before them.
    pub fn addresses(&self) -> [SocketAddr; 2] {
        let running = self.running.as_ref().expect("runs in this process");
        [running.shop_addr().unwrap(), running.payments_addr().unwrap()]
    }

    pub fn shop(&self, path: &str) -> String {
        self.shop.join(path).unwrap().into()
    }

    pub fn payments(&self, path: &str) -> String {
        self.payments.join(path).unwrap().into()
    }

    /// The demo caller; its time is the fake clock's.
    pub fn caller(&self) -> Caller {
        Caller::new(
            self.payments.clone(),
            "DDCALLER000000000001",
            "digitaldownload-demo-secret",
            self.clock.clone(),
        )
    }

    pub fn second_caller(&self) -> Caller {
        Caller::new(self.payments.clone(), "DDCALLER000000000002", "second-demo-secret", self.clock.clone())
    }

    /// A control call; panics unless it succeeds.
    pub async fn control(&self, path: &str, body: Option<Value>) -> Value {
        let method = if body.is_some() { Method::POST } else { Method::GET };
        let (status, answer) = self.try_control(method, path, body).await;
        assert!((200..300).contains(&status), "{path} answered {status}: {answer}");
        answer
    }

    /// A control call by whichever method; its status, and what was answered.
    pub async fn try_control(&self, method: Method, path: &str, body: Option<Value>) -> (u16, Value) {
        let request = self.http.request(method, self.payments(&format!("/_control/{path}")));
        let request = match body {
            Some(body) => request.header("content-type", "application/json").body(body.to_string()),
            None => request,
        };
        let answer = request.send().await.unwrap();
        let (status, text) = (answer.status().as_u16(), answer.text().await.unwrap());
        (status, serde_json::from_str(&text).unwrap_or(Value::Null))
    }

    /// Moves the clock; everything that falls due has run when this returns.
    pub async fn advance(&self, seconds: i64) {
        self.control("clock", Some(json!({ "advance_seconds": seconds }))).await;
    }

    /// Runs what is due now: notifications, the processor, tracking.
    pub async fn settle_down(&self) {
        self.advance(1).await;
    }

    /// What a person's click through a pipeline of the Co-Branded UI would have brought back.
    pub async fn click(
        &self,
        access_key: &str,
        pipeline: &str,
        email: &str,
        method: &str,
        reference: &str,
        parameters: Value,
    ) -> Value {
        let asked = json!({
            "access_key": access_key, "pipeline": pipeline, "account": email, "payment_method": method,
            "caller_reference": reference, "parameters": parameters,
        });
        self.control("tokens", Some(asked)).await
    }

    /// A sender token as John's click through the Co-Branded UI would have made it.
    pub async fn sender_token(
        &self,
        access_key: &str,
        email: &str,
        method: &str,
        amount: &str,
        reference: &str,
    ) -> String {
        let parameters = json!({ "transactionAmount": amount, "recipientToken": recipient_token(0) });
        let made = self.click(access_key, "SingleUse", email, method, reference, parameters).await;
        made["token_id"].as_str().unwrap().to_owned()
    }

    /// A sender token of John's for a caller, and the merchant's recipient token for the same one.
    pub async fn tokens_of(&self, access_key: &str, reference: &str, amount: &str) -> (String, String) {
        let parameters = json!({ "recipientPaysFee": "True", "maxFixedFee": "2.00", "maxVariableFee": "10" });
        let merchant = "merchant@example.com";
        let made = self.click(access_key, "Recipient", merchant, "ABT", reference, parameters).await;
        let recipient = made["token_id"].as_str().unwrap().to_owned();
        let parameters = json!({ "transactionAmount": amount, "recipientToken": recipient });
        let reference = format!("{reference}-sender");
        let made =
            self.click(access_key, "SingleUse", "john@example.com", "ABT", &reference, parameters).await;
        (made["token_id"].as_str().unwrap().to_owned(), recipient)
    }

    pub async fn ledger(&self) -> Value {
        self.control("ledger", None).await
    }

    /// The balance of the account that belongs to an e-mail address.
    pub async fn balance(&self, email: &str) -> String {
        balance_in(&self.ledger().await, email)
    }

    /// The books are in order: all postings sum to zero.
    pub async fn assert_books_balance(&self) {
        let sum = self.ledger().await["sum"].as_str().unwrap().to_owned();
        assert!(sum.trim_matches(['0', '.']).is_empty(), "the ledger sums to {sum}");
    }

    /// A browser that is signed in to the shop.
    pub async fn signed_in(&self, email: &str) -> Browser {
        let mut browser = Browser::trusting(&self.tls);
        let fields = [("email", email), ("password", "digitaldownload"), ("next", "/")];
        browser.post(self.shop("/sign-in"), &fields).await.expect_status(303);
        browser
    }

    /// Presses Download Now and comes to the review page of the Co-Branded UI; returns its URL.
    pub async fn to_review(&self, browser: &mut Browser, slug: &str, email: &str, instrument: &str) -> Url {
        let answer = self.check_out(browser, slug).await;
        self.authorize(browser, answer, email, instrument).await
    }

    /// Presses Download Now at the checkout; the redirect to the Co-Branded UI.
    pub async fn check_out(&self, browser: &mut Browser, slug: &str) -> Page {
        let checkout = self.shop(&format!("/checkout/{slug}"));
        let page = browser.get(&checkout).await.expect_status(200).text();
        let mut fields = hidden_fields(&page);
        fields.push(("payment_method", "amazon-payments"));
        browser.post(&checkout, &fields).await.expect_status(303)
    }

    /// From the redirect to the Co-Branded UI up to the review page.
    pub async fn authorize(
        &self,
        browser: &mut Browser,
        redirect: Page,
        email: &str,
        instrument: &str,
    ) -> Url {
        let mut page = browser.follow(redirect).await.expect_status(200);
        if page.url.path().ends_with("/sign-in") {
            let fields = [("email", email), ("password", "amazonpayments")];
            let signed_in = browser.post(&page.url, &fields).await.expect_status(303);
            page = browser.follow(signed_in).await.expect_status(200);
        }
        let choice = instrument_id(&page.text(), instrument);
        let chosen = browser.post(&page.url, &[("instrument", &choice)]).await.expect_status(303);
        browser.follow(chosen).await.expect_status(200).url
    }

    /// Presses Confirm on the review: with the fields that stand on it, as browsers do.
    pub async fn confirm(&self, browser: &mut Browser, review: &Url) -> Page {
        let page = browser.get(review).await.expect_status(200).text();
        let form = page.split("<form").find(|form| form.contains(&format!("action=\"{}\"", review.path())));
        let form = form.unwrap_or_else(|| panic!("nothing to confirm in {page}")).split("</form>").next();
        let inputs = form.unwrap().split("<input").skip(1).map(|rest| rest.split('>').next().unwrap());
        let attribute = |input: &'_ str, name: &str| {
            let value = input.split(&format!(" {name}=\"")).nth(1).unwrap_or_default();
            value.split('"').next().unwrap().to_owned()
        };
        let fields: Vec<_> =
            inputs.map(|input| (attribute(input, "name"), attribute(input, "value"))).collect();
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        browser.post(review, &fields).await
    }

    /// Buys an item; returns the order's path (`/orders/…`) from the thank-you page.
    pub async fn buy(&self, browser: &mut Browser, slug: &str, email: &str, instrument: &str) -> String {
        let review = self.to_review(browser, slug, email, instrument).await;
        let confirmed = self.confirm(browser, &review).await.expect_status(303);
        let page = browser.follow(confirmed).await.expect_status(200);
        let path = page.url.path().to_owned();
        path.strip_suffix("/thank-you").unwrap_or_else(|| panic!("ended at {path}")).to_owned()
    }

    /// Where its databases and files are.
    pub fn data(&self) -> &Path {
        self.data.path()
    }

    /// Stops both sites and waits until they have.
    pub async fn stop(self) {
        self.stop_and_keep().await;
    }

    /// The same, for another start on what is there.
    pub async fn stop_and_keep(mut self) -> TempDir {
        if let Some(running) = self.running.take() {
            running.stop().await;
        }
        self.data
    }
}

/// The value of the radio button whose label has this text.
pub fn instrument_id(html: &str, label: &str) -> String {
    let inputs = html.split("<input").skip(1);
    let with_label = inputs.filter(|rest| rest.split("<input").next().unwrap().contains(label));
    let mut values = with_label.filter_map(|rest| {
        let tag = rest.split('>').next().unwrap();
        tag.contains("radio")
            .then(|| tag.split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned())
    });
    values.next().unwrap_or_else(|| panic!("no instrument {label:?} in {html}"))
}

/// What a page's forms send beside what a person fills in.
pub fn hidden_fields(html: &str) -> Vec<(&str, &str)> {
    let tags = html.split("<input").skip(1).map(|rest| rest.split('>').next().unwrap_or_default());
    let value = |tag: &'_ str, name: &str| -> Option<(usize, usize)> {
        let start = tag.find(&format!("{name}=\""))? + name.len() + 2;
        Some((start, start + tag[start..].find('"')?))
    };
    tags.filter(|tag| tag.contains("type=\"hidden\""))
        .filter_map(|tag| {
            let ((a, b), (c, d)) = (value(tag, "name")?, value(tag, "value")?);
            Some((&tag[a..b], &tag[c..d]))
        })
        .collect()
}

/// The demo data's recipient token of seller `n` (0 is merchant@example.com).
pub fn recipient_token(n: u8) -> String {
    format!("{:R<64}", format!("DEMORECIPIENTTOKEN{n:02}"))
}
