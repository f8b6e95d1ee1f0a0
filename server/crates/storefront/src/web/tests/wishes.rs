//! The wish list: a form on each item's page, a page of its own, for visitors and after signing in.

use super::support::{TestShop, test_shop};
use http::StatusCode;

const SLUG: &str = "now-and-forever";
const ITEM: &str = "/items/now-and-forever";

async fn set_state(test: &TestShop, state: &'static str) {
    let set: Result<(), sqlx::Error> = test
        .shop
        .db
        .transact(state, |c, state| {
            Box::pin(async move {
                let query =
                    sqlx::query("UPDATE items SET state = $1 WHERE slug = $2").bind(*state).bind(SLUG);
                query.execute(c).await.map(|_| ())
            })
        })
        .await;
    set.unwrap();
}

#[tokio::test]
async fn a_visitors_wish_goes_on_after_signing_in() {
    let test = test_shop().await;
    let mut visitor = test.stranger();
    assert!(visitor.get("/wishlist").await.text().contains("Your wish list is empty"));
    assert!(visitor.get(ITEM).await.text().contains("Add to wish list"));
    assert_eq!(visitor.post("/wishlist", &[("add", SLUG)]).await.leads_to(), "/wishlist");
    let list = visitor.get("/wishlist").await.text();
    assert!(list.contains("Now and Forever") && list.contains("$0.99"), "{list}");
    assert!(list.contains("without an account it is forgotten"), "{list}");
    assert!(visitor.get("/cart").await.text().contains("Your cart is empty"));
    let own = visitor.get(ITEM).await.text();
    assert!(own.contains("Remove from wish list") && !own.contains("Add to wish list"));
    assert!(!test.stranger().get(ITEM).await.text().contains("Remove from wish list"), "others see theirs");

    let john = [("email", "john@example.com"), ("password", "digitaldownload")];
    assert_eq!(visitor.post("/sign-in", &john).await.status, StatusCode::SEE_OTHER);
    let list = visitor.get("/wishlist").await.text();
    assert!(list.contains("Now and Forever") && !list.contains("without an account"), "{list}");
    let mut elsewhere = test.signed_in("john@example.com").await;
    assert!(elsewhere.get("/wishlist").await.text().contains("Now and Forever"));
    assert!(elsewhere.get(ITEM).await.text().contains("Remove from wish list"));
    assert_eq!(elsewhere.post("/cart", &[("add", SLUG)]).await.leads_to(), "/cart");
    assert!(elsewhere.get("/cart").await.text().contains("Now and Forever"));
    assert_eq!(elsewhere.post("/wishlist", &[("remove", SLUG)]).await.leads_to(), "/wishlist");
    assert!(visitor.get("/wishlist").await.text().contains("Your wish list is empty"));
    assert!(elsewhere.get("/cart").await.text().contains("Now and Forever"), "the cart is another list");
}

#[tokio::test]
async fn what_is_sold_no_more_says_so_and_goes_into_no_cart() {
    let test = test_shop().await;
    let mut visitor = test.stranger();
    visitor.post("/wishlist", &[("add", SLUG)]).await;
    assert!(visitor.get("/wishlist").await.text().contains("Add to cart"));
    set_state(&test, "Archived").await;
    let list = visitor.get("/wishlist").await.text();
    assert!(list.contains("sells this no more") && !list.contains("Add to cart"), "{list}");
    assert!(list.contains("Remove"), "{list}");
}

#[tokio::test]
async fn nonsense_is_refused_and_drafts_are_nobodys_business() {
    let test = test_shop().await;
    let mut visitor = test.stranger();
    for path in ["/cart", "/wishlist"] {
        assert_eq!(visitor.post(path, &[]).await.status, StatusCode::BAD_REQUEST);
        assert_eq!(
            visitor.post(path, &[("add", "a"), ("remove", "a")]).await.status,
            StatusCode::BAD_REQUEST
        );
        for slug in ["", "..", "no-such-item", "%00", &"x".repeat(9_000)] {
            assert_eq!(visitor.post(path, &[("add", slug)]).await.status, StatusCode::NOT_FOUND, "{slug}");
        }
    }
    set_state(&test, "Draft").await;
    for path in ["/cart", "/wishlist"] {
        assert_eq!(visitor.post(path, &[("add", SLUG)]).await.status, StatusCode::NOT_FOUND);
    }
}
