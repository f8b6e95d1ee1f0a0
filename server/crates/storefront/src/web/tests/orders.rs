//! The pages about orders: who may see and do what, what is typed wrong, and what was moved on meanwhile.

use super::long_lists::bought_by_john;
use super::support::{Browser, TestShop, test_shop};
use http::StatusCode;
use sqlx::{AnyConnection, AssertSqlSafe};

const REASON: [(&str, &str); 1] = [("reason", "changed-mind")];

impl TestShop {
    pub(super) async fn write(&self, statements: Vec<String>) {
        let written: Result<(), sqlx::Error> =
            self.shop.db.transact(statements, |c, statements| Box::pin(write(c, statements))).await;
        written.unwrap();
    }
}

async fn write(connection: &mut AnyConnection, statements: &[String]) -> Result<(), sqlx::Error> {
    for statement in statements {
        sqlx::query(AssertSqlSafe(statement.clone())).execute(&mut *connection).await?;
    }
    Ok(())
}

async fn status(browser: &mut Browser, path: &str) -> StatusCode {
    browser.get(path).await.status
}

#[tokio::test]
async fn the_page_before_a_refund_is_the_buyers_and_the_merchants_alone() {
    let test = test_shop().await;
    bought_by_john(&test).await;
    let path = "/orders/order-1/refund";
    assert!(test.stranger().get(path).await.leads_to().starts_with("/sign-in"));
    for email in ["jane@example.com", "operator@example.com"] {
        let mut other = test.signed_in(email).await;
        assert_eq!(status(&mut other, path).await, StatusCode::NOT_FOUND, "{email}");
        assert_eq!(other.post(path, &REASON).await.status, StatusCode::NOT_FOUND, "{email}");
    }
    let mut john = test.signed_in("john@example.com").await;
    let page = john.get(path).await.text();
    assert!(page.contains("Get $0.99 back?") && page.contains("goes back to what you paid with, at once"));
    assert!(page.contains(r#"value="changed-mind" selected"#), "a reason is chosen");
    let mut merchant = test.signed_in("merchant@example.com").await;
    let page = merchant.get(path).await.text();
    assert!(page.contains("Refund John Doe") && page.contains(r#"name="shown_amount" value="0.990000""#));
    assert_eq!(merchant.get("/orders/nothing/refund").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_is_typed_wrong_before_a_refund_stands_there_again() {
    let test = test_shop().await;
    bought_by_john(&test).await;
    let path = "/orders/order-1/refund";
    let mut john = test.signed_in("john@example.com").await;
    for fields in [
        &[][..],
        &[("reason", "because"), ("details", "It hums.")],
        &[("reason", "other"), ("details", " ")],
        &[("reason", "other"), ("details", "a\u{7}b")],
    ] {
        let page = john.post(path, fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}");
        let typed = fields.iter().any(|(name, value)| *name == "details" && value.contains("hums"));
        assert_eq!(page.text().contains("It hums."), typed);
    }
    let mut merchant = test.signed_in("merchant@example.com").await;
    for (amount, policy) in [
        ("", "shared"),
        ("1.00", "shared"),
        ("-1", "shared"),
        ("nine", "shared"),
        ("0", "shared"),
        ("0.5", "half"),
    ] {
        let page =
            merchant.post(path, &[("amount", amount), ("policy", policy), ("reason", "It hums.")]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{amount:?} {policy}");
        assert!(page.text().contains(r#"role="alert""#) && page.text().contains("It hums."));
    }
    // Another amount than the one that the numbers are for: they are shown first.
    let page = merchant
        .post(path, &[("amount", "0.5"), ("shown_amount", "0.990000"), ("shown_policy", "shared")])
        .await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text().contains("Nothing has moved yet.") && page.text().contains(r#"value="0.500000""#));
    assert!(john.get("/orders/order-1").await.text().contains("Paid"));
}

#[tokio::test]
async fn where_there_is_nothing_to_give_back_the_order_says_so_and_a_refusal_stands() {
    let test = test_shop().await;
    bought_by_john(&test).await;
    let declined = "INSERT INTO refund_requests (id, order_id, merchant_id, amount, reason, requester, state, at) \
                    SELECT 'q1', id, merchant_id, price, 'It hums.', 'John', 'Declined', 1 FROM orders \
                    WHERE id = 'order-2'";
    let cancelled = "UPDATE orders SET state = 'Cancelled' WHERE id = 'order-3'";
    test.write(vec![declined.to_owned(), cancelled.to_owned()]).await;
    let mut john = test.signed_in("john@example.com").await;
    let page = john.get("/orders/order-2/refund").await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    assert!(page.text().contains("only the seller can change that"));
    assert_eq!(john.post("/orders/order-2/refund", &REASON).await.status, StatusCode::CONFLICT);
    let order = john.get("/orders/order-2").await.text();
    assert!(order.contains("Right Here Records declined.") && !order.contains("/order-2/refund\""));
    assert_eq!(john.get("/orders/order-3/refund").await.leads_to(), "/orders/order-3");
    assert_eq!(john.post("/orders/order-3/refund", &REASON).await.leads_to(), "/orders/order-3");
    let mut merchant = test.signed_in("merchant@example.com").await;
    assert_eq!(merchant.get("/orders/order-3/refund").await.leads_to(), "/orders/order-3");
    assert_eq!(status(&mut merchant, "/orders/order-2/refund").await, StatusCode::OK, "the seller alone may");
}

#[tokio::test]
async fn amazons_answers_are_for_those_who_sell_and_operate() {
    let test = test_shop().await;
    bought_by_john(&test).await;
    let call = "INSERT INTO order_calls (order_id, sequence, at, action, asked, outcome, times, request_id, answer) \
                VALUES ('order-1', 1, 1, 'Pay', 'Charge', 'Success', 1, 'r', '<PayResponse/>')";
    test.write(vec![call.to_owned()]).await;
    let path = "/orders/order-1/calls/1.xml";
    for (email, sees) in [
        ("john@example.com", false),
        ("jane@example.com", false),
        ("merchant@example.com", true),
        ("operator@example.com", true),
    ] {
        let mut browser = test.signed_in(email).await;
        let page = browser.get(path).await;
        assert_eq!(page.status == StatusCode::OK, sees, "{email}");
        let order = browser.get("/orders/order-1").await.text();
        assert_eq!(order.contains(path), sees, "{email}");
        if sees {
            assert_eq!(page.text(), "<PayResponse/>");
            assert_eq!(page.header("content-type"), "application/xml; charset=utf-8");
            assert_eq!(page.header("x-content-type-options"), "nosniff");
            assert!(page.header("content-security-policy").contains("sandbox"), "{:?}", page.headers);
        }
        for nothing in ["2.xml", "1", "x.xml", "-1.xml", "99999999999999999999.xml"] {
            let path = format!("/orders/order-1/calls/{nothing}");
            assert_eq!(status(&mut browser, &path).await, StatusCode::NOT_FOUND, "{nothing}");
        }
    }
}

#[tokio::test]
async fn the_desk_of_orders_is_the_merchants_and_nonsense_finds_all() {
    let test = test_shop().await;
    bought_by_john(&test).await;
    let mut jane = test.signed_in("jane@example.com").await;
    for path in ["/sell/orders", "/sell/orders/fulfilled?order=order-1"] {
        assert_eq!(jane.get(path).await.leads_to(), "/sell");
    }
    assert_eq!(jane.post("/sell/orders/fulfil", &[("order-order-1", "on")]).await.leads_to(), "/sell");
    let mut merchant = test.signed_in("merchant@example.com").await;
    let all = merchant.get("/sell/orders").await.text();
    for nonsense in ["?show=x", "?older=x", "?q=%07", "?q=%20", "?show=%F0%9F%92%A9&q="] {
        let page = merchant.get(&format!("/sell/orders{nonsense}")).await;
        assert_eq!(page.status, StatusCode::OK, "{nonsense}");
        assert_eq!(
            page.text().matches("/orders/order-").count(),
            all.matches("/orders/order-").count(),
            "{nonsense}"
        );
    }
    let hostile = merchant.get("/sell/orders?q=%3Cscript%3E%27%22").await.text();
    assert!(hostile.contains("No order fits.") && !hostile.contains("<script>'"));
    let page = merchant.post("/sell/orders/fulfil", &[("order-../x", "on"), ("other-order-1", "on")]).await;
    assert_eq!(page.leads_to(), "/sell/orders?show=to-fulfil");
    // What is paid already is not charged again.
    let page = merchant.post("/sell/orders/fulfil", &[("order-order-1", "on")]).await;
    assert_eq!(page.leads_to(), "/sell/orders/fulfilled?order=order-1");
    assert_eq!(merchant.get("/sell/orders/fulfilled?order=nothing").await.leads_to(), "/sell/orders");
}

/// John has asked for the money of his second order, and the seller declined.
async fn declined(test: &TestShop) -> &'static str {
    bought_by_john(test).await;
    let declined = "INSERT INTO refund_requests (id, order_id, merchant_id, amount, reason, requester, state, at) \
                    SELECT 'q1', id, merchant_id, price, 'It hums.', 'John', 'Declined', 1 FROM orders \
                    WHERE id = 'order-2'";
    test.write(vec![declined.to_owned()]).await;
    "/orders/order-2/refund-requests/q1/escalate"
}

#[tokio::test]
async fn a_buyer_asks_the_marketplace_in_words_and_once() {
    let test = test_shop().await;
    let path = declined(&test).await;
    let mut john = test.signed_in("john@example.com").await;
    let order = john.get("/orders/order-2").await.text();
    assert!(order.contains("Ask the marketplace") && order.contains(path), "{order}");
    let page = john.get(path).await.text();
    assert!(page.contains("It hums.") && page.contains("the last word"), "{page}");
    for (words, told) in
        [(" ", "Enter what"), ("a\u{7}b", "cannot be shown"), (&"x".repeat(1001), "too long")]
    {
        let page = john.post(path, &[("words", words)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{words}");
        assert!(page.text().contains(told) && page.text().contains("#field-words"), "{}", page.text());
    }
    for email in ["jane@example.com", "merchant@example.com", "operator@example.com"] {
        let mut other = test.signed_in(email).await;
        assert_eq!(other.post(path, &[("words", "No.")]).await.status, StatusCode::NOT_FOUND, "{email}");
    }
    assert_eq!(john.post(path, &[("words", "On <three> players.")]).await.leads_to(), "/orders/order-2");
    let order = john.get("/orders/order-2").await.text();
    assert!(order.contains("The marketplace was asked. You read its decision here."), "{order}");
    assert!(order.contains("On &lt;three&gt; players.") && !order.contains(path), "{order}");
    for posted in [false, true] {
        let again = if posted { john.post(path, &[("words", "Again.")]).await } else { john.get(path).await };
        assert_eq!(again.leads_to(), "/orders/order-2");
        assert!(john.get("/orders/order-2").await.text().contains("the order had moved on"));
    }
    for nowhere in
        ["/orders/order-2/refund-requests/q2/escalate", "/orders/order-1/refund-requests/q1/escalate"]
    {
        let answer = john.post(nowhere, &[("words", "Please.")]).await;
        assert!(answer.leads_to().starts_with("/orders/order-"), "{nowhere}");
    }
}

#[tokio::test]
async fn the_operator_reads_the_whole_story_and_has_the_last_word() {
    let test = test_shop().await;
    let path = declined(&test).await;
    let mut operator = test.signed_in("operator@example.com").await;
    let dispute = "/operator/disputes/order-2";
    let page = operator.get(dispute).await.text();
    assert!(page.contains("unless the buyer asks you to decide") && !page.contains("name=\"decision\""));
    assert!(!operator.get("/operator").await.text().contains("waits for your decision"));

    let mut john = test.signed_in("john@example.com").await;
    john.post(path, &[("words", "On three players.")]).await.leads_to();
    assert!(operator.get("/operator").await.text().contains("1 refund waits for your decision"));
    assert!(operator.get("/operator/disputes").await.text().contains("On three players."));
    assert!(operator.get("/orders/order-2").await.text().contains("Read the whole story and decide"));
    let grant = operator.post("/orders/order-2/refund-requests/q1/grant", &[]).await;
    assert_eq!(grant.leads_to(), dispute, "it is decided in words, there");
    let page = operator.get(dispute).await.text();
    for said in
        ["It hums.", "Right Here Records declined", "John Doe asked the marketplace", "On three players."]
    {
        assert!(page.contains(said), "{said} in {page}");
    }
    let fields = |amount, reason, decision| {
        [("request", "q1"), ("amount", amount), ("reason", reason), ("decision", decision)]
    };
    for (amount, reason, at) in
        [("1.00", "Heard both.", "amount"), ("nine", "Heard both.", "amount"), ("0.5", "", "reason")]
    {
        let page = operator.post(dispute, &fields(amount, reason, "grant")).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{amount} {reason}");
        assert!(page.text().contains(&format!("#field-{at}")), "{}", page.text());
        assert!(page.text().contains(&format!("value=\"{amount}\"")), "what was typed stands there");
    }
    let decided = operator.post(dispute, &fields("", "It <hums> on all of them.", "decline")).await;
    assert_eq!(decided.leads_to(), "/orders/order-2");
    let order = john.get("/orders/order-2").await.text();
    assert!(
        order.contains("that is the last word") && order.contains("It &lt;hums&gt; on all of them."),
        "{order}"
    );
    assert!(!order.contains("/escalate"));
    operator.get("/orders/order-2").await;
    assert_eq!(operator.post(dispute, &fields("0.5", "Again.", "grant")).await.leads_to(), "/orders/order-2");
    assert!(operator.get("/orders/order-2").await.text().contains("There is nothing to decide any more"));
    let log = operator.get("/operator/audit.csv?deed=refund-declined").await.text();
    assert_eq!(log.lines().count(), 2, "{log}");
    assert!(log.contains("It <hums> on all of them."), "{log}");
    let mut merchant = test.signed_in("merchant@example.com").await;
    let notices = merchant.get("/sell/notices").await.text();
    assert!(notices.contains("nothing goes back to John Doe"), "{notices}");
}
