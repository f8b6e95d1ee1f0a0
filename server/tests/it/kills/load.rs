//! What goes on while processes are killed: people who buy, a program that pays, a merchant who uploads.

use super::world::World;
use crate::support::{Browser, Caller, Page, hidden_fields, instrument_id, listen};
use axum::Router;
use axum::routing::post;
use platform::Clock;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::task::JoinSet;
use url::Url;

const SECOND: &str = "DDCALLER000000000002";

/// What somebody was told: none of it may be lost.
#[derive(Debug, Default)]
pub struct Told {
    /// Orders whose return was answered.
    pub returned: Vec<String>,
    /// Orders that a page said were paid.
    pub paid: Vec<String>,
    /// Reference and transaction of payments that were answered.
    pub calls: Vec<(String, String)>,
    /// Titles of items that were listed.
    pub listed: Vec<String>,
    /// What nobody expects, whoever dies: refusals of good requests.
    pub strange: Vec<String>,
}

/// Statuses that a receiver was told of each transaction, in the order in which they came.
pub type Received = Arc<Mutex<BTreeMap<String, Vec<String>>>>;

#[derive(Clone)]
pub struct Load {
    shop: String,
    payments: String,
    pub told: Arc<Mutex<Told>>,
    pub received: Received,
    receiver: String,
    is_over: Arc<AtomicBool>,
}

/// Somebody died meanwhile, or said what is not the way to a purchase.
#[derive(Debug)]
struct Interrupted;

impl From<reqwest::Error> for Interrupted {
    fn from(_: reqwest::Error) -> Self {
        Self
    }
}

impl Load {
    pub async fn new(world: &World) -> Self {
        let received = Received::default();
        Self {
            shop: world.shop.clone(),
            payments: world.payments.clone(),
            told: Arc::default(),
            receiver: receive(received.clone()).await,
            received,
            is_over: Arc::default(),
        }
    }

    /// Everybody begins; each ends with what is under way once it is over.
    pub async fn begin(&self, world: &World) -> JoinSet<()> {
        let asked = json!({ "access_key": SECOND, "pipeline": "Recipient", "account": "merchant@example.com",
            "payment_method": "ABT", "caller_reference": "recipient", "parameters": { "recipientPaysFee": "True" } });
        let made = world.control("tokens", Some(asked)).await.unwrap();
        let recipient = made["token_id"].as_str().unwrap_or_else(|| panic!("{made}")).to_owned();
        let mut people = JoinSet::new();
        let buyers = [
            ("john@example.com", "Account balance", "now-and-forever"),
            ("jane@example.com", "ending in", "paper-moons"),
            ("jane@example.com", "ending in", "session-masters"),
        ];
        for (email, instrument, slug) in buyers {
            people.spawn(self.clone().buy_on(email, instrument, slug));
        }
        people.spawn(self.clone().pay_on(recipient));
        people
    }

    pub fn end(&self) {
        self.is_over.store(true, Ordering::Relaxed);
    }

    fn goes_on(&self) -> bool {
        !self.is_over.load(Ordering::Relaxed)
    }

    fn tell(&self, tell: impl FnOnce(&mut Told)) {
        tell(&mut self.told.lock().unwrap());
    }

    async fn buy_on(self, email: &'static str, instrument: &'static str, slug: &'static str) {
        let mut browser = Browser::new();
        for purchase in 0.. {
            if !self.goes_on() {
                return;
            }
            // A balance ends, a card does not.
            let instrument = if purchase < 200 { instrument } else { "ending in" };
            if self.buy(&mut browser, (email, instrument, slug), purchase).await.is_err() {
                pause().await;
            }
        }
    }

    async fn buy(
        &self,
        browser: &mut Browser,
        (email, instrument, slug): (&str, &str, &str),
        purchase: usize,
    ) -> Result<(), Interrupted> {
        let checkout = format!("{}/checkout/{slug}", self.shop);
        let page = self.come_to(browser, &checkout, email, "digitaldownload").await?;
        let text = page.text();
        let mut fields = hidden_fields(&text);
        fields.push(("payment_method", "amazon-payments"));
        let placed = self.is(303, browser.try_post(&checkout, &fields).await?)?;
        let page = self.come_to(browser, placed.location().as_str(), email, "amazonpayments").await?;
        if !page.url.as_str().starts_with(&self.payments) {
            // Amazon has sent them back: nothing was left to agree to.
            return Err(Interrupted);
        }
        let choice = instrument_id(&page.text(), instrument);
        let chosen = self.is(303, browser.try_post(&page.url, &[("instrument", &choice)]).await?)?;
        let review = self.is(200, browser.try_get(chosen.location()).await?)?;
        let text = review.text();
        let action = format!("action=\"{}\"", review.url.path());
        let form = text.split("<form").find(|form| form.contains(&action)).ok_or(Interrupted)?;
        let fields = hidden_fields(form.split("</form>").next().unwrap_or_default());
        let confirmed = self.is(303, browser.try_post(&review.url, &fields).await?)?;
        self.come_back(browser, &confirmed.location(), purchase).await
    }

    /// Some try again until the shop answers, some close the window.
    async fn come_back(&self, browser: &mut Browser, back: &Url, purchase: usize) -> Result<(), Interrupted> {
        let patient = purchase.is_multiple_of(2);
        let thanks = loop {
            match browser.try_get(back).await {
                Ok(page) if page.status == 303 => break page.location(),
                Ok(page) if page.status < 500 => return self.is(303, page).map(drop),
                _ if patient => pause().await,
                _ => return Err(Interrupted),
            }
        };
        let id = thanks.path().trim_start_matches("/orders/").trim_end_matches("/thank-you").to_owned();
        self.tell(|told| told.returned.push(id.clone()));
        let order = browser.try_get(format!("{}/orders/{id}", self.shop)).await?;
        if order.text().contains(">Paid</span>") {
            self.tell(|told| told.paid.push(id));
        }
        Ok(())
    }

    /// Signs in on the way, if asked to.
    async fn come_to(
        &self,
        browser: &mut Browser,
        url: &str,
        email: &str,
        password: &str,
    ) -> Result<Page, Interrupted> {
        let mut page = browser.try_visit(url).await?;
        if page.url.path().ends_with("/sign-in") {
            let text = page.text();
            let mut fields = hidden_fields(&text);
            fields.extend([("email", email), ("password", password)]);
            let signed_in = self.is(303, browser.try_post(&page.url, &fields).await?)?;
            page = browser.try_visit(signed_in.location()).await?;
        }
        self.is(200, page)
    }

    fn is(&self, status: u16, page: Page) -> Result<Page, Interrupted> {
        if page.status == status {
            return Ok(page);
        }
        // A form that was overtaken by another purchase is shown again.
        if page.status < 500 && page.status != 422 {
            self.tell(|told| {
                told.strange.push(format!("{} answered {}: {}", page.url, page.status, page.text()));
            });
        }
        Err(Interrupted)
    }

    async fn pay_on(self, recipient: String) {
        let endpoint: Url = self.payments.parse().unwrap();
        let caller = Caller::new(endpoint.clone(), SECOND, "second-demo-secret", Clock::system());
        let client = platform::http_client();
        for number in 0_usize.. {
            if !self.goes_on() {
                return;
            }
            let reference = format!("call-{number}");
            let method = if number.is_multiple_of(2) { "CC" } else { "ABT" };
            let Some(sender) = self.sender(&client, method, &reference).await else {
                pause().await;
                continue;
            };
            let fields = [
                ("SenderTokenId", sender.as_str()),
                ("RecipientTokenId", recipient.as_str()),
                ("TransactionAmount.CurrencyCode", "USD"),
                ("TransactionAmount.Value", "0.10"),
                ("CallerReference", reference.as_str()),
                ("OverrideIPNURL", self.receiver.as_str()),
            ];
            // Until it is known: no answer does not mean that nothing happened.
            loop {
                let mut url = endpoint.clone();
                url.set_query(Some(&caller.sign("Pay", &fields).to_query()));
                let answer = match client.get(url).send().await {
                    Ok(answer) if answer.status().as_u16() < 500 => answer.text().await,
                    _ => {
                        pause().await;
                        continue;
                    }
                };
                let Ok(xml) = answer else { continue };
                let id = xml.split("<TransactionId>").nth(1).and_then(|rest| rest.split('<').next());
                match id {
                    Some(id) => self.tell(|told| told.calls.push((reference.clone(), id.to_owned()))),
                    None => self.tell(|told| told.strange.push(format!("Pay {reference}: {xml}"))),
                }
                break;
            }
        }
    }

    async fn sender(&self, client: &reqwest::Client, method: &str, reference: &str) -> Option<String> {
        let asked = json!({ "access_key": SECOND, "pipeline": "SingleUse", "account": "john@example.com",
            "payment_method": method, "caller_reference": format!("token-{reference}"),
            "parameters": { "transactionAmount": "0.10" } });
        let request = client.post(format!("{}/_control/tokens", self.payments));
        let request = request.header("content-type", "application/json").body(asked.to_string());
        let answer = request.send().await.ok()?.text().await.ok()?;
        let made: serde_json::Value = serde_json::from_str(&answer).ok()?;
        Some(made["token_id"].as_str()?.to_owned())
    }

    /// Puts an item up for sale whose file has twelve megabytes.
    pub async fn upload(self, title: String) {
        let mut browser = Browser::new();
        let url = format!("{}/sell/items/new", self.shop);
        let mut body = Vec::new();
        let fields = [
            ("title", title.as_str()),
            ("creator", "Martha Reyes"),
            ("category", "music"),
            ("description", "Long."),
            ("price", "1.00"),
            ("delivery", "instant"),
            ("kind", "digital"),
            ("licence", ""),
        ];
        for (name, value) in fields {
            let part =
                format!("--part\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        body.extend_from_slice(
            b"--part\r\ncontent-disposition: form-data; name=\"file\"; filename=\"long.txt\"\r\n\r\n",
        );
        body.resize(body.len() + 12 * 1024 * 1024, b'x');
        body.extend_from_slice(b"\r\n--part--\r\n");
        if self.come_to(&mut browser, &url, "merchant@example.com", "digitaldownload").await.is_err() {
            return;
        }
        let url: Url = url.parse().unwrap();
        let request = browser.client().post(url.clone()).body(body).header("sec-fetch-site", "same-origin");
        let request = request.header("origin", url.origin().ascii_serialization());
        let request = request.header("content-type", "multipart/form-data; boundary=part");
        if let Ok(page) = browser.try_send(url, request).await
            && self.is(303, page).is_ok()
        {
            self.tell(|told| told.listed.push(title));
        }
    }
}

/// A moment for others: whoever was refused does not try again at once.
async fn pause() {
    tokio::time::sleep(Duration::from_millis(20)).await;
}

/// Takes notifications; returns its address.
async fn receive(received: Received) -> String {
    let take = move |body: String| {
        let fields: BTreeMap<String, String> =
            url::form_urlencoded::parse(body.as_bytes()).into_owned().collect();
        let (id, status) = (fields["transactionId"].clone(), fields["transactionStatus"].clone());
        received.lock().unwrap().entry(id).or_default().push(status);
        std::future::ready(())
    };
    listen(Router::new().route("/ipn", post(take))).await.join("/ipn").unwrap().into()
}
