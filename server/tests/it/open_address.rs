//! An address that others can reach: what this project publishes must open nothing there.

use crate::support::{Browser, Caller, On, spawn_app_with};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn published_passwords_and_secrets_are_worth_nothing() {
    let app = spawn_app_with(On::Sqlite, |options| {
        options.shop_addr = "0.0.0.0:0".parse().unwrap();
        options.payments_addr = "0.0.0.0:0".parse().unwrap();
    })
    .await
    .unwrap();
    let mut stranger = Browser::new();
    stranger.get(app.payments("/_control/clock")).await.expect_status(404);
    for (site, password) in
        [(app.shop("/sign-in"), "digitaldownload"), (app.payments("/account/sign-in"), "amazonpayments")]
    {
        let fields = [("email", "operator@example.com"), ("password", password)];
        stranger.post(&site, &fields).await.expect_status(422);
        let fields = [("email", "caller@example.com"), ("password", password)];
        stranger.post(&site, &fields).await.expect_status(422);
    }
    for (key, secret) in [
        ("DDCALLER000000000001", "digitaldownload-demo-secret"),
        ("DDCALLER000000000002", "second-demo-secret"),
    ] {
        let caller = Caller::new(app.payments.clone(), key, secret, app.clock.clone());
        let answer = caller.call("GetAccountBalance", &[]).await;
        assert_eq!((answer.status, answer.outcome().as_str()), (403, "SignatureDoesNotMatch"));
    }

    // The shop itself has the caller's secret: who signs up can shop.
    let account = [("name", "Nora Vale"), ("email", "nora@example.org"), ("password", "a long password")];
    stranger.post(app.shop("/sign-up"), &account).await.expect_status(303);
    let checkout = [("payment_method", "amazon-payments")];
    let asked = stranger.post(app.shop("/checkout/now-and-forever"), &checkout).await.expect_status(303);
    let page = stranger.follow(asked).await.expect_status(200);
    assert!(
        page.url.path().starts_with("/cobranded-ui/"),
        "the request is signed as it should: {}",
        page.url
    );
    app.stop().await;
}
