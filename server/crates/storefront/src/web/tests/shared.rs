//! Pages that are kept for all: what changes is seen at once, and nobody gets what is another's.

use super::support::{Page, TestShop, test_shop};
use http::header::{CACHE_CONTROL, CONTENT_ENCODING, ETAG, SET_COOKIE, VARY};
use http::{HeaderMap, StatusCode};
use platform::Database;

const ITEM: &str = "/items/now-and-forever";

impl TestShop {
    /// Through another connection than the shop's, as another process would.
    pub async fn change_elsewhere(&self, statement: &'static str) {
        let elsewhere = Database::open(&self.database_url).await.unwrap();
        let changed = elsewhere
            .write(move |c| Box::pin(async move { sqlx::query(statement).execute(c).await }))
            .await
            .map_err(|error: sqlx::Error| error);
        assert!(changed.unwrap().rows_affected() > 0, "{statement}");
        elsewhere.close().await;
    }
}

#[tokio::test]
async fn what_changes_shows_at_once_whoever_changes_it() {
    let test = test_shop().await;
    let mut browser = test.stranger();
    let everywhere = ["/", ITEM, "/?q=now+and+forever", "/?category=music"];
    for path in everywhere {
        assert!(browser.get(path).await.text().contains("$0.99"), "{path}");
    }
    let changes = [
        ("UPDATE items SET price = 7770000 WHERE slug = 'now-and-forever'", "$7.77"),
        ("UPDATE items SET title = 'Then and Never' WHERE slug = 'now-and-forever'", "Then and Never"),
        ("UPDATE merchants SET name = 'Another Name'", "Another Name"),
    ];
    for (change, words) in changes {
        test.change_elsewhere(change).await;
        for path in everywhere {
            assert!(browser.get(path).await.text().contains(words), "{path} after {change}");
        }
    }
    test.change_elsewhere(
        "UPDATE merchants SET recipient_token_id = NULL, registered_at = NULL, refund_token_id = NULL",
    )
    .await;
    assert!(!browser.get(ITEM).await.text().contains("Buy Now"), "nobody can be paid");
    test.change_elsewhere("UPDATE categories SET name = 'Sound' WHERE slug = 'music'").await;
    for path in ["/", ITEM] {
        assert!(browser.get(path).await.text().contains("Sound"), "{path}");
    }
    test.change_elsewhere("UPDATE items SET cover_key = 'covers/another.png' WHERE slug = 'now-and-forever'")
        .await;
    let cover = browser.get("/covers/now-and-forever").await;
    assert_eq!(cover.status, StatusCode::NOT_FOUND, "no such file, but no longer the old one");
}

#[tokio::test]
async fn a_new_listing_shows_at_once() {
    let test = test_shop().await;
    let mut browser = test.stranger();
    assert!(!browser.get("/").await.text().contains("/items/a-new-one"));
    assert_eq!(browser.get("/items/a-new-one").await.status, StatusCode::NOT_FOUND);
    test.change_elsewhere(
        "INSERT INTO items (id, slug, merchant_id, category, title, creator, description, price, delivery, physical, \
         licence, created_at) SELECT 'new', 'a-new-one', merchant_id, category, 'A new one', creator, \
         description, price, 'Manual', 1, licence, 4000000000000000 FROM items \
         WHERE slug = 'now-and-forever'",
    )
    .await;
    assert!(browser.get("/").await.text().contains("/items/a-new-one"), "it is the newest");
    assert_eq!(browser.get("/items/a-new-one").await.status, StatusCode::OK);
    test.change_elsewhere("DELETE FROM items WHERE slug = 'a-new-one'").await;
    assert_eq!(browser.get("/items/a-new-one").await.status, StatusCode::NOT_FOUND);
}

/// What an answer says and has, without the id of its request.
fn whole(page: &Page) -> (StatusCode, HeaderMap, &[u8]) {
    let mut headers = page.headers.clone();
    headers.remove("x-request-id");
    headers.remove(SET_COOKIE);
    (page.status, headers, &page.body)
}

#[tokio::test]
async fn strangers_get_the_same_with_and_without_a_session() {
    let test = test_shop().await;
    let mut browser = test.stranger();
    for path in ["/", ITEM, "/?q=blue&utm=1"] {
        for encoding in ["identity", "gzip", "br", "gzip;q=0.5, br;q=0.1"] {
            let accepts = ("accept-encoding", encoding);
            browser.get_with(path, &[accepts]).await;
            let kept = browser.get_with(path, &[accepts]).await;
            let unknown = ("cookie", "a=b; digitaldownload_session=AAAAAAAAAAAAAAAAAAAAAA");
            let handled = test.stranger().get_with(path, &[accepts, unknown]).await;
            assert_eq!(whole(&kept), whole(&handled), "{path} as {encoding}");
            assert_eq!(
                kept.header(CONTENT_ENCODING),
                match encoding {
                    "identity" => "",
                    "br" => "br",
                    _ => "gzip",
                }
            );
            assert_eq!(kept.header(CACHE_CONTROL), "private, no-cache");
            assert_eq!(kept.header(VARY), "accept-encoding, cookie");
            assert!(kept.headers.contains_key("content-security-policy"), "{path}");
        }
    }
}

#[tokio::test]
async fn a_kept_page_has_the_rules_of_all_pages() {
    let test = test_shop().await;
    let mut browser = test.stranger();
    browser.get("/").await;
    let foreign = browser.get_with("/", &[("host", "evil.example:3000")]).await;
    assert_eq!(foreign.status, StatusCode::MISDIRECTED_REQUEST);
    assert_eq!(browser.get("/?q=a%00").await.status, StatusCode::BAD_REQUEST);
    assert_eq!(browser.post("/", &[]).await.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn what_the_browser_has_is_not_sent_again_unless_it_is_another_visitors() {
    let test = test_shop().await;
    for path in ["/", ITEM] {
        let etag = test.stranger().get(path).await.header(ETAG).to_owned();
        let known = ("if-none-match", etag.as_str());
        let again = test.stranger().get_with(path, &[known]).await;
        assert_eq!((again.status, again.body.len()), (StatusCode::NOT_MODIFIED, 0), "{path}");
        let mut john = test.signed_in("john@example.com").await;
        let own = john.get_with(path, &[known]).await;
        assert_eq!(own.status, StatusCode::OK, "{path}");
        assert!(own.text().contains("Sign out") && !own.headers.contains_key(ETAG), "{path}");
        assert!(!test.stranger().get(path).await.text().contains("Sign out"), "{path}");
        test.change_elsewhere("UPDATE items SET price = price + 1000000").await;
        assert_eq!(
            test.stranger().get_with(path, &[known]).await.status,
            StatusCode::OK,
            "{path} has changed"
        );
    }
}

#[tokio::test]
async fn a_message_and_a_name_are_in_the_page_of_whom_they_are_for() {
    let test = test_shop().await;
    let mut john = test.signed_in("john@example.com").await;
    let page = john.get("/?q=lamps").await.text();
    assert!(page.contains("Your account: ") && !page.contains("/operator"), "{page}");
    let mut operator = test.signed_in("operator@example.com").await;
    assert!(operator.get("/?q=lamps").await.text().contains("/operator"));
    assert!(!john.get("/?q=lamps").await.text().contains("/operator"));
}
