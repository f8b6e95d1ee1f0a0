//! Returns and notifications: verified, applied once, and leading to the same state in any order.

use crate::on_both_databases;
use crate::quick_start::MADE_TO_ORDER;
use crate::support::{App, Browser};
use url::Url;

const JOHN: &str = "john@example.com";
const SONG: &str = "now-and-forever";

on_both_databases!(
    a_forged_or_altered_return_changes_nothing,
    a_return_for_another_order_is_refused,
    a_repeated_return_leads_to_the_same_order,
    a_forged_notification_is_refused_and_a_repeated_one_changes_nothing,
    notifications_that_nobody_takes_are_sent_again_and_given_up_in_the_end,
    a_notification_cannot_reset_the_site_that_sends_it,
);

/// The signed return that Amazon sends John's browser to, not yet followed.
async fn unfollowed_return(app: &App, john: &mut Browser, slug: &str) -> Url {
    let review = app.to_review(john, slug, JOHN, "Account balance").await;
    let location = app.confirm(john, &review).await.expect_status(303).location();
    assert!(location.as_str().starts_with(app.shop("/payments/return").as_str()), "{location}");
    location
}

fn with_parameter(url: &Url, name: &str, value: &str) -> Url {
    let pairs: Vec<(String, String)> = url
        .query_pairs()
        .map(|(n, v)| (n.to_string(), if n == name { value.to_owned() } else { v.to_string() }))
        .collect();
    let mut changed = url.clone();
    changed.query_pairs_mut().clear().extend_pairs(pairs);
    changed
}

async fn a_forged_or_altered_return_changes_nothing(app: App) {
    let mut john = app.signed_in(JOHN).await;
    let genuine = unfollowed_return(&app, &mut john, SONG).await;
    for (name, _) in genuine.query_pairs() {
        let altered = with_parameter(&genuine, &name, "X");
        let page = john.get(&altered).await;
        assert!((400..500).contains(&page.status), "{name}: {}", page.status);
        assert!(app.balance(JOHN).await.starts_with("500.00"), "{name}");
    }
    john.visit(&genuine).await.expect_status(200);
    assert!(app.balance(JOHN).await.starts_with("499.01"), "the genuine one still works");
    app.stop().await;
}

async fn a_return_for_another_order_is_refused(app: App) {
    let mut john = app.signed_in(JOHN).await;
    let first = unfollowed_return(&app, &mut john, SONG).await;
    let second = unfollowed_return(&app, &mut john, MADE_TO_ORDER).await;
    let reference =
        |url: &Url| url.query_pairs().find(|(n, _)| n == "callerReference").unwrap().1.to_string();
    let swapped = with_parameter(&first, "callerReference", &reference(&second));
    let page = john.get(&swapped).await;
    assert!((400..500).contains(&page.status));
    assert!(app.balance(JOHN).await.starts_with("500.00"));
    app.stop().await;
}

async fn a_repeated_return_leads_to_the_same_order(app: App) {
    let mut john = app.signed_in(JOHN).await;
    let genuine = unfollowed_return(&app, &mut john, SONG).await;
    let first = john.get(&genuine).await.expect_status(303).location();
    app.settle_down().await;
    for _ in 0..3 {
        assert_eq!(john.get(&genuine).await.expect_status(303).location(), first);
    }
    assert!(app.balance(JOHN).await.starts_with("499.01"));
    app.stop().await;
}

async fn a_forged_notification_is_refused_and_a_repeated_one_changes_nothing(app: App) {
    let mut john = app.signed_in(JOHN).await;
    let order = app.buy(&mut john, "now-and-forever", JOHN, "Account balance").await;
    app.settle_down().await;
    let sent = app.control("notifications", None).await;
    let body = sent[0]["body"].as_str().expect("what was posted").to_owned();
    let post = async |body: String| {
        let request = platform::http_client().post(app.shop("/payments/ipn"));
        let request = request.header("content-type", "application/x-www-form-urlencoded").body(body);
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(post(body.clone()).await, 200, "again");
    let forged = post(body.replace("SUCCESS", "FAILURE")).await;
    assert!((400..500).contains(&forged), "{forged}");
    assert!((400..500).contains(&post("transactionId=1&status=SUCCESS".to_owned()).await));
    assert!(john.get(app.shop(&order)).await.text().contains("Paid"));
    app.stop().await;
}

async fn notifications_that_nobody_takes_are_sent_again_and_given_up_in_the_end(app: App) {
    let (token, recipient) = app.tokens_of("DDCALLER000000000002", "t1", "5.00").await;
    // Nobody listens there.
    let fields = [
        ("SenderTokenId", token.as_str()),
        ("RecipientTokenId", &recipient),
        ("TransactionAmount.CurrencyCode", "USD"),
        ("TransactionAmount.Value", "5.00"),
        ("CallerReference", "p1"),
        ("OverrideIPNURL", "http://127.0.0.1:9/ipn"),
    ];
    assert_eq!(app.second_caller().call("Pay", &fields).await.outcome(), "Success");
    app.settle_down().await;
    app.advance(3600).await;
    let sent = app.control("notifications", None).await;
    assert!(sent[0]["attempts"].as_array().unwrap().len() > 1, "{sent}");
    app.advance(2 * 24 * 3600).await;
    let sent = app.control("notifications", None).await;
    assert_eq!(sent[0]["state"], "GivenUp", "{sent}");
    app.stop().await;
}

async fn a_notification_cannot_reset_the_site_that_sends_it(app: App) {
    let (token, recipient) = app.tokens_of("DDCALLER000000000002", "t1", "5.00").await;
    let port = app.payments.port().unwrap();
    let url = format!("http://localhost:{port}/_control/reset");
    let fields = [
        ("SenderTokenId", token.as_str()),
        ("RecipientTokenId", &recipient),
        ("TransactionAmount.CurrencyCode", "USD"),
        ("TransactionAmount.Value", "5.00"),
        ("CallerReference", "p1"),
        ("OverrideIPNURL", &url),
    ];
    assert_eq!(app.second_caller().call("Pay", &fields).await.outcome(), "Success");
    app.settle_down().await;
    let sent = app.control("notifications?caller_reference=p1&wait=30", None).await;
    assert!(sent[0]["attempts"][0]["error"].as_str().unwrap().contains("Amazon Payments' own"), "{sent}");
    assert!(app.balance(JOHN).await.starts_with("495.00"), "and the payment is still there");
    app.stop().await;
}
