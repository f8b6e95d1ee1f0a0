//! The lab's stories and attacks: each ends as it says, by both sites' own word.

use crate::on_both_databases;
use crate::support::{App, Browser, On, spawn_app_with};
use serde_json::{Value, json};

const JOHN: &str = "john@example.com";

on_both_databases!(
    what_is_bought_is_paid_charged_in_part_given_back_or_expires,
    what_does_not_go_through_charges_nothing,
    a_registration_is_taken_back_and_made_again,
    a_month_of_a_subscription_is_two_payments,
    an_attack_moves_money_once_at_the_most,
);

async fn trigger(app: &App, name: &str) -> Value {
    let made = app.control(&format!("scenarios/{name}"), Some(json!({}))).await;
    assert_eq!(made["scenario"], name, "{made}");
    made
}

fn text<'a>(made: &'a Value, field: &str) -> &'a str {
    made[field].as_str().unwrap_or_else(|| panic!("no {field} in {made}"))
}

/// What Amazon Payments says of the story's payment.
async fn at_amazon(app: &App, made: &Value) -> String {
    app.caller().status(text(made, "transaction")).await.outcome()
}

/// What the shop's page of the order says to John.
async fn at_the_shop(app: &App, made: &Value) -> String {
    let mut john = app.signed_in(JOHN).await;
    john.get(app.shop(&format!("/orders/{}", text(made, "order")))).await.expect_status(200).text()
}

async fn what_is_bought_is_paid_charged_in_part_given_back_or_expires(app: App) {
    for (name, state, words, status, balance) in [
        ("purchase", "Paid", "Your payment of $0.99 is complete", "Success", "499.01"),
        ("refund", "Refunded", "Refunded", "Success", "499.01"),
        ("partial-settle", "Paid", "$7.50", "Success", "491.51"),
        ("reserve-and-expire", "Cancelled", "Cancelled", "Cancelled", "491.51"),
    ] {
        let made = trigger(&app, name).await;
        assert_eq!((text(&made, "state"), text(&made, "half")), (state, "both"), "{made}");
        assert_eq!(made["look"], format!("/lab/follow?order={}", text(&made, "order")));
        assert!(at_the_shop(&app, &made).await.contains(words), "{made}");
        assert_eq!(at_amazon(&app, &made).await, status, "{made}");
        let has = app.balance(JOHN).await;
        assert!(has.starts_with(balance), "{name}: {has}");
    }
    app.assert_books_balance().await;
    app.stop().await;
}

async fn what_does_not_go_through_charges_nothing(app: App) {
    for (name, state) in
        [("decline", "PaymentFailed"), ("abandoned", "Abandoned"), ("token-cancelled", "PaymentFailed")]
    {
        for _ in 0..2 {
            let made = trigger(&app, name).await;
            assert_eq!(text(&made, "state"), state, "{made}");
            at_the_shop(&app, &made).await;
            assert!(app.balance(JOHN).await.starts_with("500.00"), "{made}");
        }
    }
    assert_eq!(app.control("faults", None).await, json!([]), "what was to go wrong did");
    assert_eq!(text(&trigger(&app, "purchase").await, "state"), "Paid", "all is well again");
    app.stop().await;
}

async fn a_registration_is_taken_back_and_made_again(app: App) {
    let first = trigger(&app, "registration-taken-back").await;
    assert_eq!(text(&first, "state"), "Unregistered", "{first}");
    let again = trigger(&app, "registration-taken-back").await;
    assert_eq!(text(&again, "state"), "Unregistered", "{again}");
    assert_ne!(first["token"], again["token"], "registered once more in between");
    app.stop().await;
}

async fn a_month_of_a_subscription_is_two_payments(app: App) {
    let made = trigger(&app, "subscription-month").await;
    assert_eq!((text(&made, "half"), text(&made, "state")), ("payments", "Success"), "{made}");
    assert_eq!(text(&made, "refused"), "TokenUsageError", "{made}");
    assert!(app.balance(JOHN).await.starts_with("480.02"), "twice 9.99");
    app.assert_books_balance().await;
    app.stop().await;
}

async fn an_attack_moves_money_once_at_the_most(app: App) {
    for (kind, movements, codes, balance) in [
        ("same", 1, &[(64, "Success")][..], "499.00"),
        ("different", 1, &[(1, "Success"), (63, "DuplicateRequest")], "498.00"),
        ("flipped", 0, &[(64, "SignatureDoesNotMatch")], "498.00"),
        ("replayed-return", 0, &[(64, "Redirect")], "497.01"),
    ] {
        let report = app.control("attack", Some(json!({ "kind": kind, "calls": 64 }))).await;
        assert_eq!(
            (&report["movements"], &report["as_expected"]),
            (&json!(movements), &json!(true)),
            "{report}"
        );
        let answers = report["answers"].as_array().unwrap();
        let counted: Vec<_> = answers
            .iter()
            .map(|answer| (answer["count"].as_i64().unwrap(), answer["code"].as_str().unwrap()))
            .collect();
        assert_eq!(counted, codes, "{report}");
        let has = app.balance(JOHN).await;
        assert!(has.starts_with(balance), "{kind}: {has}");
    }
    app.assert_books_balance().await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_story_is_told_without_a_shop() {
    let alone = |options: &mut server::Options| {
        options.sites = server::Sites::Payments;
        options.shop_url = Some("http://localhost:9".parse().unwrap());
    };
    let app = spawn_app_with(On::Sqlite, alone).await.unwrap();
    let stories = app.control("scenarios", None).await;
    let states: Vec<(String, String)> = {
        let mut states = Vec::new();
        for story in stories.as_array().unwrap() {
            let made = trigger(&app, text(story, "name")).await;
            assert_eq!(text(&made, "half"), "payments", "{made}");
            states.push((text(story, "name").to_owned(), text(&made, "state").to_owned()));
        }
        states
    };
    let states: Vec<_> = states.iter().map(|(name, state)| (name.as_str(), state.as_str())).collect();
    assert_eq!(
        states,
        [
            ("purchase", "Success"),
            ("reserve-and-expire", "Cancelled"),
            ("decline", "Refused"),
            ("refund", "Refunded"),
            ("partial-settle", "Success"),
            ("abandoned", "Abandoned"),
            ("token-cancelled", "Refused"),
            ("registration-taken-back", "Refused"),
            ("subscription-month", "Success"),
        ]
    );
    app.assert_books_balance().await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_fires_and_shows_what_happened() {
    let app = spawn_app_with(On::Sqlite, |_| {}).await.unwrap();
    let mut browser = Browser::new();
    let page = app.payments("/lab/attack");
    assert!(browser.get(&page).await.expect_status(200).text().contains("SignatureDoesNotMatch"));
    let fired = browser.post(&page, &[("kind", "same"), ("calls", "8")]).await.expect_status(303);
    let shown = browser.follow(fired).await.expect_status(200).text();
    assert!(shown.contains("As expected: 8 requests, one movement of money"), "{shown}");
    let wrong = browser.post(&page, &[("kind", "same"), ("calls", "many")]).await.expect_status(422).text();
    assert!(wrong.contains("calls must be a whole number") && wrong.contains("value=\"many\""), "{wrong}");
    let story =
        browser.post(app.payments("/lab/scenarios"), &[("deed", "scenario"), ("name", "purchase")]).await;
    assert!(browser.follow(story.expect_status(303)).await.text().contains("/lab/follow?order="));
    app.stop().await;
}
