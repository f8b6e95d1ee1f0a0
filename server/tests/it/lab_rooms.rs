//! Rooms of the lab after a purchase: the books, a notification, and lessons that find what happened.

use crate::on_both_databases;
use crate::support::{App, Browser};

on_both_databases!(
    the_books_are_right_and_say_what_was_posted,
    a_notification_is_genuine_and_is_sent_once_more,
    lessons_find_what_happened_and_what_is_missing,
);

async fn bought(app: &App) -> Browser {
    let mut john = app.signed_in("john@example.com").await;
    app.buy(&mut john, "now-and-forever", "john@example.com", "Account balance").await;
    app.settle_down().await;
    Browser::new()
}

async fn the_books_are_right_and_say_what_was_posted(app: App) {
    let mut browser = bought(&app).await;
    let books = browser.get(app.payments("/lab/books")).await.expect_status(200).text();
    assert!(books.contains("Holds") && !books.contains("Does not hold"), "{books}");
    assert!(books.contains("Every order of the shop agrees") && books.contains("John Doe"), "{books}");
    let fees = browser.get(app.payments("/lab/books/accounts/amazon%3Afees")).await.expect_status(200).text();
    assert!(fees.contains("Charge") && fees.contains("/lab/books/transactions/"), "{fees}");
    let pays = app.control("notifications", None).await;
    let transaction = pays[0]["parameters"]["transactionId"].as_str().unwrap();
    let led = browser.get(app.payments(&format!("/lab/books?transaction={transaction}"))).await;
    let path = led.expect_status(303).header("location").to_owned();
    let posted = browser.get(app.payments(&path)).await.expect_status(200).text();
    for words in ["Charge", "Debit", "Credit", "$0.99", "$499.01"] {
        assert!(posted.contains(words), "{words}: {posted}");
    }
    for nothing in ["accounts/nobody", "accounts/account:nobody", "transactions/none"] {
        browser.get(app.payments(&format!("/lab/books/{nothing}"))).await.expect_status(404);
    }
    let wrong = app.payments("/lab/books/accounts/amazon%3Afees?older_than=x");
    browser.get(wrong).await.expect_status(400);
    app.stop().await;
}

async fn a_notification_is_genuine_and_is_sent_once_more(app: App) {
    let mut browser = bought(&app).await;
    let list = browser.get(app.payments("/lab/notifications")).await.expect_status(200).text();
    let told = app.control("notifications", None).await;
    let path = format!("/lab/notifications/{}", told[0]["id"].as_str().unwrap());
    assert!(list.contains(&path), "{list}");
    let none = app.payments("/lab/notifications?caller_reference=nobodys");
    assert!(browser.get(none).await.expect_status(200).text().contains("No notification fits"));
    let shown = browser.get(app.payments(&path)).await.expect_status(200).text();
    assert!(shown.contains("Genuine") && shown.contains("transactionId"), "{shown}");
    for sign in ["same", "fresh"] {
        let sent = browser.post(app.payments(&path), &[("sign", sign)]).await;
        let back = sent.expect_status(303).header("location").to_owned();
        let shown = browser.get(app.payments(&back)).await.expect_status(200).text();
        assert!(shown.contains("it answered 200") && shown.contains("Genuine"), "{shown}");
    }
    let wrong = browser.post(app.payments(&path), &[("sign", "same"), ("url", "nowhere")]).await;
    assert!(wrong.expect_status(422).text().contains("nowhere"));
    browser.get(app.payments("/lab/notifications/none")).await.expect_status(404);
    browser.post(app.payments("/lab/notifications/none"), &[]).await.expect_status(404);
    app.stop().await;
}

async fn lessons_find_what_happened_and_what_is_missing(app: App) {
    let mut browser = Browser::new();
    let list = browser.get(app.payments("/lab/lessons")).await.expect_status(200).text();
    assert_eq!(list.matches("href=\"/lab/lessons/").count(), 8, "{list}");
    let redirect = app.payments("/lab/lessons/why-redirect");
    let missing = browser.post(&redirect, &[]).await.expect_status(200).text();
    assert!(missing.contains("Not yet.") && missing.contains("press Buy"), "{missing}");
    bought(&app).await;
    assert!(browser.post(&redirect, &[]).await.expect_status(200).text().contains("Done."));
    let signed = app.payments("/lab/lessons/sign-the-return");
    let page = browser.get(&signed).await.expect_status(200).text();
    let changed = page.split("<a href=\"").find(|rest| rest.contains("tokenID=")).unwrap();
    let changed = changed.split('"').next().unwrap().replace("&amp;", "&");
    browser.get(&changed).await;
    assert!(browser.post(&signed, &[]).await.expect_status(200).text().contains("Done."));
    browser.get(app.payments("/lab/lessons/none")).await.expect_status(404);
    app.stop().await;
}
