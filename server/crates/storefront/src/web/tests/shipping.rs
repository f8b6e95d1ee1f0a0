//! What sending costs, at the checkout.

use super::support::{Browser, Page, TestShop, test_shop};
use http::StatusCode;
use platform::Database;
use sqlx::AssertSqlSafe;

const LINOCUT: &str = "/checkout/gannet-linocut";
const ADDRESS: [(&str, &str); 6] = [
    ("ship_name", "Jane Doe"),
    ("ship_line1", "12 Elm Street"),
    ("ship_city", "Portland"),
    ("ship_zip", "97201"),
    ("ship_speed", "express"),
    ("payment_method", "amazon-payments"),
];

async fn send(browser: &mut Browser, path: &str, more: &[(&str, &str)]) -> Page {
    let fields: Vec<_> = ADDRESS.iter().chain(more).copied().collect();
    browser.post(path, &fields).await
}

fn asked(url: &str, name: &str) -> String {
    let (_, query) = url.split_once('?').unwrap();
    form_urlencoded::parse(query.as_bytes()).find(|(known, _)| known == name).unwrap().1.into_owned()
}

async fn run(db: &Database, statement: &str) {
    let done: Result<(), sqlx::Error> = db
        .transact(statement.to_owned(), |c, statement| {
            Box::pin(async move {
                sqlx::query(AssertSqlSafe(statement.clone())).execute(c).await?;
                Ok(())
            })
        })
        .await;
    done.unwrap();
}

async fn orders(test: &TestShop) -> u32 {
    crate::orders::count(&test.shop.db).await.unwrap()
}

#[tokio::test]
async fn each_speed_says_its_total_and_that_is_what_is_asked_for() {
    let test = test_shop().await;
    let mut jane = test.signed_in("jane@example.com").await;
    let html = jane.get(LINOCUT).await.text();
    for words in ["$4.50 for sending it, $46.50 in all.", "$12.00 for sending it, $54.00 in all."] {
        assert!(html.contains(words), "{words}: {html}");
    }
    let shown = [
        ("ship_country", "United States"),
        ("shown_standard", "42.00+4.50"),
        ("shown_express", "42.00+12.00"),
    ];
    let page = send(&mut jane, LINOCUT, &shown).await;
    let url = page.leads_to();
    for (name, value) in [("transactionAmount", "54.00"), ("itemTotal", "42.00"), ("shipping", "12.00")] {
        assert_eq!(asked(url, name), value);
    }
}

#[tokio::test]
async fn another_country_is_shown_before_it_is_agreed_to() {
    let test = test_shop().await;
    let mut jane = test.signed_in("jane@example.com").await;
    let shown = [("shown_standard", "42.00+4.50"), ("shown_express", "42.00+12.00")];
    let to = |country| [shown[0], shown[1], ("ship_country", country)];
    let page = send(&mut jane, LINOCUT, &to("Germany")).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    let html = page.text();
    for words in [
        "You were shown $54.00 ($42.00 and $12.00 for sending it) in all",
        "$70.00 ($42.00 and $28.00 for sending it) now",
        "name=\"shown_express\" value=\"42.00+28.00\"",
        "value=\"12 Elm Street\"",
        "value=\"express\" checked",
    ] {
        assert!(html.contains(words), "{words}: {html}");
    }
    let update = send(&mut jane, LINOCUT, &[shown[0], ("ship_country", "de"), ("update", "total")]).await;
    assert_eq!(update.status, StatusCode::OK);
    assert!(update.text().contains("value=\"Germany\"") && update.text().contains("$70.00 in all"));
    let unknown = send(&mut jane, LINOCUT, &to("Atlantis")).await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        unknown.text().contains("href=\"#field-ship_country\"")
            && unknown.text().contains("value=\"Atlantis\"")
    );
    let blind = send(&mut jane, LINOCUT, &[("shown_express", ""), ("ship_country", "Japan")]).await;
    assert_eq!(blind.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(blind.text().contains("For where it goes it is $76.00"), "{}", blind.text());
    assert_eq!(orders(&test).await, 0);
    // Tessera Studio sends to Europe without haste, and no farther.
    let print = "/checkout/nine-kettles-print";
    for country in ["Japan", "France"] {
        let page = send(&mut jane, print, &[("ship_country", country)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.text().contains("does not send it there, or not that fast"), "{country}");
    }
    assert_eq!(orders(&test).await, 0);
}

#[tokio::test]
async fn a_price_or_rate_that_changes_meanwhile_is_said_before_anything_is_placed() {
    let test = test_shop().await;
    let mut jane = test.signed_in("jane@example.com").await;
    let db = &test.shop.db;
    run(db, "UPDATE items SET price = 1990000 WHERE slug = 'now-and-forever'").await;
    let paying = ("payment_method", "amazon-payments");
    let page = jane.post("/checkout/now-and-forever", &[paying, ("shown", "0.99+0.00")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text().contains("You were shown $0.99 in all, and it is $1.99 now."), "{}", page.text());
    assert!(page.text().contains("name=\"shown\" value=\"1.99+0.00\""));
    run(db, "UPDATE shipping_rates SET price = 13000000 WHERE speed = 'express'").await;
    let shown = [("ship_country", "United States"), ("shown_express", "42.00+12.00")];
    let page = send(&mut jane, LINOCUT, &shown).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text().contains("it is $55.00 ($42.00 and $13.00 for sending it) now"), "{}", page.text());
    assert_eq!(orders(&test).await, 0);
    let page = jane.post("/checkout/now-and-forever", &[paying, ("shown", "1.99+0.00")]).await;
    assert_eq!(asked(page.leads_to(), "transactionAmount"), "1.99");
    let page = send(&mut jane, LINOCUT, &[shown[0], ("shown_express", "42.00+13.00")]).await;
    assert_eq!(asked(page.leads_to(), "transactionAmount"), "55.00");
    for nonsense in ["", "free", "1e9+1", "99999999999999999999+1"] {
        let page = jane.post("/checkout/glasshouse", &[paying, ("shown", nonsense)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{nonsense}");
    }
}
