//! Does what the story says, through the pages of both sites.

mod visits;

use super::people::{PEOPLE, address_of};
use super::story::{Act, Scene};
use crate::running::Running;
use fps_emulator::Payments;
use jiff::{SignedDuration, Timestamp};
use platform::Clock;
use platform::jobs::JobError;
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::HashMap;
use storefront::{DemoItem, Shop};
use url::Url;
use visits::{Visits, between, hidden_fields};

const SHOP_PASSWORD: &str = "digitaldownload";
const AMAZON_PASSWORD: &str = "amazonpayments";
const DEMO_ACCESS_KEY: &str = "DDCALLER000000000001";
/// Sent back with the numbers that the page has shown.
const A_DOLLAR: [(&str, &str); 4] =
    [("amount", "1.00"), ("policy", "shared"), ("shown_amount", "1.000000"), ("shown_policy", "shared")];
/// What those begin with who pay from their balance.
const FIRST_DEPOSIT: &str = "900.00";

#[derive(Debug, thiserror::Error)]
pub enum MarketError {
    #[error("{0}")]
    Http(#[from] reqwest::Error),
    #[error("{method} {url} answered {status}: {page}")]
    Unexpected { method: Method, url: String, status: u16, page: String },
    #[error("{0} has no {1}")]
    Missing(String, &'static str),
    #[error("the work that was due failed: {0}")]
    Due(String),
}

/// A purchase that was placed.
struct Purchase {
    buyer: String,
    seller: String,
    order: String,
}

pub(super) struct Market {
    visits: Visits,
    shop: Url,
    payments: Url,
    clock: Clock,
    amazon: Payments,
    site: Shop,
    purchases: HashMap<usize, Purchase>,
}

impl Market {
    pub(super) fn new(running: &Running, clock: Clock, amazon: Payments, site: Shop) -> Self {
        Self {
            visits: Visits::new(clock.clone()),
            shop: running.shop_url().clone(),
            payments: running.payments_url().clone(),
            clock,
            amazon,
            site,
            purchases: HashMap::new(),
        }
    }

    /// Everybody signs up on both sites, one after the other.
    pub(super) async fn open(&mut self, people: &[(&str, &str)]) -> Result<(), MarketError> {
        for (name, method) in people {
            let email = address_of(name);
            let form = [("name", *name), ("email", &email), ("password", SHOP_PASSWORD)];
            self.visits.enter(self.at_shop("/sign-up")?, &email, &form).await?;
            let form = [("name", *name), ("email", &email), ("password", AMAZON_PASSWORD)];
            self.visits.enter(self.at_amazon("/account/create")?, &email, &form).await?;
            if *method == "ABT" {
                self.fill_up(&email).await?;
            }
            self.move_to(self.clock.now() + SignedDuration::from_mins(3)).await?;
        }
        Ok(())
    }

    /// Brings money in from a bank account.
    async fn fill_up(&mut self, email: &str) -> Result<(), MarketError> {
        let bank = [("routing_number", "110000000"), ("account_number", "000123456789")];
        self.visits.post(email, self.at_amazon("/account/instruments/add-bank-account")?, &bank).await?;
        let form = self.visits.get(email, self.at_amazon("/account/balance")?).await?;
        let field = |mark: &str| {
            let rest = form.text.split(mark).nth(1)?;
            between(rest, "value=\"", "\"").map(str::to_owned)
        };
        let missing = |what| MarketError::Missing(form.url.to_string(), what);
        let reference = field("name=\"reference\"").ok_or_else(|| missing("reference"))?;
        let bank = field("name=\"deposit_bank\"").ok_or_else(|| missing("bank account"))?;
        let deposit = self.at_amazon("/account/balance/deposit")?;
        let fields = [("deposit_amount", FIRST_DEPOSIT), ("deposit_bank", &bank), ("reference", &reference)];
        self.visits.post(email, deposit, &fields).await.map(drop)
    }

    pub(super) async fn play(&mut self, Scene { at, sale, act }: Scene) -> Result<(), MarketError> {
        self.wait_until(at).await?;
        match act {
            Act::Buy { buyer, item, method } => self.buy(sale, buyer, &item, method).await?,
            Act::Leave { buyer, item } => self.leave(&buyer, &item).await?,
            Act::Download => self.read(sale, "/download").await?,
            Act::Fulfil => self.by_seller(sale, "/fulfil", &[]).await?,
            Act::GiveADollar => self.by_seller(sale, "/refund", &A_DOLLAR).await?,
            Act::Write { by_seller, text } => self.write(sale, by_seller, text).await?,
            Act::Cancel => self.by_buyer(sale, "/cancel", &[]).await?,
            Act::Refund { reason: (reason, details) } => {
                self.by_buyer(sale, "/refund", &[("reason", reason), ("details", details)]).await?;
            }
            Act::AskRefund { reason } => self.ask_refund(sale, reason).await?,
            Act::DeclineRequest => self.answer_request(sale, "decline").await?,
            Act::Review { stars, words } => self.review(sale, stars, words).await?,
            Act::AnswerReview { words } => self.answer_review(sale, words).await?,
            Act::ReadNews { seller } => self.read_news(&seller).await?,
            Act::AskMarketplace { words } => self.ask_marketplace(sale, words).await?,
            Act::GrantRequest => self.answer_request(sale, "grant").await?,
        }
        self.settle_down().await
    }

    /// Moves the clock, and what falls due on the way happens in its time, hour by hour.
    pub(super) async fn wait_until(&mut self, at: Timestamp) -> Result<(), MarketError> {
        while self.clock.now() < at {
            let next = (self.clock.now() + SignedDuration::from_hours(1)).min(at);
            self.move_to(next).await?;
        }
        Ok(())
    }

    async fn move_to(&self, at: Timestamp) -> Result<(), MarketError> {
        self.clock.set(at);
        self.settle_down().await
    }

    /// What Amazon has to do now, the news for the shop among it, and what the shop asks for then.
    async fn settle_down(&self) -> Result<(), MarketError> {
        loop {
            self.amazon.run_due().await.map_err(due)?;
            if self.site.follow_payments().await.map_err(due)? == 0 {
                return Ok(());
            }
        }
    }

    async fn buy(
        &mut self,
        sale: usize,
        buyer: String,
        item: &DemoItem,
        method: &str,
    ) -> Result<(), MarketError> {
        let authorize_at = self.check_out(&buyer, item).await?;
        let mut parameters: HashMap<String, String> = authorize_at.query_pairs().into_owned().collect();
        let mut take = |name: &'static str| {
            parameters.remove(name).ok_or_else(|| MarketError::Missing(authorize_at.to_string(), name))
        };
        let (pipeline, reference) = (take("pipelineName")?, take("callerReference")?);
        for name in ["callerKey", "signature", "signatureMethod", "signatureVersion", "version"] {
            parameters.remove(name);
        }
        let click = json!({
            "access_key": DEMO_ACCESS_KEY, "pipeline": pipeline, "account": buyer, "payment_method": method,
            "caller_reference": reference, "parameters": parameters,
        });
        let clicked = self.at_amazon("/_control/tokens")?;
        let made = self.visits.post_json(clicked, &click).await?;
        let made: Value = serde_json::from_str(&made.text).unwrap_or_default();
        let back = made["return_parameters"].as_object().cloned().unwrap_or_default();
        let back = back.iter().map(|(name, value)| (name.as_str(), value.as_str().unwrap_or_default()));
        let mut url = self.at_shop("/payments/return")?;
        url.query_pairs_mut().extend_pairs(back);
        let thanks = self.visits.get(&buyer, url).await?;
        let order = thanks.location.map(|url| url.path().trim_end_matches("/thank-you").to_owned());
        let order = order.ok_or_else(|| MarketError::Missing(thanks.url.to_string(), "order"))?;
        self.purchases.insert(sale, Purchase { buyer, seller: item.seller.clone(), order });
        Ok(())
    }

    async fn leave(&mut self, buyer: &str, item: &DemoItem) -> Result<(), MarketError> {
        let authorize_at = self.check_out(buyer, item).await?;
        let mut page = self.visits.get(buyer, authorize_at).await?;
        while let Some(next) = page.location.take() {
            page = self.visits.get(buyer, next).await?;
        }
        let id = page.url.path_segments().and_then(|mut segments| segments.nth(1));
        let id = id.ok_or_else(|| MarketError::Missing(page.url.to_string(), "authorization"))?;
        let cancel = self.at_amazon(&format!("/cobranded-ui/{id}/cancel"))?;
        let back = self.visits.post(buyer, cancel, &[]).await?;
        if let Some(back) = back.location {
            self.visits.get(buyer, back).await?;
        }
        Ok(())
    }

    /// Fills in the checkout; returns where the payment is authorized.
    async fn check_out(&mut self, buyer: &str, item: &DemoItem) -> Result<Url, MarketError> {
        self.sign_in_to_shop(buyer).await?;
        let checkout = self.at_shop(&format!("/checkout/{}", item.slug))?;
        let form = self.visits.get(buyer, checkout.clone()).await?;
        let hidden = hidden_fields(&form.text);
        let mut fields: Vec<(&str, &str)> = hidden.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        fields.push(("payment_method", "amazon-payments"));
        if item.physical {
            fields.extend([
                ("ship_name", "The Buyer"),
                ("ship_line1", "12 Elm Street"),
                ("ship_city", "Portland"),
                ("ship_state", "OR"),
                ("ship_zip", "97201"),
                ("ship_country", "United States"),
                ("ship_speed", "standard"),
            ]);
        }
        let placed = self.visits.post(buyer, checkout, &fields).await?;
        placed.location.ok_or_else(|| MarketError::Missing(placed.url.to_string(), "way to Amazon Payments"))
    }

    fn purchase(&self, sale: usize) -> Result<(String, String, String), MarketError> {
        let purchase = self.purchases.get(&sale);
        let purchase = purchase.ok_or_else(|| MarketError::Missing(format!("sale {sale}"), "order"))?;
        Ok((purchase.buyer.clone(), purchase.seller.clone(), purchase.order.clone()))
    }

    async fn read(&mut self, sale: usize, path: &str) -> Result<(), MarketError> {
        let (buyer, _, order) = self.purchase(sale)?;
        self.sign_in_to_shop(&buyer).await?;
        let url = self.at_shop(&format!("{order}{path}"))?;
        // What cannot be downloaded (a parcel) is not there.
        let request = self.visits.request(Method::GET, &buyer, &url);
        request.send().await?.bytes().await?;
        Ok(())
    }

    async fn by_buyer(
        &mut self,
        sale: usize,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Result<(), MarketError> {
        let (buyer, _, order) = self.purchase(sale)?;
        self.post_about(&buyer, &order, path, fields).await
    }

    async fn by_seller(
        &mut self,
        sale: usize,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Result<(), MarketError> {
        let (_, seller, order) = self.purchase(sale)?;
        self.post_about(&seller, &order, path, fields).await
    }

    async fn post_about(
        &mut self,
        who: &str,
        order: &str,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Result<(), MarketError> {
        self.sign_in_to_shop(who).await?;
        self.visits.post(who, self.at_shop(&format!("{order}{path}"))?, fields).await.map(drop)
    }

    /// Whoever answers has read what was written to them.
    async fn write(&mut self, sale: usize, by_seller: bool, text: &str) -> Result<(), MarketError> {
        let (buyer, seller, order) = self.purchase(sale)?;
        let who = if by_seller { seller } else { buyer };
        self.sign_in_to_shop(&who).await?;
        self.visits.get(&who, self.at_shop(&order)?).await?;
        self.post_about(&who, &order, "/messages", &[("text", text)]).await
    }

    /// And the mail, on both sites.
    async fn read_news(&mut self, seller: &str) -> Result<(), MarketError> {
        self.sign_in_to_shop(seller).await?;
        self.visits.post(seller, self.at_shop("/sell/notices/read")?, &[]).await?;
        self.visits.post(seller, self.at_shop("/mail/read")?, &[]).await?;
        let sign_in = self.at_amazon("/account/sign-in")?;
        self.visits.enter(sign_in, seller, &[("email", seller), ("password", AMAZON_PASSWORD)]).await?;
        let mailbox = self.visits.get(seller, self.at_amazon("/account/mail")?).await?;
        let hidden = hidden_fields(&mailbox.text);
        let Some((name, up_to)) = hidden.iter().find(|(name, _)| name == "up_to") else { return Ok(()) };
        self.visits.post(seller, self.at_amazon("/account/mail/read")?, &[(name, up_to)]).await.map(drop)
    }

    async fn ask_refund(&mut self, sale: usize, reason: &str) -> Result<(), MarketError> {
        let (buyer, _, order) = self.purchase(sale)?;
        self.sign_in_to_shop(&buyer).await?;
        let page = self.visits.get(&buyer, self.at_shop(&order)?).await?;
        let transaction = between(&page.text, "Amazon transaction", "</code>");
        let transaction = transaction.and_then(|rest| rest.rsplit('>').next());
        let transaction =
            transaction.ok_or_else(|| MarketError::Missing(order.clone(), "transaction"))?.to_owned();
        let sign_in = self.at_amazon("/account/sign-in")?;
        self.visits.enter(sign_in, &buyer, &[("email", &buyer), ("password", AMAZON_PASSWORD)]).await?;
        let asked = self.at_amazon(&format!("/account/transactions/{transaction}"))?;
        let form = self.visits.get(&buyer, asked.clone()).await?;
        let amount =
            between(&form.text, "name=\"amount\"", ">").and_then(|field| between(field, "value=\"", "\""));
        let amount = amount.unwrap_or_default().to_owned();
        let ask = self.at_amazon(&format!("/account/transactions/{transaction}/refund-request"))?;
        self.visits.post(&buyer, ask, &[("amount", &amount), ("reason", reason)]).await.map(drop)
    }

    async fn answer_request(&mut self, sale: usize, answer: &str) -> Result<(), MarketError> {
        let (_, seller, order) = self.purchase(sale)?;
        self.sign_in_to_shop(&seller).await?;
        let page = self.visits.get(&seller, self.at_shop(&order)?).await?;
        let request = between(&page.text, "/refund-requests/", "/");
        // By the seller's rule the money went back at once.
        let Some(request) = request else { return Ok(()) };
        let url = self.at_shop(&format!("{order}/refund-requests/{request}/{answer}"))?;
        self.visits.post(&seller, url, &[]).await.map(drop)
    }

    async fn ask_marketplace(&mut self, sale: usize, words: &str) -> Result<(), MarketError> {
        let (buyer, _, order) = self.purchase(sale)?;
        self.sign_in_to_shop(&buyer).await?;
        let page = self.visits.get(&buyer, self.at_shop(&order)?).await?;
        // Where the money went back at once there is nothing to ask.
        let Some(request) = between(&page.text, "/refund-requests/", "/escalate") else { return Ok(()) };
        let url = self.at_shop(&format!("{order}/refund-requests/{request}/escalate"))?;
        self.visits.post(&buyer, url, &[("words", words)]).await.map(drop)
    }

    /// By the way on the order's page; where there is none, it was not paid or all of it went back.
    async fn review(&mut self, sale: usize, stars: u8, words: &str) -> Result<(), MarketError> {
        let (buyer, _, order) = self.purchase(sale)?;
        self.sign_in_to_shop(&buyer).await?;
        let page = self.visits.get(&buyer, self.at_shop(&order)?).await?;
        let form =
            page.text.split("action=\"/items/").skip(1).find_map(|rest| between(rest, "", "/review\""));
        let Some(slug) = form.filter(|slug| !slug.contains('"')) else { return Ok(()) };
        let url = self.at_shop(&format!("/items/{slug}/review"))?;
        let stars = stars.to_string();
        self.visits.post(&buyer, url, &[("stars", stars.as_str()), ("words", words)]).await.map(drop)
    }

    /// The newest that has no answer of this buyer's and this item's.
    async fn answer_review(&mut self, sale: usize, words: &str) -> Result<(), MarketError> {
        let (buyer, seller, order) = self.purchase(sale)?;
        self.sign_in_to_shop(&buyer).await?;
        let page = self.visits.get(&buyer, self.at_shop(&order)?).await?;
        let title = between(&page.text, "<h1>", "</h1>").unwrap_or_default().to_owned();
        let name = PEOPLE.iter().map(|(name, _)| *name).find(|name| address_of(name) == buyer);
        let first = name.and_then(|name| name.split(' ').next()).unwrap_or_default();
        self.sign_in_to_shop(&seller).await?;
        let list = self.visits.get(&seller, self.at_shop("/sell/reviews")?).await?;
        let is_it = |tag: &str| {
            between(tag, "aria-label=\"Answer to ", "\"")
                .is_some_and(|label| label.starts_with(first) && label.ends_with(&title))
        };
        let tags = list.text.split("<a ").filter_map(|rest| rest.split('>').next());
        let path = tags.filter(|tag| is_it(tag)).find_map(|tag| between(tag, "href=\"", "\""));
        let Some(path) = path else { return Ok(()) };
        self.visits.post(&seller, self.at_shop(path)?, &[("answer", words)]).await.map(drop)
    }

    fn at_shop(&self, path: &str) -> Result<Url, MarketError> {
        self.shop.join(path).map_err(|_| MarketError::Missing(path.to_owned(), "page"))
    }

    fn at_amazon(&self, path: &str) -> Result<Url, MarketError> {
        self.payments.join(path).map_err(|_| MarketError::Missing(path.to_owned(), "page"))
    }

    async fn sign_in_to_shop(&mut self, email: &str) -> Result<(), MarketError> {
        let url = self.at_shop("/sign-in")?;
        if self.visits.is_in(&url, email) {
            return Ok(());
        }
        self.visits.enter(url, email, &[("email", email), ("password", SHOP_PASSWORD)]).await
    }
}

#[expect(clippy::needless_pass_by_value, reason = "`map_err` gives it away")]
fn due(error: JobError) -> MarketError {
    MarketError::Due(error.to_string())
}
