//! The database away, hanging, locked: both sites say so in time and in their own words, nothing is half done, and
//! all is well again when the database is.

use crate::support::proxy::{Line, Proxy};
use crate::support::{Answer, App, Browser, On, Page, recipient_token, spawn_app_with};
use platform::db::Timeouts;
use sqlx::{AnyConnection, Connection, Executor};
use std::time::Duration;

const CALLER: &str = "DDCALLER000000000001";
/// Longer than any machine needs.
const PATIENCE: Duration = Duration::from_mins(2);

fn quickly(options: &mut server::Options) {
    options.database_timeouts = Timeouts { answer: Duration::from_millis(1_500), ..Timeouts::default() };
}

async fn in_time<T>(work: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, work).await.expect("nobody waits for ever")
}

/// What is prepared before the trouble and tried in it.
struct Customer {
    browser: Browser,
    token: String,
    checkout: String,
}

impl Customer {
    async fn of(app: &App) -> Self {
        let mut browser = app.signed_in("john@example.com").await;
        let token = app.sender_token(CALLER, "john@example.com", "ABT", "10.00", "before").await;
        let checkout = app.shop("/checkout/now-and-forever");
        browser.get(&checkout).await.expect_status(200);
        Self { browser, token, checkout }
    }

    async fn pay(&self, app: &App) -> Answer {
        let fields = [
            ("SenderTokenId", self.token.as_str()),
            ("RecipientTokenId", &recipient_token(0)),
            ("TransactionAmount.CurrencyCode", "USD"),
            ("TransactionAmount.Value", "10.00"),
            ("CallerReference", "in-trouble"),
        ];
        in_time(app.caller().call("Pay", &fields)).await
    }

    async fn buy(&mut self) -> Page {
        in_time(self.browser.post(&self.checkout, &[("payment_method", "amazon-payments")])).await
    }

    /// A page that is made for this person.
    async fn orders(&mut self, app: &App) -> Page {
        in_time(self.browser.get(app.shop("/orders"))).await
    }
}

#[track_caller]
fn assert_come_again(page: &Page) {
    assert_eq!(page.status, 503, "{}: {}", page.url, page.text());
    assert!(page.header("retry-after").parse::<u64>().is_ok_and(|seconds| seconds > 0), "{page:?}");
}

#[track_caller]
fn assert_page_says_so(page: &Page) {
    assert_come_again(page);
    assert!(page.header("content-type").starts_with("text/html"), "{page:?}");
    assert!(page.text().contains("Not available at the moment"), "{}", page.text());
}

async fn healths(app: &App) -> [Page; 2] {
    let health = async |url: String| in_time(Browser::new().get(url)).await;
    [health(app.shop("/healthz")).await, health(app.payments("/healthz")).await]
}

/// Whatever needs to write is told to come again; one request after the other, and twenty at once.
async fn nothing_can_be_written(app: &App, customer: &mut Customer) {
    for page in healths(app).await {
        assert_come_again(&page);
    }
    let paid = customer.pay(app).await;
    assert_eq!((paid.status, paid.outcome().as_str()), (503, "InternalError"), "{paid:?}");
    assert_page_says_so(&customer.buy().await);
    let control = app.payments("/_control/clock");
    let request = platform::http_client().post(&control).header("content-type", "application/json");
    let answer = in_time(request.body("{\"advance_seconds\":0}").send()).await.unwrap();
    assert_eq!(answer.status(), 503);
    assert!(answer.headers().contains_key("retry-after"));
    assert!(answer.text().await.unwrap().starts_with("{\"error\":\"the database"));
    let customer = &*customer;
    let many = futures_util::future::join_all((0..20).map(|_| customer.pay(app)));
    assert!(in_time(many).await.iter().all(|paid| paid.status == 503));
}

/// With the database away there is nothing to read either.
async fn nothing_can_be_read(app: &App, customer: &mut Customer) {
    assert_page_says_so(&customer.orders(app).await);
    for path in ["/account", "/account/sign-in", "/certs/none/PKICert.pem"] {
        let page = in_time(Browser::new().get(app.payments(path))).await;
        assert!(page.status < 500 || page.status == 503, "{path}: {}", page.status);
    }
    let ledger = in_time(Browser::new().get(app.payments("/_control/ledger"))).await;
    assert_come_again(&ledger);
}

/// Everything is as if there had been no trouble, by itself; what was tried in it can be repeated.
async fn all_is_well(app: &App, customer: &mut Customer) {
    in_time(async {
        while healths(app).await.iter().any(|page| page.status != 200) {
            tokio::task::yield_now().await;
        }
    })
    .await;
    let paid = in_time(async {
        loop {
            match customer.pay(app).await {
                answer if answer.status == 503 => tokio::task::yield_now().await,
                answer => return answer,
            }
        }
    })
    .await;
    assert_eq!(paid.outcome(), "Success");
    assert_eq!(customer.pay(app).await.expect("TransactionId"), paid.expect("TransactionId"));
    app.settle_down().await;
    app.assert_books_balance().await;
    assert_eq!(app.balance("john@example.com").await, "490.0000", "paid once");
    customer.orders(app).await.expect_status(200);
    app.buy(&mut customer.browser, "now-and-forever", "john@example.com", "Account balance").await;
    app.assert_books_balance().await;
}

async fn without_its_server(trouble: Line) {
    let Some(proxy) = Proxy::before_postgres().await else {
        eprintln!("SKIPPED on PostgreSQL: DD_TEST_POSTGRES_URL is not set (run through .ci/postgres)");
        return;
    };
    let app = spawn_app_with(On::Postgres, |options| {
        quickly(options);
        options.shop_database_url = proxy.url(&options.shop_database_url);
        options.payments_database_url = proxy.url(&options.payments_database_url);
    });
    let app = app.await.unwrap();
    let mut customer = Customer::of(&app).await;
    for _ in 0..2 {
        proxy.set(trouble);
        nothing_can_be_written(&app, &mut customer).await;
        nothing_can_be_read(&app, &mut customer).await;
        proxy.set(Line::Through);
        in_time(async {
            while healths(&app).await.iter().any(|page| page.status != 200) {
                tokio::task::yield_now().await;
            }
        })
        .await;
    }
    all_is_well(&app, &mut customer).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_down() {
    without_its_server(Line::Cut).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_does_not_answer() {
    without_its_server(Line::Hanging).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_another_program_has_locked() {
    let mut files = Vec::new();
    let app = spawn_app_with(On::Sqlite, |options| {
        quickly(options);
        files = vec![options.shop_database_url.clone(), options.payments_database_url.clone()];
    });
    let app = app.await.unwrap();
    let mut customer = Customer::of(&app).await;
    let mut others = Vec::new();
    for file in &files {
        let mut other = AnyConnection::connect(file).await.unwrap();
        other.execute(sqlx::raw_sql("PRAGMA busy_timeout = 60000; BEGIN EXCLUSIVE")).await.unwrap();
        others.push(other);
    }
    nothing_can_be_written(&app, &mut customer).await;
    customer.orders(&app).await.expect_status(200);
    for mut other in others {
        other.execute("ROLLBACK").await.unwrap();
    }
    all_is_well(&app, &mut customer).await;
}
