//! Coupons as sellers make them and buyers type them.

use super::support::{Browser, test_shop};
use http::StatusCode;

const PAYING: (&str, &str) = ("payment_method", "amazon-payments");

/// Of a form that can be taken as it is.
async fn make(browser: &mut Browser, path: &str, code: &str, off: &str) {
    let fields = [("code", code), ("kind", "percent"), ("off", off)];
    assert_eq!(browser.post(path, &fields).await.leads_to(), path);
}

#[tokio::test]
async fn a_seller_makes_a_coupon_and_withdraws_it() {
    let test = test_shop().await;
    let mut merchant = test.signed_in("merchant@example.com").await;
    make(&mut merchant, "/sell/coupons", "Spring-30", "20").await;
    let page = merchant.get("/sell/coupons").await.text();
    assert!(page.contains("SPRING-30") && page.contains("20 %") && page.contains("Good"), "{page}");
    let again =
        merchant.post("/sell/coupons", &[("code", "spring-30"), ("kind", "amount"), ("off", "1")]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.text().contains("a coupon with this code already"), "{}", again.text());
    for (field, value) in [
        ("code", "a b"),
        ("kind", "gift"),
        ("off", "100"),
        ("item", "glasshouse-of-somebody"),
        ("from", "soon"),
        ("until", "2020-01-01"),
        ("uses", "-1"),
        ("each", "0"),
    ] {
        let mut fields = vec![("code", "OTHER"), ("kind", "percent"), ("off", "20")];
        fields.retain(|(name, _)| *name != field);
        fields.push((field, value));
        let page = merchant.post("/sell/coupons", &fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
        assert!(page.text().contains(&format!("href=\"#field-{field}\"")), "{field}: {}", page.text());
    }
    let id = test.value("SELECT id FROM coupons").await;
    let withdraw = format!("/sell/coupons/{id}/withdraw");
    let mut other = test.signed_in("seller1@example.com").await;
    assert_eq!(other.post(&withdraw, &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(merchant.post(&withdraw, &[]).await.leads_to(), "/sell/coupons");
    assert!(merchant.get("/sell/coupons").await.text().contains("Withdrawn"));
    assert_eq!(merchant.post(&withdraw, &[]).await.status, StatusCode::NOT_FOUND);
    make(&mut merchant, "/sell/coupons", "SPRING-30", "10").await;
    let mut operator = test.signed_in("operator@example.com").await;
    let log = operator.get("/operator/audit").await.text();
    assert!(log.contains("Made a coupon") && log.contains("Withdrew a coupon"), "{log}");
}

#[tokio::test]
async fn apply_shows_the_new_sums_and_keeps_what_was_typed() {
    let test = test_shop().await;
    make(&mut test.signed_in("merchant@example.com").await, "/sell/coupons", "SPRING", "20").await;
    let mut jane = test.signed_in("jane@example.com").await;
    let apply = |code| [("coupon", code), ("update", "coupon"), ("payment_method", "credit")];
    let page = jane.post("/checkout/now-and-forever", &apply("spring")).await;
    assert_eq!(page.status, StatusCode::OK);
    let html = page.text();
    for part in ["Coupon SPRING", "\u{2212}$0.19", "$0.80", "bears the discount", "value=\"0.80+0.00\""] {
        assert!(html.contains(part), "{part}: {html}");
    }
    let chosen = html.split("value=\"credit\"").nth(1).unwrap().split('>').next().unwrap();
    assert!(chosen.contains("checked"), "what was chosen stays: {html}");
    let wrong = jane.post("/checkout/now-and-forever", &apply("autumn")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text().contains("There is no such coupon") && wrong.text().contains("value=\"autumn\""));
    // Nothing is placed at another price than the page showed.
    let unseen = [PAYING, ("coupon", "spring"), ("shown", "0.99+0.00")];
    let page = jane.post("/checkout/now-and-forever", &unseen).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text().contains("it is $0.80 now"), "{}", page.text());
    let seen = [PAYING, ("coupon", "spring"), ("shown", "0.80+0.00")];
    let url = jane.post("/checkout/now-and-forever", &seen).await.leads_to().to_owned();
    assert!(url.contains("transactionAmount=0.80"), "{url}");
    let order = test.value("SELECT id FROM orders").await;
    let html = jane.get(&format!("/orders/{order}")).await.text();
    assert!(html.contains("Coupon SPRING") && html.contains("$0.99") && html.contains("$0.80"), "{html}");
    assert!(jane.get("/checkout/glasshouse?coupon=spring").await.text().contains("value=\"spring\""));
}

#[tokio::test]
async fn the_markets_coupon_comes_out_of_its_own_fee_in_the_cart() {
    let test = test_shop().await;
    make(&mut test.signed_in("operator@example.com").await, "/operator/coupons", "MARKET", "5").await;
    let mut jane = test.signed_in("jane@example.com").await;
    for slug in ["now-and-forever", "gannet-linocut"] {
        jane.post("/cart", &[("add", slug)]).await;
    }
    let fields = [("coupon", "market"), ("update", "coupon"), ("ship_city", "Porto")];
    let page = jane.post("/cart/checkout", &fields).await;
    assert_eq!(page.status, StatusCode::OK);
    let html = page.text();
    for part in [
        "Coupon MARKET",
        "\u{2212}$0.04",
        "\u{2212}$2.10",
        "\u{2212}$2.14",
        "out of its own share",
        "value=\"Porto\"",
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
    let page = jane.get("/cart/checkout?coupon=nothing").await;
    assert!(page.text().contains("There is no such coupon"), "{}", page.text());
}
