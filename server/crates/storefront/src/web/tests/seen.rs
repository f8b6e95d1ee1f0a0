//! What a visitor opened last is shown to that visitor alone, and kept by the browser alone.

use super::support::{Page, test_shop};
use http::StatusCode;
use http::header::SET_COOKIE;

const ITEM: &str = "/items/now-and-forever";
const OTHER: &str = "/items/counting-lamps";

/// The part of the page that says what was opened last.
fn recently_seen(page: &Page) -> String {
    let text = page.text();
    text.split_once("Recently seen").map_or_else(String::new, |(_, after)| after.to_owned())
}

#[tokio::test]
async fn an_item_that_was_opened_is_found_again() {
    let test = test_shop().await;
    for kept in [false, true] {
        let mut browser = test.stranger();
        let first = browser.get(ITEM).await;
        assert_eq!(
            first.header(SET_COOKIE),
            "digitaldownload_seen=now-and-forever; Path=/; HttpOnly; SameSite=Lax",
            "kept: {kept}"
        );
        assert_eq!(recently_seen(&first), "");
        let again = browser.get(ITEM).await;
        assert_eq!((again.header(SET_COOKIE), recently_seen(&again).as_str()), ("", ""));
        let second = browser.get(OTHER).await;
        assert_eq!(recently_seen(&second).matches("href=\"/items/").count(), 1);
        assert!(recently_seen(&second).contains(ITEM));
        let home = recently_seen(&browser.get("/").await);
        assert!(home.find(OTHER).unwrap() < home.find(ITEM).unwrap(), "the last one first: {home}");
        for path in ["/?category=music", "/?q=lamps", "/cart", "/items/now-and-forever/reviews"] {
            assert_eq!(recently_seen(&browser.get(path).await), "", "{path}");
        }
        for path in ["/", ITEM, OTHER] {
            assert_eq!(recently_seen(&test.stranger().get(path).await), "", "{path} is another visitor's");
        }
    }
}

#[tokio::test]
async fn it_ends_with_a_press_and_with_signing_out() {
    let test = test_shop().await;
    let mut john = test.signed_in("john@example.com").await;
    john.get(ITEM).await;
    assert!(recently_seen(&john.get(OTHER).await).contains(ITEM));
    let forgotten = john.post("/recently-seen/forget", &[("next", OTHER)]).await;
    assert_eq!(forgotten.leads_to(), OTHER);
    assert!(forgotten.header(SET_COOKIE).ends_with("; Max-Age=0"));
    assert_eq!(recently_seen(&john.get_with("/", &[]).await), "");
    for elsewhere in ["https://evil.example/", "//evil.example", ""] {
        let forgotten = john.post("/recently-seen/forget", &[("next", elsewhere)]).await;
        assert_eq!(forgotten.leads_to(), "/");
    }
    john.get(ITEM).await;
    let out = john.post("/sign-out", &[]).await;
    let cookies: Vec<&str> =
        out.headers.get_all(SET_COOKIE).iter().map(|cookie| cookie.to_str().unwrap()).collect();
    assert!(cookies.iter().any(|cookie| cookie.starts_with("digitaldownload_seen=; ")), "{cookies:?}");
}

#[tokio::test]
async fn what_is_not_there_is_not_remembered_and_nonsense_is_not_believed() {
    let test = test_shop().await;
    let mut browser = test.stranger();
    let nothing = browser.get("/items/no-such-thing").await;
    assert_eq!((nothing.status, nothing.header(SET_COOKIE)), (StatusCode::NOT_FOUND, ""));
    let long = format!("digitaldownload_seen={}", vec!["now-and-forever"; 500].join("."));
    for cookie in [
        "digitaldownload_seen=no-such-thing.nor-this",
        "digitaldownload_seen=<script>",
        "digitaldownload_seen=%00",
        &long,
    ] {
        for path in ["/", ITEM] {
            let page = test.stranger().get_with(path, &[("cookie", cookie)]).await;
            assert_eq!(page.status, StatusCode::OK, "{cookie}");
            assert_eq!(recently_seen(&page), "", "{cookie}");
        }
    }
}
