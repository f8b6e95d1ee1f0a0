//! What is kept about somebody, as a file, and the end of their account.

use super::support::{Browser, TestShop, test_shops};
use crate::catalogue::store as items;
use crate::ids::UserId;
use crate::users::store;
use http::StatusCode;
use platform::db::Backend;
use sqlx::{AnyConnection, AssertSqlSafe};

const PASSWORD: (&str, &str) = ("current_password", "digitaldownload");
const JOHN: &str = "john@example.com";

/// What John has done here: the order of a record that was sent to him, and one of a song that he may download, reviewed
/// and wrote about.
const DONE: [&str; 12] = [
    "INSERT INTO orders (id, buyer_id, item_id, merchant_id, title, price, fixed_fee, variable_fee, recipient_token_id, \
     refund_token_id, delivery, physical, caller_reference, state, transaction_id, sender_token_id, payment_method, \
     marketplace_fee, amazon_fee, item_version, paid_at, created_at, updated_at) \
     SELECT 'song', u.id, i.id, i.merchant_id, i.title, i.price, 50000, 100000, 'R', '', i.delivery, 0, 'song', 'Paid', \
     'T1', 'S', 'ABT', 149000, 65000, i.version, 1906502400000000, 1906502400000000, 1906502400000000 \
     FROM users u, items i WHERE u.email = 'john@example.com' AND i.slug = 'now-and-forever'",
    "INSERT INTO orders (id, buyer_id, item_id, merchant_id, title, price, fixed_fee, variable_fee, recipient_token_id, \
     refund_token_id, delivery, physical, ship_name, ship_line1, ship_line2, ship_city, ship_state, ship_zip, \
     ship_country, ship_speed, caller_reference, state, transaction_id, sender_token_id, payment_method, paid_at, \
     shipped_at, created_at, updated_at) \
     SELECT 'record', u.id, i.id, i.merchant_id, i.title, i.price, 50000, 100000, 'R', '', i.delivery, 1, 'John Doe', \
     '1 Pine Street', 'Door 2', 'Seattle', 'WA', '98101', 'United States', 'standard', 'record', 'Paid', 'T2', 'S', \
     'ABT', 1906502400000000, 1906502400000000, 1906502400000000, 1906502400000000 \
     FROM users u, items i WHERE u.email = 'john@example.com' AND i.slug = 'now-and-forever'",
    "INSERT INTO order_events (order_id, sequence, at, kind, detail) VALUES ('song', 1, 1906502400000000, 'placed', ''), \
     ('song', 2, 1906502400000000, 'paid', 'So much was paid.')",
    "INSERT INTO download_grants (order_id, buyer_id, item_id, granted_at) \
     SELECT id, buyer_id, item_id, created_at FROM orders WHERE id = 'song'",
    "INSERT INTO reviews (id, item_id, merchant_id, buyer_id, order_id, stars, words, at) \
     SELECT 'review', item_id, merchant_id, buyer_id, id, 5, 'It stays in the ear.', 1906502400000000 FROM orders \
     WHERE id = 'song'",
    "INSERT INTO refund_requests (id, order_id, merchant_id, amount, reason, requester, state, at, declined_at) \
     SELECT 'request', id, merchant_id, price, 'Why not', 'John Doe', 'Declined', 1906502400000000, 1906502400000000 \
     FROM orders WHERE id = 'song'",
    "INSERT INTO order_calls (order_id, sequence, at, action, asked, outcome, times, answer) \
     VALUES ('song', 1, 1906502400000000, 'Pay', 'Charge it', 'Success', 1, '<SenderName>John Doe</SenderName>')",
    "INSERT INTO received_notifications (digest, transaction_id, order_id, summary, body, outcome, received_at) \
     VALUES ('digest', 'T1', 'song', 'PAY SUCCESS', 'buyerEmail=john%40example.com&buyerName=John Doe', 'changed', \
     1906502400000000)",
    "INSERT INTO credits (id, user_id, amount, sender_reference, funding_reference, state, instrument_id, \
     sender_token_id, funding_token_id, transaction_id, balance, created_at) \
     SELECT 'credit', id, 5000000, 'CS', 'CF', 'Ready', 'I', 'CT', 'CG', 'CX', 4200000, 1906502400000000 FROM users \
     WHERE email = 'john@example.com'",
    "INSERT INTO orders (id, buyer_id, item_id, merchant_id, title, price, fixed_fee, variable_fee, recipient_token_id, \
     refund_token_id, delivery, physical, caller_reference, state, transaction_id, sender_token_id, payment_method, gift, \
     paid_at, created_at, updated_at) \
     SELECT 'present', u.id, i.id, i.merchant_id, i.title, i.price, 50000, 100000, 'R', '', i.delivery, 0, 'present', \
     'Paid', 'T3', 'S', 'ABT', 1, 1906502400000000, 1906502400000000, 1906502400000000 \
     FROM users u, items i WHERE u.email = 'jane@example.com' AND i.slug = 'now-and-forever'",
    "INSERT INTO gifts (order_id, email, name, message, sent_at, recipient_id, accepted_at) \
     SELECT 'present', email, name, 'For you, John Doe', 1906502400000000, id, 1906502400000000 FROM users \
     WHERE email = 'john@example.com'",
    "INSERT INTO users (id, email, name, password_hash, operator, created_at, guest_email, claimed_by, claimed_at) \
     SELECT 'guest', 'guest:guest', email, 'none', 0, 1906502400000000, email, id, 1906502400000000 FROM users \
     WHERE email = 'john@example.com'",
];

impl TestShop {
    async fn run(&self, statements: &[&str]) {
        let statements: Vec<String> = statements.iter().map(|one| (*one).to_owned()).collect();
        let ran: Result<(), sqlx::Error> =
            self.shop.db.transact(statements, |c, all| Box::pin(run_all(c, all))).await;
        ran.unwrap();
    }

    async fn id_of(&self, email: &str) -> UserId {
        store::by_email(&self.shop.db, email).await.unwrap().unwrap().user.id
    }

    /// John after [`DONE`], with a cart, mail and a link to a file, and signed in elsewhere, too.
    async fn john_who_has_been_here(&self) -> (Browser, Browser) {
        self.run(&DONE).await;
        let mut john = self.signed_in(JOHN).await;
        john.post("/cart", &[("add", "now-and-forever")]).await;
        john.post("/orders/song/messages", &[("text", "Is it loud?")]).await;
        john.post("/orders/song/links", &[("number", "1")]).await;
        john.post("/account/email", &[("email", "new@example.com"), PASSWORD]).await;
        john.post("/password/forgot", &[("email", JOHN)]).await;
        (john, self.signed_in(JOHN).await)
    }

    async fn count(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(self.shop.db.readers()).await.unwrap()
    }
}

async fn run_all(c: &mut AnyConnection, statements: &[String]) -> Result<(), sqlx::Error> {
    for statement in statements {
        sqlx::query(AssertSqlSafe(statement.as_str())).execute(&mut *c).await?;
    }
    Ok(())
}

async fn read(browser: &mut Browser, path: &str) -> String {
    let page = browser.get(path).await;
    assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.text());
    page.text()
}

/// Each table's texts that say who John was.
async fn traces_of_john(test: &TestShop) -> Vec<String> {
    let columns: Vec<(String, String)> = sqlx::query_as(
        "SELECT t.name, c.name FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table' \
         AND c.type = 'TEXT'",
    )
    .fetch_all(test.shop.db.readers())
    .await
    .unwrap();
    let mut found = Vec::new();
    for (table, column) in columns {
        for trace in ["john@example", "john%40example", "John Doe", "Pine Street", "Seattle", "98101"] {
            let sql = format!("SELECT COUNT(*) FROM {table} WHERE {column} LIKE '%{trace}%'");
            let there: i64 =
                sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(test.shop.db.readers()).await.unwrap();
            found.extend((there > 0).then(|| format!("{table}.{column}: {trace}")));
        }
    }
    found
}

#[tokio::test]
async fn an_account_ends_and_the_books_stay() {
    for test in test_shops().await {
        let (mut john, mut elsewhere) = test.john_who_has_been_here().await;
        let id = test.id_of(JOHN).await;
        let paid = "SELECT CAST(SUM(price) AS BIGINT) FROM orders";
        let earned = "SELECT CAST(SUM(earned) AS BIGINT) FROM merchant_totals";
        let before = (test.count(paid).await, test.count(earned).await);
        let link = test.count("SELECT COUNT(*) FROM download_links").await;
        assert_eq!(link, 1, "a link that ends");

        let page = read(&mut john, "/account/delete").await;
        assert!(page.contains("What goes") && page.contains("What stays"), "{page}");
        assert!(page.contains("$4.20 of your credit is not spent."), "{page}");
        for wrong in [
            &[("current_password", "wrong"), ("lose_credit", "yes")][..],
            &[PASSWORD],
            &[("lose_credit", "yes")],
        ] {
            let refused = john.post("/account/delete", wrong).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong:?}");
        }
        test.signed_in(JOHN).await;
        let gone = john.post("/account/delete", &[PASSWORD, ("lose_credit", "yes")]).await;
        assert_eq!(gone.leads_to(), "/");
        let home = read(&mut john, "/").await;
        assert!(home.contains("Your account is deleted.") && home.contains("Sign in"), "{home}");

        for browser in [&mut john, &mut elsewhere] {
            assert!(browser.get("/library").await.leads_to().starts_with("/sign-in"));
        }
        let mut answers = Vec::new();
        for email in [JOHN, "nobody@example.com", id.as_str()] {
            let form = [("email", email), ("password", "digitaldownload")];
            let refused = test.stranger().post("/sign-in", &form).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
            answers.push(refused.text().replace(email, ""));
        }
        assert!(answers.iter().all(|answer| *answer == answers[0]));

        assert_eq!((test.count(paid).await, test.count(earned).await), before);
        assert_eq!(test.count("SELECT COUNT(*) FROM credits WHERE balance = 4200000").await, 1);
        assert_eq!(test.count("SELECT COUNT(*) FROM download_links").await, 0);
        assert_eq!(test.count("SELECT COUNT(*) FROM cart_items").await, 0);
        let locked = test.shop.db.transact(id, |c, id| Box::pin(store::lock(c, id)));
        let locked: Result<bool, sqlx::Error> = locked.await;
        assert!(!locked.unwrap(), "who places an order now is refused");
        if test.shop.db.backend() == Backend::Sqlite {
            assert_eq!(traces_of_john(&test).await, ["mails.address: john@example"], "the last mail");
        }
        let last = read(&mut test.stranger(), "/mail?address=john@example.com").await;
        assert!(last.contains("Your account at DigitalDownload is deleted"), "{last}");
    }
}

/// Who looks at what stays.
enum Who {
    Stranger,
    Seller,
    Operator,
}

#[tokio::test]
async fn what_stays_is_shown_as_of_nobody() {
    for test in test_shops().await {
        let (mut john, _) = test.john_who_has_been_here().await;
        let id = test.id_of(JOHN).await;
        let mut stranger = test.stranger();
        assert!(read(&mut stranger, "/items/now-and-forever/reviews").await.contains("John D."));
        assert!(read(&mut stranger, "/items/now-and-forever").await.contains("John D."));
        john.post("/account/delete", &[PASSWORD, ("lose_credit", "yes")]).await.leads_to();
        let mut seller = test.signed_in("merchant@example.com").await;
        let mut operator = test.signed_in("operator@example.com").await;
        for (who, path) in [
            (Who::Stranger, "/items/now-and-forever".to_owned()),
            (Who::Stranger, "/items/now-and-forever/reviews".to_owned()),
            (Who::Seller, "/sell/orders".to_owned()),
            (Who::Seller, "/sell/customers".to_owned()),
            (Who::Seller, format!("/sell/customers/{id}")),
            (Who::Seller, "/sell/messages".to_owned()),
            (Who::Seller, "/sell/reviews".to_owned()),
            (Who::Seller, "/sell/sales.csv".to_owned()),
            (Who::Seller, "/orders/song".to_owned()),
            (Who::Seller, "/orders/record".to_owned()),
            (Who::Operator, "/operator/users".to_owned()),
            (Who::Operator, format!("/operator/users/{id}")),
            (Who::Operator, "/operator/orders".to_owned()),
            (Who::Operator, "/operator/disputes/song".to_owned()),
            (Who::Operator, "/operator/reviews".to_owned()),
            (Who::Operator, "/operator/reviews/review".to_owned()),
            (Who::Operator, "/operator/audit".to_owned()),
            (Who::Operator, "/orders/song".to_owned()),
        ] {
            let browser = match who {
                Who::Stranger => &mut stranger,
                Who::Seller => &mut seller,
                Who::Operator => &mut operator,
            };
            let page = read(browser, &path).await;
            assert!(page.contains("Deleted account"), "{path}: {page}");
            assert!(!page.contains("John D") && !page.contains(JOHN), "{path}: {page}");
        }
        for path in ["/sell", "/sell/notices", "/sell/figures", "/mail"] {
            assert!(!read(&mut seller, path).await.contains("John Doe"), "{path}");
        }
        let person = read(&mut operator, &format!("/operator/users/{id}")).await;
        assert!(person.contains("Deleted by its owner") && !person.contains("Close this account"));
        assert!(read(&mut operator, "/operator/audit").await.contains("Deleted their account"));
        assert!(!read(&mut operator, "/operator/users?q=john").await.contains("Deleted account"));
        let close = operator.post(&format!("/operator/users/{id}/close"), &[("reason", "Why")]).await;
        assert_eq!(close.status, StatusCode::NOT_FOUND);
        // The seller can still send money back; nobody is written to.
        let mails =
            test.count("SELECT COUNT(*) FROM mails WHERE user_id IS NOT NULL AND address LIKE '%john%'");
        assert_eq!(mails.await, 0);

        let mut again = test.stranger();
        let sign_up = [("name", "John Again"), ("email", JOHN), ("password", "a long password")];
        again.post("/sign-up", &sign_up).await.leads_to();
        assert!(!read(&mut again, "/orders").await.contains("Now and Forever"));
        assert_eq!(again.get("/orders/song").await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn what_is_under_way_comes_first() {
    for test in test_shops().await {
        test.run(&DONE).await;
        let mut john = test.signed_in(JOHN).await;
        for (begun, ended, words) in [
            (
                "UPDATE orders SET state = 'Reserved' WHERE id = 'record'",
                "UPDATE orders SET state = 'Paid' WHERE id = 'record'",
                "One of your orders is under way.",
            ),
            (
                "UPDATE refund_requests SET state = 'Open', declined_at = NULL",
                "UPDATE refund_requests SET state = 'Closed'",
                "nobody has answered yet",
            ),
            (
                "UPDATE credits SET state = 'Pending'",
                "UPDATE credits SET state = 'Cancelled'",
                "A credit of yours is being charged.",
            ),
        ] {
            test.run(&[begun]).await;
            let page = read(&mut john, "/account/delete").await;
            assert!(page.contains(words) && !page.contains("The last step"), "{words}: {page}");
            let refused = john.post("/account/delete", &[PASSWORD, ("lose_credit", "yes")]).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(refused.text().contains(words), "{}", refused.text());
            test.run(&[ended]).await;
        }
        let page = read(&mut john, "/account/delete").await;
        assert!(page.contains("The last step") && !page.contains("lose_credit"), "{page}");
        john.post("/account/delete", &[PASSWORD]).await.leads_to();
    }
}

#[tokio::test]
async fn who_sells_closes_first_and_somebody_runs_the_marketplace() {
    for test in test_shops().await {
        test.run(&DONE).await;
        let mut seller = test.signed_in("merchant@example.com").await;
        test.run(&[
            "UPDATE orders SET state = 'Reserved' WHERE id = 'record'",
            "UPDATE refund_requests SET state = 'Escalated', escalated_at = 1",
        ])
        .await;
        let page = read(&mut seller, "/account/delete").await;
        for words in [
            "An order of your shop is under way.",
            "A buyer waits for your answer",
            "of your items are on sale.",
            "registered with Amazon Payments",
            "http://127.0.0.1:3001/account/tokens",
        ] {
            assert!(page.contains(words), "{words}: {page}");
        }
        test.run(&[
            "UPDATE orders SET state = 'Paid' WHERE id = 'record'",
            "UPDATE refund_requests SET state = 'Closed'",
            "UPDATE items SET state = 'Archived' WHERE merchant_id = (SELECT m.id FROM merchants m JOIN users u \
             ON u.id = m.user_id WHERE u.email = 'merchant@example.com')",
            "UPDATE merchants SET recipient_token_id = NULL, refund_token_id = NULL, registered_at = NULL, \
             about = 'Records since 1991' WHERE user_id = (SELECT id FROM users WHERE email = 'merchant@example.com')",
        ])
        .await;
        assert!(read(&mut seller, "/sellers/right-here-records").await.contains("Records since 1991"));
        seller.post("/account/delete", &[PASSWORD]).await.leads_to();
        let shop = read(&mut test.stranger(), "/sellers/right-here-records").await;
        assert!(shop.contains("Right Here Records") && !shop.contains("Records since 1991"), "{shop}");
        let mut john = test.signed_in(JOHN).await;
        assert!(read(&mut john, "/orders/song").await.contains("Right Here Records"));
        assert!(read(&mut john, "/library").await.contains("Now and Forever"));
        let item = items::by_slug(test.shop.db.readers(), &"now-and-forever".parse().unwrap()).await.unwrap();
        assert!(item.is_some());

        let mut operator = test.signed_in("operator@example.com").await;
        let page = read(&mut operator, "/account/delete").await;
        assert!(page.contains("only one who runs this marketplace"), "{page}");
        test.run(&["UPDATE users SET operator = 1 WHERE email = 'john@example.com'"]).await;
        operator.post("/account/delete", &[PASSWORD]).await.leads_to();
        assert!(operator.get("/operator").await.status != StatusCode::OK);
        assert!(read(&mut john, "/operator").await.contains("John Doe"));
        let page = read(&mut john, "/account/delete").await;
        assert!(page.contains("only one who runs this marketplace"), "{page}");
    }
}

async fn exported(browser: &mut Browser, form: &[(&str, &str)]) -> serde_json::Value {
    let file = browser.post("/account/export", form).await;
    assert_eq!(file.status, StatusCode::OK, "{}", file.text());
    assert_eq!(
        file.header("content-disposition"),
        "attachment; filename=\"digitaldownload-2030-06-03.json\""
    );
    serde_json::from_slice(&file.body).unwrap_or_else(|error| panic!("{error}: {}", file.text()))
}

#[tokio::test]
async fn all_that_is_kept_about_somebody_is_one_file() {
    for test in test_shops().await {
        let (mut john, _) = test.john_who_has_been_here().await;
        let copies: Vec<String> = (0..8)
            .map(|number| {
                DONE[0]
                    .replace("'song'", &format!("'song-{number}'"))
                    .replace("'T1'", &format!("'T1-{number}'"))
            })
            .collect();
        let copies: Vec<&str> = copies.iter().map(String::as_str).collect();
        test.run(&copies).await;
        let mut seller = test.signed_in("merchant@example.com").await;
        seller.post("/orders/song/messages", &[("text", "Very.")]).await.leads_to();
        let refused = john.post("/account/export", &[("current_password", "wrong")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);

        let file = exported(&mut john, &[PASSWORD]).await;
        assert_eq!(file["account"][0]["email"], JOHN);
        assert_eq!(file["account"][0]["name"], "John Doe");
        let orders = file["orders"].as_array().unwrap();
        assert_eq!(orders.len(), 10, "in several pieces");
        let of = |id: &str| orders.iter().find(|order| order["id"] == id).unwrap();
        let song = of("song");
        assert_eq!(song["price"], "0.99");
        assert_eq!(song["marketplace_fee"], "0.149000");
        assert_eq!(song["variable_fee"], "10");
        assert_eq!(song["item"], "now-and-forever");
        assert_eq!(song["seller"], "Right Here Records");
        assert_eq!(song["physical"], false);
        assert_eq!(song["created_at"], "2030-06-01T00:00:00Z");
        assert_eq!(song["tracking"], serde_json::Value::Null);
        assert_eq!(song["events"][1]["detail"], "So much was paid.");
        assert_eq!(song["refund_requests"][0]["reason"], "Why not");
        assert_eq!(song["messages"][0]["text"], "Is it loud?");
        assert_eq!(song["messages"][1]["text"], "Very.", "they have read it on the order's page");
        assert_eq!(song["download_links"].as_array().unwrap().len(), 1);
        assert_eq!(of("record")["ship_line1"], "1 Pine Street");
        assert_eq!(file["reviews"][0]["words"], "It stays in the ear.");
        assert_eq!(file["credits"][0]["balance"], "4.20");
        assert_eq!(file["library"][0]["order_id"], "song");
        assert_eq!(file["cart"][0]["item"], "now-and-forever");
        assert_eq!(file["gifts"][0]["message"], "For you, John Doe");
        assert_eq!(file["without_account"][0]["guest_email"], JOHN);
        assert_eq!(file["email_changes"][0]["email"], "new@example.com");
        assert_eq!(file["sessions"].as_array().unwrap().len(), 2);
        assert!(file["mails"].as_array().unwrap().iter().any(|mail| mail["order"] == "song"));
        assert_eq!(file["shop"], serde_json::json!([]));

        let hash = store::by_email(&test.shop.db, JOHN).await.unwrap().unwrap().password_hash;
        let text = file.to_string();
        for not in [hash.as_str(), "argon2", "jane@example.com", "merchant@example.com", "SenderName"] {
            assert!(!text.contains(not), "{not} in {text}");
        }

        let file = exported(&mut seller, &[PASSWORD]).await;
        assert_eq!(file["shop"][0]["name"], "Right Here Records");
        assert!(file["items"].as_array().unwrap().iter().any(|item| item["slug"] == "now-and-forever"));
        let text = file.to_string();
        assert!(!text.contains("John Doe") && !text.contains("Pine Street"), "{text}");
    }
}

#[tokio::test]
async fn with_a_second_factor_a_code_is_asked_for() {
    for test in test_shops().await {
        let (mut john, codes) = test.john_with_codes().await;
        for path in ["/account/data", "/account/delete"] {
            assert!(read(&mut john, path).await.contains("name=\"code\""), "{path}");
        }
        for path in ["/account/export", "/account/delete"] {
            let refused = john.post(path, &[PASSWORD]).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
            assert!(refused.text().contains("This code does not fit"), "{path}");
        }
        let file = exported(&mut john, &[PASSWORD, ("code", &codes[0])]).await;
        assert_eq!(file["second_factor"].as_array().unwrap().len(), 1);
        john.post("/account/delete", &[PASSWORD, ("code", &codes[1])]).await.leads_to();
        assert_eq!(test.count("SELECT COUNT(*) FROM second_factors").await, 0);
        assert_eq!(test.count("SELECT COUNT(*) FROM recovery_codes").await, 0);
    }
}
