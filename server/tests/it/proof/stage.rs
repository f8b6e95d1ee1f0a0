//! Both sites, the people, and what goes wrong around them.

use super::plan::{DAY, Item, Plan, Story};
use super::watch::{Tally, Watch};
use crate::model::books::{CENT, dollars};
use crate::support::{App, Browser, On, Page, rows, spawn_app_with};
use jiff::Timestamp;
use reqwest::Method;
use serde_json::{Value, json};

pub const BUYER: &str = "ann@example.com";
pub const SELLER: &str = "merchant@example.com";
pub const MARKET: &str = "caller@example.com";
/// Whom the shop knows the buyer as.
const CUSTOMER: &str = "john@example.com";
/// A fault that is not wanted any more is taken away: none heals by itself.
const WITHOUT_END: u32 = 1_000_000;
/// How long a notification waits for the next to overtake it: longer than an order takes, so that one comes.
const WAITS_MS: u64 = 2_000;
/// A session ends when it is not used for seven days.
const SIGN_IN_AGAIN: i64 = 5 * DAY;

pub struct Stage {
    pub app: App,
    pub on: On,
    pub shop_database: String,
    pub payments_database: String,
    pub items: Vec<Item>,
    pub customer: Browser,
    pub seller: Browser,
    signed_in: Timestamp,
    watch: Watch,
    clock_moves: usize,
}

impl Stage {
    /// `None` when that database is not to be had here.
    pub async fn open(on: On) -> Option<Self> {
        let mut databases = Default::default();
        let set = |options: &mut server::Options| {
            // All work is done when the clock is moved, and so in the same order each time.
            options.background = false;
            databases = (options.shop_database_url.clone(), options.payments_database_url.clone());
        };
        let app = spawn_app_with(on, set).await?;
        let (shop_database, payments_database) = databases;
        let account = json!({
            "email": BUYER, "name": "Ann", "password": "an unusual sentence", "verified": true,
            "balance": "100000.00", "instruments": ["CC", "ACH", "ABT"],
        });
        app.control("accounts", Some(account)).await;
        let (customer, mut seller) = (app.signed_in(CUSTOMER).await, app.signed_in(SELLER).await);
        let mut items = vec![
            Item { slug: "now-and-forever".to_owned(), price: 99 * CENT, by_hand: false },
            Item { slug: "session-masters".to_owned(), price: 1_200 * CENT, by_hand: true },
        ];
        for (title, price, by_hand) in
            [("A Long Evening", 1_435 * CENT, false), ("To Measure", 649 * CENT, true)]
        {
            let slug = list(&app, &mut seller, title, &dollars(price), by_hand).await;
            items.push(Item { slug, price, by_hand });
        }
        let (watch, signed_in) = (Watch::begin(&app), app.clock.now());
        Some(Self {
            app,
            on,
            shop_database,
            payments_database,
            items,
            customer,
            seller,
            signed_in,
            watch,
            clock_moves: 0,
        })
    }

    pub async fn advance(&mut self, seconds: i64) {
        self.app.advance(seconds).await;
        self.clock_moves += 1;
    }

    pub async fn sign_in_again(&mut self) {
        let now = self.app.clock.now();
        if now.as_second() - self.signed_in.as_second() > SIGN_IN_AGAIN {
            self.customer = self.app.signed_in(CUSTOMER).await;
            self.seller = self.app.signed_in(SELLER).await;
            self.signed_in = now;
        }
    }

    /// From now on 30 of 100 notifications are lost, and the others doubled or overtaken; of ten answers one is lost. The
    /// first that chance lets happen is what happens, so each seed is one of this order alone.
    pub async fn break_things(&self, plan: &Plan) {
        self.mend_things().await;
        let action = if plan.item.by_hand { "Reserve" } else { "Pay" };
        let refused = json!({ "action": action, "code": "TransactionDenied" });
        let refused = (plan.story == Story::Refused).then_some(refused);
        let faults = [
            json!({ "notifications": "drop", "share": 30, "times": WITHOUT_END, "seed": plan.seed }),
            json!({ "notifications": "double", "share": 50, "times": WITHOUT_END, "seed": plan.seed + 1 }),
            json!({ "notifications": "reorder", "delay_ms": WAITS_MS, "times": WITHOUT_END }),
            json!({ "drop": "answer", "share": 10, "times": WITHOUT_END, "seed": plan.seed + 2 }),
        ];
        for fault in refused.into_iter().chain(faults) {
            self.app.control("faults", Some(fault)).await;
        }
    }

    pub async fn mend_things(&self) {
        let (status, answer) = self.app.try_control(Method::DELETE, "faults", None).await;
        assert_eq!(status, 200, "{answer}");
    }

    /// What has gone wrong by now.
    pub async fn tally(&mut self) -> Tally {
        self.watch.after(self.clock_moves).await
    }

    /// Nothing goes wrong any more, and so much time goes by that all that is open comes to its end: what is told is told,
    /// what is asked after is answered, what is reserved is let go.
    pub async fn calm_down(&mut self) -> Result<(), String> {
        self.mend_things().await;
        for seconds in [60, 600, DAY / 24, DAY / 4, 7 * DAY, DAY, 60] {
            self.advance(seconds).await;
        }
        // Nothing is due any more: all that was done is told before this is.
        self.advance(0).await;
        self.watch.when_all_has_arrived(self.clock_moves).await?;
        self.advance(60).await;
        Ok(())
    }

    /// What a person's click through the Co-Branded UI brings back, for the request that the shop's redirect is.
    pub async fn click(&self, redirect: &Page, method: &str) -> Value {
        let mut asked = json!({ "account": BUYER, "payment_method": method });
        let mut parameters = serde_json::Map::new();
        for (name, value) in redirect.location().query_pairs() {
            let value = Value::String(value.into_owned());
            match &*name {
                "callerKey" => asked["access_key"] = value,
                "callerReference" => asked["caller_reference"] = value,
                "pipelineName" => asked["pipeline"] = value,
                "signature" | "signatureMethod" | "signatureVersion" => {}
                _ => _ = parameters.insert(name.into_owned(), value),
            }
        }
        asked["parameters"] = parameters.into();
        self.app.control("tokens", Some(asked)).await
    }

    /// The only row, if there is one.
    pub async fn row(&self, database: &str, columns: &[&str], rest: &str) -> Option<Vec<String>> {
        let mut rows = rows(database, columns, rest).await;
        assert!(rows.len() < 2, "{rest}: {rows:?}");
        rows.pop()
    }
}

/// Puts an item up for sale; its slug.
async fn list(app: &App, seller: &mut Browser, title: &str, price: &str, by_hand: bool) -> String {
    let fields = [
        ("title", title),
        ("creator", "Martha Reyes"),
        ("category", "music"),
        ("description", "Long enough."),
        ("price", price),
        ("delivery", if by_hand { "manual" } else { "instant" }),
        ("kind", "digital"),
        ("licence", ""),
    ];
    let page = seller
        .post_file(app.shop("/sell/items/new"), &fields, ("file", "evening.txt", b"Good evening."))
        .await;
    let address = page.expect_status(303).location();
    let path = address.path().trim_end_matches('/');
    path.rsplit('/').next().unwrap().to_owned()
}
