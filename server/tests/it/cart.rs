//! Several items of several sellers with one confirmation, and credit that pays without one.

use crate::on_both_databases;
use crate::quick_start::MADE_TO_ORDER;
use crate::support::{App, Browser, Page, hidden_fields};
use serde_json::Value;

const JOHN: &str = "john@example.com";
const CALLER: &str = "caller@example.com";
/// Of another seller than the first song, and sent by post.
const PRINT: &str = "gannet-linocut";

const ADDRESS: [(&str, &str); 7] = [
    ("ship_name", "John Doe"),
    ("ship_line1", "12 Elm Street"),
    ("ship_city", "Portland"),
    ("ship_zip", "97201"),
    ("ship_country", "United States"),
    ("ship_speed", "standard"),
    ("payment_method", "amazon-payments"),
];

on_both_databases!(
    one_visit_pays_three_sellers_orders_and_gives_the_token_back,
    who_leaves_keeps_the_cart,
    a_visitors_cart_is_theirs_after_signing_in,
    credit_is_charged_once_and_then_pays_at_once,
    a_link_gives_a_stranger_the_file_in_parts,
);

async fn fill(app: &App, browser: &mut Browser, slugs: &[&str]) {
    for slug in slugs {
        browser.post(app.shop("/cart"), &[("add", slug)]).await.expect_status(303);
    }
}

/// Sends the checkout's form with what it has hidden in it.
async fn check_out(app: &App, browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Page {
    let page = browser.get(app.shop(path)).await.expect_status(200).text();
    let mut all = hidden_fields(&page);
    all.extend_from_slice(fields);
    browser.post(app.shop(path), &all).await
}

/// What was posted to the caller's address, by operation.
async fn transactions(app: &App, operation: &str) -> Vec<Value> {
    let told = app.control("notifications", None).await;
    let of_kind = |told: &&Value| {
        told["body"].as_str().unwrap_or_default().contains(&format!("operation={operation}&"))
    };
    told.as_array().unwrap().iter().filter(of_kind).cloned().collect()
}

async fn one_visit_pays_three_sellers_orders_and_gives_the_token_back(app: App) {
    let mut john = app.signed_in(JOHN).await;
    fill(&app, &mut john, &["now-and-forever", MADE_TO_ORDER, PRINT, PRINT]).await;
    let cart = john.get(app.shop("/cart")).await.expect_status(200).text();
    assert!(cart.contains("Now and Forever") && cart.contains("Sent by post"), "{cart}");
    let no_address =
        check_out(&app, &mut john, "/cart/checkout", &[("payment_method", "amazon-payments")]).await;
    let no_address = no_address.expect_status(422).text();
    assert!(no_address.contains("Enter street and number"), "{no_address}");

    let checkout =
        john.post(app.shop("/cart/checkout"), &[&ADDRESS[..], &[("update", "total")]].concat()).await;
    let page = checkout.expect_status(200).text();
    let fields = [&hidden_fields(&page)[..], &ADDRESS].concat();
    let to_amazon = john.post(app.shop("/cart/checkout"), &fields).await.expect_status(303);
    let review = app.authorize(&mut john, to_amazon, JOHN, "Account balance").await;
    let confirmed = app.confirm(&mut john, &review).await.expect_status(303);
    let back = confirmed.location();
    let done = john.follow(confirmed).await.expect_status(200);
    assert!(done.url.path().starts_with("/cart/"), "{}", done.url);
    let text = done.text();
    assert!(text.contains("All 3 orders went through") && text.contains("has been given back"), "{text}");
    app.settle_down().await;

    let again = john.visit(&back).await.expect_status(200);
    assert_eq!(again.url, done.url, "the same return leads to the same page");
    for (operation, times) in [("PAY", 1), ("RESERVE", 2)] {
        assert_eq!(transactions(&app, operation).await.len(), times, "{operation}");
    }
    assert!(app.balance(JOHN).await.starts_with("499.01"), "two are only held");
    assert!(john.get(app.shop("/cart")).await.text().contains("Your cart is empty"));

    // The token is given back, and what it reserved is settled all the same.
    let tokens = john.get(app.payments("/account/tokens")).await.expect_status(200).text();
    assert!(tokens.contains("Cancelled"), "{tokens}");
    let orders = text.split("href=\"/orders/").skip(1).map(|rest| rest.split('"').next().unwrap());
    let mut merchant = app.signed_in("merchant@example.com").await;
    for order in orders {
        merchant.post(app.shop(&format!("/orders/{order}/fulfil")), &[]).await;
    }
    app.settle_down().await;
    assert_eq!(transactions(&app, "SETTLE").await.len(), 1, "the merchant sells one of the two");
    app.assert_books_balance().await;
    app.stop().await;
}

async fn who_leaves_keeps_the_cart(app: App) {
    let mut john = app.signed_in(JOHN).await;
    fill(&app, &mut john, &["now-and-forever", MADE_TO_ORDER]).await;
    let fields = [("payment_method", "amazon-payments")];
    let to_amazon = check_out(&app, &mut john, "/cart/checkout", &fields).await.expect_status(303);
    let review = app.authorize(&mut john, to_amazon, JOHN, "Account balance").await;
    let cancel = review.as_str().replace("/confirm", "/cancel");
    let left = john.post(&cancel, &[]).await.expect_status(303);
    let page = john.follow(left).await.expect_status(200).text();
    assert!(
        page.contains("Nothing was charged. What you have not bought since is in your cart still"),
        "{page}"
    );
    assert!(john.get(app.shop("/cart")).await.text().contains("Now and Forever"));
    assert!(app.balance(JOHN).await.starts_with("500.00"));
    app.stop().await;
}

async fn a_visitors_cart_is_theirs_after_signing_in(app: App) {
    let mut visitor = Browser::new();
    fill(&app, &mut visitor, &["now-and-forever"]).await;
    assert!(visitor.get(app.shop("/cart")).await.text().contains("Now and Forever"));
    let to_sign_in = visitor.get(app.shop("/cart/checkout")).await;
    assert!(to_sign_in.location().path() == "/sign-in", "{}", to_sign_in.location());
    let fields = [("email", JOHN), ("password", "digitaldownload"), ("next", "/cart/checkout")];
    let signed_in = visitor.post(app.shop("/sign-in"), &fields).await.expect_status(303);
    let page = visitor.follow(signed_in).await.expect_status(200);
    assert_eq!(page.url.path(), "/cart/checkout");
    assert!(page.text().contains("Now and Forever"));
    let mut elsewhere = app.signed_in(JOHN).await;
    assert!(elsewhere.get(app.shop("/cart")).await.text().contains("Now and Forever"), "on any device");
    app.stop().await;
}

async fn credit_is_charged_once_and_then_pays_at_once(app: App) {
    let mut john = app.signed_in(JOHN).await;
    let with_credit = [("payment_method", "credit")];
    let refused = check_out(&app, &mut john, "/checkout/now-and-forever", &with_credit).await;
    assert!(refused.expect_status(422).text().contains("Your credit is too small"));

    for (amount, status) in [("4.99", 422), ("500.01", 422), ("much", 422)] {
        john.post(app.shop("/credit"), &[("amount", amount)]).await.expect_status(status);
    }
    let fields = [("amount", "20.00"), ("next", "/checkout/now-and-forever")];
    let to_amazon = john.post(app.shop("/credit"), &fields).await.expect_status(303);
    let review = app.authorize(&mut john, to_amazon, JOHN, "Account balance").await;
    let confirmed = app.confirm(&mut john, &review).await.expect_status(303);
    let back = confirmed.location();
    let page = john.follow(confirmed).await.expect_status(200);
    assert_eq!(page.url.path(), "/checkout/now-and-forever", "back to what was to be bought");
    assert!(page.text().contains("Your credit is charged.") && page.text().contains("You have $20.00."));
    john.visit(&back).await.expect_status(200);
    assert!(app.balance(JOHN).await.starts_with("480.00"), "charged once");
    let fee_borne = app.balance(CALLER).await;
    assert!(fee_borne.starts_with("-0.31") || !fee_borne.starts_with('-'), "{fee_borne}");

    let paid = check_out(&app, &mut john, "/checkout/now-and-forever", &with_credit).await.expect_status(303);
    let thanks = john.follow(paid).await.expect_status(200);
    assert!(thanks.url.path().ends_with("/thank-you"), "{}", thanks.url);
    let order = thanks.url.path().trim_end_matches("/thank-you").to_owned();
    john.get(app.shop(&format!("{order}/download"))).await.expect_status(200);
    assert!(app.balance(JOHN).await.starts_with("480.00"), "nothing more is charged");
    let page = john.get(app.shop("/credit")).await.expect_status(200).text();
    assert!(page.contains("You have $19.01 to spend."), "{page}");
    app.settle_down().await;

    let mut merchant = app.signed_in("merchant@example.com").await;
    let sold = merchant.get(app.shop(&order)).await.expect_status(200).text();
    assert!(sold.contains("Amazon Payments fee"), "{sold}");
    let back =
        john.post(app.shop(&format!("{order}/refund")), crate::quick_start::WHY).await.expect_status(303);
    john.follow(back).await.expect_status(200);
    app.settle_down().await;
    let page = john.get(app.shop("/credit")).await.text();
    assert!(page.contains("You have $20.00 to spend."), "a refund goes back to the credit: {page}");
    app.assert_books_balance().await;
    app.stop().await;
}

async fn a_link_gives_a_stranger_the_file_in_parts(app: App) {
    let mut john = app.signed_in(JOHN).await;
    let order = app.buy(&mut john, "now-and-forever", JOHN, "Account balance").await;
    let whole = john.get(app.shop(&format!("{order}/download"))).await.expect_status(200).body;
    john.post(app.shop(&format!("{order}/links")), &[("number", "1")]).await.expect_status(303);
    let page = john.get(app.shop(&order)).await.expect_status(200).text();
    let link = page.split("href=\"").find(|rest| rest.contains("/downloads/")).unwrap();
    let link = link.split('"').next().unwrap().to_owned();

    let client = platform::http_client();
    let ask = async |range: &str| {
        let request = client.get(&link);
        let request = if range.is_empty() { request } else { request.header("range", range) };
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        (status, answer.bytes().await.unwrap())
    };
    assert_eq!(ask("bytes=100-").await.0, 206, "nothing was begun, so this begins");
    let (status, first) = ask("").await;
    assert_eq!((status, first.as_ref()), (200, whole.as_slice()));
    let (status, rest) = ask("bytes=100-").await;
    assert_eq!((status, rest.as_ref()), (206, &whole[100..]), "it goes on where it broke off");
    let kept = client.get(&link).header("if-none-match", "*").send().await.unwrap();
    assert_eq!(kept.status(), 200, "what counts is sent");
    for _ in 0..2 {
        assert_eq!(ask("bytes=0-").await.0, 206);
    }
    assert_eq!(ask("").await.0, 410, "used up");
    for _ in 0..50 {
        assert_eq!(ask("bytes=1-").await.0, 206, "what was begun last goes on");
    }
    assert_eq!(ask("bytes=1-").await.0, 410, "but not for ever");
    let forged = format!("{}x", &link[..link.len() - 1]);
    assert_eq!(client.get(&forged).send().await.unwrap().status(), 404);
    app.stop().await;
}
