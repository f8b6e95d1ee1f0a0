//! Two payments and two shop processes behind a proxy, on one PostgreSQL: they start at the same moment, and are one
//! site each, with one clock, one key and one set of data.

use crate::support::balancer::Balancer;
use crate::support::{App, Browser, Caller, fresh_postgres_schemas, recipient_token, start_time};
use jiff::SignedDuration;
use platform::{Clock, Random};
use serde_json::{Value, json};
use server::{Options, Running, Sites};
use std::net::SocketAddr;
use std::path::Path;
use url::Url;

const CALLER: &str = "DDCALLER000000000001";
const JOHN: &str = "john@example.com";
const BALANCE: &str = "Account balance";

struct Processes {
    /// As people reach it.
    app: App,
    payments: [SocketAddr; 2],
    shops: [SocketAddr; 2],
    running: Vec<Running>,
}

/// What all processes are told.
struct Setting<'a> {
    data: &'a Path,
    urls: (Url, Url),
    databases: (String, String),
}

impl Setting<'_> {
    /// The second machine's clock is a little behind.
    async fn start(&self, sites: Sites, number: u64) -> Running {
        let behind = SignedDuration::from_secs(2) * i32::try_from(number).unwrap();
        let clock = Clock::fixed(start_time() - behind);
        let mut options = Options::for_tests(self.data, clock, Random::seeded(10 + number));
        options.sites = sites;
        options.signing_key = Some(include_str!("support/signing-key.pem").into());
        (options.shop_url, options.payments_url) = (Some(self.urls.0.clone()), Some(self.urls.1.clone()));
        (options.shop_database_url, options.payments_database_url) = self.databases.clone();
        server::start(options).await.unwrap()
    }

    async fn two(&self, sites: Sites) -> [Running; 2] {
        let (one, other) = tokio::join!(self.start(sites, 0), self.start(sites, 1));
        [one, other]
    }
}

impl Processes {
    async fn start(data: tempfile::TempDir) -> Option<Self> {
        let databases = fresh_postgres_schemas().await?;
        let (shop, payments) = (Balancer::start().await, Balancer::start().await);
        let url = |host: &str, port: u16| Url::parse(&format!("http://{host}:{port}")).unwrap();
        let urls = (url("localhost", shop.port()), url("127.0.0.1", payments.port()));
        let setting = Setting { data: data.path(), urls: urls.clone(), databases };
        let paying = setting.two(Sites::Payments).await;
        payments.send_to(paying.iter().filter_map(Running::payments_addr).collect());
        let selling = setting.two(Sites::Shop).await;
        shop.send_to(selling.iter().filter_map(Running::shop_addr).collect());
        Some(Self {
            payments: paying.each_ref().map(|running| running.payments_addr().unwrap()),
            shops: selling.each_ref().map(|running| running.shop_addr().unwrap()),
            app: App::behind_a_proxy(urls.0, urls.1, Clock::fixed(start_time()), data),
            running: selling.into_iter().chain(paying).collect(),
        })
    }

    async fn stop(self) {
        for running in self.running {
            running.stop().await;
        }
    }

    fn caller(&self, number: usize) -> Caller {
        let endpoint = Url::parse(&format!("http://{}/", self.payments[number])).unwrap();
        Caller::new(endpoint, CALLER, "digitaldownload-demo-secret", Clock::fixed(start_time()))
    }
}

async fn get(address: SocketAddr, path: &str) -> String {
    Browser::new().get(format!("http://{address}{path}")).await.expect_status(200).text()
}

async fn control(address: SocketAddr, path: &str, body: Value) -> Value {
    let url = format!("http://{address}/_control/{path}");
    let request = platform::http_client().post(url).header("content-type", "application/json");
    let answer = request.body(body.to_string()).send().await.unwrap();
    let (status, text) = (answer.status(), answer.text().await.unwrap());
    assert!(status.is_success(), "{text}");
    serde_json::from_str(&text).unwrap()
}

async fn offset(address: SocketAddr) -> i64 {
    let shown: Value = serde_json::from_str(&get(address, "/_control/clock").await).unwrap();
    shown["offset_seconds"].as_i64().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_of_each_are_one_site_each() {
    let Some(processes) = Processes::start(tempfile::tempdir().unwrap()).await else {
        eprintln!("SKIPPED: DD_TEST_POSTGRES_URL is not set (run through .ci/postgres)");
        return;
    };
    one_certificate(&processes).await;
    one_clock(&processes).await;
    one_payment(&processes).await;
    one_shop(&processes).await;
    processes.app.assert_books_balance().await;
    processes.stop().await;
}

async fn one_certificate(processes: &Processes) {
    let [one, other] = processes.payments;
    let path = "/certs/300603/PKICert.pem";
    assert_eq!(get(one, path).await, get(other, path).await);
}

/// Moves through one are seen through the other at once, and two at the same moment both count.
async fn one_clock(processes: &Processes) {
    let [one, other] = processes.payments;
    control(one, "clock", json!({ "advance_seconds": 604_800 })).await;
    assert_eq!(offset(other).await, 604_800);
    let hour = || json!({ "advance_seconds": 3_600 });
    tokio::join!(control(one, "clock", hour()), control(other, "clock", hour()));
    assert_eq!([offset(one).await, offset(other).await], [612_000; 2]);
    assert_eq!(control(other, "clock", json!({ "freeze": true })).await["frozen"], true);
    assert_eq!(control(one, "clock", json!({ "resume": true })).await["frozen"], false);
}

/// A token made through one pays through the other, whose machine's clock is behind; once, whoever is asked.
async fn one_payment(processes: &Processes) {
    let [one, other] = processes.payments;
    for (maker, payer, sibling) in [(one, 1, 0), (other, 0, 1)] {
        let reference = format!("through-{payer}");
        let parameters = json!({ "transactionAmount": "10.00", "recipientToken": recipient_token(0) });
        let asked = json!({
            "access_key": CALLER, "pipeline": "SingleUse", "account": JOHN, "payment_method": "CC",
            "caller_reference": reference, "parameters": parameters,
        });
        let made = control(maker, "tokens", asked).await;
        let fields = [
            ("SenderTokenId", made["token_id"].as_str().unwrap()),
            ("RecipientTokenId", &recipient_token(0)),
            ("TransactionAmount.CurrencyCode", "USD"),
            ("TransactionAmount.Value", "10.00"),
            ("CallerReference", &reference),
        ];
        let (first, again) = (processes.caller(payer), processes.caller(sibling));
        let (first, again) = tokio::join!(first.call("Pay", &fields), again.call("Pay", &fields));
        let transaction = first.expect("TransactionId");
        assert_eq!(again.expect("TransactionId"), transaction);
        // The processors of both look for what is due.
        let paid = async {
            let fields = [("TransactionId", transaction.as_str())];
            while processes.caller(sibling).call("GetTransactionStatus", &fields).await.outcome() != "Success"
            {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_mins(1), paid).await.expect("the card is charged");
    }
    let ledger: Value = serde_json::from_str(&get(one, "/_control/ledger").await).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&get(other, "/_control/ledger").await).unwrap(), ledger);
}

/// Each request of a purchase goes to another process; what a seller lists through one is there in the other.
async fn one_shop(processes: &Processes) {
    let app = &processes.app;
    let mut browser = Browser::that_hangs_up();
    let fields = [("email", JOHN), ("password", "digitaldownload"), ("next", "/")];
    browser.post(app.shop("/sign-in"), &fields).await.expect_status(303);
    let order = app.buy(&mut browser, "now-and-forever", JOHN, BALANCE).await;
    for shop in processes.shops {
        let mut own = Browser::new();
        own.get(format!("http://localhost:{}/", shop.port())).await.expect_status(200);
    }
    assert!(browser.get(app.shop(&order)).await.expect_status(200).text().contains("Now and Forever"));

    let mut seller = Browser::that_hangs_up();
    let fields = [("email", "merchant@example.com"), ("password", "digitaldownload"), ("next", "/")];
    seller.post(app.shop("/sign-in"), &fields).await.expect_status(303);
    let [one, other] = processes.shops.map(|shop| format!("http://localhost:{}", shop.port()));
    let texts = [
        ("title", "Harbour at Dusk"),
        ("creator", "Nadia Brandt"),
        ("category", "art"),
        ("description", "A drawing of a harbour at dusk."),
        ("price", "24.50"),
        ("kind", "digital"),
        ("delivery", "instant"),
        ("licence", ""),
    ];
    // Both have the front page ready when the item comes.
    for shop in [&one, &other] {
        assert!(!Browser::new().get(shop).await.text().contains("Harbour at Dusk"));
    }
    let listed = seller.post_file(format!("{one}/sell/items/new"), &texts, ("file", "a.pdf", b"%PDF-1.4 x"));
    listed.await.expect_status(303);
    assert_eq!(Browser::new().get(format!("{other}/items/harbour-at-dusk")).await.status, 200);
    let shown = async {
        while !Browser::new().get(&other).await.text().contains("Harbour at Dusk") {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_mins(1), shown)
        .await
        .expect("the page kept ready is made anew");
}
