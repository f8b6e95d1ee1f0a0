//! The demo data: what it is made of is made again here, and what it brings holds on both databases.

use crate::support::{On, rows, spawn_app, spawn_app_with};
use platform::DemoData;

const SHOP: &[u8] = include_bytes!("../../crates/storefront/seed/shop.json.gz");
const PAYMENTS: &[u8] = include_bytes!("../../crates/fps-emulator/seed/payments.json.gz");

/// Not kept, as `seed/prepared.rs` of either site says.
const FILLED_BY_TRIGGERS: [(&str, &str); 1] = [("categories", "items")];

/// What was kept before a migration has other columns.
#[tokio::test]
async fn it_has_the_columns_that_there_are() {
    let app = spawn_app(On::Sqlite).await.unwrap();
    for (site, kept) in [("shop", SHOP), ("payments", PAYMENTS)] {
        let url = format!("sqlite://{}", app.data().join(format!("{site}.db")).display());
        let text = unpacked(kept);
        let tables = text
            .lines()
            .filter_map(|line| serde_json::from_str::<(String, Vec<String>, Vec<String>, u64)>(line).ok());
        let mut count = 0;
        for (table, columns, ..) in tables {
            let there = rows(&url, &["name"], &format!("pragma_table_info('{table}')")).await;
            let there = there.into_iter().map(|row| row.concat());
            let by_itself = |column: &String| FILLED_BY_TRIGGERS.contains(&(&table, column));
            let there: Vec<String> = there.filter(|column| !by_itself(column)).collect();
            let anew = "`digitaldownload seed --prepare FOLDER` writes it anew";
            assert_eq!(columns, there, "{site}, {table}; {anew}");
            count += 1;
        }
        assert!(count > 10, "{site}: {count} tables");
    }
    app.stop().await;
}

/// Line by line, so that a failure names the first row that differs.
#[tokio::test]
#[ignore = "plays ninety days of trade, which takes two cores a minute and more: `make prove` does"]
async fn made_anew_it_is_what_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let made = server::demo::make(folder.path()).await.unwrap();
    for (site, kept, made) in [("shop", SHOP, made.shop), ("payments", PAYMENTS, made.payments)] {
        let (kept, made) = (unpacked(kept), unpacked(&made));
        let differs = kept.lines().zip(made.lines()).position(|(kept, made)| kept != made);
        if let Some(line) = differs {
            let row = |text: &str| text.lines().nth(line).unwrap_or_default().to_owned();
            panic!(
                "{site}, line {}: {} is kept, {} is made; `digitaldownload seed --prepare FOLDER` writes it anew",
                line + 1,
                row(&kept),
                row(&made)
            );
        }
        assert_eq!(kept.lines().count(), made.lines().count(), "{site}");
    }
}

fn unpacked(packed: &[u8]) -> String {
    let mut text = String::new();
    std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(packed), &mut text).unwrap();
    text
}

async fn it_brings_what_is_promised(on: On) {
    let full = |options: &mut server::Options| options.demo_data = DemoData::Full;
    let Some(app) = spawn_app_with(on, full).await else { return };
    assert_eq!(app.balance("john@example.com").await, "500.0000");
    app.assert_books_balance().await;
    let ledger = app.ledger().await;
    assert!(ledger["transactions"].as_u64().unwrap() > 900, "{ledger}");
    for email in ["john@example.com", "jane@example.com"] {
        let mut person = app.signed_in(email).await;
        let item = person.get(app.shop("/items/now-and-forever")).await.expect_status(200).text();
        assert!(item.contains("Buy Now"), "{email} has not bought it");
    }
    let mut merchant = app.signed_in("merchant@example.com").await;
    let desk = merchant.get(app.shop("/sell")).await.expect_status(200).text();
    assert!(desk.contains("Nothing waits for you."), "the demo merchant has done everything");
    let books = merchant.get(app.shop("/sell/figures/amazon")).await.expect_status(200).text();
    assert!(
        books.contains("None: in what was compared both say the same"),
        "each sale, with its shipping: {books}"
    );
    let mail = merchant.get(app.shop("/mail")).await.expect_status(200).text();
    assert!(mail.contains("Sold: ") && !mail.contains(">New</span>"), "and read everything");
    // Numbers that the database gives out go on behind those that were loaded, and so does trade.
    let mut john = app.signed_in("john@example.com").await;
    let order = app.buy(&mut john, "now-and-forever", "john@example.com", "Account balance").await;
    assert!(john.get(app.shop(&order)).await.text().contains("Paid"));
    app.advance(8 * 24 * 3600).await;
    app.assert_books_balance().await;
    let mut operator = app.signed_in("operator@example.com").await;
    let page = operator.get(app.shop("/operator")).await.expect_status(200).text();
    assert!(!page.contains("Amazon Payments disagrees"), "both sites tell the same");
    app.stop().await;
}

#[tokio::test]
async fn it_brings_what_is_promised_on_sqlite() {
    it_brings_what_is_promised(On::Sqlite).await;
}

#[tokio::test]
async fn it_brings_what_is_promised_on_postgres() {
    it_brings_what_is_promised(On::Postgres).await;
}
