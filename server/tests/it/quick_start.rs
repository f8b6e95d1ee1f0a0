//! The quick start's flows over HTTP, as a browser without JavaScript sees them.

use crate::on_both_databases;
use crate::support::{App, Browser};

const JOHN: &str = "john@example.com";
/// Why the money is wanted back, as the refund page has it chosen.
pub const WHY: &[(&str, &str)] = &[("reason", "changed-mind")];

on_both_databases!(
    a_song_is_paid_and_downloaded,
    a_reserved_order_is_fulfilled_and_split,
    a_reserved_order_is_cancelled,
    a_delivered_order_is_refunded_and_the_download_revoked,
    a_shipped_order_is_settled_before_it_is_refunded,
    an_abandoned_order_can_start_again,
    confirming_twice_charges_once,
    fulfil_and_cancel_at_once_have_one_outcome,
    a_card_payment_is_followed_to_its_end,
    a_checkout_from_before_the_purchase_buys_nothing_again,
);

/// An item that its merchant fulfils by hand; see the demo data.
pub const MADE_TO_ORDER: &str = "session-masters";

async fn a_song_is_paid_and_downloaded(app: App) {
    let mut john = app.signed_in(JOHN).await;
    let order = app.buy(&mut john, "now-and-forever", JOHN, "Account balance").await;
    let page = john.get(app.shop(&order)).await.expect_status(200).text();
    assert!(page.contains("Paid"), "{page}");
    assert!(app.balance(JOHN).await.starts_with("499.01"));
    let file = john.get(app.shop(&format!("{order}/download"))).await.expect_status(200);
    assert_eq!(file.header("content-type"), "audio/mpeg");
    assert!(file.header("content-disposition").contains("attachment"));
    assert!(file.body.starts_with(b"ID3") || file.body[0] == 0xff, "an MP3 file");
    app.assert_books_balance().await;

    let mut jane = app.signed_in("jane@example.com").await;
    jane.get(app.shop(&order)).await.expect_status(404);
    jane.get(app.shop(&format!("{order}/download"))).await.expect_status(404);
    app.stop().await;
}

async fn a_reserved_order_is_fulfilled_and_split(app: App) {
    let mut john = app.signed_in(JOHN).await;
    let order = app.buy(&mut john, MADE_TO_ORDER, JOHN, "Account balance").await;
    assert!(john.get(app.shop(&order)).await.text().contains("Reserved"));
    assert!(app.balance(JOHN).await.starts_with("500.00"));
    john.get(app.shop(&format!("{order}/download"))).await.expect_status(404);
    john.post(app.shop(&format!("{order}/fulfil")), &[]).await.expect_status(404);

    let mut merchant = app.signed_in("merchant@example.com").await;
    assert!(merchant.get(app.shop("/sell")).await.text().contains(&order), "the merchant is told");
    merchant.post(app.shop(&format!("{order}/fulfil")), &[]).await.expect_status(303);
    app.settle_down().await;
    assert!(!app.balance(JOHN).await.starts_with("500.00"));
    let caller: f64 = app.balance("caller@example.com").await.parse().unwrap();
    assert!(caller > 0.0, "the marketplace has its fee");
    john.get(app.shop(&format!("{order}/download"))).await.expect_status(200);
    merchant.post(app.shop(&format!("{order}/fulfil")), &[]).await;
    app.assert_books_balance().await;
    app.stop().await;
}

async fn a_reserved_order_is_cancelled(app: App) {
    let mut john = app.signed_in(JOHN).await;
    let order = app.buy(&mut john, MADE_TO_ORDER, JOHN, "Account balance").await;
    john.post(app.shop(&format!("{order}/cancel")), &[]).await.expect_status(303);
    app.settle_down().await;
    assert!(john.get(app.shop(&order)).await.text().contains("Cancelled"));
    let mut merchant = app.signed_in("merchant@example.com").await;
    merchant.post(app.shop(&format!("{order}/fulfil")), &[]).await;
    app.settle_down().await;
    assert!(john.get(app.shop(&order)).await.text().contains("Cancelled"), "too late to fulfil");
    assert!(app.balance(JOHN).await.starts_with("500.00"));
    app.assert_books_balance().await;
    app.stop().await;
}

async fn a_delivered_order_is_refunded_and_the_download_revoked(app: App) {
    let mut john = app.signed_in(JOHN).await;
    let order = app.buy(&mut john, "now-and-forever", JOHN, "Account balance").await;
    let asked = john.get(app.shop(&format!("{order}/refund"))).await.expect_status(200).text();
    assert!(asked.contains("Get $0.99 back?"), "{asked}");
    john.post(app.shop(&format!("{order}/refund")), &[]).await.expect_status(422);
    assert!(app.balance(JOHN).await.starts_with("499.01"), "a reason is asked for");
    john.post(app.shop(&format!("{order}/refund")), WHY).await.expect_status(303);
    app.settle_down().await;
    assert!(john.get(app.shop(&order)).await.text().contains("Refunded"));
    assert!(app.balance(JOHN).await.starts_with("500.00"));
    let download = john.get(app.shop(&format!("{order}/download"))).await;
    assert!((400..500).contains(&download.status));
    john.post(app.shop(&format!("{order}/refund")), WHY).await;
    app.settle_down().await;
    assert!(app.balance(JOHN).await.starts_with("500.00"), "refunded once");
    app.assert_books_balance().await;
    app.stop().await;
}

async fn a_shipped_order_is_settled_before_it_is_refunded(app: App) {
    let mut jane = app.signed_in("jane@example.com").await;
    let order = app.buy(&mut jane, MADE_TO_ORDER, "jane@example.com", "ending in").await;
    app.settle_down().await;
    let mut merchant = app.signed_in("merchant@example.com").await;
    // A card's Settle stays pending until the processor has answered.
    merchant.post(app.shop(&format!("{order}/fulfil")), &[]).await.expect_status(303);
    jane.post(app.shop(&format!("{order}/refund")), WHY).await.expect_status(303);
    for _ in 0..4 {
        app.advance(120).await;
    }
    let page = jane.get(app.shop(&order)).await.text();
    assert!(page.contains("Refunded"), "{page}");
    app.assert_books_balance().await;
    app.stop().await;
}

async fn an_abandoned_order_can_start_again(app: App) {
    let mut john = app.signed_in(JOHN).await;
    let review = app.to_review(&mut john, "now-and-forever", JOHN, "Account balance").await;
    let cancel = review.as_str().replace("/confirm", "/cancel");
    let left = john.post(&cancel, &[]).await.expect_status(303);
    let page = john.follow(left).await.expect_status(200);
    let order = page.url.path().trim_end_matches("/thank-you").to_owned();
    assert!(order.starts_with("/orders/"), "{order}");
    let again = john.post(app.shop(&format!("{order}/restart")), &[]).await.expect_status(303);
    let review = app.authorize(&mut john, again, JOHN, "Account balance").await;
    let confirmed = app.confirm(&mut john, &review).await.expect_status(303);
    assert!(john.follow(confirmed).await.url.path().ends_with("/thank-you"));
    assert!(app.balance(JOHN).await.starts_with("499.01"));
    app.stop().await;
}

async fn confirming_twice_charges_once(app: App) {
    let mut john = app.signed_in(JOHN).await;
    let review = app.to_review(&mut john, "now-and-forever", JOHN, "Account balance").await;
    let first = app.confirm(&mut john, &review).await.expect_status(303);
    let second = john.post(&review, &[]).await.expect_status(303);
    assert_eq!(first.location(), second.location(), "the same signed return");
    let (once, twice) = (john.get(first.location()).await, john.get(second.location()).await);
    assert_eq!(once.location(), twice.location(), "the same order");
    assert!(app.balance(JOHN).await.starts_with("499.01"));
    app.stop().await;
}

async fn fulfil_and_cancel_at_once_have_one_outcome(app: App) {
    let mut john = app.signed_in(JOHN).await;
    let order = app.buy(&mut john, MADE_TO_ORDER, JOHN, "Account balance").await;
    let mut merchant = app.signed_in("merchant@example.com").await;
    let (fulfil, cancel) = (app.shop(&format!("{order}/fulfil")), app.shop(&format!("{order}/cancel")));
    tokio::join!(merchant.post(fulfil, &[]), john.post(cancel, &[]));
    app.settle_down().await;
    app.advance(300).await;
    let page = john.get(app.shop(&order)).await.text();
    let charged = !app.balance(JOHN).await.starts_with("500.00");
    let download = john.get(app.shop(&format!("{order}/download"))).await.status;
    assert_eq!(charged, download == 200, "charged if and only if delivered: {page}");
    app.assert_books_balance().await;
    app.stop().await;
}

async fn a_card_payment_is_followed_to_its_end(app: App) {
    let mut jane = app.signed_in("jane@example.com").await;
    let order = app.buy(&mut jane, "now-and-forever", "jane@example.com", "ending in").await;
    app.settle_down().await;
    assert!(jane.get(app.shop(&order)).await.text().contains("Paid"));
    jane.get(app.shop(&format!("{order}/download"))).await.expect_status(200);
    let mut nobody = Browser::new();
    let page = nobody.get(app.shop(&format!("{order}/download"))).await;
    assert!(page.status == 404 || page.status == 303, "{}", page.status);
    app.stop().await;
}

async fn a_checkout_from_before_the_purchase_buys_nothing_again(app: App) {
    let mut john = app.signed_in(JOHN).await;
    let order = app.buy(&mut john, "now-and-forever", JOHN, "Account balance").await;
    let checkout = app.shop("/checkout/now-and-forever");
    let stale = [("payment_method", "amazon-payments")];
    let page = john.post(&checkout, &stale).await.expect_status(422).text();
    assert!(page.contains("You have bought this already") && page.contains(&order), "{page}");
    let again = app.buy(&mut john, "now-and-forever", JOHN, "Account balance").await;
    assert_ne!(again, order, "who means it buys it once more");
    assert!(app.balance(JOHN).await.starts_with("498.02"));
    app.stop().await;
}
