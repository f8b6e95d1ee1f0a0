//! Money that is charged in part and given back in parts, against the books of the genuine other side.

use crate::on_both_databases;
use crate::quick_start::{MADE_TO_ORDER, WHY};
use crate::support::App;

const JOHN: &str = "john@example.com";
const SELLER: &str = "merchant@example.com";
const MARKET: &str = "caller@example.com";

on_both_databases!(
    what_is_charged_in_part_divides_as_the_page_says,
    a_refund_is_borne_as_its_numbers_said_before,
    what_is_asked_for_late_waits_for_the_seller,
);

/// What each has in whole cents: buyer, seller, marketplace.
async fn cents(app: &App) -> [i64; 3] {
    let mut all = [0; 3];
    for (cents, email) in all.iter_mut().zip([JOHN, SELLER, MARKET]) {
        *cents = hundredths(&app.balance(email).await);
    }
    all
}

/// Rounded: pages say whole cents.
fn hundredths(dollars: &str) -> i64 {
    let (whole, part) = dollars.split_once('.').unwrap_or((dollars, ""));
    let micros: i64 = format!("{part:0<6}")[..6].parse().unwrap();
    let micros = whole.trim_start_matches('-').parse::<i64>().unwrap() * 1_000_000 + micros;
    let rounded = (micros + 5_000) / 10_000;
    if whole.starts_with('-') { -rounded } else { rounded }
}

/// The amount that stands beside a term.
fn beside(html: &str, term: &str) -> i64 {
    let (_, rest) =
        html.split_once(&format!("<dt>{term}</dt>")).unwrap_or_else(|| panic!("{term} in {html}"));
    let (_, rest) = rest.split_once('$').unwrap();
    hundredths(rest.split_once('<').unwrap().0)
}

async fn what_is_charged_in_part_divides_as_the_page_says(app: App) {
    let before = cents(&app).await;
    let mut john = app.signed_in(JOHN).await;
    let order = app.buy(&mut john, MADE_TO_ORDER, JOHN, "Account balance").await;
    let mut merchant = app.signed_in(SELLER).await;
    let asked = merchant.post(app.shop(&format!("{order}/fulfil")), &[("amount", "7.50")]).await;
    assert!(asked.expect_status(200).text().contains("Charge $7.50 instead of $12.00?"));
    assert_eq!(cents(&app).await, before, "nothing is charged before that is confirmed");
    let fields = [("amount", "7.50"), ("confirmed", "7.500000")];
    merchant.post(app.shop(&format!("{order}/fulfil")), &fields).await.expect_status(303);
    app.settle_down().await;
    let page = merchant.get(app.shop(&order)).await.expect_status(200).text();
    let after = cents(&app).await;
    assert_eq!(before[0] - after[0], 750, "no more than that is charged");
    assert_eq!(after[1] - before[1], beside(&page, "Seller"));
    assert_eq!(after[2] - before[2], beside(&page, "Marketplace fee"));
    assert_eq!(beside(&page, "Charged"), 750);
    john.post(app.shop(&format!("{order}/refund")), WHY).await.expect_status(303);
    app.settle_down().await;
    assert_eq!(cents(&app).await, before, "and no more than that goes back");
    // Both sides say the same of it, also when they are compared.
    app.advance(2 * 24 * 3600).await;
    let mut operator = app.signed_in("operator@example.com").await;
    let page = operator.get(app.shop("/operator")).await.expect_status(200).text();
    assert!(!page.contains("Amazon Payments disagrees"), "{page}");
    app.assert_books_balance().await;
    app.stop().await;
}

async fn a_refund_is_borne_as_its_numbers_said_before(app: App) {
    let mut john = app.signed_in(JOHN).await;
    let mut merchant = app.signed_in(SELLER).await;
    for policy in ["shared", "seller_alone"] {
        let order = app.buy(&mut john, MADE_TO_ORDER, JOHN, "Account balance").await;
        merchant.post(app.shop(&format!("{order}/fulfil")), &[]).await.expect_status(303);
        app.settle_down().await;
        let path = app.shop(&format!("{order}/refund"));
        for amount in ["4.00", "8.00"] {
            let before = cents(&app).await;
            let fields = [("amount", amount), ("policy", policy)];
            let page = merchant.post(&path, &fields).await.expect_status(200).text();
            assert_eq!(cents(&app).await, before, "the numbers come first");
            let micros = format!("{amount}0000");
            let fields = [fields[0], fields[1], ("shown_amount", &micros), ("shown_policy", policy)];
            merchant.post(&path, &fields).await.expect_status(303);
            app.settle_down().await;
            let after = cents(&app).await;
            assert_eq!(after[0] - before[0], beside(&page, "The buyer gets"));
            for (who, term) in [(1, "You give back"), (2, "The marketplace gives back")] {
                let (moved, said) = (before[who] - after[who], beside(&page, term));
                // Two balances of fractions of cents are rounded on either side.
                assert!((moved - said).abs() <= 1, "{policy} {amount} {term}: {moved}, not {said}");
            }
        }
        assert!(john.get(app.shop(&order)).await.text().contains("Refunded"));
    }
    app.assert_books_balance().await;
    app.stop().await;
}

async fn what_is_asked_for_late_waits_for_the_seller(app: App) {
    let mut john = app.signed_in(JOHN).await;
    let order = app.buy(&mut john, "now-and-forever", JOHN, "Account balance").await;
    app.advance(31 * 24 * 3600).await;
    let mut john = app.signed_in(JOHN).await;
    john.post(app.shop(&format!("{order}/refund")), WHY).await.expect_status(303);
    app.settle_down().await;
    assert!(app.balance(JOHN).await.starts_with("499.01"), "nothing goes back yet");
    john.get(app.shop(&format!("{order}/download"))).await.expect_status(200);
    let mut merchant = app.signed_in(SELLER).await;
    let page = merchant.get(app.shop(&order)).await.text();
    let (_, request) = page.split_once("/refund-requests/").expect("it waits for the merchant");
    let decline = format!("{order}/refund-requests/{}/decline", request.split_once('/').unwrap().0);
    merchant.post(app.shop(&decline), &[]).await.expect_status(303);
    john.post(app.shop(&format!("{order}/refund")), WHY).await.expect_status(409);
    john.get(app.shop(&format!("{order}/refund"))).await.expect_status(409);
    app.settle_down().await;
    assert!(app.balance(JOHN).await.starts_with("499.01"), "a refusal stands");
    app.stop().await;
}
