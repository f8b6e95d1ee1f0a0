//! Who may do what: every route of the shop for everybody.

use super::support::{Browser, Page, TestShop, test_shop};
use crate::router;
use http::StatusCode;
use platform::web::access_table::{NO_SUCH_METHOD, Row, differences, not_told_apart};
use sqlx::AssertSqlSafe;

/// Nobody, the buyer of the order, another buyer, the merchant of the order, another merchant, and the operator.
const PEOPLE: [Option<&str>; 6] = [
    None,
    Some("john@example.com"),
    Some("jane@example.com"),
    Some("merchant@example.com"),
    Some("seller1@example.com"),
    Some("operator@example.com"),
];

/// What each of them gets, in that order: `o` an answer, `s` the sign-in page, `d` the page that says how to begin to
/// sell, `h` that there is no such page.
const ALL: &str = "oooooo";
const SIGNED_IN: &str = "sooooo";
/// Of an order: its buyer, its merchant and the operator.
const PARTIES: &str = "sohoho";
const BUYER: &str = "sohhhh";
const MERCHANT: &str = "shhohh";
const MERCHANT_AND_OPERATOR: &str = "shhoho";
const OPERATOR: &str = "shhhho";
const SELLERS: &str = "sddood";
/// Of the merchant's own item or customer; who sells nothing is told how to begin.
const ITS_SELLER: &str = "sddohd";

const ROWS: &[Row] = &[
    ("GET", "/", ALL),
    ("GET", "/items/{slug}", ALL),
    // Without a key.
    ("GET", "/licences/verify", ALL),
    ("GET", "/help", ALL),
    ("GET", "/terms", ALL),
    ("GET", "/privacy", ALL),
    ("GET", "/robots.txt", ALL),
    ("GET", "/sitemap.xml", ALL),
    ("GET", "/feed.atom", ALL),
    ("GET", "/search/suggest", ALL),
    ("GET", "/sellers/{slug}", ALL),
    ("GET", "/covers/{slug}", ALL),
    ("GET", "/previews/{slug}", ALL),
    ("GET", "/previews/{slug}/waveform", ALL),
    // The item has none of these.
    ("GET", "/sellers/{slug}/picture", "hhhhhh"),
    ("GET", "/pictures/{slug}/{number}", "hhhhhh"),
    ("GET", "/samples/{slug}", "hhhhhh"),
    ("GET", "/demos/{slug}", "hhhhhh"),
    ("GET", "/specimens/{slug}", "hhhhhh"),
    ("GET", "/items/{slug}/type", "hhhhhh"),
    ("GET", "/items/{slug}/reviews", ALL),
    ("GET", "/items/{slug}/review", SIGNED_IN),
    ("POST", "/items/{slug}/review", SIGNED_IN),
    // Without what makes a link, and with nothing to claim.
    ("GET", "/guest/orders/{id}", ALL),
    ("POST", "/guest/orders/{id}", ALL),
    ("GET", "/gifts/{id}", ALL),
    ("POST", "/gifts/{id}", SIGNED_IN),
    ("GET", "/guest/claim", SIGNED_IN),
    ("POST", "/guest/claim", SIGNED_IN),
    ("GET", "/guest/link", ALL),
    ("POST", "/guest/link", ALL),
    ("GET", "/sign-in", ALL),
    ("POST", "/sign-in", ALL),
    ("GET", "/sign-up", ALL),
    ("POST", "/sign-up", ALL),
    ("GET", "/sign-up/sent", ALL),
    ("GET", "/sign-up/confirm", ALL),
    ("POST", "/sign-up/confirm", ALL),
    ("GET", "/password/forgot", ALL),
    ("POST", "/password/forgot", ALL),
    ("GET", "/password/reset", ALL),
    ("POST", "/password/reset", ALL),
    ("GET", "/payments/return", ALL),
    ("POST", "/payments/ipn", ALL),
    ("GET", "/cart", ALL),
    ("POST", "/cart", ALL),
    ("GET", "/wishlist", ALL),
    ("POST", "/wishlist", ALL),
    ("POST", "/recently-seen/forget", ALL),
    ("GET", "/cart/return", ALL),
    ("GET", "/cart/checkout", SIGNED_IN),
    ("POST", "/cart/checkout", SIGNED_IN),
    // The order is of no cart.
    ("GET", "/cart/{id}", "shhhhh"),
    ("GET", "/cart/{id}/events", "shhhhh"),
    ("GET", "/credit", SIGNED_IN),
    ("POST", "/credit", SIGNED_IN),
    ("GET", "/credit/{id}/return", ALL),
    ("GET", "/checkout/{slug}", SIGNED_IN),
    ("POST", "/checkout/{slug}", SIGNED_IN),
    ("GET", "/sign-in/code", "ssssss"),
    ("POST", "/sign-in/code", "ssssss"),
    ("GET", "/account", SIGNED_IN),
    ("GET", "/account/profile", SIGNED_IN),
    ("POST", "/account/profile", SIGNED_IN),
    ("GET", "/account/email", SIGNED_IN),
    ("POST", "/account/email", SIGNED_IN),
    ("GET", "/account/email/confirm", ALL),
    ("POST", "/account/email/confirm", ALL),
    ("GET", "/account/second-factor", SIGNED_IN),
    ("POST", "/account/second-factor", SIGNED_IN),
    ("POST", "/account/second-factor/confirm", SIGNED_IN),
    ("GET", "/account/second-factor/off", SIGNED_IN),
    ("POST", "/account/second-factor/off", SIGNED_IN),
    ("GET", "/account/second-factor/codes", SIGNED_IN),
    ("POST", "/account/second-factor/codes", SIGNED_IN),
    ("GET", "/account/data", SIGNED_IN),
    ("POST", "/account/export", SIGNED_IN),
    ("GET", "/account/delete", SIGNED_IN),
    ("POST", "/account/delete", SIGNED_IN),
    ("POST", "/account/password", SIGNED_IN),
    ("POST", "/account/sessions/{handle}/end", SIGNED_IN),
    ("GET", "/mail", SIGNED_IN),
    ("GET", "/mail/{id}", BUYER),
    ("GET", "/mail/{id}/text", BUYER),
    ("POST", "/mail/read", SIGNED_IN),
    ("GET", "/orders", SIGNED_IN),
    ("GET", "/library", SIGNED_IN),
    // Before the order moves on and the request for a refund is answered.
    ("GET", "/sell/customers/{id}", ITS_SELLER),
    ("GET", "/operator/disputes/{id}", OPERATOR),
    ("POST", "/operator/disputes/{id}", OPERATOR),
    ("GET", "/orders/{id}", PARTIES),
    ("GET", "/orders/{id}/thank-you", PARTIES),
    ("GET", "/orders/{id}/events", PARTIES),
    ("GET", "/orders/{id}/download", BUYER),
    ("GET", "/orders/{id}/download/{number}", BUYER),
    ("POST", "/orders/{id}/links", BUYER),
    ("GET", "/orders/{id}/receipt", PARTIES),
    ("GET", "/orders/{id}/receipt.pdf", PARTIES),
    // Nobody signed it.
    ("GET", "/downloads/{id}/{signature}", "hhhhhh"),
    ("GET", "/orders/{id}/calls/{call}", MERCHANT_AND_OPERATOR),
    ("GET", "/orders/{id}/refund", "sohohh"),
    ("POST", "/orders/{id}/refund", "sohohh"),
    ("POST", "/orders/{id}/cancel", "sohohh"),
    ("POST", "/orders/{id}/fulfil", MERCHANT),
    // The order is its buyer's own; without an address the page says what is missing.
    ("POST", "/orders/{id}/gift", PARTIES),
    ("POST", "/orders/{id}/restart", BUYER),
    ("POST", "/orders/{id}/messages", PARTIES),
    ("GET", "/orders/{id}/refund-requests/{request}/escalate", BUYER),
    ("POST", "/orders/{id}/refund-requests/{request}/escalate", BUYER),
    ("POST", "/orders/{id}/refund-requests/{request}/grant", MERCHANT_AND_OPERATOR),
    ("POST", "/orders/{id}/refund-requests/{request}/decline", MERCHANT_AND_OPERATOR),
    ("GET", "/sell", SIGNED_IN),
    ("POST", "/sell", SIGNED_IN),
    // Who is registered goes back to the desk, as after reading notices.
    ("POST", "/sell/register", "sddddd"),
    ("GET", "/sell/registered", SIGNED_IN),
    ("GET", "/sell/orders", SELLERS),
    ("POST", "/sell/orders/fulfil", SELLERS),
    ("GET", "/sell/orders/fulfilled", SELLERS),
    ("GET", "/sell/profile", SELLERS),
    ("POST", "/sell/profile", SELLERS),
    ("POST", "/sell/profile/picture", SELLERS),
    ("GET", "/sell/items", SELLERS),
    ("GET", "/sell/items/new", SELLERS),
    ("POST", "/sell/items/new", SELLERS),
    ("GET", "/sell/items/{slug}", "shhohh"),
    ("POST", "/sell/items/{slug}", "shhohh"),
    ("GET", "/sell/coupons", SELLERS),
    ("POST", "/sell/coupons", SELLERS),
    ("POST", "/sell/coupons/{id}/withdraw", "sddohd"),
    ("GET", "/sell/figures", SELLERS),
    ("GET", "/sell/figures/amazon", SELLERS),
    ("GET", "/sell/sales.csv", SELLERS),
    ("GET", "/sell/messages", SELLERS),
    ("GET", "/sell/customers", SELLERS),
    ("GET", "/sell/reviews", SELLERS),
    ("GET", "/sell/reviews/{id}", ITS_SELLER),
    ("POST", "/sell/reviews/{id}", ITS_SELLER),
    ("GET", "/sell/notices", SELLERS),
    ("POST", "/sell/notices/read", "sddddd"),
    ("GET", "/operator", OPERATOR),
    ("GET", "/operator/audit", OPERATOR),
    ("GET", "/operator/audit.csv", OPERATOR),
    ("GET", "/operator/users", OPERATOR),
    ("GET", "/operator/users/{id}", OPERATOR),
    ("POST", "/operator/users/{id}/close", OPERATOR),
    ("POST", "/operator/users/{id}/open", OPERATOR),
    ("POST", "/operator/users/{id}/second-factor/off", OPERATOR),
    ("GET", "/operator/sellers/{id}", OPERATOR),
    ("POST", "/operator/sellers/{id}/hold", OPERATOR),
    ("POST", "/operator/sellers/{id}/release", OPERATOR),
    ("GET", "/operator/items", OPERATOR),
    ("GET", "/operator/items/{slug}", OPERATOR),
    ("POST", "/operator/items/{slug}/hold", OPERATOR),
    ("POST", "/operator/items/{slug}/release", OPERATOR),
    ("GET", "/operator/figures", OPERATOR),
    ("GET", "/operator/orders", OPERATOR),
    ("GET", "/operator/fees", OPERATOR),
    ("POST", "/operator/fees", OPERATOR),
    ("POST", "/operator/fees/{id}/withdraw", OPERATOR),
    ("GET", "/operator/coupons", OPERATOR),
    ("POST", "/operator/coupons", OPERATOR),
    ("POST", "/operator/coupons/{id}/withdraw", OPERATOR),
    ("GET", "/operator/disputes", OPERATOR),
    ("GET", "/operator/reviews", OPERATOR),
    ("GET", "/operator/reviews/{id}", OPERATOR),
    ("POST", "/operator/reviews/{id}/hide", OPERATOR),
    ("POST", "/operator/reviews/{id}/show", OPERATOR),
    ("GET", "/operator/health", OPERATOR),
    ("POST", "/operator/health/orders/{id}/mend", OPERATOR),
    ("POST", "/operator/health/mails/{id}/send", OPERATOR),
    // After all that has to do with the review.
    ("POST", "/items/{slug}/review/withdraw", SIGNED_IN),
    // Those that end sessions come last.
    ("POST", "/account/sessions/end-others", SIGNED_IN),
    ("POST", "/sign-out", ALL),
];

impl TestShop {
    async fn change(&self, statement: String) {
        let changed: Result<_, sqlx::Error> = self
            .shop
            .db
            .transact(statement, |c, statement| {
                Box::pin(async move { sqlx::query(AssertSqlSafe(statement.clone())).execute(c).await })
            })
            .await;
        assert!(changed.unwrap().rows_affected() > 0);
    }

    pub async fn value(&self, query: &'static str) -> String {
        sqlx::query_scalar(query).fetch_one(self.shop.db.readers()).await.unwrap()
    }
}

/// What is in the addresses of the one order, item, mail and people that the test has.
struct World {
    test: TestShop,
    order: String,
    mail: String,
    buyer: String,
    merchant: String,
}

impl World {
    async fn set() -> Self {
        let test = test_shop().await;
        let mut john = test.signed_in("john@example.com").await;
        let placed = john.post("/checkout/now-and-forever", &[("payment_method", "amazon-payments")]).await;
        assert_eq!(placed.status, StatusCode::SEE_OTHER, "{}", placed.text());
        let order = test.value("SELECT id FROM orders").await;
        let statements = [
            "UPDATE orders SET state = 'Paid', transaction_id = 'T1', sender_token_id = 'S', payment_method = 'ABT', \
             paid_at = created_at"
                .to_owned(),
            format!(
                "INSERT INTO download_grants (order_id, buyer_id, item_id, granted_at) \
                 SELECT id, buyer_id, item_id, created_at FROM orders WHERE id = '{order}'"
            ),
            format!(
                "INSERT INTO order_calls (order_id, sequence, at, action, asked, outcome, times, request_id, answer) \
                 VALUES ('{order}', 1, 0, 'Pay', 'Charge it', 'Success', 1, 'r', '<PayResponse/>')"
            ),
            format!(
                "INSERT INTO refund_requests (id, order_id, merchant_id, amount, reason, requester, state, at) \
                 SELECT 'request1', id, merchant_id, price, 'Why', 'John', 'Open', 0 FROM orders WHERE id = '{order}'"
            ),
        ];
        let review = format!(
            "INSERT INTO reviews (id, item_id, merchant_id, buyer_id, order_id, stars, words, at) \
             SELECT 'review1', item_id, merchant_id, buyer_id, id, 4, '', 0 FROM orders WHERE id = '{order}'"
        );
        let coupons = "INSERT INTO coupons (id, merchant_id, code, percent, begins_at, made_at) \
             SELECT 'coupon1', merchant_id, 'SPRING', 100000, 0, 0 FROM orders \
             UNION ALL SELECT 'coupon2', NULL, 'MARKET', 100000, 0, 0 FROM orders";
        for statement in statements.into_iter().chain([review, coupons.to_owned()]) {
            test.change(statement).await;
        }
        let mut john = test.signed_in("john@example.com").await;
        john.post("/password/forgot", &[("email", "john@example.com")]).await;
        let mail = test.value("SELECT id FROM mails WHERE address = 'john@example.com'").await;
        let buyer = test.value("SELECT buyer_id FROM orders").await;
        let merchant = test.value("SELECT merchant_id FROM orders").await;
        Self { test, order, mail, buyer, merchant }
    }

    /// The address of a route in this world.
    fn address(&self, path: &str) -> String {
        let id = match path {
            path if path.contains("/reviews/") => "review1",
            path if path.starts_with("/sell/coupons") => "coupon1",
            path if path.starts_with("/operator/coupons") => "coupon2",
            path if path.starts_with("/mail") => &self.mail,
            path if path.starts_with("/operator/users") || path.starts_with("/sell/customers") => &self.buyer,
            path if path.starts_with("/operator/sellers") => &self.merchant,
            _ => &self.order,
        };
        let slug = if path.starts_with("/sellers") { "right-here-records" } else { "now-and-forever" };
        path.replace("{id}", id)
            .replace("{slug}", slug)
            .replace("{number}", "1")
            .replace("{call}", "1.xml")
            .replace("{request}", "request1")
            .replace("{handle}", "none")
            .replace("{signature}", "none")
    }
}

fn verdict(page: &Page) -> char {
    match page.status {
        StatusCode::METHOD_NOT_ALLOWED => NO_SUCH_METHOD,
        StatusCode::NOT_FOUND => 'h',
        StatusCode::SEE_OTHER if page.leads_to().starts_with("/sign-in") => 's',
        StatusCode::SEE_OTHER if page.leads_to() == "/sell" => 'd',
        status => {
            assert!(
                !status.is_server_error() || status == StatusCode::SERVICE_UNAVAILABLE,
                "{}",
                page.text()
            );
            'o'
        }
    }
}

#[tokio::test]
async fn everybody_gets_what_is_theirs() {
    let world = World::set().await;
    let mut browsers: Vec<Browser> = Vec::new();
    for person in PEOPLE {
        browsers.push(match person {
            Some(email) => world.test.signed_in(email).await,
            None => world.test.stranger(),
        });
    }
    let ask = async |person: usize, method: &str, path: &str| {
        let (browser, address) = (&mut browsers[person], world.address(path));
        verdict(&if method == "GET" {
            browser.get(&address).await
        } else {
            browser.post(&address, &[]).await
        })
    };
    let wrong = differences(&router::routes(&world.test.shop), ROWS, ask).await;
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// What is asked for with GET and is no page: files, feeds, streams, and ways to another address.
const NO_PAGES: &[&str] = &[
    "/licences/verify",
    "/robots.txt",
    "/sitemap.xml",
    "/feed.atom",
    "/search/suggest",
    "/covers/{slug}",
    "/previews/{slug}",
    "/previews/{slug}/waveform",
    "/sellers/{slug}/picture",
    "/pictures/{slug}/{number}",
    "/samples/{slug}",
    "/demos/{slug}",
    "/specimens/{slug}",
    "/payments/return",
    "/cart/return",
    "/credit/{id}/return",
    "/cart/{id}/events",
    "/mail/{id}/text",
    "/orders/{id}/events",
    "/orders/{id}/download",
    "/orders/{id}/download/{number}",
    "/orders/{id}/receipt.pdf",
    "/downloads/{id}/{signature}",
    "/orders/{id}/calls/{call}",
    "/sell/registered",
    "/sell/sales.csv",
    "/operator/audit.csv",
    "/operator/sellers/{id}",
];

#[test]
fn the_browser_tests_know_every_page() {
    let pages = include_str!("../../../../../../end2end/fixtures/pages.json");
    assert_eq!(not_told_apart(ROWS, pages, "shop", NO_PAGES), [""; 0]);
}
