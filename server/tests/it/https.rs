//! Both sites behind proxies that speak TLS, as on a machine that others reach: every arrow between them is https, by
//! a certificate of an authority that only `--ca-file` names.

use crate::quick_start::{MADE_TO_ORDER, WHY};
use crate::support::balancer::{Balancer, CERTIFICATES};
use crate::support::{App, On, spawn_app_with};
use platform::Tls;
use std::path::Path;
use url::Url;

const JOHN: &str = "john@example.com";

/// `None` when that database is not to be had here.
async fn behind_tls(on: On, tls: Tls) -> Option<App> {
    let (shop, payments) = (Balancer::start_with_tls().await, Balancer::start_with_tls().await);
    let url = |proxy: &Balancer| Url::parse(&format!("https://localhost:{}/", proxy.port())).unwrap();
    let app = spawn_app_with(on, |options| {
        (options.shop_url, options.payments_url) = (Some(url(&shop)), Some(url(&payments)));
        options.tls = tls;
    });
    let app = app.await?;
    let [shop_address, payments_address] = app.addresses();
    shop.send_to(vec![shop_address]);
    payments.send_to(vec![payments_address]);
    Some(app)
}

fn of_the_authority() -> Tls {
    Tls::with_authorities_of(&Path::new(CERTIFICATES).join("authority.pem")).unwrap()
}

/// Requests, return and notifications: each is sent by https, and the other side trusts it.
async fn purchases(app: App) {
    let mut john = app.signed_in(JOHN).await;
    let order = app.buy(&mut john, "now-and-forever", JOHN, "Account balance").await;
    let page = john.get(app.shop(&order)).await.expect_status(200);
    assert_eq!((page.url.scheme(), page.text().contains("Paid")), ("https", true), "{}", page.text());
    assert!(!page.header("strict-transport-security").is_empty());
    let file = john.get(app.shop(&format!("{order}/download"))).await.expect_status(200);
    assert_eq!(file.header("content-type"), "audio/mpeg");

    // How a card's payment ends is told by notification, which the shop verifies.
    let order = app.buy(&mut john, MADE_TO_ORDER, JOHN, "ending in").await;
    app.settle_down().await;
    assert!(john.get(app.shop(&order)).await.text().contains("Reserved"));
    let mut merchant = app.signed_in("merchant@example.com").await;
    merchant.post(app.shop(&format!("{order}/fulfil")), &[]).await.expect_status(303);
    app.settle_down().await;
    assert!(john.get(app.shop(&order)).await.text().contains("Paid"));
    let sent = app.control("notifications", None).await;
    let sent = sent.as_array().unwrap();
    assert!(sent.len() >= 3, "{sent:?}");
    for notification in sent {
        assert_eq!(notification["state"], "Delivered", "{notification}");
        assert!(notification["url"].as_str().unwrap().starts_with("https://localhost:"), "{notification}");
    }

    let refund = john.post(app.shop(&format!("{order}/refund")), WHY).await.expect_status(303);
    app.settle_down().await;
    assert!(john.follow(refund).await.text().contains("Refunded"));
    app.assert_books_balance().await;
    app.stop().await;
}

/// Who is not vouched for hears nothing: no request is sent, and no notification.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_site_that_nobody_vouches_for_is_not_spoken_to() {
    let app = behind_tls(On::Sqlite, Tls::default()).await.unwrap().trusting(of_the_authority());
    let mut john = app.signed_in(JOHN).await;
    let review = app.to_review(&mut john, "now-and-forever", JOHN, "Account balance").await;
    let returned = app.confirm(&mut john, &review).await.expect_status(303);
    let page = john.follow(returned).await;
    assert!(!page.text().contains("Thank you"), "{}", page.text());
    app.settle_down().await;
    assert!(app.balance(JOHN).await.starts_with("500.00"), "Pay was not sent");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_purchase_over_https_on_sqlite() {
    purchases(behind_tls(On::Sqlite, of_the_authority()).await.unwrap()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_purchase_over_https_on_postgres() {
    match behind_tls(On::Postgres, of_the_authority()).await {
        Some(app) => purchases(app).await,
        None => {
            eprintln!("SKIPPED on PostgreSQL: DD_TEST_POSTGRES_URL is not set (run through .ci/postgres)");
        }
    }
}
