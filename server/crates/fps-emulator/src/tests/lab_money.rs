//! The processor's answers by hand, and the books.

use crate::tests::account_site::{call, call_api, pay};
use crate::tests::support::{App, Browser, JOHN};
use http::StatusCode;
use serde_json::{Value, json};

async fn decide(curl: &mut Browser, id: &str, outcome: &str) -> crate::tests::support::Answer {
    let path = format!("/_control/transactions/{id}/decide");
    curl.post_json(&path, json!({ "outcome": outcome })).await
}

async fn get(curl: &mut Browser, path: &str) -> Value {
    curl.get(&format!("/_control/{path}")).await.expect(StatusCode::OK).json()
}

async fn assert_books_in_order(curl: &mut Browser) {
    let rules = get(curl, "books/invariants").await;
    let rules = rules.as_array().unwrap();
    assert_eq!(rules.len(), 7);
    assert!(rules.iter().all(|rule| rule["holds"] == true && rule["rows"] == json!([])), "{rules:?}");
    assert_eq!(get(curl, "books/trial-balance").await["sum"], "0.000000");
}

#[tokio::test]
async fn what_is_pending_is_decided_by_hand_once() {
    for app in App::on_each_database().await {
        let mut curl = app.browser();
        for (reference, action, outcome, status) in [
            ("d1", "Pay", "success", "Success"),
            ("d2", "Pay", "failure", "Failure"),
            ("d3", "Reserve", "success", "Reserved"),
        ] {
            let id = call(&app, action, "CC", reference).await;
            let decided = decide(&mut curl, &id, outcome).await.expect(StatusCode::OK).json();
            assert_eq!((&decided["transaction_id"], &decided["status"]), (&json!(id), &json!(status)));
            let told = get(&mut curl, &format!("notifications?transaction_id={id}")).await;
            let told = told[0]["parameters"]["transactionStatus"].as_str().unwrap();
            assert_eq!(told.to_lowercase(), status.to_lowercase());
            let again = decide(&mut curl, &id, "success").await.expect(StatusCode::CONFLICT).json();
            assert!(again["error"].as_str().unwrap().contains(status), "{again}");
        }
        assert_books_in_order(&mut curl).await;
        let paid = pay(&app).await;
        decide(&mut curl, &paid, "failure").await.expect(StatusCode::CONFLICT);
        decide(&mut curl, "NOTHING", "success").await.expect(StatusCode::NOT_FOUND);
        decide(&mut curl, "-", "success").await.expect(StatusCode::NOT_FOUND);
        decide(&mut curl, &paid, "perhaps").await.expect(StatusCode::BAD_REQUEST);
    }
}

#[tokio::test]
async fn a_refund_on_its_way_to_a_card_arrives() {
    let app = App::new().await;
    let mut curl = app.browser();
    let paid = call(&app, "Pay", "CC", "r1").await;
    decide(&mut curl, &paid, "success").await.expect(StatusCode::OK);
    let refund = [("Action", "Refund"), ("TransactionId", paid.as_str()), ("CallerReference", "r1-refund")];
    let refund = call_api(&app, refund.into_iter().collect()).await;
    let refused = decide(&mut curl, &refund, "failure").await.expect(StatusCode::CONFLICT).json();
    assert!(refused["error"].as_str().unwrap().contains("always arrives"), "{refused}");
    assert_eq!(decide(&mut curl, &refund, "success").await.json()["status"], "Success");
    assert_books_in_order(&mut curl).await;
    let posted = get(&mut curl, &format!("books/transactions/{paid}")).await;
    let whats: Vec<&str> =
        posted.as_array().unwrap().iter().map(|one| one["what"].as_str().unwrap()).collect();
    for what in ["Charge", "Marketplace fee", "Refund", "Refund arrives at the card"] {
        assert!(whats.contains(&what), "{whats:?}");
    }
}

#[tokio::test]
async fn a_held_processor_leaves_payments_pending_until_it_is_let_go_or_all_is_reset() {
    for app in App::on_each_database().await {
        let mut curl = app.browser();
        assert_eq!(get(&mut curl, "processor").await, json!({ "hold": false }));
        for _ in 0..2 {
            let held = curl.post_json("/_control/processor", json!({ "hold": true })).await;
            assert_eq!(held.expect(StatusCode::OK).json(), json!({ "hold": true }));
        }
        let id = call(&app, "Pay", "CC", "h1").await;
        app.payments.run_due().await.unwrap();
        assert_eq!(get(&mut curl, "processor").await, json!({ "hold": true }));
        let second = call(&app, "Pay", "CC", "h2").await;
        assert_eq!(decide(&mut curl, &second, "failure").await.json()["status"], "Failure");
        curl.post_json("/_control/processor", json!({ "hold": false })).await.expect(StatusCode::OK);
        app.payments.run_due().await.unwrap();
        let late = decide(&mut curl, &id, "failure").await.expect(StatusCode::CONFLICT).json();
        assert!(late["error"].as_str().unwrap().contains("Success"), "{late}");
        curl.post_json("/_control/processor", json!({})).await.expect(StatusCode::BAD_REQUEST);
        curl.post_json("/_control/processor", json!({ "hold": true })).await.expect(StatusCode::OK);
        curl.post_json("/_control/reset", json!({})).await.expect(StatusCode::OK);
        assert_eq!(get(&mut curl, "processor").await, json!({ "hold": false }));
    }
}

fn line<'p>(posted: &'p Value, email: &str) -> &'p Value {
    posted["lines"].as_array().unwrap().iter().find(|line| line["email"] == email).unwrap()
}

#[tokio::test]
async fn the_books_say_what_was_posted_for_whom_and_what_each_had_before_and_after() {
    for app in App::on_each_database().await {
        let mut curl = app.browser();
        assert_books_in_order(&mut curl).await;
        let id = pay(&app).await;
        let posted = get(&mut curl, &format!("books/transactions/{id}")).await;
        let charge = &posted[0];
        assert_eq!((&charge["what"], &charge["transaction_id"]), (&json!("Charge"), &json!(id)));
        let johns = line(charge, JOHN);
        assert_eq!(
            (&johns["amount"], &johns["before"], &johns["after"], &johns["whose"]),
            (&json!("-10.000000"), &json!("500.000000"), &json!("490.000000"), &json!("John Doe"))
        );
        let fee = &posted[1];
        assert_eq!(fee["what"], "Marketplace fee");
        assert_eq!(line(fee, "caller@example.com")["amount"], "1.000000");
        assert_ne!(fee["transaction_id"], id.as_str(), "the fee has a record of its own");
        let amazons =
            charge["lines"].as_array().unwrap().iter().find(|line| line["account"] == "amazon:fees");
        assert_eq!(amazons.unwrap()["before"], Value::Null);

        let account = johns["account"].as_str().unwrap().to_owned();
        let statement = get(&mut curl, &format!("books/accounts/{account}")).await;
        let lines = statement["lines"].as_array().unwrap();
        assert_eq!(
            (lines.len(), &statement["more"], &statement["balance"]),
            (2, &json!(false), &json!("490.000000"))
        );
        assert_eq!((&lines[0]["transaction_id"], &lines[0]["balance"]), (&json!(id), &json!("490.000000")));
        let older =
            get(&mut curl, &format!("books/accounts/{account}?older_than={}", lines[0]["number"])).await;
        assert_eq!((&older["lines"][0], older["lines"].as_array().unwrap().len()), (&lines[1], 1));

        let fees = get(&mut curl, "books/accounts/amazon:fees").await;
        assert_eq!(fees["lines"][0]["balance"], fees["balance"]);
        let world = get(&mut curl, "books/accounts/world:deposits").await;
        assert_eq!(world["lines"].as_array().unwrap().len(), 15);
        assert_eq!(world["lines"][0]["number"], 15);
        let page = get(&mut curl, "books/accounts/world:deposits?older_than=3").await;
        assert_eq!(page["lines"].as_array().unwrap().len(), 2);

        let reserved = call(&app, "Reserve", "ABT", "b1").await;
        assert_eq!(get(&mut curl, &format!("books/transactions/{reserved}")).await, json!([]));
        assert_books_in_order(&mut curl).await;
        for path in [
            "transactions/NOTHING",
            "transactions/-",
            "accounts/account:NOBODY",
            "accounts/x",
            "accounts/world:moon",
        ] {
            curl.get(&format!("/_control/books/{path}")).await.expect(StatusCode::NOT_FOUND);
        }
        curl.get("/_control/books/accounts/amazon:fees?older_than=x").await.expect(StatusCode::BAD_REQUEST);
    }
}

#[tokio::test]
async fn a_broken_rule_is_shown_with_what_breaks_it() {
    for app in App::on_each_database().await {
        let mut curl = app.browser();
        let id = call(&app, "Reserve", "ABT", "b1").await;
        let paid = call(&app, "Pay", "CC", "b2").await;
        for (broken, by) in [
            (
                "UPDATE ledger_accounts SET balance = balance + 1 WHERE id = 'account:' || (SELECT id FROM accounts WHERE email = 'jane@example.com')",
                "Each balance",
            ),
            ("UPDATE transactions SET status = 'Cancelled' WHERE id = $1", "Each hold"),
            (
                "UPDATE transactions SET status = 'Success', process_at = NULL WHERE id = $2",
                "Every transaction that succeeded",
            ),
        ] {
            let broken = broken.replace("$1", &format!("'{id}'")).replace("$2", &format!("'{paid}'"));
            app.payments
                .db
                .transact(broken, |c, broken| {
                    Box::pin(async move {
                        sqlx::query(sqlx::AssertSqlSafe(broken.clone())).execute(c).await.map(drop)
                    })
                })
                .await
                .unwrap();
            let rules = get(&mut curl, "books/invariants").await;
            let rule =
                rules.as_array().unwrap().iter().find(|rule| rule["name"].as_str().unwrap().starts_with(by));
            let rule = rule.unwrap();
            assert_eq!(
                (&rule["holds"], rule["rows"].as_array().unwrap().len()),
                (&json!(false), 1),
                "{rule}"
            );
        }
    }
}
