//! Long lists, a page at a time, by links that need no script.

use super::support::{Browser, TestShop, test_shop};
use http::StatusCode;
use sqlx::{AnyConnection, AssertSqlSafe};

const OWNED: usize = 120;

/// John has bought as much, one after the other, and had the money of every tenth back.
pub(super) async fn bought_by_john(shop: &TestShop) {
    let bought: Result<(), sqlx::Error> = shop.shop.db.transact((), |c, ()| Box::pin(buy_all(c))).await;
    bought.unwrap();
}

async fn buy_all(connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
    for number in 0..OWNED {
        let order = format!(
            "INSERT INTO orders (id, buyer_id, item_id, merchant_id, title, price, fixed_fee, variable_fee, \
             recipient_token_id, refund_token_id, delivery, physical, caller_reference, state, transaction_id, \
             created_at, updated_at, item_version) SELECT 'order-{number}', u.id, i.id, i.merchant_id, i.title, i.price, 50000, \
             1000, 'R', '', i.delivery, 0, 'ref-{number}', 'Paid', 'T{number}', {number}, {number}, i.version \
             FROM users u, items i WHERE u.email = 'john@example.com' AND i.slug = 'now-and-forever'"
        );
        let revoked = if number % 10 == 0 { number.to_string() } else { "NULL".to_owned() };
        let grant = format!(
            "INSERT INTO download_grants (order_id, buyer_id, item_id, granted_at, revoked_at) \
             SELECT id, buyer_id, item_id, created_at, {revoked} FROM orders WHERE id = 'order-{number}'"
        );
        for statement in [order, grant] {
            sqlx::query(AssertSqlSafe(statement)).execute(&mut *connection).await?;
        }
    }
    Ok(())
}

/// The numbers of the orders that the page links to, in its order.
fn orders(html: &str) -> Vec<usize> {
    let links = html.split(r#"href="/orders/order-"#).skip(1);
    links
        .filter_map(|rest| {
            let (number, _) = rest.split_once('"')?;
            number.parse().ok()
        })
        .collect()
}

/// Where the link with this `rel` leads; `None` where there is none.
fn link(html: &str, rel: &str) -> Option<String> {
    let (_, rest) = html.split_once(r#"class="pages""#)?;
    let tag =
        rest.split('<').find(|tag| tag.starts_with("a ") && tag.contains(&format!(r#"rel="{rel}""#)))?;
    let (_, rest) = tag.split_once("href=\"")?;
    Some(rest.split_once('"')?.0.replace("&amp;", "&"))
}

async fn page(browser: &mut Browser, path: &str) -> String {
    let page = browser.get(path).await;
    assert_eq!(page.status, StatusCode::OK);
    page.text()
}

#[tokio::test]
async fn everything_in_the_library_is_reached_by_its_links() {
    let shop = test_shop().await;
    bought_by_john(&shop).await;
    let mut john = shop.signed_in("john@example.com").await;
    let mut html = page(&mut john, "/library").await;
    assert_eq!((link(&html, "prev"), link(&html, "first")), (None, None));
    let (mut seen, mut pages) = (orders(&html), 1);
    let mut downloads = html.matches("/download\"").count();
    while let Some(older) = link(&html, "next") {
        html = page(&mut john, &older).await;
        seen.extend(orders(&html));
        downloads += html.matches("/download\"").count();
        pages += 1;
    }
    assert_eq!((pages, downloads), (3, OWNED - OWNED / 10));
    assert_eq!(seen, (0..OWNED).rev().collect::<Vec<_>>(), "each once, the newest first");
    let file = john.get("/orders/order-1/download").await;
    assert_eq!(file.status, StatusCode::OK, "what stands last can still be had");

    let newer = page(&mut john, &link(&html, "prev").unwrap()).await;
    assert!(orders(&newer).ends_with(&[20]), "{:?}", orders(&newer));
    assert_eq!(link(&html, "first").as_deref(), Some("/library"));
    for nonsense in ["/library?older=x", "/library?newer=1-", "/library?older=0-a", "/library?older=1'"] {
        let html = page(&mut john, nonsense).await;
        assert_eq!(orders(&html).first(), Some(&(OWNED - 1)), "{nonsense} is the newest page");
    }
}

/// All pages of a list of orders, from the newest; the numbers in their order.
async fn all_of(browser: &mut Browser, path: &str) -> (Vec<usize>, usize) {
    let mut html = page(browser, path).await;
    let (mut seen, mut pages) = (orders(&html), 1);
    while let Some(older) = link(&html, "next") {
        html = page(browser, &older).await;
        seen.extend(orders(&html));
        pages += 1;
    }
    (seen, pages)
}

#[tokio::test]
async fn all_orders_are_reached_by_buyer_and_merchant() {
    let shop = test_shop().await;
    bought_by_john(&shop).await;
    let every: Vec<usize> = (0..OWNED).rev().collect();
    let mut john = shop.signed_in("john@example.com").await;
    assert_eq!(all_of(&mut john, "/orders").await, (every.clone(), 3));
    let mut merchant = shop.signed_in("merchant@example.com").await;
    for query in ["", "?show=paid", "?show=paid&q=forever", "?q=JOHN"] {
        assert_eq!(
            all_of(&mut merchant, &format!("/sell/orders{query}")).await,
            (every.clone(), 3),
            "{query}"
        );
    }
    assert_eq!(all_of(&mut merchant, "/sell/orders?show=refunded").await, (Vec::new(), 1));
    assert_eq!(
        orders(&page(&mut merchant, "/sell").await).len(),
        10,
        "the latest; the others are a page of their own"
    );
}

/// The desk shows a page of what is to fulfil, and how much that is in all.
#[tokio::test]
async fn all_that_is_to_fulfil_is_reached_from_the_desk() {
    let shop = test_shop().await;
    bought_by_john(&shop).await;
    let reserved: Result<(), sqlx::Error> = shop
        .shop
        .db
        .transact((), |c, ()| {
            Box::pin(
                async move { sqlx::query("UPDATE orders SET state = 'Reserved'").execute(c).await.map(drop) },
            )
        })
        .await;
    reserved.unwrap();
    let to_fulfil = |html: &str| {
        let (_, section) = html.split_once(r#"id="to-fulfil""#).unwrap();
        orders(section.split_once("</section>").unwrap().0)
    };
    let mut merchant = shop.signed_in("merchant@example.com").await;
    let mut html = page(&mut merchant, "/sell").await;
    assert!(html.contains("120 orders to fulfil") && html.contains(r#"<span class="count">120</span>"#));
    let (mut seen, mut pages) = (to_fulfil(&html), 1);
    while let Some(further) = link(&html, "next") {
        assert!(further.ends_with("#to-fulfil"), "{further}");
        html = page(&mut merchant, further.split('#').next().unwrap()).await;
        assert!(html.contains("120 orders to fulfil"), "on each page");
        seen.extend(to_fulfil(&html));
        pages += 1;
    }
    assert_eq!((seen, pages), ((0..OWNED).collect(), 6), "the longest waiting first");
    let back = page(&mut merchant, link(&html, "prev").unwrap().split('#').next().unwrap()).await;
    assert_eq!(to_fulfil(&back), (80..100).collect::<Vec<_>>());
    assert_eq!(link(&html, "first").as_deref(), Some("/sell#to-fulfil"));
}

#[tokio::test]
async fn a_short_library_and_a_short_desk_have_no_links() {
    let shop = test_shop().await;
    for (email, path) in [("john@example.com", "/library"), ("merchant@example.com", "/sell")] {
        let html = page(&mut shop.signed_in(email).await, path).await;
        assert!(!html.contains(r#"class="pages""#), "{path}");
    }
}

#[tokio::test]
async fn all_listings_are_reached_by_their_links() {
    let shop = test_shop().await;
    let more: Result<(), sqlx::Error> = shop.shop.db.transact((), |c, ()| Box::pin(list_more(c))).await;
    more.unwrap();
    let mut merchant = shop.signed_in("merchant@example.com").await;
    assert!(page(&mut merchant, "/sell").await.contains(r#"href="/sell/items">See all your listings"#));
    let mut path = "/sell/items".to_owned();
    let mut seen = Vec::new();
    loop {
        let html = page(&mut merchant, &path).await;
        seen.extend(
            html.split(r#"href="/sell/items/extra-"#)
                .skip(1)
                .map(|rest| rest.split_once('"').unwrap().0.parse::<usize>().unwrap()),
        );
        match link(&html, "next") {
            Some(older) => path = older,
            None => break,
        }
    }
    assert_eq!(seen, (0..OWNED).rev().collect::<Vec<_>>());
}

/// More items of the demo merchant, of the year 2100.
async fn list_more(connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
    for number in 0..OWNED {
        let item = format!(
            "INSERT INTO items (id, slug, merchant_id, category, title, creator, description, price, delivery, \
             physical, licence, created_at) \
             SELECT 'extra-{number}', 'extra-{number}', merchant_id, category, title, creator, description, price, \
             delivery, physical, licence, \
             4102444800000000 + {number} FROM items WHERE slug = 'now-and-forever'"
        );
        sqlx::query(AssertSqlSafe(item)).execute(&mut *connection).await?;
    }
    Ok(())
}
