//! Messages between buyer and seller of an order, customers, and what needs doing.

use super::support::{Browser, TestShop, test_shop};
use crate::messages::MOST_IN_A_DAY;
use http::StatusCode;
use sqlx::AnyConnection;

/// John has bought a song of the demo merchant, and begun to buy another.
async fn bought(shop: &TestShop) {
    let bought: Result<(), sqlx::Error> = shop.shop.db.transact((), |c, ()| Box::pin(buy(c))).await;
    bought.unwrap();
}

async fn buy(connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
    for (order, state, transaction) in [
        ("bought", "Paid", Some("T1")),
        ("begun", "AwaitingAuthorization", None),
        ("waits", "Reserved", Some("T2")),
    ] {
        sqlx::query(
            "INSERT INTO orders (id, buyer_id, item_id, merchant_id, title, price, fixed_fee, variable_fee, \
             recipient_token_id, refund_token_id, delivery, physical, caller_reference, state, transaction_id, \
             created_at, updated_at) SELECT $1, u.id, i.id, i.merchant_id, i.title, i.price, 50000, 100000, 'R', '', \
             i.delivery, 0, $1, $2, $3, 1906502400000000, 1906502400000000 FROM users u, items i \
             WHERE u.email = 'john@example.com' AND i.slug = 'now-and-forever'",
        )
        .bind(order)
        .bind(state)
        .bind(transaction)
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

async fn read(browser: &mut Browser, path: &str) -> String {
    let page = browser.get(path).await;
    assert_eq!(page.status, StatusCode::OK, "{path}");
    page.text()
}

#[tokio::test]
async fn buyer_and_seller_write_to_each_other_about_an_order() {
    let shop = test_shop().await;
    bought(&shop).await;
    let mut john = shop.signed_in("john@example.com").await;
    let mut merchant = shop.signed_in("merchant@example.com").await;
    assert!(read(&mut merchant, "/sell/messages").await.contains("No messages yet."));
    let sent = john.post("/orders/bought/messages", &[("text", "Is it <b>loud</b>?\r\nI hope so.")]).await;
    assert_eq!(sent.leads_to(), "/orders/bought#messages");
    // The button was pressed twice.
    john.post("/orders/bought/messages", &[("text", "Is it <b>loud</b>?\r\nI hope so.")]).await.leads_to();

    let desk = read(&mut merchant, "/sell").await;
    assert!(desk.contains("Unread messages about 1 order"), "{desk}");
    let mail = read(&mut merchant, "/mail").await;
    assert_eq!(
        mail.matches("New message about Now and Forever").count(),
        1,
        "one mail for one message: {mail}"
    );
    let list = read(&mut merchant, "/sell/messages").await;
    assert!(list.contains("Unread: ") && list.contains("/orders/bought#messages"), "{list}");
    let order = read(&mut merchant, "/orders/bought").await;
    assert_eq!(order.matches("Is it &lt;b&gt;loud&lt;/b&gt;?\nI hope so.").count(), 1, "{order}");
    assert!(!read(&mut merchant, "/sell").await.contains("Unread messages"), "it was read");
    merchant.post("/orders/bought/messages", &[("text", "Very.")]).await.leads_to();
    merchant.post("/orders/bought/messages", &[("text", "Enjoy it.")]).await.leads_to();

    assert!(read(&mut john, "/orders").await.contains("2 unread messages"));
    let head = john.head("/orders/bought").await;
    assert_eq!(head.status, StatusCode::OK);
    assert!(read(&mut john, "/orders").await.contains("2 unread messages"), "nobody has read anything");
    let page = read(&mut john, "/orders/bought").await;
    let place = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text} in {page}"));
    assert!(place("loud") < place("Very.") && place("Very.") < place("Enjoy it."), "first things first");
    assert!(!read(&mut john, "/orders").await.contains("unread message"));

    // The operator reads along and writes to both; for others there is nothing.
    let mut operator = shop.signed_in("operator@example.com").await;
    assert!(read(&mut operator, "/orders/bought").await.contains("Very."));
    operator.post("/orders/bought/messages", &[("text", "All well?")]).await.leads_to();
    assert!(read(&mut john, "/orders/bought").await.contains("DigitalDownload"));
    let mut jane = shop.signed_in("jane@example.com").await;
    let refused = jane.post("/orders/bought/messages", &[("text", "Hello")]).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
    let mut stranger = shop.stranger();
    let sign_in = stranger.post("/orders/bought/messages", &[("text", "Hello")]).await;
    assert!(sign_in.leads_to().starts_with("/sign-in?next=%2Forders%2Fbought"));
}

#[tokio::test]
async fn what_cannot_be_sent_is_kept_and_says_why() {
    let shop = test_shop().await;
    bought(&shop).await;
    let mut john = shop.signed_in("john@example.com").await;
    let long = "long ".repeat(500);
    for (text, why) in [
        ("  ", "Enter a message."),
        (long.as_str(), "at most 2000 characters"),
        ("a\u{7}", "cannot be shown"),
    ] {
        let refused = john.post("/orders/bought/messages", &[("text", text)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let html = refused.text();
        assert!(
            html.contains(why) && html.contains("href=\"#field-text\"") && html.contains(text.trim()),
            "{why}"
        );
    }
    let refused = john.post("/orders/begun/messages", &[("text", "Hello")]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "nobody has confirmed it");
    assert!(!read(&mut john, "/orders/begun").await.contains("Your message"));

    for number in 0..MOST_IN_A_DAY {
        let text = format!("Message {number}");
        john.post("/orders/bought/messages", &[("text", &text)]).await.leads_to();
    }
    let refused = john.post("/orders/bought/messages", &[("text", "One more")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("try again tomorrow") && refused.text().contains("One more"));
    // The other side may, and so may John a day later; the thread has two pages then.
    let mut merchant = shop.signed_in("merchant@example.com").await;
    for number in 0..15 {
        let text = format!("Answer {number}");
        merchant.post("/orders/bought/messages", &[("text", &text)]).await.leads_to();
    }
    shop.shop.clock.advance(jiff::SignedDuration::from_hours(24)).unwrap();
    john.post("/orders/bought/messages", &[("text", "One more")]).await.leads_to();
    let html = read(&mut john, "/orders/bought").await;
    assert_eq!(html.matches("class=\"message-text\"").count(), 30);
    let older = html.split("href=\"").find(|link| link.starts_with("/orders/bought?older=")).unwrap();
    let older = older.split_once('#').unwrap().0.to_owned();
    assert!(read(&mut john, &older).await.contains("Message 0"));
}

#[tokio::test]
async fn the_desk_says_what_needs_doing_and_notices_are_calm() {
    let shop = test_shop().await;
    let mut merchant = shop.signed_in("merchant@example.com").await;
    assert!(read(&mut merchant, "/sell").await.contains("All is done."));
    assert!(read(&mut merchant, "/sell/notices").await.contains("Nothing yet."));
    bought(&shop).await;
    let told: Result<(), sqlx::Error> = shop.shop.db.transact((), |c, ()| Box::pin(tell(c))).await;
    told.unwrap();
    let desk = read(&mut merchant, "/sell").await;
    assert!(desk.contains("1 order to fulfil") && desk.contains("the oldest since"), "{desk}");
    assert_eq!(desk.matches("Unread: ").count(), 5, "the newest few");
    assert!(desk.contains("href=\"/sell/notices\"") && !desk.contains(">New<"));
    assert_eq!(read(&mut merchant, "/sell/notices").await.matches("Unread: ").count(), 7);
    merchant.post("/sell/notices/read", &[]).await.leads_to();
    assert_eq!(read(&mut merchant, "/sell/notices").await.matches("Unread: ").count(), 0);
}

async fn tell(connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
    let kinds = ["reserved", "sold", "charged", "not_charged", "cancelled", "refunded", "refund_requested"];
    for (number, kind) in (0_i64..).zip(kinds) {
        sqlx::query(
            "INSERT INTO merchant_notices (id, merchant_id, order_id, kind, at) \
             SELECT $3, merchant_id, id, $1, $2 FROM orders WHERE id = 'bought'",
        )
        .bind(kind)
        .bind(1_906_502_400_000_000 + number)
        .bind(format!("notice-{number}"))
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_merchant_sees_who_bought_and_what_and_nothing_of_others() {
    let shop = test_shop().await;
    let mut merchant = shop.signed_in("merchant@example.com").await;
    assert!(read(&mut merchant, "/sell/customers").await.contains("Nobody yet."));
    bought(&shop).await;
    let html = read(&mut merchant, "/sell/customers").await;
    assert!(html.contains("John Doe") && html.contains("$0.99"), "{html}");
    let link = html.split("href=\"").find(|link| link.starts_with("/sell/customers/")).unwrap();
    let john = link.split_once('"').unwrap().0.to_owned();
    let html = read(&mut merchant, &john).await;
    assert!(html.contains("/orders/bought") && html.contains("/orders/waits"), "{html}");
    assert!(!html.contains("/orders/begun"), "what was never confirmed is none of the seller's business");
    let mut other = shop.new_merchant("nadia@example.com").await;
    assert_eq!(other.get(&john).await.status, StatusCode::NOT_FOUND);
    assert!(read(&mut other, "/sell/customers").await.contains("Nobody yet."));
}
