//! People who confirm at Amazon Payments and whose way back to the shop is lost.

use crate::on_both_databases;
use crate::quick_start::MADE_TO_ORDER;
use crate::support::{App, Browser, Page};
use serde_json::json;
use url::Url;

const FIRST: &str = "DDCALLER000000000001";
const JOHN: &str = "john@example.com";
const BALANCE: &str = "Account balance";

on_both_databases!(
    what_was_confirmed_is_paid_though_nobody_comes_back,
    the_buyers_next_look_asks_at_once,
    beginning_again_at_amazon_leads_to_what_was_confirmed,
    only_following_the_return_runs_it,
    a_lost_registration_is_found,
);

/// Presses the checkout's button; the redirect to the Co-Branded UI.
async fn checkout(app: &App, browser: &mut Browser, slug: &str) -> Page {
    browser.post(app.shop(&format!("/checkout/{slug}")), &[("payment_method", "amazon-payments")]).await
}

/// Confirms at Amazon Payments, and does not follow the way back, which is returned.
async fn confirm_and_leave(app: &App, browser: &mut Browser, slug: &str) -> Url {
    let review = app.to_review(browser, slug, JOHN, BALANCE).await;
    app.confirm(browser, &review).await.location()
}

/// The newest order's path.
async fn newest_order(app: &App, browser: &mut Browser) -> String {
    let list = browser.get(app.shop("/orders")).await.text();
    let id = list.split("/orders/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    format!("/orders/{id}")
}

async fn what_was_confirmed_is_paid_though_nobody_comes_back(app: App) {
    let mut john = app.signed_in(JOHN).await;
    let back = confirm_and_leave(&app, &mut john, "now-and-forever").await;
    assert!(app.balance(JOHN).await.starts_with("500.00"));
    app.advance(60).await;
    assert!(app.balance(JOHN).await.starts_with("499.01"), "within a minute");
    let order = newest_order(&app, &mut john).await;
    john.get(app.shop(&format!("{order}/download"))).await.expect_status(200);
    // The way back still leads to the order, and charges nothing more.
    let late = john.visit(&back).await.expect_status(200);
    assert_eq!(late.url.path(), format!("{order}/thank-you"));
    app.advance(3600).await;
    assert!(app.balance(JOHN).await.starts_with("499.01"));
    let mut operator = app.signed_in("operator@example.com").await;
    let page = operator.get(app.shop("/operator")).await.expect_status(200).text();
    assert!(!page.contains("Amazon Payments disagrees"), "{page}");
    app.assert_books_balance().await;
    app.stop().await;
}

async fn the_buyers_next_look_asks_at_once(app: App) {
    let mut john = app.signed_in(JOHN).await;
    confirm_and_leave(&app, &mut john, "now-and-forever").await;
    let order = newest_order(&app, &mut john).await;
    let page = john.get(app.shop(&order)).await.expect_status(200).text();
    assert!(page.contains("Your payment of $0.99 is complete"), "{page}");

    confirm_and_leave(&app, &mut john, "slow-ferry").await;
    let again = checkout(&app, &mut john, "slow-ferry").await.expect_status(303);
    assert!(again.location().path().ends_with("/thank-you"), "{}", again.location());
    let page = john.follow(again).await.expect_status(200).text();
    assert!(page.contains("You had confirmed this at Amazon Payments already"), "{page}");
    assert!(app.balance(JOHN).await.starts_with("498.02"), "each once");

    confirm_and_leave(&app, &mut john, MADE_TO_ORDER).await;
    let order = newest_order(&app, &mut john).await;
    let restarted = john.post(app.shop(&format!("{order}/restart")), &[]).await.expect_status(303);
    assert_eq!(restarted.location().path(), format!("{order}/thank-you"));
    assert!(john.get(app.shop(&order)).await.text().contains("Reserved"));
    app.assert_books_balance().await;
    app.stop().await;
}

/// Amazon makes no second payment under one reference and says NP.
async fn beginning_again_at_amazon_leads_to_what_was_confirmed(app: App) {
    let mut john = app.signed_in(JOHN).await;
    let redirect = checkout(&app, &mut john, "now-and-forever").await.expect_status(303);
    let begin = redirect.location();
    let review = app.authorize(&mut john, redirect, JOHN, BALANCE).await;
    app.confirm(&mut john, &review).await.expect_status(303);
    let page = john.visit(&begin).await.expect_status(200);
    assert!(page.url.path().ends_with("/thank-you"), "{}", page.url);
    assert!(page.text().contains("Your payment of $0.99 is complete"), "{}", page.text());
    assert!(app.balance(JOHN).await.starts_with("499.01"));
    app.stop().await;
}

async fn only_following_the_return_runs_it(app: App) {
    let mut john = app.signed_in(JOHN).await;
    let back = confirm_and_leave(&app, &mut john, "now-and-forever").await;
    let head = john.client().head(back.clone());
    let looked = john.send(back.clone(), head).await.expect_status(405);
    assert_eq!(looked.header("allow"), "GET");
    assert!(app.balance(JOHN).await.starts_with("500.00"), "a look pays nothing");
    john.visit(&back).await.expect_status(200);
    assert!(app.balance(JOHN).await.starts_with("499.01"));
    app.stop().await;
}

async fn a_lost_registration_is_found(app: App) {
    let mut seller = Browser::new();
    let account = [("name", "Nadia"), ("email", "nadia@example.net"), ("password", "an unusual sentence")];
    seller.post(app.shop("/sign-up"), &account).await.expect_status(303);
    seller.post(app.shop("/sell"), &[("name", "Nadia's Prints")]).await.expect_status(303);
    let begin = seller.post(app.shop("/sell/register"), &[]).await.expect_status(303).location();
    let reference = begin.query_pairs().find(|(name, _)| name == "callerReference").unwrap().1.into_owned();
    let asked = json!({ "recipientPaysFee": "True", "maxFixedFee": "0.05", "maxVariableFee": "10" });
    app.click(FIRST, "Recipient", "merchant@example.com", "ABT", &reference, asked).await;
    let again = seller.post(app.shop("/sell/register"), &[]).await.expect_status(303);
    assert_eq!(again.location().path(), "/sell", "there is no need to register once more");
    let page = seller.follow(again).await.expect_status(200).text();
    assert!(page.contains("You are registered with Amazon Payments."), "{page}");
    seller.get(app.shop("/sell/items/new")).await.expect_status(200);
    app.stop().await;
}
