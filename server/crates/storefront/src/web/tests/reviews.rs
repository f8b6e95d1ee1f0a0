//! What buyers say: who may, how often, what others see of it, and who takes it away.

use super::support::{Browser, TestShop, test_shop};
use http::StatusCode;
use jiff::SignedDuration;
use serde_json::Value;

const ITEM: &str = "/items/now-and-forever";
const FORM: &str = "/items/now-and-forever/review";
const HOSTILE: &str = "</script><script>alert(1)</script> & \"more\"\r\nA second line";

impl TestShop {
    /// Somebody who has paid for the item.
    async fn buyer(&self, email: &str) -> Browser {
        let mut browser = self.signed_in(email).await;
        let placed =
            browser.post("/checkout/now-and-forever", &[("payment_method", "amazon-payments")]).await;
        assert_eq!(placed.status, StatusCode::SEE_OTHER, "{}", placed.text());
        self.write(vec![format!(
            "UPDATE orders SET state = 'Paid', transaction_id = 'T1', sender_token_id = 'S', payment_method = 'CC', paid_at = created_at \
             WHERE buyer_id = (SELECT id FROM users WHERE email = '{email}')"
        )])
        .await;
        browser
    }

    async fn page(&self, path: &str) -> String {
        let page = self.stranger().get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        page.text()
    }

    async fn review_id(&self) -> String {
        sqlx::query_scalar("SELECT id FROM reviews").fetch_one(self.shop.db.readers()).await.unwrap()
    }

    fn a_minute_later(&self) {
        self.shop.clock.advance(SignedDuration::from_mins(1)).unwrap();
    }
}

/// What search engines read of the page.
pub(super) fn product_data(page: &str) -> Value {
    let (_, rest) = page.split_once("<script type=\"application/ld+json\">").unwrap();
    let (data, _) = rest.split_once("</script>").unwrap();
    serde_json::from_str(data).unwrap()
}

async fn says(browser: &mut Browser, stars: &str, words: &str) -> (StatusCode, String) {
    let page = browser.post(FORM, &[("stars", stars), ("words", words)]).await;
    (page.status, page.text())
}

#[tokio::test]
async fn who_has_paid_can_say_it_and_everybody_reads_it() {
    let test = test_shop().await;
    assert!(test.page(ITEM).await.contains("Nobody has reviewed this yet"));
    assert!(product_data(&test.page(ITEM).await).get("aggregateRating").is_none());
    let mut john = test.buyer("john@example.com").await;
    assert!(john.get(ITEM).await.text().contains("href=\"/items/now-and-forever/review\""));
    let form = john.get(FORM).await.text();
    assert!(form.contains("with “John") && form.contains("Publish the review"), "{form}");
    assert_eq!(says(&mut john, "4", HOSTILE).await.0, StatusCode::SEE_OTHER);
    let page = test.page(ITEM).await;
    assert!(page.contains("4 of 5 stars") && page.contains("A second line"), "{page}");
    assert!(!page.contains("<script>alert"), "{page}");
    let data = product_data(&page);
    assert_eq!(data["aggregateRating"]["ratingValue"], "4.0");
    assert_eq!(data["aggregateRating"]["reviewCount"], 1);
    assert_eq!(data["review"][0]["reviewRating"]["ratingValue"], 4);
    assert!(data["review"][0]["reviewBody"].as_str().unwrap().contains("</script>"));
    assert!(test.page("/?category=music").await.contains("★ 4.0 (1)"), "in the grid");
    assert!(test.page("/sellers/right-here-records").await.contains("of 5 stars, from 1 review"));
    assert!(test.page("/items/now-and-forever/reviews").await.contains("A second line"));
    let mut seller = test.signed_in("merchant@example.com").await;
    assert!(seller.get("/mail").await.text().contains("A buyer reviewed Now and Forever"));
    assert!(seller.get("/sell/reviews").await.text().contains("A second line"));
}

#[tokio::test]
async fn who_has_not_paid_cannot_and_what_cannot_be_taken_is_said_at_its_field() {
    let test = test_shop().await;
    let mut jane = test.signed_in("jane@example.com").await;
    assert_eq!(jane.get(FORM).await.leads_to(), ITEM);
    assert!(jane.get(ITEM).await.text().contains("Only who has bought it"));
    assert_eq!(says(&mut jane, "1", "Bad").await.0, StatusCode::CONFLICT);
    let mut john = test.buyer("john@example.com").await;
    let long = "x".repeat(2001);
    for (stars, words) in
        [("", "Good"), ("0", ""), ("6", ""), ("-1", ""), ("five", ""), ("5", "a\u{7}b"), ("5", &*long)]
    {
        let (status, page) = says(&mut john, stars, words).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{stars:?} {words:?}");
        assert!(page.contains("One thing to put right") && page.contains(words), "what was typed stays");
    }
    assert!(test.page(ITEM).await.contains("Nobody has reviewed this yet"));
}

#[tokio::test]
async fn it_can_be_changed_answered_and_withdrawn() {
    let test = test_shop().await;
    let mut john = test.buyer("john@example.com").await;
    says(&mut john, "2", "Too short.").await;
    let (status, page) = says(&mut john, "5", "Better on second hearing.").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("a moment ago"), "{page}");
    assert_eq!(says(&mut john, "2", "Too short.").await.0, StatusCode::SEE_OTHER, "a button pressed twice");
    test.a_minute_later();
    assert_eq!(says(&mut john, "5", "Better on second hearing.").await.0, StatusCode::SEE_OTHER);
    let answer = format!("/sell/reviews/{}", test.review_id().await);
    let mut seller = test.signed_in("merchant@example.com").await;
    assert!(seller.get(ITEM).await.text().contains(&answer), "from the item's page, too");
    let long = "x".repeat(2001);
    assert_eq!(seller.post(&answer, &[("answer", &long)]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(seller.post(&answer, &[("answer", "Thank you, John.")]).await.leads_to(), "/sell/reviews");
    let page = test.page(ITEM).await;
    for words in ["Better on second hearing.", "Thank you, John.", ", changed", "5.0"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(!page.contains("Too short."));
    assert!(john.get("/mail").await.text().contains("Your review was answered: Now and Forever"));
    assert_eq!(john.post(&format!("{FORM}/withdraw"), &[]).await.leads_to(), ITEM);
    let page = test.page(ITEM).await;
    assert!(page.contains("Nobody has reviewed this yet") && !page.contains("Thank you, John."), "{page}");
    assert_eq!(seller.get(&answer).await.status, StatusCode::NOT_FOUND);
    // Written anew it is as new, without the old answer, and the seller is not written to again.
    test.a_minute_later();
    assert_eq!(says(&mut john, "3", "").await.0, StatusCode::SEE_OTHER);
    let page = test.page(ITEM).await;
    assert!(page.contains("3.0") && !page.contains("Thank you, John.") && !page.contains(", changed"));
    assert_eq!(seller.get("/mail").await.text().matches("A buyer reviewed").count(), 1);
}

#[tokio::test]
async fn the_operator_hides_one_with_a_reason_and_shows_it_again() {
    let test = test_shop().await;
    let mut john = test.buyer("john@example.com").await;
    says(&mut john, "1", "Call me at 555 0100.").await;
    let path = format!("/operator/reviews/{}", test.review_id().await);
    let mut operator = test.signed_in("operator@example.com").await;
    assert!(operator.get("/operator/reviews").await.text().contains(&path));
    let hide = format!("{path}/hide");
    assert_eq!(operator.post(&hide, &[("reason", " ")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(operator.post(&hide, &[("reason", "A telephone number.")]).await.leads_to(), path);
    let page = test.page(ITEM).await;
    assert!(page.contains("Nobody has reviewed this yet") && !page.contains("555 0100"), "{page}");
    assert!(!test.page("/?category=music").await.contains("★ 1.0"));
    assert!(john.get(FORM).await.text().contains("A telephone number."), "its author is told why");
    assert!(operator.get("/operator/reviews?show=held").await.text().contains("555 0100"));
    let log = operator.get("/operator/audit").await.text();
    assert!(log.contains("Hid a review") && log.contains("A telephone number.") && log.contains(&path));
    // Written anew it stays hidden.
    john.post(&format!("{FORM}/withdraw"), &[]).await;
    test.a_minute_later();
    says(&mut john, "1", "Call me at 555 0199.").await;
    assert!(!test.page(ITEM).await.contains("555 0199"));
    assert_eq!(operator.post(&format!("{path}/show"), &[("reason", "It is gone.")]).await.leads_to(), path);
    assert!(test.page(ITEM).await.contains("555 0199"));
}

#[tokio::test]
async fn many_are_paged_newest_first() {
    let test = test_shop().await;
    test.buyer("john@example.com").await;
    for number in 0..45 {
        test.write(vec![format!(
            "INSERT INTO users (id, email, name, password_hash, operator, created_at) \
             VALUES ('u{number}', 'u{number}@example.com', 'Buyer {number}', '', 0, 0)"
        )])
        .await;
        test.write(vec![format!(
            "INSERT INTO reviews (id, item_id, merchant_id, buyer_id, order_id, stars, words, at) \
             SELECT 'r{number}', item_id, merchant_id, 'u{number}', id, 4, 'Said as number {number}.', {number} FROM orders"
        )])
        .await;
    }
    let page = test.page(ITEM).await;
    assert!(page.contains("Said as number 44.") && page.contains("Said as number 40."), "{page}");
    assert!(!page.contains("Said as number 39.") && page.contains("All 45 reviews"), "{page}");
    let (mut path, mut seen) = ("/items/now-and-forever/reviews".to_owned(), 0);
    loop {
        let page = test.page(&path).await;
        seen += page.matches("Said as number").count();
        let Some((_, older)) = page.split_once("?older=") else { break };
        path = format!("/items/now-and-forever/reviews?older={}", older.split('"').next().unwrap());
    }
    assert_eq!(seen, 45);
}
