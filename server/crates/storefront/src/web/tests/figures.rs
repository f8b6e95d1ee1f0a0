//! Figures, and the file of sales, of a merchant with thousands of them.

use super::support::{TestShop, test_shop};
use http::StatusCode;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use http_body_util::BodyExt;
use sqlx::{AnyConnection, AssertSqlSafe};

const SOLD: usize = 2_000;
/// One order a minute, from here on: 2030-06-01T00:00:00Z, two days before the shop's present.
const START: i64 = 1_906_502_400_000_000;
const MINUTE: i64 = 60_000_000;

/// John has bought as many songs of $0.99, and had the money of every tenth back.
async fn sell(shop: &TestShop, numbers: std::ops::Range<usize>, title: &'static str) {
    // In many transactions: one of thousands of rows keeps others waiting longer than they wait.
    let mut numbers = numbers.peekable();
    while numbers.peek().is_some() {
        let some: Vec<usize> = numbers.by_ref().take(100).collect();
        let sold: Result<(), sqlx::Error> =
            shop.shop.db.transact(some, |c, some| Box::pin(sell_all(c, some.clone(), title))).await;
        sold.unwrap();
    }
}

async fn sell_all(
    connection: &mut AnyConnection,
    numbers: Vec<usize>,
    title: &str,
) -> Result<(), sqlx::Error> {
    for number in numbers {
        let state = if number % 10 == 0 { "Refunded" } else { "Paid" };
        let at = START + i64::try_from(number).unwrap() * MINUTE;
        let order = format!(
            "INSERT INTO orders (id, buyer_id, item_id, merchant_id, title, price, fixed_fee, variable_fee, \
             recipient_token_id, refund_token_id, delivery, physical, caller_reference, state, transaction_id, \
             refund_transaction_id, marketplace_fee, amazon_fee, created_at, updated_at) \
             SELECT 'order-{number}', u.id, i.id, i.merchant_id, '{title}', 990000, 50000, 100000, 'R', '', i.delivery, \
             0, 'ref-{number}', '{state}', 'T{number}', CASE '{state}' WHEN 'Refunded' THEN 'B{number}' END, \
             CASE '{state}' WHEN 'Paid' THEN 149000 ELSE 0 END, 20000, {at}, {at} \
             FROM users u, items i WHERE u.email = 'john@example.com' AND i.slug = 'now-and-forever'"
        );
        sqlx::query(AssertSqlSafe(order)).execute(&mut *connection).await?;
    }
    Ok(())
}

/// Two orders with shipping in their price, one of them charged for less than was ordered.
async fn send_some(connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
    for sql in [
        "UPDATE orders SET shipping_price = 450000 WHERE id IN ('order-2', 'order-3')",
        "UPDATE orders SET charged = 800000 WHERE id = 'order-3'",
    ] {
        sqlx::query(sql).execute(&mut *connection).await?;
    }
    Ok(())
}

#[tokio::test]
async fn the_desk_has_figures_of_a_time_and_says_what_a_day_is() {
    let shop = test_shop().await;
    sell(&shop, 0..SOLD, "A song").await;
    let mut merchant = shop.signed_in("merchant@example.com").await;
    let page = merchant.get("/sell/figures?from=2030-06-01&to=2030-06-01").await;
    assert_eq!(page.status, StatusCode::OK);
    let html = page.text();
    // 1440 of that day, every tenth paid back: 144 × 0.99; 1296 × 0.149; 1440 × 0.02.
    for amount in ["$1,425.60", "$142.56", "$193.10", "$28.80", "$1,061.14"] {
        assert!(html.contains(amount), "{amount} in {html}");
    }
    assert!(html.contains("<dd>1440</dd>") && html.contains("A song"), "{html}");
    let all = merchant.get("/sell/figures?by=month").await.text();
    assert!(all.contains("$1,980.00") && all.contains("Sales by month"), "{all}");
    let refused = merchant.get("/sell/figures?from=2030-06-02&to=2030-06-01").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("href=\"#field-to\"") && refused.text().contains("2030-06-02"));

    // The market's are those of all sellers; somebody else's desk has nothing of it.
    let market = shop.signed_in("operator@example.com").await.get("/operator/figures?by=month").await.text();
    assert!(market.contains("$1,980.00"), "{market}");
    let other = shop.new_merchant("nadia@example.com").await.get("/sell/figures").await.text();
    assert!(other.contains("Nothing was sold in this time.") && !other.contains("$1,980.00"));
    let buyer = shop.signed_in("john@example.com").await.get("/sell/figures").await;
    assert_eq!(buyer.leads_to(), "/sell");
}

fn rows(text: &str) -> Vec<csv::StringRecord> {
    csv::Reader::from_reader(text.as_bytes()).into_records().collect::<Result<_, _>>().unwrap()
}

#[tokio::test]
async fn the_file_has_every_sale_once_in_order_and_nothing_that_is_sold_meanwhile() {
    let shop = test_shop().await;
    sell(&shop, 0..SOLD, "=HYPERLINK(\"x\"), a \"song\"").await;
    shop.shop.db.transact((), |c, ()| Box::pin(send_some(c))).await.unwrap();
    let mut merchant = shop.signed_in("merchant@example.com").await;
    let response = merchant.open("/sell/sales.csv").await;
    assert_eq!(response.headers()[CONTENT_TYPE], "text/csv; charset=utf-8");
    assert_eq!(response.headers()[CONTENT_DISPOSITION], "attachment; filename=\"sales.csv\"");
    let (mut body, mut text, mut pieces, mut largest) = (response.into_body(), Vec::new(), 0, 0);
    while let Some(frame) = body.frame().await {
        let data = frame.unwrap().into_data().unwrap();
        (pieces, largest) = (pieces + 1, largest.max(data.len()));
        text.extend_from_slice(&data);
        if pieces == 3 {
            // Others go on buying: of the present, and one that was late to be written.
            shop.shop.clock.advance(jiff::SignedDuration::from_hours(1)).unwrap();
            sell(&shop, 5_000..5_010, "later").await;
        }
    }
    let text = String::from_utf8(text).unwrap();
    assert!(pieces > SOLD / 64 && largest < text.len() / 10, "{pieces} pieces of {largest} at the most");
    assert!(text.starts_with("Order,Placed,Paid,Item,Buyer,Status,Price,") && text.ends_with("\r\n"));
    let rows = rows(&text);
    let ids: Vec<_> = rows.iter().map(|row| row[0].to_owned()).collect();
    assert_eq!(ids, (0..SOLD).map(|number| format!("order-{number}")).collect::<Vec<_>>());
    let row: Vec<_> = rows[1].iter().collect();
    let expected = [
        "order-1",
        "2030-06-01T00:01:00Z",
        "",
        "'=HYPERLINK(\"x\"), a \"song\"",
        "John Doe",
        "Paid",
        "0.99",
        "0.00",
        "0.00",
        "0.149000",
        "0.02",
        "0.821000",
        "USD",
        "T1",
        "",
        "",
        "",
    ];
    assert_eq!(row, expected);
    assert_eq!(&rows[10][11], "-0.02", "Amazon kept its fee of what went back");
    let prices = |row: usize| [&rows[row][6], &rows[row][7], &rows[row][11]];
    assert_eq!(prices(2), ["0.54", "0.45", "0.821000"], "what was sent is priced without its shipping");
    assert_eq!(prices(3), ["0.35", "0.45", "0.631000"], "less was charged than ordered");
}

#[tokio::test]
async fn the_file_of_a_time_has_its_days_and_no_other() {
    let shop = test_shop().await;
    sell(&shop, 0..SOLD, "A song").await;
    let mut merchant = shop.signed_in("merchant@example.com").await;
    let page = merchant.get("/sell/sales.csv?from=2030-06-02&to=2030-06-02").await;
    assert_eq!(
        page.header(CONTENT_DISPOSITION),
        "attachment; filename=\"sales-2030-06-02-to-2030-06-02.csv\""
    );
    let rows = rows(&page.text());
    assert_eq!((rows.len(), &rows[0][0]), (SOLD - 1440, "order-1440"));
    for wrong in ["from=soon&to=2030-06-02", "from=2030-06-02", "from=2030-06-02&to=2030-06-01"] {
        let refused = merchant.get(&format!("/sell/sales.csv?{wrong}")).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{wrong}");
    }
    let empty = shop.new_merchant("nadia@example.com").await.get("/sell/sales.csv").await.text();
    assert_eq!(empty.lines().count(), 1, "the headings: {empty}");
}
