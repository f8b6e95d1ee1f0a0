//! What strangers and mistakes send: always a clear 4xx page, never a changed order.

use crate::on_both_databases;
use crate::support::{App, Browser};

on_both_databases!(
    unknown_things_are_404_with_a_request_id,
    forms_from_other_sites_are_refused,
    bodies_that_are_no_forms_are_refused,
    a_wrong_password_says_nothing_about_the_account,
    a_session_of_one_site_is_worth_nothing_on_the_other,
    sold_price_and_recipient_are_those_of_the_order,
    a_forged_co_branded_request_never_redirects,
);

async fn unknown_things_are_404_with_a_request_id(app: App) {
    let mut browser = Browser::new();
    let paths = [
        app.shop("/nothing"),
        app.shop("/items/nothing"),
        app.shop("/covers/nothing"),
        app.payments("/nothing"),
    ];
    for url in paths {
        let page = browser.get(&url).await.expect_status(404);
        let id = page.header("x-request-id").to_owned();
        assert!(!id.is_empty() && page.text().contains(&id), "{url} shows its request id");
    }
    let mut john = app.signed_in("john@example.com").await;
    john.get(app.shop("/orders/00000000-0000-7000-8000-000000000000")).await.expect_status(404);
    john.get(app.shop("/operator")).await.expect_status(404);
    app.stop().await;
}

async fn forms_from_other_sites_are_refused(app: App) {
    let mut john = app.signed_in("john@example.com").await;
    for (header, value) in [("sec-fetch-site", "cross-site"), ("origin", "http://evil.example")] {
        let url: url::Url = app.shop("/checkout/now-and-forever").parse().unwrap();
        let request = john.client().post(url.clone()).header(header, value);
        let request = request
            .header("content-type", "application/x-www-form-urlencoded")
            .body("payment_method=amazon-payments");
        john.send(url, request).await.expect_status(403);
    }
    app.stop().await;
}

async fn bodies_that_are_no_forms_are_refused(app: App) {
    let mut browser = Browser::new();
    let form = "application/x-www-form-urlencoded";
    let cases: [(&str, Vec<u8>, u16); 4] = [
        ("application/json", b"{}".to_vec(), 415),
        (form, b"email=%ff&password=x".to_vec(), 400),
        (form, b"email=%zz&password=x".to_vec(), 400),
        (form, vec![b'a'; 4 << 20], 413),
    ];
    for site in [app.shop("/sign-in"), app.payments("/account/sign-in")] {
        for (content_type, body, status) in &cases {
            let url: url::Url = site.parse().unwrap();
            let request =
                browser.client().post(url.clone()).header("content-type", *content_type).body(body.clone());
            let page = browser.send(url, request).await.expect_status(*status);
            assert!(page.header("content-type").starts_with("text/html"), "{site} {content_type}");
        }
    }
    app.stop().await;
}

async fn a_wrong_password_says_nothing_about_the_account(app: App) {
    let mut browser = Browser::new();
    let mut messages = Vec::new();
    for email in ["john@example.com", "nobody@example.com"] {
        let fields = [("email", email), ("password", "not the password"), ("next", "/")];
        let page = browser.post(app.shop("/sign-in"), &fields).await.expect_status(422);
        assert!(page.text().contains(email), "what was typed is kept");
        messages.push(page.text().replace(email, "").replace(page.header("x-request-id"), ""));
    }
    assert_eq!(messages[0], messages[1]);
    app.stop().await;
}

async fn a_session_of_one_site_is_worth_nothing_on_the_other(app: App) {
    let mut john = app.signed_in("john@example.com").await;
    john.get(app.shop("/orders")).await.expect_status(200);
    let account = john.get(app.payments("/account")).await.expect_status(303);
    assert!(account.location().path().ends_with("/sign-in"));
    for target in ["https://evil.example/", "//evil.example/", "/\\evil.example"] {
        let fields = [("email", "john@example.com"), ("password", "digitaldownload"), ("next", target)];
        let answer = Browser::new().post(app.shop("/sign-in"), &fields).await.expect_status(303);
        assert_eq!(answer.location().origin(), app.shop.origin(), "next={target}");
    }
    app.stop().await;
}

async fn sold_price_and_recipient_are_those_of_the_order(app: App) {
    let mut john = app.signed_in("john@example.com").await;
    let fields = [("payment_method", "amazon-payments"), ("price", "0.01"), ("recipient_token_id", "X")];
    let answer = john.post(app.shop("/checkout/now-and-forever"), &fields).await;
    if answer.status == 303 {
        let asked = answer.location();
        let amount = asked.query_pairs().find(|(name, _)| name == "transactionAmount").unwrap().1.to_string();
        assert_eq!(amount, "0.99");
    } else {
        assert!((400..500).contains(&answer.status));
    }
    app.stop().await;
}

async fn a_forged_co_branded_request_never_redirects(app: App) {
    let mut john = app.signed_in("john@example.com").await;
    let fields = [("payment_method", "amazon-payments")];
    let genuine = john.post(app.shop("/checkout/now-and-forever"), &fields).await.location();
    for (name, value) in
        [("transactionAmount", "0.01"), ("returnURL", "http://evil.example/"), ("callerKey", "X")]
    {
        let pairs: Vec<(String, String)> = genuine
            .query_pairs()
            .map(|(n, v)| (n.to_string(), if n == name { value.to_owned() } else { v.to_string() }))
            .collect();
        let mut forged = genuine.clone();
        forged.query_pairs_mut().clear().extend_pairs(pairs);
        let page = john.get(&forged).await;
        assert!((400..500).contains(&page.status), "{name}: {}", page.status);
    }
    app.stop().await;
}
