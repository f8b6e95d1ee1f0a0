//! Pages of an order that are told of news.

use super::guests::buys;
use super::long_lists::bought_by_john;
use super::support::{Browser, TestShop, test_shop};
use crate::live_pages::MOST_OF_ONE;
use axum::response::Response;
use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http_body_util::BodyExt;

/// John's order waits for its seller.
async fn waiting() -> TestShop {
    let test = test_shop().await;
    bought_by_john(&test).await;
    test.write(vec!["UPDATE orders SET state = 'Reserved' WHERE id = 'order-1'".to_owned()]).await;
    test
}

/// Where the script of the order's page is told of news.
async fn address(browser: &mut Browser) -> String {
    address_on(browser, "/orders/order-1").await
}

async fn address_on(browser: &mut Browser, page: &str) -> String {
    let page = browser.get(page).await.text();
    let address = page.split("data-live=\"").nth(1).unwrap_or_else(|| panic!("no stream: {page}"));
    address.split('"').next().unwrap().replace("&amp;", "&")
}

/// All that comes to the end of the stream.
async fn whole(stream: Response) -> String {
    assert_eq!(stream.status(), StatusCode::OK);
    assert_eq!(stream.headers()[CONTENT_TYPE], "text/event-stream");
    assert_eq!(stream.headers()[CACHE_CONTROL], "private, no-store, no-transform");
    String::from_utf8(stream.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap()
}

#[tokio::test]
async fn a_page_hears_once_that_its_order_has_changed() {
    let test = waiting().await;
    let mut john = test.signed_in("john@example.com").await;
    let address = address(&mut john).await;
    let stream = john.open(&address).await;
    let (heard, ()) = tokio::join!(
        whole(stream),
        // Something else first, which is no news here.
        test.write(vec![
            "UPDATE orders SET state = 'Reserved' WHERE id = 'order-2'".to_owned(),
            "UPDATE orders SET state = 'Paid' WHERE id = 'order-1'".to_owned(),
        ])
    );
    assert_eq!(heard.matches("data: changed").count(), 1, "{heard}");
    let late = whole(john.open(&address).await).await;
    assert!(late.contains("data: changed"), "what came between the page and its stream is not lost: {late}");
    assert!(!john.get("/orders/order-1").await.text().contains("data-live"), "it is at rest");
}

#[tokio::test]
async fn an_order_at_rest_has_no_stream() {
    let test = waiting().await;
    let mut john = test.signed_in("john@example.com").await;
    let seen = address(&mut john).await.replace("Reserved", "Paid");
    test.write(vec!["UPDATE orders SET state = 'Paid' WHERE id = 'order-1'".to_owned()]).await;
    assert_eq!(john.get(&seen).await.status, StatusCode::NO_CONTENT, "browsers ask no more");
}

#[tokio::test]
async fn the_stream_ends_with_the_session() {
    let test = waiting().await;
    let mut john = test.signed_in("john@example.com").await;
    let address = address(&mut john).await;
    let stream = john.open(&address).await;
    let (heard, left) = tokio::join!(whole(stream), john.post("/sign-out", &[]));
    assert_eq!(left.status, StatusCode::SEE_OTHER);
    assert!(!heard.contains("data:"), "{heard}");
    assert!(john.get(&address).await.leads_to().starts_with("/sign-in"));
}

#[tokio::test]
async fn a_guest_hears_of_news_too_until_the_browser_is_no_longer_theirs() {
    let test = test_shop().await;
    let mut guest = test.stranger();
    buys(&mut guest, "ann@example.com").await;
    let page = format!("/orders/{}", test.value("SELECT id FROM orders").await);
    let address = address_on(&mut guest, &page).await;
    let stream = guest.open(&address).await;
    let (heard, ()) =
        tokio::join!(whole(stream), test.write(vec!["UPDATE orders SET state = 'Abandoned'".to_owned()]));
    assert!(heard.contains("data: changed"), "{heard}");

    test.write(vec!["UPDATE orders SET state = 'AwaitingAuthorization'".to_owned()]).await;
    let stream = guest.open(&address).await;
    let (heard, ()) = tokio::join!(whole(stream), test.write(vec!["DELETE FROM sessions".to_owned()]));
    assert!(!heard.contains("data:"), "{heard}");
}

#[tokio::test]
async fn a_person_has_so_many_and_others_have_none() {
    let test = waiting().await;
    let mut john = test.signed_in("john@example.com").await;
    let address = address(&mut john).await;
    let mut open = Vec::new();
    for _ in 0..MOST_OF_ONE {
        open.push(john.open(&address).await);
    }
    assert_eq!(john.open(&address).await.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(open.pop().unwrap().status(), StatusCode::OK);
    assert_eq!(john.open(&address).await.status(), StatusCode::OK, "one that is closed makes room");
    let mut jane = test.signed_in("jane@example.com").await;
    assert_eq!(jane.get(&address).await.status, StatusCode::NOT_FOUND);
}
